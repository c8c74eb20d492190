"""Runs: which progress of long work a workspace receives, and when."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid7

import pytest
from sqlalchemy import update
from tests.core.durable.conftest import QUICK

from zondarr.core.clock import utc_now
from zondarr.core.database import Database
from zondarr.core.durable import Durable, Progress, Run, RunStatus, Tracked
from zondarr.core.durable.events import UNREAD, Events, poll_other_replicas
from zondarr.core.durable.repository import RunRepository
from zondarr.core.exceptions import ConflictError


class BusyError(ConflictError):
    code = "busy"


A_MOMENT = timedelta(seconds=0.05)


async def count_to(progress: Progress, number: int) -> None:
    for done in range(1, number + 1):
        await progress.report(done, number, f"{done} of {number}")


async def fail(progress: Progress, on_purpose: bool) -> None:
    await progress.report(1, message="about to fail")
    raise BusyError("Come back later.") if on_purpose else ValueError("hunter2")


async def read(database: Database, workspace_id: UUID, run_id: UUID) -> Run:
    async with database.scoped(workspace_id, reading=True) as session:
        run = await RunRepository(session).get_by_id(run_id)
    assert run is not None
    return run


async def finish[*A](durable: Durable, work: Tracked[*A], *args: *A, at: UUID) -> UUID:
    async with durable:
        run_id = await work.start(*args, workspace_id=at)
        await work.wait(run_id)
    return run_id


async def test_a_run_ends_with_its_workflow_and_keeps_what_it_said_last(
    database: Database, workspace_id: UUID
) -> None:
    durable = Durable(database, timing=QUICK)
    counting = durable.tracked("count", count_to)
    run_id = await finish(durable, counting, 5, at=workspace_id)
    run = await read(database, workspace_id, run_id)
    assert (run.name, run.status) == ("count", RunStatus.SUCCEEDED)
    assert (run.done, run.total, run.message) == (5, 5, "5 of 5")
    assert run.started_at is not None
    assert run.finished_at is not None
    assert run.finished_at >= run.started_at


@pytest.mark.parametrize(
    ("on_purpose", "code", "detail"),
    [(True, "busy", "Come back later."), (False, "internal_error", None)],
)
async def test_a_failed_run_says_why_if_that_may_be_told(
    database: Database,
    workspace_id: UUID,
    on_purpose: bool,
    code: str,
    detail: str | None,
) -> None:
    durable = Durable(database, timing=QUICK)
    failing = durable.tracked("fail", fail)
    run_id = await finish(durable, failing, on_purpose, at=workspace_id)
    run = await read(database, workspace_id, run_id)
    assert run.status is RunStatus.FAILED
    assert (run.error_code, run.detail) == (code, detail)
    assert run.message == "about to fail"


async def test_events_tell_the_workspace_of_a_run_and_no_other(
    database: Database, workspace_id: UUID, other_workspace_id: UUID
) -> None:
    durable = Durable(database, timing=QUICK)
    counting = durable.tracked("count", count_to)
    with (
        durable.events.watch(workspace_id) as here,
        durable.events.watch(other_workspace_id) as there,
    ):
        await finish(durable, counting, 2, at=workspace_id)
    reported = [event for _ in range(here.qsize()) if (event := here.get_nowait())]
    assert [event.status for event in reported][:2] == [
        RunStatus.QUEUED,
        RunStatus.RUNNING,
    ]
    assert reported[-1].status is RunStatus.SUCCEEDED
    assert reported[-1].progress.done == 2
    assert there.empty()


async def test_a_watcher_who_leaves_is_forgotten() -> None:
    events, workspace_id = Events(), uuid7()
    with events.watch(workspace_id), events.watch(workspace_id):
        assert events.workspaces == {workspace_id}
    assert events.workspaces == set()


async def test_a_slow_watcher_misses_the_oldest_and_holds_nobody_up() -> None:
    events, workspace_id = Events(), uuid7()
    begun = utc_now()
    with events.watch(workspace_id) as queue:
        for number in range(UNREAD + 5):
            events.publish(_run(workspace_id, done=number, at=begun))
        assert queue.qsize() == UNREAD
        event = queue.get_nowait()
        assert event is not None
        assert event.progress.done == 5


async def test_what_another_replica_does_to_a_run_is_told_once(
    database: Database, workspace_id: UUID
) -> None:
    events = Events()
    run = _run(workspace_id, done=1, at=utc_now())
    looking = asyncio.create_task(poll_other_replicas(events, database, A_MOMENT))
    try:
        with events.watch(workspace_id) as queue:
            async with database.scoped(workspace_id) as session:
                session.add(run)
            async with asyncio.timeout(5):
                event = await queue.get()
            assert event is not None
            assert event.id == run.id
            await asyncio.sleep(0.2)
            assert queue.empty()
    finally:
        looking.cancel()


async def test_a_run_whose_workflow_is_gone_is_closed(
    database: Database, workspace_id: UUID
) -> None:
    lost = _run(workspace_id, done=0, at=utc_now())
    fresh = _run(workspace_id, done=0, at=utc_now())
    async with database.scoped(workspace_id) as session:
        session.add_all([lost, fresh])
        await session.flush()
        quiet = utc_now() - timedelta(hours=1)
        await session.execute(
            update(Run).where(Run.id == lost.id).values(updated_at=quiet)
        )
    async with Durable(database, timing=QUICK):
        pass
    closed = await read(database, workspace_id, lost.id)
    assert (closed.status, closed.error_code) == (RunStatus.FAILED, "interrupted")
    kept = await read(database, workspace_id, fresh.id)
    assert kept.status is RunStatus.QUEUED


def _run(workspace_id: UUID, *, done: int, at: object) -> Run:
    run_id = uuid7()
    return Run(
        id=run_id,
        workspace_id=workspace_id,
        name="test",
        status=RunStatus.QUEUED,
        done=done,
        workflow_id=str(run_id),
        created_at=at,
        updated_at=utc_now(),
    )
