"""Workflows and steps within one process; processes that die are tried elsewhere."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid7

import msgspec
import pytest
from tests.core.durable.conftest import QUICK

from zondarr.core.database import Database
from zondarr.core.durable import (
    Durable,
    Retry,
    StepFailedError,
    Workflow,
    WorkStoppedError,
)
from zondarr.core.durable.locks import Locks
from zondarr.core.exceptions import ConfigurationError, ConflictError, RepositoryError


class Parcel(msgspec.Struct, frozen=True):
    id: UUID
    at: datetime


class TakenError(ConflictError):
    code = "taken"


async def test_a_workflow_started_twice_runs_once(database: Database) -> None:
    runs: list[UUID] = []
    durable = Durable(database, timing=QUICK)

    async def work(id: UUID) -> None:
        runs.append(id)

    workflow = durable.workflow("work", work)
    async with durable:
        work_id = uuid7()
        await asyncio.gather(*(workflow.start(work_id, id=work_id) for _ in range(5)))
        await workflow.wait(work_id)
        await workflow.start(work_id, id=work_id)
        await workflow.wait(work_id)
    assert runs == [work_id]


async def test_one_that_failed_begins_anew_when_it_is_restarted(
    database: Database,
) -> None:
    ran: list[str] = []
    down = True
    durable = Durable(database, timing=QUICK)

    async def first() -> None:
        ran.append("first")

    async def second() -> None:
        if down:
            raise OSError
        ran.append("second")

    async def work() -> None:
        await durable.step("first", first)
        await durable.step("second", second)

    workflow = durable.workflow("work", work)
    async with durable:
        for begin in (workflow.restart, workflow.start):
            await begin(id="one")
            await workflow.wait("one")
        assert ran == ["first"]
        down = False
        await asyncio.gather(*(workflow.restart(id="one") for _ in range(5)))
        await workflow.wait("one")
        await workflow.restart(id="one")
        await workflow.wait("one")
    assert ran == ["first", "first", "second"]


async def test_a_workflow_runs_on_the_loop_of_the_application(
    database: Database,
) -> None:
    seen: list[asyncio.AbstractEventLoop] = []
    durable = Durable(database, timing=QUICK)

    async def look() -> bool:
        seen.append(asyncio.get_running_loop())
        async with database.unscoped("durable work", reading=True) as session:
            return session.is_active

    async def work() -> None:
        seen.append(asyncio.get_running_loop())
        await durable.step("look", look)

    workflow = durable.workflow("work", work)
    async with durable:
        await workflow.start(id="one")
        await workflow.wait("one")
    assert seen == [asyncio.get_running_loop()] * 2


async def test_arguments_and_results_keep_their_types(database: Database) -> None:
    durable = Durable(database, timing=QUICK)
    sent = Parcel(uuid7(), datetime(2026, 11, 1, 12, tzinfo=UTC))
    came: list[object] = []

    async def echo(parcel: Parcel) -> list[Parcel]:
        return [parcel]

    async def work(id: UUID, parcel: Parcel) -> None:
        came.extend([id, parcel, await durable.step("echo", echo, parcel)])

    workflow = durable.workflow("work", work)
    async with durable:
        await workflow.start(sent.id, sent, id=sent.id)
        await workflow.wait(sent.id)
    assert came == [sent.id, sent, [sent]]


async def test_steps_side_by_side_each_tell_how_they_ended(database: Database) -> None:
    durable = Durable(database, timing=QUICK)
    ended: list[object] = []

    async def part(number: int) -> int:
        await asyncio.sleep(0.05 / (number + 1))
        if number == 1:
            raise TakenError("That name is taken.")
        return number

    async def work() -> None:
        steps = (durable.step(f"part/{n}", part, n) for n in range(3))
        ended.extend(await durable.together(*steps))

    workflow = durable.workflow("work", work)
    async with durable:
        await workflow.start(id="one")
        await workflow.wait("one")
    first, failed, last = ended
    assert (first, last) == (0, 2)
    assert isinstance(failed, StepFailedError)
    assert (failed.step, failed.error_code) == ("part/1", "taken")
    assert str(failed) == "That name is taken."


async def test_what_an_unforeseen_exception_says_is_not_stored(
    database: Database,
) -> None:
    durable = Durable(database, timing=QUICK)
    reported: list[str] = []

    async def leak() -> None:
        raise ValueError("hunter2")

    async def work() -> None:
        try:
            await durable.step("leak", leak)
        except StepFailedError as error:
            reported.append(str(error))
            raise

    workflow = durable.workflow("work", work)
    async with durable:
        await workflow.start(id="one")
        await workflow.wait("one")
    assert reported == ["It failed for a reason of ours: ValueError."]


async def test_a_step_is_tried_again_as_often_as_it_may(database: Database) -> None:
    durable = Durable(database, timing=QUICK)
    tries: list[str] = []

    async def fail(what: str) -> None:
        tries.append(what)
        raise TakenError(what) if what == "taken" else OSError(what)

    def passing(error: Exception) -> bool:
        return isinstance(error, OSError)

    async def work() -> None:
        retry = Retry(attempts=3, pause=0.01, when=passing)
        for what in ("down", "taken"):
            with pytest.raises(StepFailedError):
                await durable.step(what, fail, what, retry=retry)

    workflow = durable.workflow("work", work)
    async with durable:
        await workflow.start(id="one")
        await workflow.wait("one")
    assert tries == ["down", "down", "down", "taken"]


async def test_outside_a_workflow_a_step_is_a_call(database: Database) -> None:
    durable = Durable(database, timing=QUICK)

    async def double(number: int) -> int:
        return 2 * number

    assert await durable.step("double", double, 4) == 8


async def test_what_is_running_at_the_end_goes_on_at_the_next_start(
    database: Database,
) -> None:
    ran: list[str] = []
    blocked = asyncio.Event()

    async def note(what: str) -> str:
        ran.append(what)
        return what

    async def block() -> None:
        ran.append("block")
        blocked.set()
        await asyncio.sleep(3600 if ran.count("block") == 1 else 0)

    def work_of(durable: Durable) -> Workflow[()]:
        async def work() -> None:
            await durable.step("first", note, "first")
            await durable.step("block", block)
            await durable.step("last", note, "last")

        return durable.workflow("work", work)

    first = Durable(database, timing=QUICK)
    workflow = work_of(first)
    async with first:
        await workflow.start(id="one")
        await blocked.wait()
    second = Durable(database, timing=QUICK)
    workflow = work_of(second)
    async with second:
        await workflow.wait("one")
    assert ran == ["first", "block", "block", "last"]


async def test_a_lock_takes_one_at_a_time(database: Database) -> None:
    replicas = [Locks(database) for _ in range(2 if database.is_postgresql else 1)]
    inside = most = 0

    async def drive(locks: Locks, name: str) -> None:
        nonlocal inside, most
        async with locks.hold(name):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1

    async with asyncio.timeout(10):
        await asyncio.gather(*(drive(one, "a") for one in replicas for _ in range(5)))
        assert most == 1
        await asyncio.gather(
            *(drive(one, "bcd"[n]) for one in replicas for n in (0, 1, 2))
        )
        assert most == 3
    for one in replicas:
        await one.close()


async def test_a_lock_is_free_again_after_a_failure(database: Database) -> None:
    locks = Locks(database)
    for _ in range(2):
        with pytest.raises(TakenError):
            async with asyncio.timeout(5), locks.hold("a"):
                raise TakenError("no")
    await locks.close()


async def test_who_gives_up_waiting_for_a_lock_does_not_hold_it(
    database: Database,
) -> None:
    locks, other = Locks(database), Locks(database)
    if not database.is_postgresql:
        other = locks
    async with locks.hold("a"):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1), other.hold("a"):
                raise AssertionError
    async with asyncio.timeout(5), locks.hold("a"):
        pass
    await locks.close()
    await other.close()


async def test_the_store_answers_only_while_there_is_durable_work(
    database: Database,
) -> None:
    durable = Durable(database, timing=QUICK)
    async with durable:
        await durable.ping()
    with pytest.raises(RepositoryError):
        await durable.ping()


async def test_one_process_has_one_durable_at_a_time(database: Database) -> None:
    async with Durable(database, timing=QUICK):
        refusal = WorkStoppedError if database.is_postgresql else ConfigurationError
        with pytest.raises(refusal):
            await Durable(database, timing=QUICK).__aenter__()


async def test_after_the_end_threads_serve_the_loop_still(database: Database) -> None:
    durable = Durable(database, timing=QUICK)
    async with durable:
        await durable.ping()
    assert await asyncio.to_thread(lambda: 1) == 1
