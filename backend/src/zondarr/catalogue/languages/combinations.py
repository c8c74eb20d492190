"""Works out what the films and episodes of a title offer, from its files."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol
from uuid import UUID, uuid5

from zondarr.catalogue.languages.offers import Offer, from_text, met_by
from zondarr.media.types import ItemKind

LEAVES = (ItemKind.MOVIE, ItemKind.EPISODE)


class OfferedItem(Protocol):
    """An item of a title with one of its files, if it has any."""

    @property
    def item_id(self) -> UUID: ...
    @property
    def library_id(self) -> UUID: ...
    @property
    def kind(self) -> ItemKind: ...
    @property
    def season(self) -> int | None: ...
    @property
    def number(self) -> int | None: ...
    @property
    def audio(self) -> str | None: ...
    @property
    def subtitles(self) -> str | None: ...


class VersionOffer(NamedTuple):
    """What a file in a library offers, as it is stored."""

    library_id: UUID
    audio: str
    audio_unknown: bool
    subtitles: str
    subtitles_unknown: bool


class LeafOffer(NamedTuple):
    """What a film or an episode offers: see `LeafLanguages`."""

    special: bool
    original: str | None
    versions: tuple[VersionOffer, ...]


class TitleOffer(NamedTuple):
    """What a title offers, and by the ids of its items what they do."""

    id: UUID
    leaves: dict[UUID, tuple[UUID, LeafOffer]]

    @property
    def of_film(self) -> UUID:
        """What a film offers: all its copies are one."""
        return next(iter(self.leaves.values()))[0]

    def of_item(self, item: OfferedItem) -> UUID | None:
        """None for a season."""
        if item.kind is ItemKind.SHOW:
            return self.id
        return self.leaves[item.item_id][0] if item.item_id in self.leaves else None


def title_offer(
    workspace_id: UUID, items: Iterable[OfferedItem], original: str | None
) -> TitleOffer:
    """The copies of a film, or of an episode, are one, with the versions of all."""
    leaves: defaultdict[object, list[OfferedItem]] = defaultdict(list)
    for each in items:
        if each.kind in LEAVES:
            leaves[_place(each)].append(each)
    found: dict[UUID, tuple[UUID, LeafOffer]] = {}
    for copies in leaves.values():
        leaf = _leaf(copies, original and original.lower())
        id = leaf_id(workspace_id, leaf)  # noqa: A001
        found |= {each.item_id: (id, leaf) for each in copies}
    distinct = sorted({str(id) for id, _ in found.values()})  # noqa: A001
    return TitleOffer(_set_id(workspace_id, " ".join(distinct)), found)


def item_offer(
    workspace_id: UUID, parts: Sequence[OfferedItem], original: str | None
) -> UUID:
    """The same of a film or an episode, as if it had no other copy."""
    return leaf_id(workspace_id, _leaf(parts, original and original.lower()))


@lru_cache(4096)
def _set_id(workspace_id: UUID, leaf_ids: str) -> UUID:
    return uuid5(workspace_id, leaf_ids)


@lru_cache(4096)
def leaf_id(workspace_id: UUID, leaf: LeafOffer) -> UUID:
    """The same for the same contents; text of a workspace's own namespace."""
    return uuid5(workspace_id, repr((*leaf[:2], *map(tuple, leaf.versions))))


def _place(item: OfferedItem) -> object:
    """Of an episode in its show; one without a number stands for itself."""
    if item.kind is ItemKind.MOVIE:
        return None
    return item.item_id if item.number is None else (item.season, item.number)


def _leaf(copies: Sequence[OfferedItem], original: str | None) -> LeafOffer:
    special = copies[0].kind is ItemKind.EPISODE and copies[0].season == 0
    versions = {_version(each) for each in copies}
    return LeafOffer(special, original, tuple(sorted(versions)))


def _version(item: OfferedItem) -> VersionOffer:
    return _version_of(item.library_id, item.audio, item.subtitles)


@lru_cache(4096)
def _version_of(
    library_id: UUID, audio_text: str | None, subtitle_text: str | None
) -> VersionOffer:
    audio, subtitles = from_text(audio_text), from_text(subtitle_text)
    return VersionOffer(
        library_id=library_id,
        audio=_met(audio),
        audio_unknown=audio.unknown,
        subtitles=_met(subtitles),
        subtitles_unknown=subtitles.unknown,
    )


def _met(offer: Offer) -> str:
    met = sorted({one for tag in offer.tags for one in met_by(tag)})
    return f"|{'|'.join(met)}|" if met else ""
