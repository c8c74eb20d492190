"""Items, their files and tracks: read and written many at a time."""

from collections import defaultdict
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, delete, func, or_, select, update

from zondarr.catalogue.models import MediaFile, MediaItem, MediaTrack, Title
from zondarr.catalogue.rows import FileRow, ItemRow, TrackRow
from zondarr.core.database import Session, among, not_among
from zondarr.media.types import ItemKind
from zondarr.servers.models import Library, MediaServer

MANY = 1000
"""Ids in one statement."""
SOME = 500
"""Rows that are read before other tasks may run."""
UNTRACKED = {"synchronize_session": False}
COPIES = (ItemKind.MOVIE, ItemKind.SHOW)


class KnownItem(NamedTuple):
    """What is stored of an item."""

    id: UUID
    external_id: str
    title_id: UUID
    kind: ItemKind
    season: int | None
    number: int | None
    listed: bool
    missing_since: datetime | None
    added_at: datetime
    arrived_at: datetime
    arrival: str
    languages_id: UUID | None


class ListedItem(NamedTuple):
    external_id: str
    kind: ItemKind
    title_id: UUID
    path_key: str | None


class KnownFile(NamedTuple):
    id: UUID
    item_id: UUID
    place: int
    path: str
    size: int | None


class NamedCopy(NamedTuple):
    """A title in a library, with the names of its server and library."""

    id: UUID
    title_id: UUID
    server_id: UUID
    library_id: UUID
    external_id: str
    added_at: datetime
    arrived_at: datetime
    missing_since: datetime | None
    server: str
    library: str


_KNOWN = (
    MediaItem.id,
    MediaItem.external_id,
    MediaItem.title_id,
    MediaItem.kind,
    MediaItem.season,
    MediaItem.number,
    MediaItem.listed,
    MediaItem.missing_since,
    MediaItem.added_at,
    MediaItem.arrived_at,
    MediaItem.arrival,
    MediaItem.languages_id,
)
_COPY = (
    MediaItem.id,
    MediaItem.title_id,
    MediaItem.media_server_id,
    MediaItem.library_id,
    MediaItem.external_id,
    MediaItem.added_at,
    MediaItem.arrived_at,
    MediaItem.missing_since,
)
_TRACK = tuple(getattr(MediaTrack, name) for name in TrackRow._fields)


def _hidden_in(library_id: UUID) -> list[ColumnElement[bool]]:
    return [
        MediaItem.library_id == library_id,
        ~MediaItem.listed,
        MediaItem.missing_since.is_(None),
    ]


class ItemRepository:
    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def has_listed(self, library_id: UUID) -> bool:
        rows = select(MediaItem.id).where(MediaItem.library_id == library_id)
        return (
            await self.session.scalar(rows.where(MediaItem.listed).limit(1)) is not None
        )

    async def stamps(self, library_id: UUID) -> Sequence[tuple[str, str]]:
        """The listed items of a library: what each was when it was read last.

        Without those whose languages were never worked out: they are read again.
        """
        whole = MediaItem.languages_id.is_not(None), MediaItem.kind == ItemKind.SEASON
        rows = select(MediaItem.external_id, MediaItem.stamp).where(
            MediaItem.library_id == library_id, MediaItem.listed, or_(*whole)
        )
        found: list[tuple[str, str]] = []
        while True:
            more = rows.where(MediaItem.external_id > (found[-1][0] if found else ""))
            more = more.order_by(MediaItem.external_id).limit(MANY)
            some = [(row[0], row[1]) for row in await self.session.execute(more)]
            if not some:
                return found
            found += some

    async def count_listed(self, library_id: UUID) -> int:
        rows = select(func.count()).where(
            MediaItem.library_id == library_id, MediaItem.listed
        )
        return await self.session.scalar(rows) or 0

    async def listed(self, library_id: UUID) -> Sequence[ListedItem]:
        rows = select(
            MediaItem.external_id,
            MediaItem.kind,
            MediaItem.title_id,
            MediaItem.path_key,
        ).where(MediaItem.library_id == library_id, MediaItem.listed)
        return [ListedItem(*row) for row in await self.session.execute(rows)]

    async def known(
        self, library_id: UUID, external_ids: Collection[str]
    ) -> dict[str, KnownItem]:
        """Those of the library that are stored, listed or not, by the server's id."""
        found: dict[str, KnownItem] = {}
        for some in batched(external_ids, MANY, strict=False):
            rows = select(*_KNOWN).where(
                MediaItem.library_id == library_id, among(MediaItem.external_id, some)
            )
            for row in await self.session.execute(rows):
                found[row.external_id] = KnownItem(*row)
        return found

    async def absent_from(
        self, library_id: UUID, external_ids: Collection[str]
    ) -> list[KnownItem]:
        """Those of a library that are there, or were about to be, and not listed."""
        rows = select(*_KNOWN).where(
            MediaItem.library_id == library_id,
            MediaItem.missing_since.is_(None),
            not_among(MediaItem.external_id, external_ids),
        )
        return [KnownItem(*row) for row in await self.session.execute(rows)]

    async def has_hidden(self, library_id: UUID) -> bool:
        """Whether items are about to become visible."""
        rows = select(MediaItem.id).where(*_hidden_in(library_id)).limit(1)
        return await self.session.scalar(rows) is not None

    async def grown_titles(self, library_id: UUID) -> set[UUID]:
        """The visible titles of items that are about to become visible."""
        rows = (
            select(MediaItem.title_id)
            .join(Title, Title.id == MediaItem.title_id)
            .where(*_hidden_in(library_id), Title.listed)
        )
        return set(await self.session.scalars(rows.distinct()))

    async def hidden(self, library_id: UUID) -> AsyncGenerator[list[KnownItem]]:
        """Some by some, those of a library that are about to become visible."""
        rows = select(*_KNOWN).where(
            MediaItem.library_id == library_id,
            ~MediaItem.listed,
            MediaItem.missing_since.is_(None),
        )
        last = ""
        while True:
            more = rows.where(MediaItem.external_id > last)
            more = more.order_by(MediaItem.external_id).limit(SOME)
            found = [KnownItem(*row) for row in await self.session.execute(more)]
            if not found:
                return
            yield found
            last = found[-1].external_id

    async def titles_at(
        self, library_id: UUID, path_keys: Collection[str]
    ) -> dict[str, UUID]:
        """Which title an item with that path belongs to, or belonged to."""
        rows = select(MediaItem.path_key, MediaItem.title_id).where(
            MediaItem.library_id == library_id,
            among(MediaItem.path_key, path_keys),
            MediaItem.kind.in_(COPIES),
        )
        if not path_keys:
            return {}
        found = await self.session.execute(rows.order_by(MediaItem.id.desc()))
        return {key: row[1] for row in found if (key := row[0]) is not None}

    async def files_of(self, item_ids: Collection[UUID]) -> list[KnownFile]:
        found: list[KnownFile] = []
        for some in batched(item_ids, MANY, strict=False):
            rows = select(
                MediaFile.id,
                MediaFile.item_id,
                MediaFile.place,
                MediaFile.path,
                MediaFile.size,
            ).where(among(MediaFile.item_id, some))
            found += [KnownFile(*row) for row in await self.session.execute(rows)]
        return found

    async def add_items(self, rows: Sequence[ItemRow]) -> None:
        await self.session.insert_rows(MediaItem, ItemRow._fields, rows)

    async def change_items(self, rows: Sequence[ItemRow]) -> None:
        await self.session.update_rows(MediaItem, ItemRow._fields, rows)

    async def add_files(self, rows: Sequence[FileRow]) -> None:
        await self.session.insert_rows(MediaFile, FileRow._fields, rows)

    async def change_files(self, rows: Sequence[FileRow]) -> None:
        await self.session.update_rows(MediaFile, FileRow._fields, rows)

    async def add_tracks(self, rows: Sequence[TrackRow]) -> None:
        await self.session.insert_rows(MediaTrack, TrackRow._fields, rows)

    async def track_rows(
        self, file_ids: Collection[UUID]
    ) -> dict[UUID, list[TrackRow]]:
        """By the file, in order."""
        found: defaultdict[UUID, list[TrackRow]] = defaultdict(list)
        for some in batched(file_ids, MANY, strict=False):
            rows = select(*_TRACK).where(among(MediaTrack.file_id, some))
            rows = rows.order_by(MediaTrack.file_id, MediaTrack.place)
            for row in await self.session.execute(rows):
                found[row[0]].append(TrackRow(*row))
        return found

    async def remove_files(self, ids: Iterable[UUID]) -> None:
        for some in batched(ids, MANY, strict=False):
            await self.session.execute(
                delete(MediaFile).where(among(MediaFile.id, some))
            )

    async def remove_tracks(self, file_ids: Iterable[UUID]) -> None:
        for some in batched(file_ids, MANY, strict=False):
            gone = delete(MediaTrack).where(among(MediaTrack.file_id, some))
            await self.session.execute(gone)

    async def remove(self, ids: Iterable[UUID]) -> None:
        for some in batched(ids, MANY, strict=False):
            await self.session.execute(
                delete(MediaItem).where(among(MediaItem.id, some))
            )

    async def remove_of_server(self, server_id: UUID) -> None:
        gone = delete(MediaItem).where(MediaItem.media_server_id == server_id)
        await self.session.execute(gone)

    async def move(self, library_id: UUID, old: UUID, new: UUID) -> None:
        """All items of a title in a library belong to another title."""
        change = update(MediaItem).where(
            MediaItem.library_id == library_id, MediaItem.title_id == old
        )
        await self.session.execute(
            change.values(title_id=new), execution_options=UNTRACKED
        )

    async def lose(self, ids: Iterable[UUID], now: datetime) -> None:
        """Mark them as missing."""
        await self._change(ids, listed=False, missing_since=now)

    async def list_hidden(self, library_ids: Collection[UUID]) -> int:
        """Make all that is hidden in these libraries visible; returns how many."""
        change = update(MediaItem).where(
            MediaItem.library_id.in_(library_ids),
            ~MediaItem.listed,
            MediaItem.missing_since.is_(None),
        )
        done = await self.session.execute(
            change.values(listed=True), execution_options=UNTRACKED
        )
        return cast("CursorResult[Any]", done).rowcount

    async def replace_arrivals(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Change when and how some items came; one statement each, they are few."""
        for row in rows:
            values = {name: value for name, value in row.items() if name != "id"}
            change = update(MediaItem).where(MediaItem.id == row["id"])
            await self.session.execute(change.values(**values))

    async def of_title(self, title_id: UUID) -> Sequence[MediaItem]:
        rows = select(MediaItem).where(
            MediaItem.title_id == title_id,
            MediaItem.listed | MediaItem.missing_since.is_not(None),
        )
        order = MediaItem.library_id, MediaItem.season, MediaItem.number, MediaItem.id
        return (await self.session.scalars(rows.order_by(*order))).all()

    async def copies_of(self, title_ids: Collection[UUID]) -> Sequence[MediaItem]:
        """The listed copies of these titles."""
        rows = select(MediaItem).where(
            among(MediaItem.title_id, title_ids),
            MediaItem.kind.in_(COPIES),
            MediaItem.listed,
        )
        return (await self.session.scalars(rows.order_by(MediaItem.id))).all()

    async def named_copies_of(self, title_ids: Collection[UUID]) -> list[NamedCopy]:
        """The listed copies of these titles, with the names of where they lie."""
        rows = (
            select(*_COPY, MediaServer.name, Library.name)
            .join(MediaServer, MediaServer.id == MediaItem.media_server_id)
            .join(Library, Library.id == MediaItem.library_id)
            .where(
                among(MediaItem.title_id, title_ids),
                MediaItem.kind.in_(COPIES),
                MediaItem.listed,
            )
            .order_by(MediaItem.id)
        )
        return [NamedCopy(*row) for row in await self.session.execute(rows)]

    async def libraries_of(
        self, title_ids: Collection[UUID]
    ) -> Mapping[UUID, set[UUID]]:
        """The libraries with a listed copy of each title."""
        rows = select(MediaItem.title_id, MediaItem.library_id).where(
            among(MediaItem.title_id, title_ids),
            MediaItem.kind.in_(COPIES),
            MediaItem.listed,
        )
        found: defaultdict[UUID, set[UUID]] = defaultdict(set)
        for title_id, library_id in await self.session.execute(rows):
            found[title_id].add(library_id)
        return found

    async def all_files_of(self, item_ids: Collection[UUID]) -> Sequence[MediaFile]:
        found: list[MediaFile] = []
        for some in batched(item_ids, MANY, strict=False):
            rows = select(MediaFile).where(among(MediaFile.item_id, some))
            found += await self.session.scalars(
                rows.order_by(MediaFile.item_id, MediaFile.place)
            )
        return found

    async def tracks_of(self, file_ids: Collection[UUID]) -> Sequence[MediaTrack]:
        found: list[MediaTrack] = []
        for some in batched(file_ids, MANY, strict=False):
            rows = select(MediaTrack).where(among(MediaTrack.file_id, some))
            found += await self.session.scalars(
                rows.order_by(MediaTrack.file_id, MediaTrack.place)
            )
        return found

    async def _change(self, ids: Iterable[UUID], **values: Any) -> None:
        for some in batched(ids, MANY, strict=False):
            change = update(MediaItem).where(among(MediaItem.id, some))
            await self.session.execute(
                change.values(**values),
                execution_options=UNTRACKED,
            )
