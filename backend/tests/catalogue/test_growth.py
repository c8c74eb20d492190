"""How the libraries grew, before the first sync and after it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from tests.catalogue.conftest import Cinema

from zondarr.catalogue.growth import since, sums
from zondarr.catalogue.models import LibrarySize
from zondarr.catalogue.repository.growth import DaySize
from zondarr.core.database import Database

MAY = date(2026, 5, 1)


def at(day: int, titles: int, size: int) -> DaySize:
    return DaySize(MAY + timedelta(days=day), titles, size)


def test_what_was_added_sums_up_to_what_there_is_today() -> None:
    added = [at(0, 2, 20), at(3, 1, 5), at(9, 1, 1)]
    history = sums(added, until=MAY + timedelta(days=5))
    assert history == [at(0, 2, 20), at(3, 3, 25), at(5, 4, 26)]
    assert sums([], until=MAY) == [at(0, 0, 0)]
    assert since(history, MAY + timedelta(days=1)) == [at(1, 2, 20), *history[1:]]
    assert since(history, MAY - timedelta(days=1))[0] == at(-1, 0, 0)


async def number_of_rows(database: Database) -> int:
    async with database.unscoped("command line", reading=True) as session:
        return await session.scalar(select(func.count()).select_from(LibrarySize)) or 0


async def test_growth_reaches_back_is_carried_on_and_follows_what_changes(  # noqa: PLR0915
    cinema: Cinema, database: Database
) -> None:
    await cinema.add("jellyfin")
    empty = await cinema.get("/insights/growth", days=7)
    assert [each["titles"] for each in empty["items"]] == [0] * 7
    await cinema.sync()
    titles = await cinema.titles()
    shown = await cinema.get("/insights/growth", days=400)
    assert len(shown["items"]) == 400
    assert shown["items"][-1]["day"] == datetime.now(UTC).date().isoformat()
    assert shown["items"][-1]["titles"] == len(titles)
    size = sum(each["size"] for each in titles.values())
    assert shown["items"][-1]["bytes"] == size
    assert all(each["titles"] == 0 for each in shown["items"][:30])
    old = datetime.now(UTC) - timedelta(days=200)
    known = [e for e in titles.values() if e["added_at"] < old.isoformat()]
    films = next(e for e in shown["libraries"] if e["library"] == "Movies")
    assert (films["server"], len(films["items"])) == ("Jellyfin", 400)
    old_films = [e for e in known if e["type"] == "movie"]
    assert films["items"][-201]["titles"] in {len(old_films), len(old_films) + 1}

    # Nothing changed: no row. A film goes, and its bytes.
    rows = await number_of_rows(database)
    await cinema.sync()
    assert await number_of_rows(database) == rows
    await yesterday(database)
    film: Any = next(e for e in titles.values() if e["type"] == "movie")
    await cinema.act("jellyfin", "vanish", items=[film["name"]])
    await cinema.sync()
    shown = await cinema.get("/insights/growth", days=2)
    before, after = shown["items"]
    assert (before["titles"], before["bytes"]) == (len(titles), size)
    assert (after["titles"], after["bytes"]) == (len(titles) - 1, size - film["size"])
    for days in (0, 3661):
        bad = await cinema.browser.get(f"/api/v1/insights/growth?days={days}")
        assert bad.status_code == 400


async def yesterday(database: Database) -> None:
    """All days that were recorded are a day earlier."""
    async with database.unscoped("set-up") as session:
        rows = (await session.execute(select(LibrarySize.__table__))).all()
        for row in sorted(rows, key=lambda row: row.day):
            change = update(LibrarySize).where(
                LibrarySize.library_id == row.library_id, LibrarySize.day == row.day
            )
            await session.execute(change.values(day=row.day - timedelta(days=1)))
