"""A sync that is cut off goes on at the page it was at."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx2
import pytest
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.server import serve
from tests.accounts.conftest import EMAIL, PASSWORD, cheap_hasher, open_house
from tests.catalogue.conftest import Cinema
from tests.simulated import QUICK, impatient, playing_plex, until

from zondarr.accounts.passwords import Passwords
from zondarr.config import Settings
from zondarr.core.database import Database
from zondarr.core.durable import Timing
from zondarr.media.clients.jellyfin import catalogue

AT_ONCE = Timing(stop=timedelta())


@asynccontextmanager
async def program(
    settings: Settings, database: Database
) -> AsyncGenerator[httpx2.AsyncClient]:
    """The program, from its start to its end; what runs is cut off."""
    passwords = Passwords(cheap_hasher())
    house = open_house(settings, passwords, database=database, timing=AT_ONCE)
    house.container.registry.configure(QUICK)
    async with house.container.durable, house.browser() as browser:
        if not (await house.sign_in(browser)).is_success:
            await house.container.accounts.create_workspace(
                "Home", email=EMAIL, password=PASSWORD
            )
            await house.sign_in(browser)
        yield browser
    passwords.close()


async def begin(cinema: Cinema) -> str:
    await cinema.add("jellyfin")
    started = await cinema.post("/catalogue/sync")
    return started["run_id"]


async def test_no_page_is_read_twice_but_the_one_that_was_cut_off(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "PAGE", 5)
    monkeypatch.setattr(catalogue, "WATCH_PAGE", 10)
    simulator = impatient(JellyfinSimulator(make_world(items=24, people=1)))
    hanging = Fault("/Items", FaultKind.LATENCY, value=1500, endless=True)

    def asked() -> Counter[str]:
        entries = (entry.request for entry in simulator.journal.entries)
        lists = [dict(each.query) for each in entries if each.path == "/Items"]
        # An empty list of what was played is asked for twice.
        return Counter(str(each) for each in lists if each.get("isPlayed") != "true")

    async with playing_plex() as plex, serve(simulator) as url:
        cinema = Cinema(None, simulator, url, plex)  # pyright: ignore[reportArgumentType]
        run_id = ""
        for cut_off_at in (2, 6):
            async with program(settings, database) as browser:
                cinema.browser = browser
                run_id = run_id or await begin(cinema)
                await until(lambda at=cut_off_at: asked().total() >= at)
                simulator.faults.add(hanging)
                seen = asked().total()
                await until(lambda at=seen: asked().total() > at)
                assert await cinema.titles() == {}
            simulator.faults.remove()
        async with program(settings, database) as browser:
            cinema.browser = browser
            run = await cinema.ended(run_id)
            assert run["status"] == "succeeded", run
            films = [e for e in simulator.state.world.titles if e.kind == "Movie"]
            assert len(await cinema.titles(type="movie")) == len(films)
    counts = asked()
    assert set(counts.values()) <= {1, 2}
    assert sum(count == 2 for count in counts.values()) == 2
