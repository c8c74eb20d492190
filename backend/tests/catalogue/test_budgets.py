"""How many requests a sync of a large library may make; decision 0018 has the rules."""

from collections.abc import AsyncGenerator

import pytest
from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.plex import PlexServerSimulator, PlexTvSimulator, PlexWorld
from media_server_simulators.server import serve
from sqlalchemy import func, select
from tests.catalogue.conftest import Cinema
from tests.simulated import SimulatedPlex, browsing, impatient

from zondarr.catalogue.models import MediaItem, WatchAccount
from zondarr.config import Settings
from zondarr.core.database import Database

SERIES, ROWS = 500, 22_500
PEOPLE = 10
"""With the administrator, and for Plex with the owner."""
PLAYS = 3_000
BUDGETS = {"jellyfin": (110, 70), "plex": (250, 35)}


@pytest.fixture
async def large_cinema(
    settings: Settings, database: Database
) -> AsyncGenerator[Cinema]:
    world = make_world(items=ROWS, series=SERIES, people=PEOPLE - 1)
    jellyfin, plex_world = impatient(JellyfinSimulator(world)), PlexWorld(world)
    tv = impatient(PlexTvSimulator(plex_world))
    pms = impatient(PlexServerSimulator(plex_world))
    async with serve(jellyfin) as jellyfin_url, serve(tv) as tv_url, serve(pms) as url:
        pms.url = url
        plex = SimulatedPlex(tv, pms, tv_url, url)
        async with browsing(settings, database, plex.options) as browser:
            yield Cinema(browser, jellyfin, jellyfin_url, plex)


async def count(database: Database, entity: type[MediaItem | WatchAccount]) -> int:
    async with database.unscoped("command line", reading=True) as session:
        return await session.scalar(select(func.count()).select_from(entity)) or 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", sorted(BUDGETS))
async def test_a_sync_keeps_to_its_number_of_requests_and_reads_everything(
    large_cinema: Cinema, database: Database, kind: str
) -> None:
    cinema = large_cinema
    await cinema.add(kind)
    simulator = cinema.jellyfin if kind == "jellyfin" else cinema.plex.pms
    for budget in BUDGETS[kind]:
        simulator.journal.clear()
        assert (await cinema.sync())["status"] == "succeeded"
        assert len(simulator.journal.entries) <= budget
        assert await count(database, MediaItem) == ROWS
    assert (await cinema.get("/titles", limit=1))["total"] == SERIES
    if kind == "jellyfin":
        assert await count(database, WatchAccount) == PEOPLE
