"""Runs: long work whose progress a workspace can follow."""

import time
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import structlog

from zondarr.core.clock import utc_now
from zondarr.core.database import Database
from zondarr.core.durable.engine import UNFINISHED, Engine
from zondarr.core.durable.errors import WorkCancelledError
from zondarr.core.durable.events import Events
from zondarr.core.durable.models import ONGOING, Run, RunStatus
from zondarr.core.durable.repository import RunRepository, TickRepository
from zondarr.core.exceptions import ZondarrError

NOTE_INTERVAL = timedelta(seconds=0.5)
"""The time between two stored progress updates; the last one is always stored."""
QUIET = timedelta(minutes=1)
KEPT = timedelta(days=30)
INTERRUPTED = "interrupted"
SET_ASIDE = "set_aside"
MAX_MESSAGE = 300
MAX_DETAIL = 500

log: structlog.stdlib.BoundLogger = structlog.get_logger()


class Runs:
    """The rows of runs; each change is its own transaction, and is published."""

    def __init__(self, database: Database, engine: Engine, events: Events) -> None:
        self._database = database
        self._engine = engine
        self._events = events

    async def create(self, run: Run, workspace_id: UUID) -> Run:
        async with self._database.scoped(workspace_id) as session:
            await RunRepository(session).create(run)
        self._events.publish(run)
        return run

    async def ensure(self, run: Run, workspace_id: UUID) -> None:
        """Create the run, unless it was created before an interruption."""
        async with self._database.scoped(workspace_id) as session:
            runs = RunRepository(session)
            if await runs.get_by_id(run.id) is None:
                await runs.create(run)

    async def ongoing(
        self, workspace_id: UUID, name: str, subject_id: UUID | None = None
    ) -> Run | None:
        async with self._database.scoped(workspace_id, reading=True) as session:
            return await RunRepository(session).ongoing(name, subject_id)

    async def get(self, id: UUID, workspace_id: UUID) -> Run:
        async with self._database.scoped(workspace_id, reading=True) as session:
            return await RunRepository(session).require(id)

    async def cancel(self, id: UUID, workspace_id: UUID) -> None:
        """End a run and those it consists of. Their work stops when it looks next."""
        run = await self.get(id, workspace_id)
        ended = {"status": RunStatus.CANCELLED, "finished_at": utc_now()}
        for part in (*map(UUID, run.parts), id):
            await self.change(part, workspace_id, **ended)

    async def change(self, id: UUID, workspace_id: UUID, **values: Any) -> None:
        """Change an unfinished run; a finished one stays as it is."""
        async with self._database.scoped(workspace_id) as session:
            going_on = Run.status.in_(ONGOING)
            run = await RunRepository(session).change(id, going_on, **values)
        if run is not None:
            self._events.publish(run)

    async def end_interrupted(self) -> None:
        """End runs whose workflow is gone: they would seem to run for ever."""
        async with self._database.unscoped("durable work", reading=True) as session:
            quiet = await RunRepository(session).untouched_since(utc_now() - QUIET)
        known = await self._engine.statuses([run.workflow_id for run in quiet])
        for run in quiet:
            if known.get(run.workflow_id) not in UNFINISHED:
                await self.change(run.id, run.workspace_id, **_failed(INTERRUPTED))
                log.warning("run was interrupted", run=run.name, run_id=str(run.id))

    async def end_of(self, workflow_ids: Collection[str], code: str) -> None:
        """End the runs and ticks of workflows that were ended from outside."""
        if not workflow_ids:
            return
        async with self._database.unscoped("durable work", reading=True) as session:
            found = await RunRepository(session).ongoing_of(workflow_ids)
        async with self._database.unscoped("durable work") as session:
            for workflow_id in workflow_ids:
                await TickRepository(session).end(workflow_id, RunStatus.FAILED, code)
        for run in found:
            await self.change(run.id, run.workspace_id, **_failed(code))
            log.warning("run was ended", run=run.name, run_id=str(run.id), code=code)

    async def reopen(self, workflow_id: str) -> None:
        """The workflow continues, so its runs do."""
        async with self._database.unscoped("durable work") as session:
            await RunRepository(session).reopen(workflow_id)

    async def remove_old(self) -> None:
        async with self._database.unscoped("durable work") as session:
            await RunRepository(session).remove_ended_before(utc_now() - KEPT)


class Progress:
    """Reports the progress of work. Reports are dropped if the work has no run.

    Report outside transactions: each report is its own.
    """

    def __init__(
        self,
        runs: Runs,
        name: str,
        workflow_id: str,
        run: tuple[UUID, UUID] | None = None,
    ) -> None:
        self._runs = runs
        self._name = name
        self._workflow_id = workflow_id
        self._run = run
        """The run's id and its workspace's."""
        self._values: dict[str, Any] = {}
        self._noted = 0.0
        self.step: str | None = None

    async def report(
        self,
        done: int | None = None,
        total: int | None = None,
        message: str | None = None,
    ) -> None:
        """Report how much is done, the total, and the current activity in plain
        words.
        """
        given = {
            "done": done,
            "total": total,
            "message": message and message[:MAX_MESSAGE],
        }
        self._values |= {name: one for name, one in given.items() if one is not None}
        if time.monotonic() - self._noted >= NOTE_INTERVAL.total_seconds():
            await self._note()

    async def begin_step(
        self, name: str, *, total: int | None = None, message: str | None = None
    ) -> None:
        """From now on it is counted within this step, from nought."""
        self.step = name
        self._values |= {"message": message} if message else {}
        await self._note(step=name, step_started_at=utc_now(), done=0, total=total)

    @property
    def run_id(self) -> UUID | None:
        return None if self._run is None else self._run[0]

    async def check_cancelled(self) -> None:
        """Raise `WorkCancelledError` if somebody has ended the run."""
        if self._run is None:
            return
        run = await self._runs.get(*self._run)
        if run.status is RunStatus.CANCELLED:
            raise WorkCancelledError("It was cancelled.")

    @asynccontextmanager
    async def within(self, workspace_id: UUID) -> AsyncGenerator[Progress]:
        """The run of this work in one workspace; for jobs that visit several.

        Creates a run that ends with the block; if the work has its own run already,
        because somebody requested it there, that one is used.
        """
        if self._run is not None:
            yield self
            return
        run_id = uuid5(workspace_id, self._workflow_id)
        run = Run(id=run_id, name=self._name, workflow_id=self._workflow_id)
        await self._runs.ensure(run, workspace_id)
        part = self._of((run_id, workspace_id))
        async with part.running():
            yield part

    def _of(self, run: tuple[UUID, UUID]) -> Progress:
        return Progress(self._runs, self._name, self._workflow_id, run)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Marks the run as running within the block, and ends it afterwards."""
        await self._note(status=RunStatus.RUNNING, started_at=utc_now())
        try:
            yield
        except Exception as error:
            await self._note(**_failed(*_reason(error)))
            raise
        await self._note(status=RunStatus.SUCCEEDED, finished_at=utc_now())

    async def _note(self, **values: Any) -> None:
        self._noted = time.monotonic()
        values, self._values = self._values | values, {}
        if self._run is not None and values:
            await self._runs.change(*self._run, **values)


def _reason(error: Exception) -> tuple[str, str | None]:
    if isinstance(error, ZondarrError):
        return error.error_code, str(error)[:MAX_DETAIL]
    return ZondarrError.code, None


def _failed(error_code: str, detail: str | None = None) -> dict[str, Any]:
    return {
        "status": RunStatus.FAILED,
        "finished_at": utc_now(),
        "error_code": error_code,
        "detail": detail,
    }
