"""Titles: their list, and which one an item belongs to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Any, ClassVar, NamedTuple, cast
from uuid import UUID

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    CursorResult,
    and_,
    exists,
    func,
    or_,
    select,
    update,
)

from zondarr.catalogue.models import (
    NEVER,
    CatalogueSync,
    MediaItem,
    Title,
    TitleKind,
)
from zondarr.catalogue.rows import TitleRow
from zondarr.core.database import among
from zondarr.core.repository import PageRequest, Repository, Slice
from zondarr.core.search import contains

MANY = 1000
PROVIDERS = ("imdb", "tmdb", "tvdb")
TOTALS = (
    "size",
    "largest",
    "largest_sum",
    "sizes_known",
    "added_at",
    "arrived_at",
    "active_at",
    "undated_play",
    "favourite",
    "languages_id",
)
"""The columns that are worked out from the items of a title."""


class WorkedOut(NamedTuple):
    """What was worked out for a title before, in the order of `TOTALS`."""

    original_language: str | None
    totals: tuple[Any, ...]

    @property
    def languages_id(self) -> UUID | None:
        return self.totals[-1]


class TitleFilter(Struct, frozen=True, kw_only=True):
    """What the list of titles is limited to."""

    q: str | None = None
    kind: TitleKind | None = None
    watched: bool | None = None
    server_id: UUID | None = None
    library_id: UUID | None = None


class TitleRepository(Repository[Title]):
    entity = Title
    sorts: ClassVar = {
        "name": Title.name_key,
        "year": Title.year,
        "size": Title.size,
        "added": Title.added_at,
        "last_activity": Title.active_at,
    }
    default_sort = "-size"

    async def find(self, request: PageRequest, wanted: TitleFilter) -> Slice[Title]:
        """A page of them, without the total."""
        rows = select(Title).where(Title.listed, *self._conditions(wanted))
        return await self.page(rows, request, with_total=False)

    async def count(self, wanted: TitleFilter) -> int:
        rows = select(func.count(Title.id))
        rows = rows.where(Title.listed, *self._conditions(wanted))
        return await self.session.scalar(rows) or 0

    def _conditions(self, wanted: TitleFilter) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if wanted.q:
            found.append(contains(Title.search_text, wanted.q))
        if wanted.kind is not None:
            found.append(Title.kind == wanted.kind)
        if wanted.watched is not None:
            seen = or_(Title.active_at > NEVER, Title.undated_play)
            found.append(seen if wanted.watched else ~seen)
        if wanted.server_id is not None or wanted.library_id is not None:
            found.append(self._lies_in(wanted.server_id, wanted.library_id))
        # Opaque to SQLite's planner, which would sort all that an index finds.
        return [each.is_(True) for each in found]

    def _lies_in(self, server_id: UUID | None, library_id: UUID | None) -> Any:
        copy = exists().where(
            MediaItem.title_id == Title.id,
            MediaItem.listed,
            MediaItem.workspace_id == self.session.workspace_id,
        )
        if server_id is not None:
            copy = copy.where(MediaItem.media_server_id == server_id)
        if library_id is not None:
            copy = copy.where(MediaItem.library_id == library_id)
        return copy

    async def candidates(
        self, kind: TitleKind, ids: Mapping[str, Collection[str]]
    ) -> Sequence[Title]:
        """The titles of this kind with one of these ids; the oldest first."""
        found: dict[UUID, Title] = {}
        for provider in PROVIDERS:
            column = getattr(Title, provider)
            for some in batched(ids.get(provider, ()), MANY, strict=False):
                rows = select(Title).where(Title.kind == kind, among(column, some))
                found |= {row.id: row for row in await self.session.scalars(rows)}
        return sorted(found.values(), key=lambda row: row.id)

    async def some(self, ids: Collection[UUID]) -> dict[UUID, Title]:
        found: dict[UUID, Title] = {}
        for batch in batched(ids, MANY, strict=False):
            rows = select(Title).where(among(Title.id, batch))
            found |= {row.id: row for row in await self.session.scalars(rows)}
        return found

    async def worked_out(self, ids: Collection[UUID]) -> dict[UUID, WorkedOut]:
        columns = [getattr(Title, name) for name in TOTALS]
        rows = select(Title.id, Title.original_language, *columns)
        found = await self.session.execute(rows.where(among(Title.id, ids)))
        return {row[0]: WorkedOut(row[1], tuple(row[2:])) for row in found}

    async def listed_among(self, ids: Collection[UUID]) -> set[UUID]:
        found: set[UUID] = set()
        for batch in batched(ids, MANY, strict=False):
            rows = select(Title.id).where(among(Title.id, batch), Title.listed)
            found.update(await self.session.scalars(rows))
        return found

    async def original_languages(self, ids: Collection[UUID]) -> dict[UUID, str | None]:
        rows = select(Title.id, Title.original_language).where(among(Title.id, ids))
        return {row[0]: row[1] for row in await self.session.execute(rows)}

    async def add(self, rows: Sequence[TitleRow]) -> None:
        """Write new titles, hidden."""
        await self.session.insert_rows(Title, TitleRow._fields, rows)

    async def change(self, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Change these columns of many titles; the first one is the id."""
        await self.session.update_rows(Title, names, rows)

    async def unlisted_with_items(self, server_id: UUID) -> Sequence[UUID]:
        """Titles that will be visible with what is on its way from this server, and
        that are not worked out yet; or not for this server alone.
        """
        pending = exists().where(
            MediaItem.title_id == Title.id,
            MediaItem.media_server_id == server_id,
            MediaItem.missing_since.is_(None),
            MediaItem.workspace_id == self.session.workspace_id,
        )
        rows = select(Title.id).where(
            ~Title.listed,
            pending,
            or_(Title.arrived_at == NEVER, self._shared(server_id)),
        )
        return (await self.session.scalars(rows)).all()

    def _shared(self, server_id: UUID) -> ColumnElement[bool]:
        """Whether another server is about to show the title, too, or did once."""
        workspace_id = self.session.workspace_id
        other_server = exists().where(
            CatalogueSync.media_server_id != server_id,
            CatalogueSync.workspace_id == workspace_id,
        )
        other_copy = exists().where(
            MediaItem.title_id == Title.id,
            MediaItem.media_server_id != server_id,
            MediaItem.workspace_id == workspace_id,
        )
        return and_(other_server, other_copy)

    async def list_all(self, ids: Iterable[UUID]) -> None:
        """Make them visible."""
        await self._change(ids, listed=True, missing_since=None)

    async def list_arrived(self, library_ids: Collection[UUID]) -> int:
        """Make hidden titles visible that have a visible item in these libraries;
        returns how many.
        """
        item = exists().where(
            MediaItem.title_id == Title.id,
            MediaItem.listed,
            MediaItem.library_id.in_(library_ids),
            MediaItem.workspace_id == self.session.workspace_id,
        )
        change = update(Title).where(~Title.listed, item)
        done = await self.session.execute(
            change.values(listed=True, missing_since=None),
            execution_options={"synchronize_session": False},
        )
        return cast("CursorResult[Any]", done).rowcount

    async def lose(self, ids: Iterable[UUID], now: datetime) -> None:
        """No server has them any more, so they offer nothing."""
        lost = {"listed": False, "missing_since": now, "languages_id": None}
        await self._change(ids, **lost)

    async def of_server(self, server_id: UUID) -> set[UUID]:
        rows = select(MediaItem.title_id).where(MediaItem.media_server_id == server_id)
        return set(await self.session.scalars(rows.distinct()))

    async def _change(self, ids: Iterable[UUID], **values: Any) -> None:
        for some in batched(ids, MANY, strict=False):
            change = update(Title).where(among(Title.id, some)).values(**values)
            await self.session.execute(
                change, execution_options={"synchronize_session": False}
            )
