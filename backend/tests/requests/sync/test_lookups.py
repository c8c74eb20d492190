"""Names and dates of titles, from Seerr: few at once, the useful ones first."""

from datetime import timedelta
from typing import Any

import pytest
from media_server_simulators.faults import FaultKind
from sqlalchemy import select, update
from tests.requests.sync.conftest import Desk
from tests.simulated import playing_seerr

from zondarr.core.clock import utc_now
from zondarr.core.database import Database
from zondarr.media.connections import ClientOptions, HostState
from zondarr.requests.models import RequestTitle, RequestTitleSeason
from zondarr.requests.sync import lookups


async def titles_of(database: Database) -> dict[str, RequestTitle]:
    """By their TMDB ids."""
    async with database.unscoped("command line", reading=True) as session:
        rows = (await session.scalars(select(RequestTitle))).all()
    return {row.tmdb: row for row in rows}


def looked_up(paths: list[str]) -> list[str]:
    return [path for path in paths if path.startswith(("/movie/", "/tv/"))]


async def connect_empty(desk: Desk, *made: dict[str, Any]) -> None:
    """The desk's Seerr has these requests only."""
    state = desk.seerr.simulator.state
    for number in list(state.requests):
        state.remove_request(state.requests[number])
    for each in made:
        await desk.act("request", **each)
    await desk.connect()
    desk.asked()


async def test_a_title_is_looked_up_once_and_again_after_thirty_days(
    desk: Desk, database: Database
) -> None:
    film = {"type": "movie", "tmdb": 900001}
    await connect_empty(desk, film, film | {"is_4k": True})
    await desk.synced()
    assert looked_up(desk.asked()) == ["/movie/900001"]
    title = (await titles_of(database))["900001"]
    known = desk.seerr.simulator.state.titles.find("movie", 900001)
    assert known is not None
    assert (title.name, title.error_code) == (known.name, None)
    assert title.released_on is not None
    assert title.year == title.released_on.year
    await desk.synced()
    assert looked_up(desk.asked()) == []
    async with database.unscoped("command line") as session:
        long_ago = utc_now() - timedelta(days=31)
        await session.execute(update(RequestTitle).values(looked_up_at=long_ago))
    await desk.synced()
    assert looked_up(desk.asked()) == ["/movie/900001"]


async def test_a_show_has_its_seasons_and_how_much_of_them_was_broadcast(
    desk: Desk, database: Database
) -> None:
    await connect_empty(desk, {"type": "tv", "tmdb": 200150, "seasons": [1, 4]})
    await desk.synced()
    async with database.unscoped("command line", reading=True) as session:
        rows = (await session.scalars(select(RequestTitleSeason))).all()
    aired = {row.number: (row.aired, row.episodes) for row in rows}
    assert aired == {1: (8, 8), 2: (8, 8), 3: (8, 8), 4: (0, 8)}
    coming = next(row for row in rows if row.number == 4)
    assert coming.first_aired_on is not None
    assert coming.last_aired_on is not None
    assert utc_now().date() < coming.first_aired_on < coming.last_aired_on
    # A season that began long ago is not asked about, nor one that nobody wants.
    seasons = [path for path in desk.asked() if "/season/" in path]
    assert seasons == ["/tv/200150/season/4"]


async def test_a_look_up_that_fails_is_remembered_and_tried_a_day_later(
    desk: Desk, database: Database
) -> None:
    await connect_empty(
        desk, {"type": "movie", "tmdb": 900001}, {"type": "movie", "tmdb": 900004}
    )
    desk.fail(FaultKind.STATUS, "/api/v1/movie/900001", value=500)
    run = await desk.sync()
    assert run["status"] == "succeeded"
    titles = await titles_of(database)
    assert titles["900004"].name
    assert titles["900001"].error_code == "server_error"
    assert titles["900001"].looked_up_at is None
    desk.mend()
    desk.asked()
    await desk.synced()
    assert looked_up(desk.asked()) == []
    async with database.unscoped("command line") as session:
        long_ago = utc_now() - timedelta(days=2)
        failed = update(RequestTitle).where(RequestTitle.tmdb == "900001")
        await session.execute(failed.values(failed_at=long_ago))
    await desk.synced()
    assert (await titles_of(database))["900001"].error_code is None


async def test_requests_are_read_though_titles_cannot_be(
    desk: Desk, database: Database
) -> None:
    await connect_empty(desk, {"type": "movie", "tmdb": 900001})
    desk.fail(FaultKind.DROP, "/api/v1/movie")
    found = await desk.synced()
    assert (found["request_count"], found["stale"]) == (1, False)
    assert await titles_of(database) == {}


async def test_a_few_are_looked_up_at_once_and_the_rest_in_a_run_of_its_own(
    desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookups, "AT_ONCE", 10)
    async with playing_seerr(requests=0) as seerr:
        desk.seerr = seerr
        waiting = {"type": "movie", "status": "approved"}
        there = {"type": "movie", "status": "completed"}
        films = [{**there, "tmdb": 900030 + n} for n in range(8)]
        films += [{**waiting, "tmdb": 900010 + n} for n in range(8)]
        await connect_empty(desk, *films)
        await desk.synced()
        first = looked_up(desk.asked())[:8]
        assert sorted(first) == [f"/movie/{900010 + n}" for n in range(8)]
        runs = await desk.browser.get(
            "/api/v1/runs", params={"name": "requests.look-up"}
        )
        (run,) = runs.json()["items"]
        assert (await desk.ended(run["id"]))["status"] == "succeeded"
        assert len(await titles_of(database)) == 16


async def test_names_are_in_the_language_of_the_workspace(
    desk: Desk, database: Database
) -> None:
    await connect_empty(desk, {"type": "movie", "tmdb": 900001})
    await desk.synced()
    changed = await desk.browser.patch(
        "/api/v1/settings", json={"request_title_language": ["fr"]}
    )
    assert changed.is_success, changed.text
    desk.seerr.simulator.journal.clear()
    await desk.synced()
    asked = [
        dict(each.request.query).get("language")
        for each in desk.seerr.simulator.journal.entries
        if "/movie/" in each.request.path
    ]
    assert asked == ["fr"]
    assert (await titles_of(database))["900001"].name_language == "fr"


def test_look_ups_keep_their_distance() -> None:
    state = HostState(ClientOptions(lookup_pause=60))
    first, second, third = (state.reserve_lookup() for _ in range(3))
    assert first == 0
    assert second <= 60 < third <= 120
