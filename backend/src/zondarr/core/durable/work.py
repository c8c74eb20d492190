"""`Durable`: the program's interface to durable work."""

import asyncio
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Collection,
    Coroutine,
    Generator,
    Mapping,
    Sequence,
)
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self, cast
from uuid import UUID, uuid7

import structlog

from zondarr.core.clock import utc_now
from zondarr.core.database import Database
from zondarr.core.durable.crashes import Crashes
from zondarr.core.durable.engine import WORKFLOWS, Engine, Left
from zondarr.core.durable.errors import StepFailedError
from zondarr.core.durable.events import Events, poll_other_replicas
from zondarr.core.durable.locks import Locks
from zondarr.core.durable.models import Crash, Tick
from zondarr.core.durable.recovery import Recovery
from zondarr.core.durable.replicas import Replicas
from zondarr.core.durable.runs import INTERRUPTED, Progress, Runs
from zondarr.core.durable.schedule import Job, Scheduler, workflow_of
from zondarr.core.durable.schedule_ids import TICK, ticks_of
from zondarr.core.durable.steps import ONCE, Retry, all_ended, step
from zondarr.core.durable.store import Store
from zondarr.core.durable.stored import Shapes, failure_of
from zondarr.core.durable.timing import Timing
from zondarr.core.durable.workflows import Tracked, Workflow
from zondarr.core.exceptions import NotFoundError, RepositoryError, ZondarrError

PING_TIMEOUT = timedelta(seconds=2)

type FindOwner = Callable[[str], Awaitable[UUID | None]]

log: structlog.stdlib.BoundLogger = structlog.get_logger()


class Durable:
    """Durable work of this process; one instance at a time.

    Register workflows and jobs first; they run while it is entered:

        async with durable: ...
    """

    def __init__(
        self,
        database: Database,
        *,
        timing: Timing | None = None,
        version: str = WORKFLOWS,
    ) -> None:
        self.id = uuid7()
        """Names this run of this process, and no other ever."""
        self.events = Events()
        self._database = database
        self._timing = timing or Timing()
        self._engine = Engine(str(self.id), version)
        self._store = Store(database.url)
        self._locks = Locks(database)
        self._runs = Runs(database, self._engine, self.events)
        self._crashes = Crashes(database, self._engine, self._owner_of)
        self._recovery = Recovery(self._engine, self._runs, self._crashes)
        self._replicas = Replicas(
            self.id, database, self._engine, self._recovery, self._timing
        )
        self._scheduler = Scheduler(database, self._engine, self._runs, self._crashes)
        self._owners: dict[str, FindOwner] = {}
        self._tracked: set[str] = set()
        self._asked_for: dict[str, Tracked[UUID]] = {}
        self._open = AsyncExitStack()
        self._keepers: list[asyncio.Task[None]] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stopping = False

    async def __aenter__(self) -> Self:
        """Start, and resume what an earlier process left.

        Raises `ConfigurationError` when another process uses the same SQLite database,
        or when the store cannot be opened.
        """
        async with AsyncExitStack() as stack:
            store = self._store.open()
            stack.callback(self._store.close)
            stack.push_async_callback(self._locks.close)
            await self._replicas.join()
            stack.push_async_callback(self._replicas.leave)
            self._engine.launch(self._store.address, store)
            stack.push_async_callback(self._engine.destroy)
            stack.push_async_callback(self._end_work)
            stack.push_async_callback(self._recovery.stop)
            await self._replicas.reap()
            await self._runs.end_interrupted()
            self._keep_going()
            self._open = stack.pop_all()
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Give running work a moment to end; what does not end will be resumed."""
        await self._open.aclose()

    def _keep_going(self) -> None:
        keepers = [self._scheduler.keep()]
        if self._database.is_postgresql:
            keepers.append(self._replicas.live())
            interval = self._timing.look
            keepers.append(poll_other_replicas(self.events, self._database, interval))
        self._keepers = [asyncio.create_task(keeper) for keeper in keepers]

    async def _end_work(self) -> None:
        self._stopping = True
        await _finish(self._keepers, timedelta(0))
        await _finish(self._tasks, self._timing.stop)

    def workflow[*A](
        self,
        name: str,
        function: Callable[[*A], Awaitable[None]],
        /,
        *,
        owner: FindOwner | None = None,
    ) -> Workflow[*A]:
        """Register a function as a workflow, under a name that must never change.

        Its arguments are stored as JSON and decoded by their annotations (UUID, str,
        int, structs, …). An exception that leaves it ends it as failed, and is logged.
        `owner` finds the workspace that the workflow with a given id belongs to.
        """
        if owner is not None:
            self._owners[name] = owner
        shapes = Shapes(function)

        async def body(*given: Any) -> None:
            await function(*cast("tuple[*A]", shapes.arguments(given)))

        self._register(name, body)
        return Workflow(name, self._engine, self._locks, self._crashes)

    def tracked[*A](
        self,
        name: str,
        function: Callable[[Progress, *A], Awaitable[None]],
        /,
        *,
        run_name: str | None = None,
    ) -> Tracked[*A]:
        """Register a workflow that belongs to a workspace and reports its progress.

        Each start creates a run (`GET /api/v1/runs/{id}`), which ends with the
        workflow.
        """
        shapes = Shapes(function, skip=1)
        run_name = run_name or name

        async def body(workspace_id: Any, run_id: Any, *given: Any) -> None:
            run = UUID(str(run_id)), UUID(str(workspace_id))
            progress = Progress(self._runs, run_name, str(run_id), run)
            args = cast("tuple[*A]", shapes.arguments(given))
            async with progress.running():
                await function(progress, *args)

        self._register(name, body)
        self._tracked.add(name)
        return Tracked(name, run_name, self._engine, self._runs)

    def schedule(self, job: Job, /) -> None:
        """Register a job that runs on schedule, or on request."""

        async def tick(due_at: datetime) -> None:
            await self._scheduler.tick(job.name, due_at)

        async def asked_for(progress: Progress, workspace_id: UUID) -> None:
            await job.function(progress, workspace_id)

        self._scheduler.add(job)
        self.workflow(workflow_of(job.name), tick)
        self._asked_for[job.name] = self.tracked(
            f"{workflow_of(job.name)}.asked-for", asked_for, run_name=job.name
        )

    @property
    def jobs(self) -> Mapping[str, Job]:
        """The scheduled jobs by name."""
        return self._scheduler.jobs

    async def ticks(self) -> dict[str, Tick]:
        """The last tick of each job and its result, by name."""
        return await self._scheduler.ticks()

    async def run_job(
        self, name: str, workspace_id: UUID, *, created_by: UUID | None = None
    ) -> UUID:
        """Run a job in one workspace now, unless it is already running there.

        Returns the run's id. Not inside a transaction.
        """
        asked_for = self._asked_for.get(name)
        if asked_for is None:
            raise NotFoundError("Job", name)
        async with self.lock(f"job:{name}:{workspace_id}"):
            run = await self._runs.ongoing(workspace_id, name)
            if run is not None and await self._engine.is_alive(run.workflow_id):
                return run.id
            if run is not None:
                await self._runs.end_of([run.workflow_id], INTERRUPTED)
            # A manual run also lets the schedule retry the job.
            await self._crashes.forget(ticks_of(name))
            return await asked_for.start(
                workspace_id, workspace_id=workspace_id, created_by=created_by
            )

    async def cancel(self, run_id: UUID, workspace_id: UUID) -> None:
        """End a run and its parts; one that has ended stays as it is."""
        await self._runs.cancel(run_id, workspace_id)

    async def set_aside(self, workspace_id: UUID) -> Sequence[Crash]:
        """Workflows that crashed the process and are not run any more, here or
        everywhere.
        """
        rows = await self._crashes.set_aside()
        return [row for row in rows if row.owner_id in {None, workspace_id}]

    async def is_clock_back(self) -> bool:
        """Whether the clock was set back, and has not caught up."""
        return self.clock_went_back is not None

    async def has_set_aside(self) -> bool:
        """Whether a workflow is set aside, in any workspace."""
        return bool(await self._crashes.set_aside())

    async def try_again(self, id: UUID, workspace_id: UUID) -> None:
        """Resume a workflow that was set aside from its last finished step."""
        workflow_id = await self._crashes.take_back(id, workspace_id)
        await self._runs.reopen(workflow_id)
        if await self._engine.statuses([workflow_id]):
            await self._engine.resume([workflow_id])

    @property
    def clock_went_back(self) -> datetime | None:
        """The time up to which the clock was ahead, if it was set back and has not
        caught up.
        """
        return self._scheduler.clock_went_back

    async def _owner_of(self, one: Left) -> UUID | None:
        if one.name in self._tracked:
            given = await self._engine.arguments(one.id)
            return UUID(str(given[0])) if given else None
        find = self._owners.get(one.name)
        return await find(one.id) if find is not None else None

    def step[*A, R](
        self,
        name: str,
        function: Callable[[*A], Awaitable[R]],
        /,
        *args: *A,
        retry: Retry = ONCE,
    ) -> Awaitable[R]:
        """Run the function once: its result is stored, and returned on replay.

        The result goes through JSON, decoded by the function's return annotation. An
        exception reaches the workflow as `StepFailedError`, now and on replay.

        The step takes its number when it is called, not when it is awaited: steps may
        run in parallel with `durable.together(…)`, as long as the order of the calls is
        always the same. A parallel branch of several steps would break that: give each
        branch one step, or its own workflow. Outside a workflow the function is simply
        called.
        """
        return step(self._engine, name, function, args, retry)

    async def together[R](self, *steps: Awaitable[R]) -> list[R | StepFailedError]:
        """Await several steps in parallel, until each has ended, well or badly.

        Unlike `asyncio.gather`, it does not continue while some are still running, nor
        treat the engine's own signals as results.
        """
        return await all_ended(steps)

    async def sleep(self, seconds: float) -> None:
        """Sleep inside a workflow; a restart does not restart the wait."""
        await self._engine.sleep(seconds)

    @asynccontextmanager
    async def lock(self, name: str) -> AsyncGenerator[None]:
        """Wait for and hold a named lock, across all replicas.

        Used by writers to a server's users: `lock(f"server:{server.id}")`. Inside a
        step or outside durable work, never between the steps of a workflow, never
        inside a transaction, and never nested.
        """
        async with self._locks.hold(name):
            yield

    async def ping(self) -> None:
        """Run a trivial statement on the store; raises `RepositoryError` when that
        fails.
        """
        try:
            async with asyncio.timeout(PING_TIMEOUT.total_seconds()):
                await asyncio.to_thread(self._store.ping)
        except TimeoutError as error:
            raise RepositoryError("the store does not answer") from error

    async def tidy(self) -> None:
        """Delete old workflows, and end runs that were lost."""
        await self._runs.end_interrupted()
        await self._runs.remove_old()
        kept, now = self._timing, utc_now()
        await self._engine.forget(before=now - kept.ticks_kept, prefix=TICK)
        await self._engine.forget(before=now - kept.workflows_kept, prefix=None)
        await self._crashes.tidy()
        await asyncio.to_thread(self._store.shrink)

    def _register(
        self, name: str, function: Callable[..., Coroutine[Any, Any, None]]
    ) -> None:
        async def body(*given: Any) -> None:
            with self._running_here():
                current = self._engine.current or ""
                try:
                    await function(*given)
                    await self._crashes.ended(current)
                except Exception as error:
                    await self._crashes.ended(current)
                    _log_failure(error, workflow=name, id=current)
                    raise failure_of(name, error) from error

        self._engine.add(name, body)

    @contextmanager
    def _running_here(self) -> Generator[None]:
        """Registers the running task, to cancel it when the process is asked to stop.

        A cancelled workflow stays unfinished in the store, and is resumed.
        """
        task = asyncio.current_task()
        if self._stopping or task is None:
            raise asyncio.CancelledError
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)


async def _finish(tasks: Collection[asyncio.Task[Any]], limit: timedelta) -> None:
    if not tasks:
        return
    _, running = await asyncio.wait(tuple(tasks), timeout=limit.total_seconds())
    for task in running:
        task.cancel()
    if running:
        await asyncio.wait(running)


def _log_failure(error: Exception, **what: object) -> None:
    """Failures of media servers and expected errors are logged without a traceback."""
    expected = isinstance(error, ZondarrError)
    if expected and error.error_code != ZondarrError.code:
        log.warning("workflow failed", code=error.error_code, **what)
    else:
        log.error("workflow failed", exc_info=error, **what)
