"""Durable, workflows and steps."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

from zondarr.core.database import Database


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """Seconds. Tests cut them down."""

    heartbeat: float = 10.0
    dead_after: float = 30.0
    stop: float = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Retry:
    """How often a step is tried before it fails, with the pause doubling each time.

    `when` says whether an exception is worth another try; every one is by default.
    """

    attempts: int = 3
    pause: float = 1.0
    when: Callable[[BaseException], bool] | None = None


class Workflow[*A]:
    """A function that runs to its end once it was started; see `Durable.workflow`."""

    async def start(self, *args: *A, id: UUID | str) -> None:
        """Begin it in the background, here; a second start with the same id is none.

        Returns when the start is stored. Not inside a transaction: whatever the
        workflow needs to see must have been committed.
        """
        raise NotImplementedError

    async def wait(self, id: UUID | str) -> None:
        """Wait until the workflow with that id has ended, however it did."""
        raise NotImplementedError


class Durable:
    """Durable work of this process, of which there is one at a time.

    Register workflows and jobs first; they run while it is entered:

        async with durable: ...
    """

    def __init__(
        self, database: Database, *, data_dir: Path, timing: Timing | None = None
    ) -> None:
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        """Begin, and resume what an earlier process left.

        Raises `ConfigurationError` when another process works on the same SQLite
        database, or when the store cannot be opened.
        """
        raise NotImplementedError

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def workflow[*A](
        self, name: str, function: Callable[[*A], Awaitable[None]], /
    ) -> Workflow[*A]:
        """Register a function as a workflow, under a name that never changes.

        Its arguments are stored as JSON and read back by their annotations (UUID, str,
        int, structs, …). An exception that leaves it ends it as failed, and is logged.
        """
        raise NotImplementedError

    def step[*A, R](
        self,
        name: str,
        function: Callable[[*A], Awaitable[R]],
        /,
        *args: *A,
        retry: Retry | None = None,
    ) -> Awaitable[R]:
        """Do something once: its result is stored and given back when replayed.

        The result goes through JSON, read back by the function's return annotation. An
        exception reaches the workflow as `StepFailedError`, now and on replay.

        The step takes its number when it is called, not when it is awaited: steps of
        several servers may run side by side with `asyncio.gather(*(durable.step(…) for
        …))`, as long as the order of the calls is the same each time. Branches of
        several steps each are no good: give each branch one step, or its own workflow.
        Outside a workflow the function is just called.
        """
        raise NotImplementedError

    async def sleep(self, seconds: float) -> None:
        """Sleep inside a workflow; a restart does not begin the wait anew."""

    @asynccontextmanager
    async def lane(self, name: str) -> AsyncGenerator[None]:
        """One at a time, across all replicas; others wait their turn.

        For whoever writes to one server's users: `lane(f"server:{server.id}")`. Inside a
        step or outside durable work, never between the steps of a workflow.
        """
        yield

    async def ping(self) -> None:
        """Ask the store something; raises `RepositoryError` when it cannot."""
