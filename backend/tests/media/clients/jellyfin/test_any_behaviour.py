"""Whatever a server does, the client answers or fails in its one way."""

import json
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.media.servers import answering, connection, reply

from zondarr.media.clients.jellyfin.client import JellyfinClient
from zondarr.media.connections import ClientOptions, HostStates
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.types import AccountPlan, AccountRequest, Permissions

KEY = "k3y-of-the-server"
PASSWORD = "pa55word-of-the-guest"
USER_ID = "0123456789abcdef0123456789abcdef"
PLAN = AccountPlan(username="guest", provisional_password=PASSWORD)
IMPATIENT = ClientOptions(
    attempts=1,
    retry_pause=0,
    delete_pause=0,
    settle_pause=0,
    connect_timeout=5,
    read_timeout=1,
    slow_timeout=1,
    max_answer_bytes=100_000,
)

type Call = Callable[[JellyfinClient], Awaitable[object]]

CALLS: dict[str, Call] = {
    "server_info": lambda c: c.server_info(),
    "get_libraries": lambda c: c.get_libraries(),
    "list_users": lambda c: c.list_users(),
    "create_user": lambda c: c.create_user("guest", PASSWORD),
    "plan_account": lambda c: c.plan_account(AccountRequest(username="guest")),
    "open_account": lambda c: c.open_account(PLAN),
    "finish_account": lambda c: c.finish_account(PLAN, USER_ID, PASSWORD),
    "discard_account": lambda c: c.discard_account(PLAN, None),
    "delete_user": lambda c: c.delete_user(USER_ID),
    "set_user_enabled": lambda c: c.set_user_enabled(USER_ID, enabled=False),
    "set_library_access": lambda c: c.set_library_access(USER_ID, []),
    "update_permissions": lambda c: c.update_permissions(USER_ID, Permissions()),
    "set_password": lambda c: c.set_password(USER_ID, PASSWORD),
}

USER = {"Id": USER_ID, "Name": "guest", "Policy": {"IsDisabled": False}}
bodies = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [
            b"",
            b"[]",
            b"{}",
            b"null",
            b'"User not found"',
            b"Error processing request.",
            b"<html>Sign in</html>",
            b'{"title":"Not Found","status":404}',
            b'{"Id":5}',
            b'{"Id":"' + b"f" * 32 + b'","Policy":[]}',
            b"x" * 100_001,
            json.dumps(USER).encode(),
            json.dumps([USER]).encode(),
            json.dumps(USER).encode()[:-9],
            json.dumps({"AccessToken": "t", "User": USER}).encode(),
        ]
    ),
)
types = st.sampled_from(
    [
        "application/json",
        "application/json; charset=utf-8",
        "text/plain",
        "text/html",
        "",
        "x",
    ]
)
statuses = st.sampled_from(
    [
        200,
        200,
        200,
        201,
        204,
        204,
        301,
        400,
        401,
        403,
        404,
        405,
        415,
        429,
        500,
        502,
        503,
        520,
    ]
)
waits = st.sampled_from(
    ["0", "005", "x", "-1", "Sat, 21 Nov 2026 09:00:00 GMT", "9" * 400]
)
well_formed = st.builds(reply, statuses, bodies, types)
waiting = st.builds(reply, statuses, bodies, types, Retry_After=waits)
lying = bodies.map(lambda body: reply(200, body, Content_Encoding="gzip"))
cut = st.tuples(well_formed, st.integers(0, 150)).map(lambda both: both[0][: both[1]])
answers = st.one_of(well_formed, waiting, lying, cut, st.binary(max_size=60))


@pytest.mark.parametrize("name", CALLS)
@settings(max_examples=100, deadline=None)
@given(st.lists(answers, min_size=1, max_size=8))
async def test_every_failure_is_one_of_ours_with_operation_server_and_cause(
    name: str, script: list[bytes]
) -> None:
    sent = 0

    def next_answer(method: str, path: str) -> bytes:
        nonlocal sent
        sent += 1
        return script[(sent - 1) % len(script)]

    async with answering(next_answer) as url:
        client = JellyfinClient(connection(url, KEY), HostStates(IMPATIENT))
        with structlog.testing.capture_logs() as logs:
            async with client:
                error = await _failure(CALLS[name](client))
    shown = f"{error} {error!r} {logs!r}"
    assert KEY not in shown
    assert PASSWORD not in shown
    assert logs[-1]["operation"] == name
    assert logs[-1]["server_id"] == str(client.server.id)
    if error is not None:
        assert error.operation == name
        assert error.server_url == url
        assert error.cause is error.__cause__
        assert error.error_code != "client_error", error.cause
        assert logs[-1]["log_level"] == "warning"


async def _failure(call: Awaitable[object]) -> MediaClientError | None:
    try:
        await call
    except MediaClientError as error:
        return error
    return None


class Said(NamedTuple):
    answer: bytes
    good: bool


def _info(**more: object) -> bytes:
    whole = {"Id": "1", "ServerName": "S", "Version": "12.0.0"}
    return json.dumps({**whole, "ProductName": "Jellyfin Server", **more}).encode()


INFOS = [
    Said(reply(200, _info(StartupWizardCompleted=True)), good=True),
    Said(reply(200, _info()), good=True),
    Said(reply(200, _info(StartupWizardCompleted=False)), good=False),
    Said(reply(200, _info(ProductName="Emby Server")), good=False),
    Said(reply(200, b'{"serverName":"S","startupWizardCompleted":false}'), good=False),
    Said(reply(200, _info(), "text/html"), good=False),
]
LIBRARIES = [
    Said(reply(200, b"[]"), good=True),
    Said(reply(200, b'[{"Name":"Films","ItemId":"' + b"a" * 32 + b'"}]'), good=True),
    Said(reply(200, b'{"Items":[]}'), good=False),
    Said(reply(401), good=False),
    Said(reply(403), good=False),
    Said(reply(404), good=False),
]
cut_in_the_head = cut.map(lambda raw: raw[:80])
no_success = statuses.map(lambda status: reply(503 if status == 200 else status, b"[]"))
bad = (cut_in_the_head | no_success).map(lambda answer: Said(answer, good=False))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(INFOS) | bad, st.sampled_from(LIBRARIES) | bad)
async def test_the_connection_is_good_exactly_when_both_answers_are(
    info: Said, libraries: Said
) -> None:
    def answer(_: str, path: str) -> bytes:
        return (info if path == "/System/Info/Public" else libraries).answer

    async with (
        answering(answer) as url,
        JellyfinClient(connection(url), HostStates(IMPATIENT)) as client,
    ):
        assert await client.test_connection() is (info.good and libraries.good)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 3), max_size=5))
async def test_a_client_works_inside_its_context_and_refuses_outside(
    depths: list[int],
) -> None:
    async with answering(lambda _, __: reply(200, b"[]")) as url:
        client = JellyfinClient(connection(url), HostStates(IMPATIENT))
        for depth in depths:
            await _is_closed(client)
            for _ in range(depth):
                await client.__aenter__()
                assert await client.get_libraries() == []
            for _ in range(depth):
                assert await client.get_libraries() == []
                await client.__aexit__(None, None, None)
        await _is_closed(client)


async def _is_closed(client: JellyfinClient) -> None:
    for name, call in CALLS.items():
        with pytest.raises(MediaClientError) as caught:
            await call(client)
        assert caught.value.error_code == "client_closed"
        assert caught.value.operation == name
    assert await client.test_connection() is False


async def test_nothing_listens_there() -> None:
    async with answering(lambda _, __: b"") as url:
        pass
    async with JellyfinClient(connection(url), HostStates(IMPATIENT)) as client:
        assert await client.test_connection() is False
        with pytest.raises(MediaClientError) as caught:
            await client.server_info()
    assert caught.value.kind is ErrorKind.UNREACHABLE


@pytest.mark.parametrize("url", ["", "nonsense", "http://", "ftp://x", "http://u:p@h"])
async def test_an_impossible_address_is_a_failure_like_any_other(url: str) -> None:
    async with JellyfinClient(connection(url), HostStates(IMPATIENT)) as client:
        with pytest.raises(MediaClientError) as caught:
            await client.server_info()
    assert caught.value.error_code == "url_invalid"


async def test_private_addresses_can_be_forbidden() -> None:
    careful = ClientOptions(allow_private_addresses=False, attempts=1)
    async with (
        answering(lambda _, __: reply(200, _info())) as url,
        JellyfinClient(connection(url), HostStates(careful)) as client,
    ):
        with pytest.raises(MediaClientError) as caught:
            await client.server_info()
    assert caught.value.error_code == "address_not_allowed"
    assert caught.value.status == 400
