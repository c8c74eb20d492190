"""A sync in which the server fails, in every way and at every request.

Whatever happens, the old snapshot stays readable, nothing is lost, and the next run
completes. The kinds of fault take turns over the requests; each is there once, or from
that request on.
"""

from itertools import cycle
from typing import override

import pytest
from media_server_simulators.control import ControlledSimulator
from media_server_simulators.faults import Fault, FaultKind, Faults
from media_server_simulators.wire import Request
from tests.catalogue.conftest import Cinema
from tests.catalogue.snapshots import snapshot

from zondarr.core.database import Database
from zondarr.media.clients.jellyfin import catalogue
from zondarr.media.clients.plex import listing

KINDS = sorted(set(FaultKind) - {FaultKind.SHRUNKEN})
VALUES = {FaultKind.STATUS: 500, FaultKind.LATENCY: 20}


class FaultAt(Faults):
    """A fault at the n-th request, or from it on."""

    def __init__(self, number: int, kind: FaultKind, *, lasting: bool) -> None:
        super().__init__()
        self.left = number
        self.lasting = lasting
        self.number = number
        self.fault = Fault("/", kind, value=VALUES.get(kind))

    @override
    def __repr__(self) -> str:
        return f"{self.fault.kind} at request {self.number}, {self.lasting=}"

    @override
    def take(self, request: Request, path: str) -> list[Fault]:
        self.left -= 1
        struck = self.left <= 0 if self.lasting else self.left == 0
        return [self.fault] if struck else []


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 8)
    for name in ("PAGE", "LIGHT_PAGE", "WATCH_PAGE"):
        monkeypatch.setattr(catalogue, name, 8)


class Trouble:
    """A server that changes before each sync, so that all kinds of request occur."""

    def __init__(self, cinema: Cinema, kind: str) -> None:
        self.cinema = cinema
        self.kind = kind
        self.simulator: ControlledSimulator = (
            cinema.jellyfin if kind == "jellyfin" else cinema.plex.pms
        )
        titles = cinema.jellyfin.state.world.titles
        self.films = cycle([e.name for e in titles if e.kind == "Movie"])
        self.count = 0

    async def change(self) -> str:
        """Another file, and a play by whoever owns the server; the film's name."""
        self.count += 1
        film = next(self.films)
        who = "admin" if self.kind == "jellyfin" else self.cinema.plex.world.owner.title
        at = f"2026-01-01T00:00:{self.count % 60:02}Z"
        await self.cinema.act(self.kind, "replace", item=film, size=self.count)
        await self.cinema.act(self.kind, "play", user=who, item=film, at=at)
        return film

    async def requests(self) -> int:
        """How many a sync needs when nothing fails."""
        self.simulator.journal.clear()
        await self.change()
        assert (await self.cinema.sync())["status"] == "succeeded"
        return len(self.simulator.journal.entries)

    async def strikes(self, fault: FaultAt) -> bool:
        """Sync with this fault and once more without; whether the first one did not
        fail.
        """
        before = await self.cinema.titles()
        film = await self.change()
        self.simulator.faults = fault
        run = await self.cinema.sync()
        self.simulator.faults = Faults()
        meanwhile = await self.cinema.titles()
        assert meanwhile.keys() == before.keys(), fault
        for name, title in meanwhile.items():
            assert name == film or title == before[name], (fault, name)
            old = before[name]["last_activity_at"]
            assert old is None or title["last_activity_at"] >= old, (fault, name)
        again = await self.cinema.sync()
        assert again["status"] == "succeeded", (fault, again)
        after = await self.cinema.titles()
        assert after[film]["size"] == self.count, fault
        assert after[film]["watched"], fault
        if run["status"] == "succeeded":
            return True
        (part,) = run["parts"]
        assert part["detail"].startswith(self.kind.title()), fault
        assert "sync again" in part["detail"], fault
        return False


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("kind", ["jellyfin", "plex"])
async def test_a_server_that_fails_anywhere_costs_nothing_but_the_time(
    cinema: Cinema, database: Database, kind: str
) -> None:
    await cinema.add(kind)
    await cinema.sync()
    trouble = Trouble(cinema, kind)
    count = await trouble.requests()
    faults = cycle(KINDS)
    failed: set[str] = set()
    for number in range(1, count + 1, 2 if database.is_postgresql else 1):
        fault = FaultAt(number, next(faults), lasting=number % 3 != 0)
        if not await trouble.strikes(fault):
            failed.add(fault.fault.kind)
    assert len(failed) >= 3
    await is_as_if_read_at_once(cinema, database, kind)


async def is_as_if_read_at_once(cinema: Cinema, database: Database, kind: str) -> None:
    """What is stored is the same as what a server that never failed gives."""
    stored = await snapshot(database)
    server = cinema.servers[kind]
    removed = await cinema.browser.delete(f"/api/v1/servers/{server}")
    assert removed.status_code == 204
    await cinema.add(kind)
    await cinema.sync()
    clean = await snapshot(database)
    for name, rows in clean.items():
        assert stored[name] == rows, name
