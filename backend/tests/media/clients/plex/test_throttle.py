"""Plex is asked no faster than it bears, and left alone while it is down."""

import time
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from media_server_simulators.plex import Throttle
from tests.media.clients.plex.conftest import Plex, quick
from tests.media.servers import answering, connection, reply

from zondarr.media.clients.plex.client import PlexClient
from zondarr.media.connections import ClientOptions, HostStates
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.throttle import HostThrottle, wait_budget

IDENTITY = b'{"MediaContainer":{"machineIdentifier":"abc"}}'


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 10), st.floats(0.5, 5), st.integers(1, 40))
def test_a_burst_goes_at_once_and_the_rest_one_by_one(
    burst: int, rate: float, asked: int
) -> None:
    throttle = HostThrottle(ClientOptions(plex_burst=burst, plex_rate=rate))
    waits = [throttle.reserve_turn() for _ in range(asked)]
    assert waits[:burst] == [0.0] * min(burst, asked)
    for number, wait in enumerate(waits[burst:], 1):
        assert wait == pytest.approx(number / rate, abs=0.05)


@settings(max_examples=100, deadline=None)
@given(st.floats(1, 3600))
def test_a_wait_that_was_asked_for_is_kept_and_spread(seconds: float) -> None:
    throttle = HostThrottle(ClientOptions())
    throttle.wait_requested(seconds)
    assert seconds - 0.05 <= throttle.reserve_turn() <= seconds * 1.25


def test_the_circuit_opens_after_so_many_failures_and_closes_with_an_answer() -> None:
    throttle = HostThrottle(ClientOptions(circuit_failures=3, circuit_pause=60))
    throttle.record_failure()
    throttle.record_failure()
    assert throttle.blocked_for() == 0
    throttle.record_failure()
    assert 59 < throttle.blocked_for() <= 60
    throttle.record_success()
    assert throttle.blocked_for() == 0


def test_one_failure_of_a_try_opens_the_circuit_again() -> None:
    throttle = HostThrottle(ClientOptions(circuit_failures=3, circuit_pause=0.001))
    for _ in range(3):
        throttle.record_failure()
    time.sleep(0.002)
    assert throttle.blocked_for() == 0
    throttle.record_failure()
    assert throttle.blocked_for() > 0


async def test_plex_tv_that_is_down_is_left_alone_and_says_so() -> None:
    asked = 0

    def answer(_: str, path: str) -> bytes:
        nonlocal asked
        if path == "/identity":
            return reply(200, IDENTITY)
        asked += 1
        return reply(520)

    errors: list[MediaClientError] = []
    async with answering(answer) as url:
        states = HostStates(
            quick(url, attempts=1, circuit_failures=3, circuit_pause=60)
        )
        for _ in range(5):
            # Each a client of its own: the host is remembered between them.
            async with PlexClient(connection(url), states) as client:
                with pytest.raises(MediaClientError) as caught:
                    await client.list_users()
            errors.append(caught.value)
    assert asked == 3
    opened = [each.error_code == "circuit_open" for each in errors]
    assert opened == [False, False, False, True, True]
    assert errors[-1].kind is ErrorKind.BUSY
    assert (errors[-1].retry_after or 0) > 55


async def test_a_long_wait_is_told_to_the_caller_and_nothing_is_sent(
    plex: Plex,
) -> None:
    plex.tv.throttle = Throttle(rate=0.01, burst=0)
    with pytest.raises(MediaClientError) as caught:
        await plex.client.list_users()
    assert caught.value.error_code == "rate_limited"
    assert (caught.value.retry_after or 0) >= 100
    sent = len(plex.tv.journal.entries)
    with pytest.raises(MediaClientError) as caught:
        await plex.client.list_users()
    assert caught.value.error_code == "rate_limited"
    assert len(plex.tv.journal.entries) == sent


async def test_a_short_wait_is_waited_for(plex: Plex) -> None:
    calls = 0

    def wait(_: str) -> int | None:
        nonlocal calls
        calls += 1
        return 1 if calls == 1 else None

    throttle = Throttle()
    throttle.wait = wait  # pyright: ignore[reportAttributeAccessIssue]
    plex.tv.throttle = throttle
    began = time.monotonic()
    assert await plex.client.list_users() == []
    assert time.monotonic() - began >= 1
    assert calls > 1


async def test_work_that_nobody_waits_for_takes_its_turn_however_late(
    plex: Plex,
) -> None:
    url = plex.states.options.plex_tv_url
    states = HostStates(quick(url, attempts=1, read_timeout=0.3))
    states.throttle(url).wait_requested(0.6)
    one = connection(plex.server.url, plex.tv.owner_token, "plex")
    async with PlexClient(one, states) as client:
        with pytest.raises(MediaClientError) as caught:
            await client.list_users()
        assert caught.value.error_code == "rate_limited"
        began = time.monotonic()
        with wait_budget(timedelta(seconds=30)):
            assert await client.list_users() == []
    assert time.monotonic() - began > 0.3


async def test_every_request_to_plex_tv_says_who_asks(plex: Plex) -> None:
    await plex.client.list_users()
    for entry in plex.tv.journal.entries:
        assert entry.request.header("x-plex-client-identifier") == "zondarr"
        assert entry.request.header("x-plex-product") == "Zondarr"
