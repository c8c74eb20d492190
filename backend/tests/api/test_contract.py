"""The running program against its own OpenAPI document, by schemathesis.

Left out, with reasons:

watchEvents                   its answer has no end
signOut, endSession, changePassword
                              they would end the session the test is signed in with
positive_data_acceptance      a body that fits its schema may still name a server that
                              is not there, a code that is taken, or nothing to give
ensure_resource_availability, for a guest's sign-in
                              it is there for the browser that began it, by a cookie
502 and 504 are allowed       they say that a media server failed us; a 500 never is
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest
from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.plex.pins import approve
from media_server_simulators.seerr import SeerrSimulator
from media_server_simulators.seerr.furnishing import Crowd
from media_server_simulators.server import serve_in_thread
from tests.cli.process import Running, environment, free_port, running, serve_command
from tests.contract.plex_flow import GUESTS, OPERATORS, plex_in_threads
from tests.simulated import SimulatedPlex, SimulatedSeerr

pytestmark = pytest.mark.own_database

LEFT_OUT = ("watchEvents", "signOut", "endSession", "changePassword")
NEVER_REACHED = {
    *LEFT_OUT,
    "confirmRun",
    "deleteIdentity",
    "deleteInvitation",
    "deleteProtection",
    "deleteRequest",
    "deleteServer",
    "deleteUser",
    "dismissLeftover",
    "endRedemption",
    "importProtections",
    "retryRequest",
    "retrySetAsideWork",
    "signIn",
}
"""It keeps what is there, nobody's password is guessed, no second server is at hand,
no work is stuck, no sync has stopped to ask, the request was declined before it is
retried, and what is drawn is no list with a preset
and languages that exist: tests/protections/test_import.py has those."""
CONFIGURATION = """
max-failures = 20

[generation]
deterministic = true
max-examples = 10
with-security-parameters = false

[checks.positive_data_acceptance]
enabled = false

[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", 502, 504]

[[operations]]
include-operation-id = "getGuestPlexSignIn"
checks.ensure_resource_availability.enabled = false
"""


class Owner:
    """The owner of the installation; `http` is their browser."""

    def __init__(self, server: Running, folder: Path) -> None:
        self.http = httpx2.Client(base_url=f"{server.url}/api/v1", trust_env=False)
        token = (folder / "data" / "setup-token").read_text().strip()
        made = self.post(
            "/setup",
            setup_token=token,
            email="owner@example.org",
            password="correct horse battery",
        )
        self.http.headers["X-CSRF-Token"] = made["csrf_token"]

    def post(self, path: str, **body: Any) -> Any:
        answer = self.http.post(path, json=body or None)
        assert answer.is_success, answer.text
        return answer.json()

    def items(self, path: str) -> Any:
        return self.http.get(path).json()["items"]

    def headers(self) -> Mapping[str, str]:
        cookies = "; ".join(f"{name}={it}" for name, it in self.http.cookies.items())
        return {"Cookie": cookies, "X-CSRF-Token": self.http.headers["X-CSRF-Token"]}

    def furnish(
        self, url: str, key: str, plex: SimulatedPlex, seerr: SimulatedSeerr
    ) -> Mapping[str, Any]:
        """One thing of each kind; where to find them."""
        server = self.post("/servers", name="Attic", url=url, api_key=key)["id"]
        libraries = [one["id"] for one in self.items(f"/servers/{server}/libraries")]
        given = {"server_ids": [server], "library_ids": libraries[:1]}
        invitation = self.post("/invitations", code="MOVIE-NIGHT", **given)["id"]
        guest = {"username": "ada", "password": "a guest's own"}
        joined = self.post("/join/MOVIE-NIGHT", **guest)
        run = self.post(f"/servers/{server}/sync")["run_id"]
        user = self._wait_for("/users?q=ada")
        self.http.post("/catalogue/sync", json={}).raise_for_status()
        title = self._wait_for("/titles")["id"]
        protected = {"title_id": title}
        protection = self.post("/protections", scope=protected, insight="stuck")
        reader = self._connect(seerr)
        ids = {
            "servers": server,
            "invitations": invitation,
            "identities": user["identity_id"],
            "users": user["id"],
            "runs": run,
            "titles": title,
            "protections": protection["id"],
            "redemptions": joined["redemption_id"],
            "seerr/users": reader,
            "requests": self._wait_for("/requests?state=awaiting_approval")["id"],
            "sessions": self.items("/sessions")[0]["id"],
            "plex/pin": self._sign_in(plex, OPERATORS),
            "oauth/pin": self._sign_in(plex, GUESTS),
        }
        there = {"ids": ids, "libraries": libraries[:1], "code": "MOVIE-NIGHT"}
        requests = {"url": seerr.url, "key": seerr.api_key}
        more = {"seerr": requests, "token": joined["token"]}
        return {**there, **more, "url": url, "key": key}

    def _connect(self, seerr: SimulatedSeerr) -> str:
        """A user of the Seerr that was read."""
        body = {"url": seerr.url, "api_key": seerr.api_key}
        self.http.put("/integrations/seerr", json=body).raise_for_status()
        self.http.post("/integrations/seerr/sync").raise_for_status()
        return self._wait_for("/integrations/seerr/users")["id"]

    def _sign_in(self, plex: SimulatedPlex, path: str) -> str:
        begun = self.post(path)
        assert approve(plex.world, begun["code"], plex.world.owner)
        assert self.http.get(f"{path}/{begun['pin_id']}").json()["authenticated"]
        return begun["pin_id"]

    def _wait_for(self, path: str) -> Any:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if found := self.items(path):
                return found[0]
            time.sleep(0.1)
        raise AssertionError(f"nothing came to {path}")


@pytest.fixture
def plex() -> Iterator[SimulatedPlex]:
    with plex_in_threads() as plex:
        yield plex


@pytest.fixture
def server(database_url: str, tmp_path: Path, plex: SimulatedPlex) -> Iterator[Running]:
    port = free_port()
    env = environment(
        tmp_path,
        DATABASE_URL=database_url,
        ZONDARR_SIGN_IN_LIMIT="999999/second",
        ZONDARR_LOG_LEVEL="debug",
        ZONDARR_JOIN_LIMIT="999999/second",
        ZONDARR_PLEX_TV_URL=plex.tv_url,
        ZONDARR_PLEX_CLIENTS_URL=plex.tv_url,
        ZONDARR_PLEX_APP_URL=plex.tv_url,
    )
    command = serve_command(port)
    with running(command, port=port, env=env, folder=tmp_path) as server:
        yield server


@pytest.fixture
def owner(server: Running, tmp_path: Path) -> Iterator[Owner]:
    owner = Owner(server, tmp_path)
    yield owner
    owner.http.close()


@pytest.fixture
def media_server() -> Iterator[tuple[str, str]]:
    """Address and key of a simulated Jellyfin."""
    simulator = JellyfinSimulator(make_world(seed=1, people=1))
    with serve_in_thread(simulator) as url:
        yield url, simulator.api_key


@pytest.fixture
def seerr() -> Iterator[SimulatedSeerr]:
    simulator = SeerrSimulator(make_world(seed=1, people=1), crowd=Crowd(20, 3))
    with serve_in_thread(simulator) as url:
        yield SimulatedSeerr(simulator, url)


@pytest.fixture
def things(
    owner: Owner,
    media_server: tuple[str, str],
    plex: SimulatedPlex,
    seerr: SimulatedSeerr,
) -> Mapping[str, Any]:
    return owner.furnish(*media_server, plex, seerr)


@pytest.mark.parametrize(
    ("database_url", "phases"),
    [("sqlite", "coverage,fuzzing,stateful"), ("postgresql", "fuzzing")],
    indirect=["database_url"],
)
def test_no_answer_is_a_500_or_undocumented(
    server: Running,
    owner: Owner,
    tmp_path: Path,
    things: Mapping[str, Any],
    phases: str,
) -> None:
    """Every corner of every schema is looked into on one database."""
    try_everything(server, tmp_path, things, owner.headers(), phases=phases)
    # It was signed in to the end, and it got somewhere, or it has proven little.
    assert owner.http.get("/session").is_success
    if "coverage" in phases:
        document = httpx2.get(f"{server.url}/docs/openapi.json", trust_env=False).json()
        assert not_reached(server, document) <= NEVER_REACHED


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nor_is_one_to_those_who_are_not_signed_in(
    server: Running,
    tmp_path: Path,
    things: Mapping[str, Any],
) -> None:
    """Most of what is asked ends at the door, on one database as on the other."""
    try_everything(server, tmp_path, things, {}, phases="fuzzing")


def not_reached(server: Running, document: Any) -> set[str]:
    """The operations of which no request was successful."""
    text = server.log.read_text().splitlines()
    lines = [json.loads(line) for line in text if line.startswith("{")]
    well = {
        (line["method"], line["route"])
        for line in lines
        if line["event"] == "request" and 200 <= line["status"] < 300
    }
    return {
        operation["operationId"]
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if path.startswith("/api/") and (method.upper(), path) not in well
    }


def try_everything(
    server: Running,
    folder: Path,
    things: Mapping[str, Any],
    headers: Mapping[str, str],
    *,
    phases: str,
) -> None:
    (folder / "schemathesis.toml").write_text(CONFIGURATION)
    options = [f"--header={name}: {value}" for name, value in headers.items()]
    options += [f"--exclude-operation-id={name}" for name in LEFT_OUT]
    options.append(f"--phases={phases}")
    program = Path(sys.executable).parent / "schemathesis"
    address = f"{server.url}/docs/openapi.json"
    found = subprocess.run(  # noqa: S603
        [program, "run", address, "--no-color", *options],
        cwd=folder,
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": "openapi_hooks",
            "PYTHONPATH": str(Path(__file__).parent),
            "THINGS": json.dumps(things),
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert found.returncode == 0, found.stdout
    assert "Tested: " in found.stdout
    assert '"status":500' not in server.log.read_text()
