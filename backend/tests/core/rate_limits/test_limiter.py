import asyncio
import math
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from zondarr.core.crypto import new_token
from zondarr.core.database import Database
from zondarr.core.exceptions import TooManyRequestsError
from zondarr.core.rate_limits.limit import Limit
from zondarr.core.rate_limits.limiter import Limiter, network_of, sweep_limits
from zondarr.core.rate_limits.models import RateLimit
from zondarr.core.rate_limits.repository import CLOCKS_DIFFER, RateLimitRepository

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
on_one_database = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
async def replica(database_url: str) -> AsyncGenerator[Database]:
    """The same database, as another process has it."""
    replica = Database(database_url)
    yield replica
    await replica.close()


@on_one_database
@given(allowed=st.integers(1, 12), tries=st.integers(1, 24))
async def test_of_many_tries_at_once_exactly_as_many_pass_as_may(
    database: Database, replica: Database, allowed: int, tries: int
) -> None:
    limit, key = Limit(allowed, 3600), new_token()
    limiters = [
        Limiter(each, "test", limit, why="sign-in") for each in (database, replica)
    ]
    answers = await asyncio.gather(
        *(limiters[number % 2].acquire(key) for number in range(tries)),
        return_exceptions=True,
    )
    assert answers.count(None) == min(allowed, tries)
    for answer in answers:
        assert answer is None or isinstance(answer, TooManyRequestsError)


class Model:
    """A model of a window in Python."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.tries, self.ends_at = 0, NOW - timedelta(days=400)

    def take(self, now: datetime) -> bool:
        length = timedelta(seconds=self.limit.seconds)
        if self.ends_at <= now or self.ends_at > now + length + CLOCKS_DIFFER:
            self.tries, self.ends_at = 0, now + length
        if self.tries >= self.limit.count:
            return False
        self.tries += 1
        return True


@on_one_database
@given(
    count=st.integers(1, 4),
    seconds=st.integers(1, 60),
    steps=st.lists(st.integers(-90, 40), max_size=20),
)
async def test_a_window_begins_with_the_first_try_and_ends_after_its_time(
    database: Database, count: int, seconds: int, steps: list[int]
) -> None:
    limit, key, now = Limit(count, seconds), new_token(), NOW
    model = Model(limit)
    for step in steps:
        now += timedelta(seconds=step)
        async with database.unscoped("sign-in") as session:
            taken = await RateLimitRepository(session).acquire(key, limit, now=now)
        assert taken == model.take(now)


async def test_a_refusal_says_when_there_is_another_try(database: Database) -> None:
    limiter = Limiter(database, "test", Limit(1, 60), why="join page")
    await limiter.acquire("guest")
    with pytest.raises(TooManyRequestsError) as refused:
        await limiter.acquire("guest")
    assert 50 < math.ceil(refused.value.retry_after) <= 60


async def test_keys_and_names_are_counted_apart(database: Database) -> None:
    limit = Limit(1, 60)
    await Limiter(database, "one", limit, why="join page").acquire("a")
    await Limiter(database, "one", limit, why="join page").acquire("b")
    await Limiter(database, "two", limit, why="join page").acquire("a")


async def test_a_try_that_was_given_back_can_be_taken_again(
    database: Database,
) -> None:
    limiter = Limiter(database, "test", Limit(1, 60), why="sign-in")
    await limiter.acquire("a")
    await limiter.give_back("a")
    await limiter.acquire("a")
    with pytest.raises(TooManyRequestsError):
        await limiter.acquire("a")


async def test_the_sweep_leaves_what_still_counts(database: Database) -> None:
    async with database.unscoped("background job") as session:
        limits = RateLimitRepository(session)
        await limits.acquire("old", Limit(1, 60), now=NOW - timedelta(days=400))
    limiter = Limiter(database, "test", Limit(1, 60), why="sign-in")
    await limiter.acquire("new")
    assert await sweep_limits(database) == 1
    async with database.unscoped("background job", reading=True) as session:
        assert await session.scalar(select(func.count()).select_from(RateLimit)) == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_a_household_is_one_client(address: str, network: str) -> None:
    assert network_of(address) == network
