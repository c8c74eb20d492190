"""Nothing secret is logged, answered or stored in the clear, whatever happens."""

import re
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from media_server_simulators.faults import read_fault
from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.server import serve_in_thread
from tests.cli.process import environment, free_port, run, running, serve_command
from tests.contract.plex_flow import (
    join_with_plex,
    know_all_tokens,
    link_and_invite,
    plex_in_threads,
)
from tests.contract.seerr_flow import connect_and_read
from tests.contract.witness import Witness, ask_database, stored
from tests.simulated import SimulatedPlex

pytestmark = pytest.mark.own_database

NEW, KEPT = "/Users/New", [f"/Users/{digit}" for digit in "0123456789abcdef"]
FAULTS: dict[str, list[dict[str, Any]]] = {
    "none": [],
    "slow": [{"path_prefix": NEW, "kind": "latency", "value": 3000}],
    "the answer is lost": [{"path_prefix": NEW, "kind": "lost_response"}],
    "the answer is cut": [{"path_prefix": NEW, "kind": "truncate"}],
    "a proxy's page": [{"path_prefix": NEW, "kind": "html"}],
    "an error": [{"path_prefix": NEW, "kind": "status", "value": 500}],
    "the key is refused": [{"path_prefix": NEW, "kind": "status", "value": 401}],
    "an empty list": [{"path_prefix": "/Users", "kind": "empty", "times": 0}],
    "starting": [{"path_prefix": NEW, "kind": "starting", "times": 0}],
    **{
        f"rights: {kind}": [
            {"path_prefix": path, "method": "POST", "kind": kind, "times": 0, **more}
            for path in KEPT
        ]
        for kind, more in {
            "status": {"value": 500},
            "lost_response": {},
            "drop": {},
        }.items()
    },
}
"""What happens to a redemption, each on a server of its own."""
STUCK = [name for name in FAULTS if name.startswith("rights")]
"""Those that cannot be undone either until the server is well again."""

BROKEN = {
    "users": ("GET", "/users"),
    "invitations": ("GET", "/invitations"),
    "rate_limits": ("POST", "/session"),
    "libraries": ("POST", "/servers"),
    "redemptions": ("POST", "/join"),
    "account_sessions": ("GET", "/session"),
    "plex_sign_ins": ("POST", "/plex/pin"),
}
"""A table that is gone, and a request that needs it."""


@dataclass
class Scene:
    """The running program, the servers behind it, and who looks on."""

    witness: Witness
    database_url: str
    folder: Path
    env: dict[str, str]
    log: Path
    plex: SimulatedPlex
    servers: dict[str, JellyfinSimulator] = field(default_factory=dict)
    spoken: list[str] = field(default_factory=list)
    """What commands printed."""

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def command(self, *words: str) -> None:
        ended = run("zondarr", *words, env=self.env, folder=self.folder)
        self.spoken += [ended.stdout, ended.stderr]

    def know_the_keys(self) -> None:
        for line in (self.data / "secret-key").read_text().split():
            self.witness.know("secret key", line)


@contextmanager
def playing(
    database_url: str, folder: Path, log_format: str, plex: SimulatedPlex
) -> Generator[Scene]:
    port = free_port()
    env = environment(
        folder,
        SECRET_KEY="",
        SECRET_KEY_FILE=str(folder / "data" / "secret-key"),
        DATABASE_URL=database_url,
        ZONDARR_LOG_LEVEL="debug",
        ZONDARR_LOG_FORMAT=log_format,
        ZONDARR_JOIN_LIMIT="1000/minute",
        ZONDARR_PLEX_TV_URL=plex.tv_url,
        ZONDARR_PLEX_CLIENTS_URL=plex.tv_url,
        ZONDARR_PLEX_APP_URL=plex.tv_url,
    )
    command = serve_command(port)
    with running(command, port=port, env=env, folder=folder) as server:
        witness = Witness(server.url)
        yield Scene(witness, database_url, folder, env, server.log, plex)
        witness.http.close()


@pytest.mark.parametrize(
    ("database_url", "log_format"),
    [("sqlite", "console"), ("postgresql", "json")],
    indirect=["database_url"],
)
def test_no_secret_is_told_or_kept(
    database_url: str, tmp_path: Path, log_format: str
) -> None:
    with ExitStack() as stack:
        plex = stack.enter_context(plex_in_threads())
        playing_it = playing(database_url, tmp_path, log_format, plex)
        scene = stack.enter_context(playing_it)
        scene.know_the_keys()
        set_up(scene)
        sign_in_and_out(scene)
        for name in FAULTS:
            add_server(scene, name, stack)
        ask_wrongly(scene)
        redeem_everything(scene)
        sign_in_with_plex(scene)
        connect_and_read(scene.witness)
        rotate(scene)
        break_tables(scene)
        check(scene)
        check_log(scene)


def set_up(scene: Scene) -> None:
    witness = scene.witness
    token = (scene.data / "setup-token").read_text().strip()
    witness.know("set-up token", token)
    witness.http.get(f"/setup?token={token}")
    body = {"email": "owner@example.org", "password": "the-first-password"}
    witness.know("operator's password", body["password"])
    witness.call("POST", "/setup", {**body, "setup_token": f"{token}-wrong"})
    witness.sign_in("POST", "/setup", {**body, "setup_token": token})
    witness.call("POST", "/setup", {**body, "setup_token": token})


def sign_in_and_out(scene: Scene) -> None:
    witness = scene.witness
    wrong = witness.know("operator's password", "not-the-password-at-all")
    second = witness.know("operator's password", "the-second-password")
    body = {"email": "owner@example.org", "password": "the-first-password"}
    witness.call("POST", "/session", {**body, "password": wrong})
    witness.call("POST", "/session", {**body, "password": [wrong]})
    witness.call("POST", "/session", {**body, "pasword": wrong})
    change = {"current_password": wrong, "new_password": second}
    witness.call("POST", "/account/password", change)
    change = {"current_password": body["password"], "new_password": second}
    witness.sign_in("POST", "/account/password", change)
    witness.call("DELETE", "/session")
    witness.sign_in("POST", "/session", {**body, "password": second})
    witness.sign_in("GET", "/session", None)
    # The cookie and the CSRF token, where they have no business.
    cookie = witness.http.cookies["zondarr_session"]
    witness.call("GET", f"/identities?q={cookie}")
    witness.call("GET", "/session", Authorization=f"Bearer {cookie}")
    witness.call("DELETE", "/session", **{"X-CSRF-Token": "no"})


def add_server(scene: Scene, name: str, stack: ExitStack) -> None:
    """A server with an invitation to it; its code is its number."""
    witness, number = scene.witness, len(scene.servers)
    simulator = JellyfinSimulator(make_world(seed=number, people=1))
    scene.servers[name] = simulator
    url = stack.enter_context(serve_in_thread(simulator))
    key = witness.know("API key", simulator.api_key)
    body = {"name": name[:100], "url": url, "api_key": key}
    id = witness.call("POST", "/servers", body)["id"]  # noqa: A001
    made = witness.call(
        "POST",
        "/invitations",
        {"code": f"FAULT-{number:02}", "server_ids": [id], "all_libraries": True},
    )
    assert made["status"] == "active"


def ask_wrongly(scene: Scene) -> None:
    """Keys that are wrong, or in the wrong place; servers that fail or are not."""
    witness, good = scene.witness, scene.servers["none"]
    bad = witness.know("API key", "a-key-that-is-not-one")
    url = witness.call("GET", "/servers?q=none")["items"][0]["url"]
    for given in (
        {"url": url, "api_key": bad},
        {"url": url, "api_key": f"{bad}\u00e9"},
        {"url": url, "apikey": good.api_key},
        {"url": url, "api_key": {"key": good.api_key}},
        {"url": "http://127.0.0.1:9", "api_key": good.api_key},
        {"url": f"{url}/elsewhere?api_key={good.api_key}", "api_key": good.api_key},
        {"url": f"http://user:{bad}@127.0.0.1:9", "api_key": bad},
    ):
        witness.call("POST", "/servers/test", given)
        witness.call("POST", "/servers", {"name": "wrong", **given})
    witness.http.post("/api/v1/servers", content=f'{{"api_key": "{bad}"')
    id = witness.call("GET", "/servers?q=none")["items"][0]["id"]  # noqa: A001
    witness.call("PATCH", f"/servers/{id}", {"api_key": bad})
    witness.call("PATCH", f"/servers/{id}", {"api_key": good.api_key})
    witness.call("PATCH", f"/servers/{id}", {"url": "http://127.0.0.1:9"})
    witness.call("POST", f"/servers/{id}/test")
    for kind in ("html", "truncate", "drop", "starting", "empty"):
        good.faults.add(read_fault({"path_prefix": "/", "kind": kind}))
        witness.call("POST", f"/servers/{id}/test")
    witness.call("POST", f"/servers/{id}/sync")


def redeem_everything(scene: Scene) -> None:
    witness = scene.witness
    begun = {name: join(scene, number, name) for number, name in enumerate(FAULTS)}
    assert sealed_meanwhile(scene)
    ends = {name: end_of(scene, *begun[name]) for name in begun if name not in STUCK}
    for simulator in scene.servers.values():
        simulator.faults.remove()
    ends |= {name: end_of(scene, *begun[name]) for name in STUCK}
    assert ends["none"] == ends["slow"] == "succeeded"
    assert "running" not in ends.values()
    assert {"undone", "failed"} & set(ends.values())
    for simulator in scene.servers.values():
        witness.know_what_was_sent_to(simulator)
    assert witness.secrets["password of a guest's account"] > {"the-guest-of-none"}
    for person in witness.call("GET", "/identities")["items"]:
        for action in ("disable", "enable"):
            witness.call("POST", f"/identities/{person['id']}/{action}")


def join(scene: Scene, number: int, name: str) -> tuple[str, str]:
    witness, code = scene.witness, f"FAULT-{number:02}"
    for fault in FAULTS[name]:
        scene.servers[name].faults.add(read_fault(fault))
    once = {"Idempotency-Key": f"once-{number}"}
    words = re.sub(r"\W+", "-", name)
    password = witness.know("guest's password", f"the-guest-of-{words}")
    guest = {"username": f"guest {number}", "password": password}
    witness.call("POST", f"/join/{code}", {**guest, "username": f"{password}\n"})
    witness.call("POST", f"/join/{code}", {**guest, "password": [password]})
    accepted = witness.call("POST", f"/join/{code}", guest, **once)
    token = witness.know("join token", accepted["token"])
    witness.call("POST", f"/join/{code}", guest, **once)
    return accepted["redemption_id"], token


def sealed_meanwhile(scene: Scene) -> bool:
    """While a redemption runs, what it needs to know is there, and sealed."""
    check(scene)
    ask = (
        "SELECT guest_password, plan FROM redemptions JOIN provisionings"
        " ON redemption_id = redemptions.id WHERE redemptions.status = 'running'"
    )
    rows = ask_database(scene.database_url, ask)
    return bool(rows) and all(
        text.startswith("z1.") for row in rows for text in row if text is not None
    )


def end_of(scene: Scene, id: str, token: str) -> str:
    witness, status = scene.witness, "running"
    witness.call("GET", f"/join/redemptions/{id}", Authorization=f"Bearer x{token}")
    until = time.monotonic() + 60
    while status == "running" and time.monotonic() < until:
        time.sleep(0.2)
        bearer = {"Authorization": f"Bearer {token}"}
        status = witness.call("GET", f"/join/redemptions/{id}", **bearer)["status"]
    return status


def sign_in_with_plex(scene: Scene) -> None:
    """Operator and guest: what they were given is sealed where it is needed, and
    forgotten where it is not any more."""
    witness, plex = scene.witness, scene.plex
    link_and_invite(witness, plex)
    held = "SELECT token FROM plex_sign_ins WHERE token IS NOT NULL"
    kept = ask_database(scene.database_url, held)
    assert kept
    assert all(token.startswith("z1.") for (token,) in kept)
    check(scene)
    begun = join_with_plex(witness, plex)
    check(scene)
    assert end_of(scene, *begun) == "succeeded"
    know_all_tokens(witness, plex)
    check(scene)
    assert ask_database(scene.database_url, held) == kept
    left = "SELECT guest_plex_token FROM redemptions WHERE guest_plex_token != ''"
    assert ask_database(scene.database_url, left) == []


def rotate(scene: Scene) -> None:
    scene.command("keys", "rotate")
    scene.command("keys", "rotate", "--drop-old")
    scene.command("account", "reset-password", "--email", "nobody@example.org")
    scene.know_the_keys()
    assert len(scene.witness.secrets["secret key"]) == 2
    assert "sealed with it" in scene.spoken[0]
    id = scene.witness.call("GET", "/servers?q=none")["items"][0]["id"]  # noqa: A001
    assert scene.witness.call("POST", f"/servers/{id}/test")["name"]


def break_tables(scene: Scene) -> None:
    """An internal error in every place that handles a secret."""
    simulator = scene.servers["none"]
    own = simulator.state.world  # a server that is not here yet, at the same address
    simulator.state.world = replace(own, server_id=uuid4().hex)
    url = scene.witness.call("GET", "/servers?q=none")["items"][0]["url"]
    bodies: dict[str, Any] = {
        "/servers": {"name": "new", "url": url, "api_key": simulator.api_key},
        "/session": {"email": "owner@example.org", "password": "the-second-password"},
        "/join": {"username": "late guest", "password": "the-guest-of-none"},
    }
    for table, (method, path) in BROKEN.items():
        gone = f"ALTER TABLE {table} RENAME TO gone"
        back = f"ALTER TABLE gone RENAME TO {table}"
        body = bodies.get(path) if method == "POST" else None
        ask_database(scene.database_url, gone)
        code = f"{path}/FAULT-00" if path == "/join" else path
        answer = scene.witness.call(method, code, body)
        ask_database(scene.database_url, back)
        assert answer["error_code"] == "internal_error", (table, answer)
    simulator.state.world = own


def check(scene: Scene) -> None:
    """What was answered and what is stored, up to now."""
    assert scene.witness.heard() == []
    for place, data in stored(scene.database_url, scene.data).items():
        assert scene.witness.found_in(data) == set(), place


def check_log(scene: Scene) -> None:
    """The set-up link is printed once, on the console, and has been used."""
    lines = scene.log.read_text().splitlines()
    links = [line for line in lines if "/setup?token=" in line]
    assert len(links) == 1
    reported = "\n".join(line for line in lines if line not in links)
    assert scene.witness.found_in(reported) == set()
    assert scene.witness.found_in("\n".join(scene.spoken)) == set()
    assert reported.count("internal_error") + reported.count("the request failed") >= 6
    assert "media call failed" in reported
