"""An operator and a guest sign in with Plex, before a witness who knows every token."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.generator import make_world
from media_server_simulators.plex import PlexServerSimulator, PlexTvSimulator, PlexWorld
from media_server_simulators.plex.pins import approve
from media_server_simulators.plex.state import Account
from media_server_simulators.server import serve_in_thread
from tests.contract.witness import Witness
from tests.simulated import SimulatedPlex

OPERATORS, GUESTS = "/plex/pin", "/join/plex/oauth/pin"
PINS = "/api/v2/pins"
CODE = "PLEX-NIGHT"
ATTEMPTS = 3
"""After so many failures a poll has failed, and plex.tv is not yet left alone."""


@contextmanager
def plex_in_threads() -> Generator[SimulatedPlex]:
    """plex.tv and a media server, for a program that runs by itself."""
    world = PlexWorld(make_world(seed=99, people=2))
    tv, pms = PlexTvSimulator(world), PlexServerSimulator(world)
    with serve_in_thread(tv) as tv_url, serve_in_thread(pms) as url:
        pms.url = url
        yield SimulatedPlex(tv, pms, tv_url, url)


def link_and_invite(witness: Witness, plex: SimulatedPlex) -> None:
    """The operator's sign-in becomes a server, to which an invitation leads."""
    pin_id = signed_in(witness, plex, plex.world.owner, OPERATORS)
    listed = witness.call("GET", f"/plex/servers?pin_id={pin_id}")
    assert [one["added"] for one in listed["items"]] == [False]
    wrong = {"name": "wrong", "url": "http://127.0.0.1:9", "plex_pin_id": pin_id}
    witness.call("POST", "/servers", wrong)
    body = {"name": "Cinema", "url": plex.url, "plex_pin_id": pin_id}
    server = witness.call("POST", "/servers", body)
    invitation = {"code": CODE, "server_ids": [server["id"]], "all_libraries": True}
    assert witness.call("POST", "/invitations", invitation)["status"] == "active"


def join_with_plex(witness: Witness, plex: SimulatedPlex) -> tuple[str, str]:
    """The guest's sign-in becomes a redemption; its id and its token."""
    guest = plex.guest("Ann Onymous", "ann@example.org")
    pin_id = signed_in(witness, plex, guest, GUESTS)
    witness.know("Plex cookie", witness.http.cookies["zondarr_plex"])
    body = {"plex_pin_id": pin_id}
    accepted = witness.call("POST", f"/join/{CODE}", body, **{"Idempotency-Key": "p"})
    token = witness.know("join token", accepted["token"])
    return accepted["redemption_id"], token


def signed_in(witness: Witness, plex: SimulatedPlex, who: Account, path: str) -> str:
    """Begun, approved, and polled while plex.tv is in trouble and when it is not."""
    begun = witness.call("POST", path, {})
    approve(plex.world, begun["code"], who)
    know_all_tokens(witness, plex)
    plex.tv.faults.add(Fault(PINS, FaultKind.TRUNCATE, times=ATTEMPTS))
    failed = polled(witness, f"{path}/{begun['pin_id']}")
    assert failed["error_code"] == "plex_tv_failed", failed
    state = polled(witness, f"{path}/{begun['pin_id']}")
    assert state["email"] == who.email, state
    return begun["pin_id"]


def polled(witness: Witness, path: str) -> Any:
    time.sleep(2.1)  # plex.tv is asked about one PIN every two seconds
    return witness.call("GET", path)


def know_all_tokens(witness: Witness, plex: SimulatedPlex) -> None:
    world = plex.world
    shares = (share.access_token for share in world.shares.values())
    invites = (share.invite_token for share in world.shares.values())
    for token in (*world.tokens, *shares, *invites):
        witness.know("Plex token", token)
