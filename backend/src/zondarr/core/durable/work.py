"""Durable, workflows and steps."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import count
from types import TracebackType
from typing import Any, Self, cast
from uuid import UUID, uuid7

import structlog

from zondarr.core.database import Database
from zondarr.core.durable.engine import Engine
from zondarr.core.durable.errors import StepFailedError
from zondarr.core.durable.lanes import Lanes
from zondarr.core.durable.replicas import Replicas
from zondarr.core.durable.store import Store
from zondarr.core.durable.stored import Shapes, failure_of, plain
from zondarr.core.durable.timing import Timing
from zondarr.core.exceptions import RepositoryError

PING_SECONDS = 2.0

log: structlog.stdlib.BoundLogger = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Retry:
    """How often a step is tried before it fails; the pause doubles up to `longest`.

    `when` says whether an exception is worth another try; every one is by default.
    """

    attempts: int = 3
    pause: float = 1.0
    longest: float = 60.0
    when: Callable[[Exception], bool] | None = None

    def after(self, tries: int, error: Exception) -> float | None:
        """Seconds to wait after so many tries; None when it was the last."""
        if tries >= self.attempts or (self.when is not None and not self.when(error)):
            return None
        return min(self.pause * 2 ** min(tries - 1, 30), self.longest)


ONCE = Retry(attempts=1)


class Workflow[*A]:
    """A function that runs to its end once it was started; see `Durable.workflow`."""

    def __init__(self, name: str, engine: Engine) -> None:
        self.name = name
        self._engine = engine

    async def start(self, *args: *A, id: UUID | str) -> None:
        """Begin it in the background, here; a second start with the same id is none.

        Returns when the start is stored. Not inside a transaction: whatever the
        workflow needs to see must have been committed. Not inside a step either.
        """
        await self._engine.start(self.name, str(id), args)

    async def wait(self, id: UUID | str) -> None:
        """Wait until the workflow with that id has ended, however it did."""
        await self._engine.wait(str(id))


class Durable:
    """Durable work of this process, of which there is one at a time.

    Register workflows and jobs first; they run while it is entered:

        async with durable: ...
    """

    def __init__(self, database: Database, *, timing: Timing | None = None) -> None:
        self.id = uuid7()
        """Names this run of this process, and no other ever."""
        self._timing = timing or Timing()
        self._engine = Engine(str(self.id))
        self._store = Store(database.url)
        self._lanes = Lanes(database)
        self._replicas = Replicas(self.id, database, self._engine, self._timing)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stopping = False

    async def __aenter__(self) -> Self:
        """Begin, and resume what an earlier process left.

        Raises `ConfigurationError` when another process works on the same SQLite
        database, or when the store cannot be opened.
        """
        engine = self._store.open()
        try:
            await self._replicas.join()
            self._engine.launch(self._store.address, engine)
            await self._replicas.begin()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Give running work a moment to end; what does not will be resumed."""
        self._stopping = True
        await self._replicas.end()
        await _finish(self._tasks, self._timing.stop)
        await self._close()
        await self._replicas.leave()

    async def _close(self) -> None:
        await self._engine.destroy()
        await self._lanes.close()
        self._store.close()

    def workflow[*A](
        self, name: str, function: Callable[[*A], Awaitable[None]], /
    ) -> Workflow[*A]:
        """Register a function as a workflow, under a name that never changes.

        Its arguments are stored as JSON and read back by their annotations (UUID, str,
        int, structs, …). An exception that leaves it ends it as failed, and is logged.
        """
        shapes = Shapes(function)

        async def body(*given: Any) -> None:
            with self._tracked():
                try:
                    await function(*cast("tuple[*A]", tuple(shapes.arguments(given))))
                except Exception as error:
                    log.exception(
                        "workflow failed", workflow=name, id=self._engine.current
                    )
                    raise failure_of(name, error) from error

        self._engine.add(name, body)
        return Workflow(name, self._engine)

    def step[*A, R](
        self,
        name: str,
        function: Callable[[*A], Awaitable[R]],
        /,
        *args: *A,
        retry: Retry = ONCE,
    ) -> Awaitable[R]:
        """Do something once: its result is stored and given back when replayed.

        The result goes through JSON, read back by the function's return annotation. An
        exception reaches the workflow as `StepFailedError`, now and on replay.

        The step takes its number when it is called, not when it is awaited: steps of
        several servers may run side by side with `durable.together(…)`, as long as the
        order of the calls is the same each time. A branch of several steps is no good:
        give each branch one step, or its own workflow.
        Outside a workflow the function is just called.
        """
        if not self._engine.in_workflow:
            return function(*args)
        shapes = Shapes(function)

        async def body() -> Any:
            return plain(await _tried(name, function, args, retry))

        return _read(self._engine.step(name, body), shapes)

    async def together[R](self, *steps: Awaitable[R]) -> list[R | StepFailedError]:
        """Await several steps side by side, until each has ended, well or badly.

        Better than `asyncio.gather`, which would go on while some are still running,
        or take the engine's own signals for results.
        """
        tasks = [asyncio.ensure_future(step) for step in steps]
        try:
            if tasks:
                await asyncio.wait(tasks)
        finally:
            for task in tasks:
                task.cancel()
        return [_ended(task) for task in tasks]

    async def sleep(self, seconds: float) -> None:
        """Sleep inside a workflow; a restart does not begin the wait anew."""
        await self._engine.sleep(seconds)

    @asynccontextmanager
    async def lane(self, name: str) -> AsyncGenerator[None]:
        """One at a time, across all replicas; others wait their turn.

        For whoever writes to a server's users: `lane(f"server:{server.id}")`. Inside a
        step or outside durable work, never between the steps of a workflow, never
        inside a transaction, and not one within another.
        """
        async with self._lanes.enter(name):
            yield

    async def ping(self) -> None:
        """Ask the store something; raises `RepositoryError` when it cannot."""
        try:
            async with asyncio.timeout(PING_SECONDS):
                await asyncio.to_thread(self._store.ping)
        except TimeoutError as error:
            raise RepositoryError(
                "the store of durable work does not answer"
            ) from error

    @contextmanager
    def _tracked(self) -> Generator[None]:
        """Keeps the running task, to end it when the process is asked to stop.

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


async def _tried[*A, R](
    name: str, function: Callable[[*A], Awaitable[R]], args: tuple[*A], retry: Retry
) -> R:
    for tries in count(1):
        try:
            return await function(*args)
        except Exception as error:
            pause = retry.after(tries, error)
            if pause is None:
                raise failure_of(name, error) from error
            log.info("step will be tried again", step=name, tries=tries, pause=pause)
        await asyncio.sleep(pause)
    raise AssertionError


async def _read[R](stored: Awaitable[R], shapes: Shapes) -> R:
    return shapes.result(await stored)


def _ended[R](task: asyncio.Future[R]) -> R | StepFailedError:
    error = task.exception()
    return error if isinstance(error, StepFailedError) else task.result()


async def _finish(tasks: set[asyncio.Task[Any]], seconds: float) -> None:
    if not tasks:
        return
    _, running = await asyncio.wait(tuple(tasks), timeout=seconds)
    for task in running:
        task.cancel()
    if running:
        await asyncio.wait(running)
