"""A workspace to measure in, furnished through the program's own interface."""

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import uuid4

from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.server import serve_in_thread

from processes import HOST, BenchError, Server

PASSWORD = "a password of a benchmark"  # noqa: S105


class Browser:
    """Whoever asks the program over one kept connection; an owner once signed in.

    The standard library's client: it is quick and takes no part in what is measured.
    """

    def __init__(self, server: Server) -> None:
        self._connection = HTTPConnection(HOST, server.port, timeout=30)
        self.headers: dict[str, str] = {}

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Any:
        return self.send("GET", path, None, headers)

    def post(
        self, path: str, body: object, headers: Mapping[str, str] | None = None
    ) -> Any:
        return self.send("POST", path, body, headers)

    def send(
        self, method: str, path: str, body: object, headers: Mapping[str, str] | None
    ) -> Any:
        sent = None if body is None else json.dumps(body)
        kind = {} if sent is None else {"Content-Type": "application/json"}
        sending = {**self.headers, **kind, **(headers or {})}
        self._connection.request(method, path, sent, sending)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise BenchError(f"{method} {path}: {answer.status} {content[:500]!r}")
        cookie = answer.headers.get("Set-Cookie")
        if cookie:
            self.headers["Cookie"] = cookie.partition(";")[0]
        return json.loads(content) if content else None

    def close(self) -> None:
        self._connection.close()


def move_in(browser: Browser, folder: Path) -> None:
    """Set the installation up and stay signed in."""
    token = (folder / "setup-token").read_text().strip()
    owner = {
        "setup_token": token,
        "email": "owner@bench.example",
        "password": PASSWORD,
    }
    session = browser.post("/api/v1/setup", owner)
    browser.headers["X-CSRF-Token"] = session["csrf_token"]


@contextmanager
def jellyfin(seed: int = 1) -> Generator[tuple[str, JellyfinSimulator]]:
    """A simulated server and its address."""
    simulator = JellyfinSimulator(make_world(seed=seed, people=5, items=20))
    with serve_in_thread(simulator) as url:
        yield url, simulator


def add_server(
    browser: Browser, url: str, simulator: JellyfinSimulator, name: str = "Living room"
) -> str:
    """Its id."""
    body = {"name": name, "url": url, "api_key": simulator.api_key}
    return str(browser.post("/api/v1/servers", body)["id"])


def invite(browser: Browser, server_id: str) -> str:
    """The code of an invitation with libraries, a message and no end."""
    libraries = browser.get(f"/api/v1/servers/{server_id}/libraries")["items"]
    body = {
        "label": "Friends of the house",
        "message": "Come in and find something to watch.",
        "server_ids": [server_id],
        "library_ids": [library["id"] for library in libraries],
    }
    return str(browser.post("/api/v1/invitations", body)["code"])


@dataclass(frozen=True)
class Follow:
    """The address and headers with which the guest's page polls its redemption."""

    path: str
    headers: dict[str, str]


def redeem(browser: Browser, code: str) -> Follow:
    """Use the invitation under a name of its own."""
    guest = {"username": f"guest {uuid4().hex[:10]}", "password": PASSWORD}
    key = {"Idempotency-Key": str(uuid4())}
    accepted = browser.post(f"/api/v1/join/{code}", guest, key)
    path = f"/api/v1/join/redemptions/{accepted['redemption_id']}"
    return Follow(path, {"Authorization": f"Bearer {accepted['token']}"})
