"""How libraries grow: one row for each day on which a sync found another size."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from zondarr.catalogue.repository.growth import DaySize, GrowthRepository
from zondarr.catalogue.schemas import Growth, GrowthDay, LibraryGrowth
from zondarr.core.clock import utc_now
from zondarr.core.database import Session
from zondarr.servers.repository import LibraryRepository, MediaServerRepository

FILLED_DAYS = 365
"""How far back the first sync of a library reaches, by the dates of its items."""
NOTHING = DaySize(date.min, 0, 0)


async def record_sizes(
    session: Session, library_ids: Iterable[UUID], *, now: datetime
) -> None:
    """Write how large these libraries are now, where that differs from their latest
    rows; a library without a row gets those of the last year, too.
    """
    growth = GrowthRepository(session)
    today = now.astimezone(UTC).date()
    for each in library_ids:
        latest = await growth.latest(each)
        history = sums(await growth.added_by_day(each), until=today)
        if latest is None:
            first_day = today - timedelta(days=FILLED_DAYS)
            await growth.write(each, since(history, first_day))
        elif (latest.titles, latest.bytes) != history[-1][1:]:
            await growth.write(each, history[-1:])


def sums(added: Sequence[DaySize], *, until: date) -> list[DaySize]:
    """What there was at the end of each day on which something was added, and of the
    last day. What a server dates into the future is there already.
    """
    found = {until: NOTHING}
    titles = size = 0
    for each in added:
        titles, size = titles + each.titles, size + each.bytes
        day = min(each.day, until)
        found[day] = DaySize(day, titles, size)
    found[until] = DaySize(until, titles, size)
    return [found[day] for day in sorted(found)]


def since(history: Sequence[DaySize], day: date) -> list[DaySize]:
    """The days from this one on, which sums up all earlier ones."""
    earlier = [each for each in history if each.day <= day]
    later = [each for each in history if each.day > day]
    start = (earlier or [NOTHING])[-1]._replace(day=day)
    return [start, *later]


class GrowthService:
    """The growth of a workspace's libraries."""

    def __init__(self, session: Session) -> None:
        self.growth = GrowthRepository(session)
        self.libraries = LibraryRepository(session)
        self.servers = MediaServerRepository(session)

    async def show(self, days: int) -> Growth:
        """The last `days` days, today included, in total and for each library."""
        today = utc_now().date()
        shown = [today - timedelta(days=back) for back in reversed(range(days))]
        rows: defaultdict[UUID, dict[date, DaySize]] = defaultdict(dict)
        for library_id, size in await self.growth.since(shown[0]):
            rows[library_id][max(size.day, shown[0])] = size
        lines = {own: _carried(found, shown) for own, found in rows.items()}
        libraries = await self._libraries(lines)
        total = [
            GrowthDay(
                day=day,
                titles=sum(line[place].titles for line in lines.values()),
                bytes=sum(line[place].bytes for line in lines.values()),
            )
            for place, day in enumerate(shown)
        ]
        return Growth(items=total, libraries=libraries)

    async def _libraries(
        self, lines: Mapping[UUID, Sequence[GrowthDay]]
    ) -> list[LibraryGrowth]:
        libraries = await self.libraries.get_by_ids(lines.keys())
        ids = {each.media_server_id for each in libraries}
        servers = {each.id: each for each in await self.servers.get_by_ids(ids)}
        found = [
            LibraryGrowth(
                library_id=each.id,
                library=each.name,
                server_id=each.media_server_id,
                server=servers[each.media_server_id].name,
                items=lines[each.id],
            )
            for each in libraries
        ]
        return sorted(found, key=lambda each: (each.server, each.library))


def _carried(rows: Mapping[date, DaySize], days: Sequence[date]) -> list[GrowthDay]:
    """A day without a row is as the one before."""
    line: list[GrowthDay] = []
    size = NOTHING
    for day in days:
        size = rows.get(day, size)
        line.append(GrowthDay(day=day, titles=size.titles, bytes=size.bytes))
    return line
