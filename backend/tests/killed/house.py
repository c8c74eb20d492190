"""The program in its own process, which is killed at a chosen request to its server."""

import os
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Literal, cast, override
from uuid import uuid4

import httpx2
from media_server_simulators.control import ControlledSimulator
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.jellyfin.installation import install
from media_server_simulators.plex import PlexServerSimulator, PlexTvSimulator
from media_server_simulators.server import serve_in_thread
from media_server_simulators.wire import Reply, Request
from tests.cli.process import environment, free_port
from tests.forks import FORKS
from tests.killed.program import PipeTransport, answer, serve

PATIENCE = 30.0

type When = Literal["before", "after"]


class Executing(ControlledSimulator):
    """Kills its client at the n-th request, before or after it acts."""

    victim: int | None = None
    _left: int = 0
    _when: When = "before"

    def kill_at(self, number: int, when: When, victim: int) -> None:
        self._left, self._when, self.victim = number, when, victim

    def spare(self) -> None:
        self.victim = None

    @override
    async def respond(self, request: Request) -> Reply:
        if self.victim is None:
            return await super().respond(request)
        self._left -= 1
        if self._left == 0 and self._when == "before":
            self._strike()
        reply = await super().respond(request)
        if self._left == 0 and self._when == "after":
            self._strike()
        return reply

    def _strike(self) -> None:
        if self.victim is not None:
            os.kill(self.victim, signal.SIGKILL)
            self.victim = None


class Executioner(Executing, JellyfinSimulator):
    """A Jellyfin that kills its client."""


class PlexExecutioner(Executing, PlexTvSimulator):
    """A plex.tv that kills its client; `server` is the media server of its world."""

    def __init__(self) -> None:
        super().__init__()
        self.server = PlexServerSimulator(self.world)

    def shared_with(self) -> set[str]:
        """The addresses of those whom the server is shared with."""
        shares = self.world.shares.values()
        return {one.invited_email or "" for one in shares if one.left_at is None}


@dataclass(frozen=True)
class ProgramUnderTest:
    """A running one; requests go to `url`, or over a pipe."""

    process: BaseProcess
    url: str = "http://zondarr.test"
    transport: httpx2.BaseTransport | None = None

    def client(self) -> httpx2.Client:
        """Closing it does not close the pipe."""
        return httpx2.Client(
            base_url=f"{self.url}/api/v1", timeout=PATIENCE, transport=self.transport
        )


@dataclass
class House:
    """The program's data, its servers, and how to start it again and again."""

    folder: Path
    database_url: str
    simulators: list[Executioner]
    urls: list[str]
    invitation_id: str = ""
    ids: list[str] = field(default_factory=list)
    plex: PlexExecutioner = field(default_factory=PlexExecutioner)
    tv_url: str = ""

    @contextmanager
    def program(self) -> Generator[ProgramUnderTest]:
        """The program over a pipe; killed at the end if it still runs."""
        ours, theirs = FORKS.Pipe()
        process = FORKS.Process(target=answer, args=(theirs, self._env(), self._log))
        with ours, _running(process):
            theirs.close()
            pipe = cast("Connection[Any, Any]", ours)
            yield ProgramUnderTest(process, transport=PipeTransport(pipe))

    @contextmanager
    def served(self) -> Generator[ProgramUnderTest]:
        """The program on Granian, ready; killed at the end if it still runs."""
        port = free_port()
        process = FORKS.Process(target=serve, args=(port, self._env(), self._log))
        with _running(process):
            program = ProgramUnderTest(process, f"http://127.0.0.1:{port}")
            _wait_until_ready(program, self._log)
            yield program

    @property
    def _log(self) -> Path:
        return self.folder / "program.log"

    def _env(self) -> dict[str, str]:
        return environment(
            self.folder,
            DATABASE_URL=self.database_url,
            ZONDARR_JOIN_LIMIT="100000/minute",
            ZONDARR_SIGN_IN_LIMIT="100000/minute",
            **({"ZONDARR_PLEX_TV_URL": self.tv_url} if self.tv_url else {}),
            **({"ZONDARR_PLEX_CLIENTS_URL": self.tv_url} if self.tv_url else {}),
        )

    def furnish(self) -> None:
        """An operator, the servers, and an invitation to all of them."""
        with self.program() as program, program.client() as http:
            self._furnish(http)

    def _furnish(self, http: httpx2.Client) -> None:
        http.get("/setup").raise_for_status()
        token = (self.folder / "data" / "setup-token").read_text().strip()
        owner = {"email": "owner@example.org", "password": "correct horse battery"}
        answer = http.post("/setup", json={"setup_token": token, **owner})
        http.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        self.add_servers(http)
        body = {"code": "LONG-LIVED", "server_ids": self.ids, "all_libraries": True}
        self.invitation_id = http.post("/invitations", json=body).json()["id"]

    def add_servers(self, http: httpx2.Client) -> None:
        for url, simulator in zip(self.urls, self.simulators, strict=True):
            body = {"name": "Server", "url": url, "api_key": simulator.api_key}
            self.ids.append(http.post("/servers", json=body).json()["id"])
        if self.tv_url:
            server = self.plex.server
            body = {"name": "Plex", "url": server.url, "api_key": server.token}
            self.ids.append(http.post("/servers", json=body).json()["id"])

    @contextmanager
    def operator(self, program: ProgramUnderTest) -> Generator[httpx2.Client]:
        owner = {"email": "owner@example.org", "password": "correct horse battery"}
        with program.client() as http:
            session = http.post("/session", json=owner).raise_for_status()
            http.headers["X-CSRF-Token"] = session.json()["csrf_token"]
            yield http

    def accounts(self) -> list[dict[str, Any]]:
        """For each server its users by name."""
        found: list[dict[str, Any]] = []
        for simulator in self.simulators:
            described: Any = simulator.describe()
            found.append({user["name"]: user for user in described["users"]})
        return found


@contextmanager
def open_house(folder: Path, database_url: str, *, servers: int) -> Generator[House]:
    simulators = [Executioner() for _ in range(servers)]
    for simulator in simulators:
        state = simulator.state
        world = replace(state.world, server_id=uuid4().hex)
        simulator.installations = [install(world, state.version, state.base_path)]
    house = House(folder, database_url, simulators, [])
    with _served(simulators, house.urls):
        yield house


@contextmanager
def open_mixed_house(folder: Path, database_url: str) -> Generator[House]:
    """A Jellyfin, and a Plex server whose plex.tv kills."""
    with open_house(folder, database_url, servers=1) as house:
        plex = house.plex
        with serve_in_thread(plex) as tv, serve_in_thread(plex.server) as url:
            house.tv_url, plex.server.url = tv, url
            yield house


@contextmanager
def _served(simulators: list[Executioner], urls: list[str]) -> Generator[None]:
    if not simulators:
        yield
        return
    with serve_in_thread(simulators[0]) as url:
        urls.append(url)
        with _served(simulators[1:], urls):
            yield


@contextmanager
def _running(process: BaseProcess) -> Generator[None]:
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def _wait_until_ready(program: ProgramUnderTest, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert program.process.is_alive(), log.read_text()
        try:
            if httpx2.get(f"{program.url}/health/ready").is_success:
                return
        except httpx2.TransportError:
            time.sleep(0.02)
    raise AssertionError(f"not ready in time:\n{log.read_text()}")


def address_of(name: str) -> str:
    return f"{name.replace(' ', '.')}@example.org"


def join(program: ProgramUnderTest, name: str) -> None:
    """Ask to be let in; the program may die meanwhile."""
    body = {
        "username": name,
        "password": "correct horse battery",
        "email": address_of(name),
    }
    with suppress(httpx2.TransportError), program.client() as http:
        http.post("/join/LONG-LIVED", json=body, headers={"Idempotency-Key": name})


def is_killed(house: House, program: ProgramUnderTest, simulator: Executing) -> bool:
    """Wait for the end: of the program, or of all redemptions."""
    try:
        with house.operator(program) as http:
            ended(http, house.invitation_id)
    except httpx2.TransportError:
        program.process.join(PATIENCE)
        assert program.process.exitcode == -signal.SIGKILL
        return True
    finally:
        simulator.spare()
    return False


def ended(http: httpx2.Client, invitation_id: str) -> list[dict[str, Any]]:
    """All redemptions, once none of them is running any more."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        answer = http.get(f"/invitations/{invitation_id}/redemptions?limit=200")
        found: list[dict[str, Any]] = answer.json()["items"]
        if all(one["status"] != "running" for one in found):
            return found
        time.sleep(0.05)
    raise AssertionError("a redemption did not come to an end")
