"""Whatever Plex does, the client answers or fails in its one way."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.media.clients.plex.conftest import quick
from tests.media.servers import answering, connection, reply

from zondarr.media.clients.plex.client import PlexClient
from zondarr.media.connections import HostStates
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.types import (
    AccountPlan,
    AccountRequest,
    ItemKind,
    Permissions,
    PlexUserType,
)

TOKEN = "t0ken-of-the-owner"
SECRET = "invite-token-of-a-share"
EMAIL = "guest@example.org"
MID = "0123456789abcdef"
PLAN = AccountPlan(
    username="guest", provisional_password="x", email=EMAIL, library_ids=("1",)
)
HOME_PLAN = AccountPlan(
    username="guest",
    provisional_password="x",
    library_ids=("1",),
    plex_user_type=PlexUserType.HOME,
)


async def _all(rows: AsyncIterator[object]) -> list[object]:
    return [each async for each in rows]


type Call = Callable[[PlexClient], Awaitable[object]]

CALLS: dict[str, Call] = {
    "server_info": lambda c: c.server_info(),
    "get_libraries": lambda c: c.get_libraries(),
    "list_users": lambda c: c.list_users(),
    "create_user": lambda c: c.create_user("guest", "", EMAIL, library_ids=["1"]),
    "plan_account": lambda c: c.plan_account(
        AccountRequest(username="guest", email=EMAIL, library_ids=["1"])
    ),
    "open_account": lambda c: c.open_account(PLAN),
    "finish_account": lambda c: c.finish_account(PLAN, EMAIL, ""),
    "discard_account": lambda c: c.discard_account(PLAN, None),
    "delete_user": lambda c: c.delete_user("7"),
    "set_library_access": lambda c: c.set_library_access("7", ["1"]),
    "update_permissions": lambda c: c.update_permissions("7", Permissions()),
    "library_items": lambda c: _all(c.library_items("1", ItemKind.MOVIE)),
    "history": lambda c: _all(c.history()),
}
AT_HOME: dict[str, Call] = {
    "open_account": lambda c: c.open_account(HOME_PLAN),
    "finish_account": lambda c: c.finish_account(HOME_PLAN, "7", "1234"),
    "discard_account": lambda c: c.discard_account(HOME_PLAN, None),
}
NEVER_ASKED: dict[str, Call] = {
    "set_user_enabled": lambda c: c.set_user_enabled("7", enabled=False),
    "set_password": lambda c: c.set_password("7", "x"),
}

IDENTITY = json.dumps({"MediaContainer": {"machineIdentifier": MID}}).encode()
SECTIONS = b'{"librarySections":[{"id":71,"key":"1"}]}'
SHARE = {
    "id": 3,
    "invitedId": 7,
    "invitedEmail": EMAIL,
    "inviteToken": SECRET,
    "machineIdentifier": MID,
    "libraries": [{"id": 71, "key": 1}],
    "sharingSettings": {"allowSync": False},
}
XML = b'<?xml version="1.0"?><MediaContainer>%s</MediaContainer>'
USER = b'<User id="7" title="guest" restricted="1" authToken="%s"/>' % SECRET.encode()
bodies = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [
            b"",
            b"[]",
            b"{}",
            b"null",
            IDENTITY,
            SECTIONS,
            json.dumps([SHARE]).encode(),
            json.dumps([SHARE]).encode()[:-9],
            json.dumps([{**SHARE, "leftAt": "2026-01-01T00:00:00Z"}]).encode(),
            json.dumps([{**SHARE, "libraries": None, "invited": None}]).encode(),
            b'{"errors":[{"code":1,"message":"Invalid token","status":422}]}',
            b'{"errors":[{"code":1,"message":null}]}',
            b'{"errors":[]}',
            b'<Response code="400" status="You\'re already sharing this server"/>',
            XML % b"",
            XML % USER,
            b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
            b'{"id":5,"email":"owner@example.org"}',
            b'{"MediaContainer":{"totalSize":2,"Metadata":[{"ratingKey":"1"}]}}',
            b'{"MediaContainer":{"Metadata":[{"accountID":1,"viewedAt":null}]}}',
            b"<html>Sign in</html>",
        ]
    ),
)
types = st.sampled_from(
    ["application/json", "application/xml; charset=utf-8", "text/html", "", "x"]
)
codes = [200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 410, 422, 429, 500, 503, 520]
statuses = st.sampled_from(codes)
waits = st.sampled_from(["0", "x", "-1", "Sat, 21 Nov 2026 09:00:00 GMT", "9" * 400])
well_formed = st.builds(reply, statuses, bodies, types)
waiting = st.builds(reply, statuses, bodies, types, Retry_After=waits)
cut = st.tuples(well_formed, st.integers(0, 150)).map(lambda both: both[0][: both[1]])
answers = st.one_of(well_formed, waiting, cut)
GOOD = {
    "/identity": IDENTITY,
    "/api/v2/servers/" + MID: SECTIONS,
    "/api/v2/shared_servers/owned/pending": b"[]",
    "/api/v2/shared_servers/owned/accepted": json.dumps([SHARE]).encode(),
    "/api/home/users": XML % USER,
    "/api/users": XML % USER,
    "/api/v2/user": b'{"id":5}',
    "/library/sections": b'{"MediaContainer":{}}',
    "/accounts": b'{"MediaContainer":{"Account":[{"id":1}]}}',
    "/": IDENTITY,
}


def _states(url: str) -> HostStates:
    return HostStates(quick(url, attempts=1, retry_pause=0, circuit_failures=10_000))


@pytest.mark.parametrize(
    ("name", "call"),
    [*CALLS.items(), *AT_HOME.items()],
    ids=[*CALLS, *(f"{name} at home" for name in AT_HOME)],
)
@settings(max_examples=100, deadline=None)
@given(st.lists(answers, min_size=1, max_size=4), st.integers(0, 8))
async def test_every_failure_is_one_of_ours_with_operation_server_and_cause(
    name: str, call: Call, script: list[bytes], good: int
) -> None:
    """The first `good` requests are answered well, so that later ones are reached."""
    sent = 0

    def next_answer(_: str, path: str) -> bytes:
        nonlocal sent
        sent += 1
        if sent <= good and path.partition("?")[0] in GOOD:
            return reply(200, GOOD[path.partition("?")[0]])
        return script[sent % len(script)]

    async with answering(next_answer) as url:
        client = PlexClient(connection(url, TOKEN, "plex"), _states(url))
        with structlog.testing.capture_logs() as logs:
            async with client:
                error = await _failure(call(client))
    shown = f"{error} {error!r} {error.server_message if error else ''} {logs!r}"
    assert TOKEN not in shown
    assert SECRET not in shown
    assert logs[-1]["operation"] == name
    if error is not None:
        assert error.operation == name
        assert error.server_url == url
        assert error.cause is error.__cause__
        assert error.error_code != "client_error", error.cause


async def _failure(call: Awaitable[object]) -> MediaClientError | None:
    try:
        await call
    except MediaClientError as error:
        return error
    return None


goods = st.booleans()
bads = st.one_of(cut.map(lambda raw: raw[:60]), st.sampled_from(codes[3:]).map(reply))


@settings(max_examples=200, deadline=None)
@given(goods, goods, goods, bads)
async def test_the_connection_is_good_exactly_when_server_and_plex_tv_admit_us(
    identity: bool, about: bool, owned: bool, bad: bytes
) -> None:
    is_good = {
        "/identity": identity,
        "/": about,
        f"/api/v2/servers/{MID}": owned,
    }

    def answer(_: str, path: str) -> bytes:
        return reply(200, GOOD[path]) if is_good[path] else bad

    async with (
        answering(answer) as url,
        PlexClient(connection(url), _states(url)) as client,
    ):
        assert await client.test_connection() is (identity and about and owned)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 3), max_size=4))
async def test_a_client_works_inside_its_context_and_refuses_outside(
    depths: list[int],
) -> None:
    async with answering(lambda _, path: reply(200, GOOD[path])) as url:
        client = PlexClient(connection(url), _states(url))
        for depth in depths:
            await _is_closed(client)
            for _ in range(depth):
                await client.__aenter__()
                assert await client.get_libraries() == []
            for _ in range(depth):
                assert await client.test_connection()
                await client.__aexit__(None, None, None)
        await _is_closed(client)


async def _is_closed(client: PlexClient) -> None:
    for name, call in (CALLS | NEVER_ASKED).items():
        with pytest.raises(MediaClientError) as caught:
            await call(client)
        assert caught.value.error_code == "client_closed"
        assert caught.value.operation == name
    assert await client.test_connection() is False


async def test_nothing_listens_there() -> None:
    async with answering(lambda _, __: b"") as url:
        pass
    async with PlexClient(connection(url), _states(url)) as client:
        assert await client.test_connection() is False
        with pytest.raises(MediaClientError) as caught:
            await client.server_info()
    assert caught.value.kind is ErrorKind.UNREACHABLE


@pytest.mark.parametrize(
    ("body", "is_plex"),
    [(IDENTITY, True), (b'{"ProductName":"Jellyfin Server"}', False), (b"<p>", False)],
)
async def test_a_plex_server_is_recognised_without_a_token(
    body: bytes, *, is_plex: bool
) -> None:
    async with answering(lambda _, __: reply(200, body)) as url:
        assert await PlexClient.recognises(url, _states(url)) is is_plex


async def test_plex_cannot_disable_anybody_or_set_a_password_and_says_so() -> None:
    async with (
        answering(lambda _, __: b"") as url,
        PlexClient(connection(url), _states(url)) as client,
    ):
        with structlog.testing.capture_logs() as logs:
            for call in NEVER_ASKED.values():
                assert await call(client) is False
    warned = [each["operation"] for each in logs if each["log_level"] == "warning"]
    assert warned == list(NEVER_ASKED)
