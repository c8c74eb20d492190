"""Scheduled jobs: when and how often they run, and what is reported."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.durable.conftest import QUICK

from zondarr.core.clock import utc_now
from zondarr.core.database import Database
from zondarr.core.durable import (
    Durable,
    Every,
    Job,
    Progress,
    Run,
    RunStatus,
    repository,
    schedule,
)
from zondarr.core.durable.models import Tick
from zondarr.core.durable.repository import RunRepository, TickRepository
from zondarr.core.exceptions import NotFoundError
from zondarr.core.repository import PageRequest

SECOND = timedelta(seconds=1)
HOURLY = Every(timedelta(hours=1))
MOMENTS = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001  the strategy adds the zone
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
PERIODS = st.builds(
    Every,
    st.timedeltas(SECOND, timedelta(days=1)).map(
        lambda period: period // SECOND * SECOND
    ),
    st.timedeltas(timedelta(0), timedelta(days=1) - SECOND),
)


class Counter:
    """A job that notes where it was done."""

    def __init__(self, every: Every, *, at_start: bool = False) -> None:
        self.done: list[UUID | None] = []
        self.once = asyncio.Event()
        self.job = Job(
            name="count",
            description="Counts.",
            every=every,
            function=self.run,
            at_start=at_start,
        )

    async def run(self, _progress: Progress, workspace_id: UUID | None) -> None:
        self.done.append(workspace_id)
        self.once.set()


async def until(durable: Durable, status: RunStatus, name: str = "count") -> Tick:
    """The tick of that job, as soon as it has that status."""
    async with asyncio.timeout(10):
        while True:
            tick = (await durable.ticks()).get(name)
            if tick is not None and tick.status is status:
                return tick
            await asyncio.sleep(0.02)


async def reaches(list_: list[Any], length: int) -> None:
    for _ in range(1500):
        if len(list_) >= length:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(list_)


@given(every=PERIODS, now=MOMENTS)
def test_the_last_time_due_is_past_and_the_next_is_to_come(
    every: Every, now: datetime
) -> None:
    last, upcoming = every.last(now), every.next(now)
    assert last <= now < upcoming
    assert upcoming - last == every.interval
    assert every.last(last) == last
    assert every.next(last) == upcoming


@pytest.mark.parametrize(
    ("every", "words"),
    [
        (Every(timedelta(minutes=1)), "every minute"),
        (Every(SECOND), "every second"),
        (Every(timedelta(minutes=15)), "every 15 minutes"),
        (Every(timedelta(hours=6)), "every 6 hours"),
        (
            Every(timedelta(days=1), timedelta(hours=3.5)),
            "every day at 03:30 UTC",
        ),
        (Every(timedelta(days=2)), "every 2 days at 00:00 UTC"),
        (Every(timedelta(seconds=90)), "every 90 seconds"),
    ],
)
def test_a_schedule_reads_like_words(every: Every, words: str) -> None:
    assert str(every) == words


async def test_a_job_comes_round_every_second_and_each_tick_once(
    database: Database,
) -> None:
    counter = Counter(Every(SECOND))
    durable = Durable(database, timing=QUICK)
    durable.schedule(counter.job)
    begun = utc_now()
    async with durable:
        await reaches(counter.done, 3)
    due = Every(SECOND).last(utc_now()) - Every(SECOND).last(begun)
    # The one that was due when it began, and one for each second since.
    assert len(counter.done) <= due.total_seconds() + 1
    assert set(counter.done) == {None}


async def test_a_tick_that_was_missed_is_caught_up_once(database: Database) -> None:
    three_days_ago = HOURLY.last(utc_now()) - timedelta(days=3)
    async with database.unscoped("durable work") as session:
        ticks = TickRepository(session)
        await ticks.claim("count", three_days_ago, "old", ended=None)
        await ticks.end("old", RunStatus.SUCCEEDED, None)
    done = 0
    for _ in range(3):
        counter = Counter(HOURLY)
        durable = Durable(database, timing=QUICK)
        durable.schedule(counter.job)
        async with durable:
            await asyncio.sleep(0.3)
            tick = await until(durable, RunStatus.SUCCEEDED)
        assert tick.due_at > three_days_ago + timedelta(days=2)
        done += len(counter.done)
    assert done == 1


async def test_at_start_a_job_runs_whenever_it_ran_last(database: Database) -> None:
    for _ in range(2):
        counter = Counter(HOURLY, at_start=True)
        durable = Durable(database, timing=QUICK)
        durable.schedule(counter.job)
        async with durable, asyncio.timeout(5):
            await counter.once.wait()
            await until(durable, RunStatus.SUCCEEDED)
        assert counter.done == [None]


async def test_a_tick_is_left_out_while_the_one_before_runs(
    database: Database,
) -> None:
    begun: list[datetime] = []
    release = asyncio.Event()

    async def slow(_progress: Progress, _workspace_id: UUID | None) -> None:
        begun.append(utc_now())
        await release.wait()

    durable = Durable(database, timing=QUICK)
    durable.schedule(
        Job(
            name="count",
            description="Slow.",
            every=Every(SECOND),
            function=slow,
        )
    )
    async with durable:
        await reaches(begun, 1)
        await asyncio.sleep(2.2)
        assert len(begun) == 1
        release.set()
        await reaches(begun, 2)


async def test_a_failed_job_is_told_and_comes_round_again(database: Database) -> None:
    tries = 0

    async def fail_first(_progress: Progress, _workspace_id: UUID | None) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise NotFoundError("Thing", "1")

    durable = Durable(database, timing=QUICK)
    durable.schedule(
        Job(
            name="count",
            description="Fails.",
            every=Every(SECOND),
            function=fail_first,
        )
    )
    async with durable:
        failed = await until(durable, RunStatus.FAILED)
        assert failed.error_code == "not_found"
        again = await until(durable, RunStatus.SUCCEEDED)
        assert again.error_code is None


async def test_a_tick_is_taken_once(database: Database) -> None:
    due = utc_now()

    async def take(workflow_id: str, at: datetime, ended: str | None = None) -> bool:
        async with database.unscoped("durable work") as session:
            ticks = TickRepository(session)
            return await ticks.claim("count", at, workflow_id, ended=ended)

    async def end(workflow_id: str) -> None:
        async with database.unscoped("durable work") as session:
            await TickRepository(session).end(workflow_id, RunStatus.SUCCEEDED, None)

    assert sum(await asyncio.gather(*(take(f"w{n}", due) for n in range(5)))) == 1
    (winner,) = [n for n in range(5) if await take(f"w{n}", due)]  # resumed: its own
    later = due + timedelta(hours=1)
    assert not await take("next", later)
    await end(f"w{winner}")
    assert not await take("late", due)
    assert await take("next", later)
    assert not await take("after", later + timedelta(hours=1))
    assert await take("after", later + timedelta(hours=1), ended="next")


async def test_a_job_asked_for_runs_in_that_workspace_once(
    database: Database, workspace_id: UUID, other_workspace_id: UUID
) -> None:
    where: list[UUID | None] = []
    release = asyncio.Event()

    async def slow(progress: Progress, at: UUID | None) -> None:
        where.append(at)
        if at is not None:
            async with progress.within(at) as here:
                await here.report(1, 1, "done")
            await release.wait()

    durable = Durable(database, timing=QUICK)
    durable.schedule(
        Job(name="count", description="Slow.", every=HOURLY, function=slow)
    )
    async with durable:
        await until(durable, RunStatus.SUCCEEDED)
        asked = [durable.run_job("count", workspace_id) for _ in range(3)]
        assert len(set(await asyncio.gather(*asked))) == 1
        elsewhere = await durable.run_job("count", other_workspace_id)
        await reaches(where, 3)
        release.set()
        with pytest.raises(NotFoundError):
            await durable.run_job("unheard of", workspace_id)
    assert sorted(map(str, where)) == sorted(
        ["None", str(workspace_id), str(other_workspace_id)]
    )
    assert [run.id for run in await _runs(database, other_workspace_id)] == [elsewhere]


async def test_a_job_that_walks_over_workspaces_makes_a_run_where_it_works(
    database: Database, workspace_id: UUID, other_workspace_id: UUID
) -> None:
    async def walk(progress: Progress, _workspace_id: UUID | None) -> None:
        async with progress.within(workspace_id) as here:
            await here.report(2, 2, "two accounts ended")

    durable = Durable(database, timing=QUICK)
    durable.schedule(
        Job(name="count", description="Walks.", every=HOURLY, function=walk)
    )
    async with durable:
        await until(durable, RunStatus.SUCCEEDED)
    (run,) = await _runs(database, workspace_id)
    assert (run.status, run.message) == (RunStatus.SUCCEEDED, "two accounts ended")
    assert await _runs(database, other_workspace_id) == []


async def _runs(database: Database, workspace_id: UUID) -> list[Run]:
    async with database.scoped(workspace_id, reading=True) as session:
        return list((await RunRepository(session).find(PageRequest())).items)


async def test_a_tick_from_the_future_stops_no_other(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = {"ahead": timedelta(0)}
    for module in (schedule, repository):
        monkeypatch.setattr(module, "utc_now", lambda: utc_now() + clock["ahead"])
    counter = Counter(HOURLY)
    back: list[bool] = []
    # The clock is two hours ahead, then right, and then those two hours are over.
    for ahead in (timedelta(hours=2), timedelta(0), timedelta(hours=2)):
        clock["ahead"] = ahead
        counter.once.clear()
        durable = Durable(database, timing=QUICK)
        durable.schedule(counter.job)
        async with durable:
            async with asyncio.timeout(10):
                await counter.once.wait()
            await until(durable, RunStatus.SUCCEEDED)
            back.append(await durable.is_clock_back())
    assert len(counter.done) == 3
    assert back == [False, True, False]
