"""Finds the titles of items that were read, and drafts those that are new."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from zondarr.catalogue.languages import parse_language
from zondarr.catalogue.matching import (
    PROVIDERS,
    ProviderIds,
    TitleIndex,
    contradicts,
    provider_ids,
)
from zondarr.catalogue.models import NEVER, Title, TitleKind
from zondarr.catalogue.pieces import in_pieces
from zondarr.catalogue.repository import ItemRepository, KnownItem, TitleRepository
from zondarr.catalogue.rows import (
    KINDS,
    NAME_LENGTH,
    TitleRow,
    number,
    path_key,
    text,
    title_row,
)
from zondarr.core.database import Session
from zondarr.media.catalogue import CatalogueItem


class Draft:
    """A title that is not stored yet; it learns ids as a stored one does."""

    def __init__(self, row: TitleRow) -> None:
        self.row = row
        self.id = row.id
        self.imdb, self.tmdb, self.tvdb = row.imdb, row.tmdb, row.tvdb
        self.original_language = row.original_language

    def done(self) -> TitleRow:
        return self.row._replace(
            imdb=self.imdb,
            tmdb=self.tmdb,
            tvdb=self.tvdb,
            original_language=self.original_language,
        )


class TitleFinder:
    """For the items of one page. `drafts` are the new titles, by id, which the caller
    stores; `languages` are the original ones of all titles that were found.
    """

    def __init__(self, session: Session, library_id: UUID) -> None:
        self.session = session
        self.library_id = library_id
        self.items = ItemRepository(session)
        self.titles = TitleRepository(session)
        self.drafts: dict[UUID, Draft] = {}
        self.languages: dict[UUID, str | None] = {}

    async def find(
        self, items: Sequence[CatalogueItem], known: Mapping[str, KnownItem]
    ) -> dict[str, UUID]:
        """The title of each item; an item without its show has none."""
        found: dict[str, UUID] = {}
        for kind, title_kind in KINDS.items():
            copies = [each for each in items if each.kind is kind]
            if copies:
                found |= await self._match(copies, known, title_kind)
        parts = [each for each in items if each.kind not in KINDS]
        if parts:
            found |= await self._of_shows(parts, found)
        return found

    async def _of_shows(
        self, parts: Sequence[CatalogueItem], found: Mapping[str, UUID]
    ) -> dict[str, UUID]:
        """The titles of seasons and episodes."""
        shows = {each.series_id for each in parts if each.series_id}
        above = await self.items.known(self.library_id, shows)
        ids = {own: show.title_id for own, show in above.items()}
        self.languages |= await self.titles.original_languages(set(ids.values()))
        ids = {**found, **ids}
        return {each.id: ids[each.series_id] for each in parts if each.series_id in ids}

    async def _match(
        self,
        copies: Sequence[CatalogueItem],
        known: Mapping[str, KnownItem],
        kind: TitleKind,
    ) -> dict[str, UUID]:
        ids = {each.id: provider_ids(each.provider_ids) for each in copies}
        asked = {
            name: {one[name] for one in ids.values() if name in one}
            for name in PROVIDERS
        }
        current = await self.titles.some({k.title_id for k in known.values()})
        index = TitleIndex[Title | Draft](await self.titles.candidates(kind, asked))
        paths = await self._at_their_paths(copies, known)
        found: dict[str, UUID] = {}
        async for each in in_pieces(copies):
            own = known.get(each.id)
            title = self._stays(own and current.get(own.title_id), ids[each.id])
            title = title or index.find(ids[each.id])
            title = title or self._stays(paths.get(each.id), ids[each.id])
            if title is None:
                title = Draft(title_row(each, kind, ids[each.id]))
                self.drafts[title.id] = title
                index.add(title)
            else:
                index.learn(title, ids[each.id])
                if isinstance(title, Title):
                    _bring_up_to_date(title, each, own)
                _learn_language(title, each)
            found[each.id] = title.id
            self.languages[title.id] = title.original_language
        await self.session.flush()
        return found

    def _stays(self, title: Title | None, ids: ProviderIds) -> Title | Draft | None:
        """The earlier title, unless its ids now identify another one."""
        return None if title is None or contradicts(title, ids) else title

    async def _at_their_paths(
        self, copies: Sequence[CatalogueItem], known: Mapping[str, KnownItem]
    ) -> dict[str, Title]:
        """The titles of earlier items with the same paths as new ones."""
        keys = {each.id: path_key(each.path) for each in copies if each.id not in known}
        wanted = {key for key in keys.values() if key is not None}
        at = await self.items.titles_at(self.library_id, wanted)
        titles = await self.titles.some(set(at.values()))
        return {
            id: titles[at[key]]
            for id, key in keys.items()  # noqa: A001
            if key is not None and key in at and at[key] in titles
        }


def _bring_up_to_date(
    title: Title, item: CatalogueItem, known: KnownItem | None
) -> None:
    if known is not None and known.title_id == title.id:
        title.name = text(item.name, NAME_LENGTH) or title.name
        title.year = number(item.year) or title.year
    if not title.listed:
        # It was worked out without this item: again before it is shown.
        title.arrived_at = NEVER


def _learn_language(title: Title | Draft, item: CatalogueItem) -> None:
    """A server that does not report it leaves what another one reported."""
    title.original_language = (
        parse_language(item.original_language) or title.original_language
    )
