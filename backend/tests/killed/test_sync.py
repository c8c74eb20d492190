"""A sync that is killed at any of its pages is finished by the next process."""

from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any, override

import httpx2
import pytest
from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin.installation import install
from media_server_simulators.plex import PlexServerSimulator, PlexTvSimulator, PlexWorld
from media_server_simulators.server import serve_in_thread
from media_server_simulators.wire import Reply, Request
from tests.killed.house import (
    PATIENCE,
    Executing,
    Executioner,
    House,
)

pytestmark = pytest.mark.own_database
WORLD = make_world(items=24, people=1)
LISTS = ("/library/sections/", "/library/metadata/", "/status/sessions/history/")
TITLES = sum(each.kind in {"Movie", "Series"} for each in WORLD.titles)


class AtPages(Executing):
    """Counts requests for pages only."""

    @override
    async def respond(self, request: Request) -> Reply:
        if request.path == "/Items" or request.path.startswith(LISTS):
            return await super().respond(request)
        victim, self.victim = self.victim, None
        try:
            return await super().respond(request)
        finally:
            self.victim = victim


class JellyfinAtPages(AtPages, Executioner):
    """A Jellyfin that kills its client."""


class PlexAtPages(AtPages, PlexServerSimulator):
    """A Plex Media Server that kills its client."""


@contextmanager
def a_jellyfin(folder: Path, database_url: str) -> Generator[tuple[House, Executing]]:
    simulator = JellyfinAtPages()
    state = simulator.state
    simulator.installations = [install(WORLD, state.version, state.base_path)]
    house = House(folder, database_url, [simulator], [])
    with serve_in_thread(simulator) as url:
        house.urls.append(url)
        yield house, simulator


@contextmanager
def a_plex(folder: Path, database_url: str) -> Generator[tuple[House, Executing]]:
    world = PlexWorld(WORLD)
    tv, server = PlexTvSimulator(world), PlexAtPages(world)
    house = House(folder, database_url, [], [])
    with serve_in_thread(tv) as tv_url, serve_in_thread(server) as url:
        house.tv_url, server.url, house.plex.server = tv_url, url, server
        yield house, server


def test_killed_at_every_page_of_a_jellyfin(tmp_path: Path, database_url: str) -> None:
    step = 1 if database_url.startswith("sqlite") else 2
    with a_jellyfin(tmp_path, database_url) as (house, simulator):
        assert kill_everywhere(house, simulator, step) >= 14 // step


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_killed_at_every_page_of_a_plex(tmp_path: Path, database_url: str) -> None:
    with a_plex(tmp_path, database_url) as (house, server):
        assert kill_everywhere(house, server, 1) >= 8


def kill_everywhere(house: House, simulator: Executing, step: int) -> int:
    """Kill the program at the first page of a first sync, then at another page of
    another one, until one has no more pages; returns the number of kills.

    In its next life the program finishes the sync that was killed.
    """
    house.furnish()
    kills, run_id, number = 0, "", 1
    while True:
        with house.program() as program, house.operator(program) as http:
            if run_id:
                assert len(titles(http)) in {0, TITLES}
                is_whole(http, run_id)
                forget(house, http)
            simulator.kill_at(number, "before", program.process.pid or 0)
            with suppress(httpx2.TransportError):
                run_id = begin(http)
                is_whole(http, run_id)
                simulator.spare()
                return kills
            program.process.join(PATIENCE)
        kills, number = kills + 1, number + step


def is_whole(http: httpx2.Client, run_id: str) -> None:
    run = ended(http, run_id)
    assert run["status"] == "succeeded", run
    assert len(titles(http)) == TITLES


def forget(house: House, http: httpx2.Client) -> None:
    """Remove the server and add it again: nothing is known of it."""
    http.delete(f"/servers/{house.ids.pop()}").raise_for_status()
    house.add_servers(http)
    assert titles(http) == []


def begin(http: httpx2.Client) -> str:
    return http.post("/catalogue/sync", json={}).raise_for_status().json()["run_id"]


def ended(http: httpx2.Client, run_id: str) -> dict[str, Any]:
    until = monotonic() + PATIENCE
    while monotonic() < until:
        run = http.get(f"/runs/{run_id}").json()
        if run["status"] not in {"queued", "running"}:
            return run
        sleep(0.05)
    raise AssertionError("the sync did not come to an end")


def titles(http: httpx2.Client) -> list[dict[str, Any]]:
    return http.get("/titles?limit=200").json()["items"]
