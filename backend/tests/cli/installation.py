"""A program that was used and has stopped, with what it has stored."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.server import serve_in_thread
from tests.cli.process import (
    Running,
    environment,
    free_port,
    run,
    running,
    serve_command,
)

EMAIL, PASSWORD = "owner@example.org", "correct horse battery"


@dataclass
class Installation:
    """Data of a program that has stopped: an owner, a server, and an invitation."""

    folder: Path
    variables: dict[str, str]

    @property
    def database(self) -> Path:
        return self.folder / "data" / "zondarr.db"

    @contextmanager
    def serving(self) -> Generator[tuple[Running, httpx2.Client]]:
        port, env = free_port(), environment(self.folder, **self.variables)
        with (
            running(serve_command(port), port=port, env=env, folder=self.folder) as one,
            httpx2.Client(base_url=f"{one.url}/api/v1", trust_env=False) as browser,
        ):
            yield one, browser
            one.process.terminate()
            assert one.process.wait(30) == 0

    def start_fails(
        self, sentence: str, before: Callable[[], None] | None = None, **more: str
    ) -> None:
        env = environment(self.folder, **{**self.variables, **more})
        command = serve_command(free_port())
        ended = run(*command, env=env, folder=self.folder, before=before)
        output = ended.stdout + ended.stderr
        assert ended.returncode == 1, output
        assert sentence in output
        assert "Traceback" not in output

    def is_whole(self) -> None:
        """It starts again, everything is there, and the stored key opens."""
        with self.serving() as (_, browser):
            sign_in(browser)
            [server] = browser.get("/servers").json()["items"]
            assert browser.post(f"/servers/{server['id']}/test").status_code == 200
            codes = [one["code"] for one in browser.get("/invitations").json()["items"]]
            assert "BEFORE" in codes


def sign_in(browser: httpx2.Client) -> None:
    answer = browser.post("/session", json={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    browser.headers["X-CSRF-Token"] = answer.json()["csrf_token"]


def invite(browser: httpx2.Client, code: str) -> httpx2.Response:
    [server] = browser.get("/servers").json()["items"]
    body = {"code": code, "server_ids": [server["id"]], "all_libraries": True}
    return browser.post("/invitations", json=body)


@pytest.fixture(scope="module")
def media_server() -> Iterator[dict[str, str]]:
    simulator = JellyfinSimulator(make_world(seed=1, people=1))
    with serve_in_thread(simulator) as url:
        yield {"name": "Attic", "url": url, "api_key": simulator.api_key}


def furnished(installation: Installation, media_server: Any) -> Installation:
    with installation.serving() as (_, browser):
        token = (installation.folder / "data" / "setup-token").read_text().strip()
        body = {"setup_token": token, "email": EMAIL, "password": PASSWORD}
        made = browser.post("/setup", json=body)
        browser.headers["X-CSRF-Token"] = made.json()["csrf_token"]
        assert browser.post("/servers", json=media_server).status_code == 201
        assert invite(browser, "BEFORE").status_code == 201
    return installation
