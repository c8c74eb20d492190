"""Whether a library lost so much at once that its list may be wrong."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from zondarr.catalogue.matching import TitleIndex, provider_ids
from zondarr.catalogue.models import Title, TitleKind
from zondarr.catalogue.repository import ListedItem
from zondarr.catalogue.rows import KINDS, path_key
from zondarr.media.catalogue import CatalogueItem
from zondarr.media.presence import is_doubtful
from zondarr.media.types import ItemKind

COPIES = (ItemKind.MOVIE, ItemKind.SHOW)
PARTS = (ItemKind.SEASON, ItemKind.EPISODE)


def lost_titles(known: Iterable[ListedItem], seen: Collection[str]) -> set[UUID]:
    return {
        each.title_id
        for each in known
        if each.kind in COPIES and each.external_id not in seen
    }


def is_shrunken(known: Sequence[ListedItem], seen: Collection[str]) -> bool:
    """Compare what was listed until now with the ids that are listed; seasons and
    episodes, which come in lists of their own, as far as their shows are there.
    """
    copies = [each for each in known if each.kind in COPIES]
    if _is_doubtful(copies, seen):
        return True
    lost = lost_titles(known, seen)
    return any(
        _is_doubtful(
            [each for each in known if each.kind is kind and each.title_id not in lost],
            seen,
        )
        for kind in PARTS
    )


def _is_doubtful(known: Sequence[ListedItem], seen: Collection[str]) -> bool:
    still = sum(each.external_id in seen for each in known)
    return is_doubtful(listed=len(seen), known=len(known), still_listed=still)


def found_again(
    known: Iterable[ListedItem],
    lost: Iterable[Title],
    new: Iterable[CatalogueItem],
) -> set[UUID]:
    """The lost titles that are among the new items: their ids changed, as when a
    library moves to another folder.
    """
    titles = list(lost)
    indexes = {
        kind: TitleIndex[Title](each for each in titles if each.kind is kind)
        for kind in TitleKind
    }
    ids = {each.id for each in titles}
    paths = {
        each.path_key: each.title_id
        for each in known
        if each.kind in COPIES and each.path_key and each.title_id in ids
    }
    found: set[UUID] = set()
    for item in new:
        kind = KINDS.get(item.kind)
        if kind is None:
            continue
        title = indexes[kind].find(provider_ids(item.provider_ids))
        own = paths.get(path_key(item.path) or "") if title is None else title.id
        if own is not None:
            found.add(own)
    return found
