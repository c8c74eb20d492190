"""A guest who signed in with Plex has access at once; otherwise the
invitation waits.
"""

import json

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.plex.pins import approve
from tests.media.clients.plex.conftest import Plex, playing, quick
from tests.media.servers import answering, connection, reply

from zondarr.media.clients.plex.client import PlexClient
from zondarr.media.clients.plex.pins import PlexPins
from zondarr.media.connections import HostStates
from zondarr.media.exceptions import MediaClientError
from zondarr.media.types import AccountPlan, AccountRequest, ExternalUser, ShareStatus

EMAIL = "guest@example.org"
SHARES = "/api/v2/shared_servers"
RECEIVED = f"{SHARES}/invites/received/pending"
ACCEPTED = f"{SHARES}/owned/accepted"
WARNING = "a share was not accepted for its guest"
fifty = settings(max_examples=50, deadline=None)


async def signed_in(plex: Plex) -> tuple[str, str]:
    """The guest's id and the token from an approved PIN."""
    account = plex.world.register("Guest", EMAIL)
    pins = PlexPins(plex.states)
    pin = await pins.create()
    assert approve(plex.world, pin.code, account)
    found = await pins.check(pin.id)
    assert found.token is not None
    return found.plex_id or "", found.token.reveal()


async def planned(plex: Plex, plex_id: str | None) -> tuple[AccountPlan, str]:
    plan = await plex.client.plan_account(
        AccountRequest(
            username="guest", email=EMAIL, library_ids=plex.keys[:2], plex_id=plex_id
        )
    )
    return plan, (await plex.client.open_account(plan)).id


@pytest.mark.parametrize("by_number", [True, False])
async def test_who_signed_in_is_inside_without_opening_his_mail(
    plex: Plex, *, by_number: bool
) -> None:
    plex_id, token = await signed_in(plex)
    plan, who = await planned(plex, plex_id if by_number else None)
    done = await plex.client.finish_account(plan, who, token)
    again = await plex.client.finish_account(plan, who, token)
    [share] = plex.world.shares.values()
    assert share.is_live
    assert done == again
    assert (done.id, done.standing) == (plex_id, ShareStatus.ACCEPTED)
    assert done.library_ids == tuple(plex.keys[:2])
    assert plex.changes().count(("POST", f"{SHARES}/{share.id}/accept")) == 1
    assert await plex.client.list_users() == [done]


async def test_without_a_token_the_share_waits(plex: Plex) -> None:
    plan, who = await planned(plex, None)
    done = await plex.client.finish_account(plan, who, "")
    assert done.standing is ShareStatus.PENDING


@fifty
@given(
    path=st.sampled_from([RECEIVED, ACCEPTED, SHARES, "/api/v2/user"]),
    method=st.sampled_from(["GET", "POST"]),
    kind=st.sampled_from([k for k in FaultKind if k is not FaultKind.LATENCY]),
    status=st.sampled_from([400, 401, 403, 404, 422, 429, 500, 503]),
    times=st.integers(1, 4),
)
async def test_however_accepting_fails_he_is_inside_or_invited_and_nothing_is_told(
    path: str, method: str, kind: FaultKind, status: int, times: int
) -> None:
    async with playing() as plex:
        plex_id, token = await signed_in(plex)
        plan, who = await planned(plex, plex_id)
        value = status if kind is FaultKind.STATUS else None
        plex.tv.faults.add(Fault(path, kind, method, value, times))
        done: ExternalUser | None = None
        shown = ""
        with structlog.testing.capture_logs() as logs:
            try:
                done = await plex.client.finish_account(plan, who, token)
            except MediaClientError as error:
                # What the owner's own look needs: nothing of the guest's.
                shown = f"{error!r} {error} {error.cause!r} {error.server_message}"
        assert token not in f"{shown} {logs!r} {done!r}"
        [share] = plex.world.shares.values()
        warned = any(each["event"] == WARNING for each in logs)
        if done is not None:
            assert warned is (done.standing is ShareStatus.PENDING)
            assert done.standing is ShareStatus.PENDING or share.is_live
        plex.tv.faults.remove()
        rested = HostStates(plex.states.options)
        async with plex.client_with(plex.tv.owner_token, rested) as client:
            done = await client.finish_account(plan, who, token)
        assert done.standing is ShareStatus.ACCEPTED


@pytest.mark.parametrize(
    "token", ["x" * 20, "x", "with\nline", "ümlaut", " ", "x" * 501]
)
async def test_a_token_that_is_none_leaves_him_invited(plex: Plex, token: str) -> None:
    plan, who = await planned(plex, None)
    with structlog.testing.capture_logs() as logs:
        done = await plex.client.finish_account(plan, who, token)
    assert done.standing is ShareStatus.PENDING
    assert any(each["event"] == WARNING for each in logs)


async def test_anothers_token_accepts_nothing_of_his(plex: Plex) -> None:
    other = plex.world.register("Other", "other@example.org")
    others = await plex.client.create_user(
        "o", "", "other@example.org", library_ids=plex.keys[:1]
    )
    plan, who = await planned(plex, None)
    done = await plex.client.finish_account(plan, who, other.token)
    assert done.standing is ShareStatus.PENDING
    [kept] = [s for s in plex.world.shares.values() if str(s.id) == others.share_id]
    assert kept.is_pending


async def test_an_invitation_that_reaches_him_late_is_waited_for(plex: Plex) -> None:
    plex_id, token = await signed_in(plex)
    plan, who = await planned(plex, plex_id)
    plex.tv.faults.add(Fault(RECEIVED, FaultKind.EMPTY, "GET", times=2))
    done = await plex.client.finish_account(plan, who, token)
    assert done.standing is ShareStatus.ACCEPTED


MID = "0123456789abcdef"
SHARE = {
    "id": 3,
    "invitedId": 7,
    "machineIdentifier": MID,
    "libraries": [{"id": 71, "key": "1"}],
    "sharingSettings": {"allowSync": False},
}


def _offer(owner: int, server: str, number: int) -> dict[str, object]:
    shared = [{"id": number, "machineIdentifier": server}]
    return {"owner": {"id": owner}, "sharedServers": shared}


@fifty
@given(
    st.lists(
        st.tuples(
            st.sampled_from([5, 6]),
            st.sampled_from([MID, "other"]),
            st.integers(10, 90),
        ),
        max_size=4,
    )
)
async def test_where_numbers_differ_only_our_server_of_our_owner_is_accepted(
    offers: list[tuple[int, str, int]],
) -> None:
    """What the guest's list calls the share is not known for certain."""
    asked: list[str] = []
    accepted = False

    def answer(method: str, path: str) -> bytes:
        nonlocal accepted
        if method == "POST":
            asked.append(path)
            accepted = True
            return reply(200, b"{}")
        at = {"acceptedAt": "2026-01-01T00:00:00Z"} if accepted else {}
        payload: dict[str, object] = {
            f"{SHARES}/owned/pending": [] if accepted else [SHARE],
            ACCEPTED: [SHARE | at] if accepted else [],
            RECEIVED: [_offer(*each) for each in offers],
            "/api/v2/user": {"id": 5},
        }
        return reply(200, json.dumps(payload[path]).encode())

    plan = AccountPlan(
        username="g", provisional_password="x", plex_id="7", library_ids=("1",)
    )
    async with answering(answer) as url:
        one = connection(url, "o" * 20, "plex")
        states = HostStates(quick(url))
        stored = type(one)(
            id=one.id,
            server_type="plex",
            url=url,
            api_key=one.api_key,
            machine_id=MID,
        )
        async with PlexClient(stored, states) as client:
            done = await client.finish_account(plan, "7", "g" * 20)
    ours = [n for owner, server, n in offers if (owner, server) == (5, MID)]
    assert asked == [f"{SHARES}/{n}/accept" for n in ours[:1]]
    inside = done.standing is ShareStatus.ACCEPTED
    assert inside is bool(ours)
