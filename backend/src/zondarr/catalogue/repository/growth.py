"""How large libraries are, and were."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, func, select

from zondarr.catalogue.models import LibrarySize, MediaFile, MediaItem
from zondarr.core.database import Session
from zondarr.media.types import ItemKind

COPIES = (ItemKind.MOVIE, ItemKind.SHOW)


class DaySize(NamedTuple):
    """What was added on a day, or what there was at its end."""

    day: date
    titles: int
    bytes: int


class GrowthRepository:
    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def added_by_day(self, library_id: UUID) -> Sequence[DaySize]:
        """The listed items of a library by the day on which each was added."""
        day = self._day_of_arrival()
        listed = and_(MediaItem.library_id == library_id, MediaItem.listed)
        counted = select(day, func.count()).where(listed, MediaItem.kind.in_(COPIES))
        sized = (
            select(day, func.sum(func.coalesce(MediaFile.size, 0)))
            .join(MediaItem, MediaItem.id == MediaFile.item_id)
            .where(listed)
        )
        titles = {row[0]: row[1] for row in await self._rows(counted.group_by(day))}
        sizes = {row[0]: row[1] for row in await self._rows(sized.group_by(day))}
        return [
            DaySize(_date(each), titles.get(each, 0), int(sizes.get(each) or 0))
            for each in sorted(titles.keys() | sizes.keys())
        ]

    def _day_of_arrival(self) -> ColumnElement[Any]:
        if self.session.dialect_name == "postgresql":
            return func.timezone("UTC", MediaItem.added_at).cast(Date)
        return func.date(MediaItem.added_at)

    async def _rows(self, query: Any) -> Sequence[tuple[Any, int]]:
        return [tuple(row) for row in await self.session.execute(query)]

    async def latest(self, library_id: UUID) -> LibrarySize | None:
        rows = select(LibrarySize).where(LibrarySize.library_id == library_id)
        return await self.session.scalar(rows.order_by(LibrarySize.day.desc()).limit(1))

    async def write(self, library_id: UUID, sizes: Sequence[DaySize]) -> None:
        rows: list[Mapping[str, Any]] = [
            {"library_id": library_id, **each._asdict()} for each in sizes
        ]
        await self.session.upsert_rows(LibrarySize, rows, key=("library_id", "day"))

    async def since(self, day: date) -> Sequence[tuple[UUID, DaySize]]:
        """The rows from this day on, and for each library the last one before it; in
        the order of days.
        """
        before = (
            select(LibrarySize.library_id, func.max(LibrarySize.day).label("day"))
            .where(LibrarySize.day < day)
            .group_by(LibrarySize.library_id)
            .subquery()
        )
        rows = (
            select(
                LibrarySize.library_id,
                LibrarySize.day,
                LibrarySize.titles,
                LibrarySize.bytes,
            )
            .outerjoin(before, before.c.library_id == LibrarySize.library_id)
            .where((LibrarySize.day >= day) | (LibrarySize.day == before.c.day))
            .order_by(LibrarySize.day)
        )
        found = await self.session.execute(rows)
        return [(row[0], DaySize(*row[1:])) for row in found]


def _date(found: date | str) -> date:
    """SQLite has no type for days."""
    return date.fromisoformat(found) if isinstance(found, str) else found
