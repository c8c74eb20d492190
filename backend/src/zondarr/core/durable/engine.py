"""The adapter for DBOS Transact. No other module imports it.

DBOS is one per process: an instance and a registry in module variables. So one `Engine`
runs at a time; it registers its workflows again at each start.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, override

from dbos import DBOS, DBOSConfig, SetWorkflowID, WorkflowHandleAsync
from sqlalchemy import Engine as SystemDatabase
from structlog.contextvars import bind_contextvars, get_contextvars

from zondarr.core.durable.errors import StepFailedError, WorkStoppedError
from zondarr.core.durable.store import SCHEMA
from zondarr.core.durable.stored import JsonSerializer
from zondarr.core.exceptions import ConfigurationError

APPLICATION = "zondarr"
WORKFLOWS = "3"
"""The version of the workflows' steps. Increased when a workflow changes so that a
running one cannot continue; older versions are not resumed.
"""

THREADS = 16
POLL_INTERVAL = timedelta(seconds=0.05)
BATCH = 500
FAILED = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "CANCELLED"]
UNFINISHED = ("PENDING", "ENQUEUED", "DELAYED")

type Body = Callable[..., Coroutine[Any, Any, None]]

_logger = logging.getLogger("dbos")
_one = threading.Lock()


@dataclass(frozen=True, slots=True)
class Left:
    """A workflow that has not ended."""

    id: str
    name: str
    status: str
    executor: str
    version: str
    updated_at: datetime

    @property
    def is_running(self) -> bool:
        return self.status == "PENDING"


def _apart[**P, R](
    method: Callable[Concatenate[Engine, P], Awaitable[R]],
) -> Callable[Concatenate[Engine, P], Coroutine[Any, Any, R]]:
    """Run the call outside the calling workflow.

    Otherwise DBOS would record the result as one of its steps, and a started workflow
    as its child.
    """

    @wraps(method)
    async def apart(self: Engine, *args: P.args, **kwargs: P.kwargs) -> R:
        if not self.running:
            raise WorkStoppedError("Durable work is not running.")
        context = get_contextvars()

        async def call() -> R:
            bind_contextvars(**context)
            return await method(self, *args, **kwargs)

        return await asyncio.create_task(call(), context=Context())

    return apart


class Engine:
    """Starts, stops and queries DBOS."""

    def __init__(self, executor_id: str, version: str = WORKFLOWS) -> None:
        self.executor_id = executor_id
        self.version = version
        self._bodies: dict[str, Body] = {}
        self._registered: dict[str, Body] = {}
        self.running = False

    def add(self, name: str, body: Body) -> None:
        if self.running or name in self._bodies:
            raise WorkStoppedError(f"The workflow {name} was registered late or twice.")
        self._bodies[name] = body

    def launch(self, url: str, database: SystemDatabase) -> None:
        """On the application's loop: that is where workflows will run."""
        if not _one.acquire(blocking=False):
            raise WorkStoppedError("There is durable work in this process already.")
        _quieten()
        try:
            DBOS(config=_configuration(self, url, database))
            for name, body in self._bodies.items():
                self._registered[name] = DBOS.workflow(name=name)(body)
            DBOS.launch()
        except Exception as error:
            DBOS.destroy(destroy_registry=True)
            _one.release()
            raise ConfigurationError(
                f"The store of durable work cannot be used: {error}"
            ) from error
        self.running = True

    async def destroy(self) -> None:
        """Stop the threads. Running workflows must have been cancelled before."""
        if not self.running:
            return
        self.running = False
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1) as apart:
            await loop.run_in_executor(apart, _destroy)
        # DBOS installed its own thread pool in the loop, which is gone now.
        loop.set_default_executor(ThreadPoolExecutor(thread_name_prefix="zondarr"))
        _one.release()

    @_apart
    async def start(self, name: str, id: str, arguments: Sequence[Any]) -> None:
        with SetWorkflowID(id):
            await DBOS.start_workflow_async(self._registered[name], *arguments)

    @_apart
    async def statuses(self, ids: Sequence[str]) -> dict[str, str]:
        """The state of the known workflows: PENDING, SUCCESS, ERROR, …"""
        if not ids:
            return {}
        found = await DBOS.list_workflows_async(
            workflow_ids=list(ids), load_input=False, load_output=False
        )
        return {one.workflow_id: one.status for one in found}

    async def is_alive(self, id: str) -> bool:
        """Whether it has not ended."""
        return (await self.statuses([id])).get(id) in UNFINISHED

    @_apart
    async def wait(self, id: str) -> None:
        """Wait until it has ended, with whatever result."""
        handle: WorkflowHandleAsync[None] = await DBOS.retrieve_workflow_async(id)
        with suppress(StepFailedError):
            await handle.get_result(polling_interval_sec=POLL_INTERVAL.total_seconds())

    @_apart
    async def unfinished(self) -> list[Left]:
        """The unfinished workflows of all versions, and their executors."""
        found = await DBOS.list_workflows_async(
            status=list(UNFINISHED), load_input=False, load_output=False
        )
        return [
            Left(
                id=one.workflow_id,
                name=one.name,
                status=one.status,
                executor=one.executor_id or "",
                version=one.app_version or "",
                updated_at=datetime.fromtimestamp((one.updated_at or 0) / 1000, UTC),
            )
            for one in found
        ]

    def can_run(self, one: Left) -> bool:
        """Whether it has our version, and its function exists."""
        return one.version == self.version and one.name in self._registered

    @_apart
    async def arguments(self, id: str) -> Sequence[Any]:
        """Its arguments; None if unknown."""
        found = await DBOS.list_workflows_async(workflow_ids=[id], load_output=False)
        given = found[0].input if found else None
        return given["args"] if given else ()

    @_apart
    async def discard(self, ids: Sequence[str]) -> None:
        """End and delete them, so that the same ids can start again."""
        if ids:
            await DBOS.cancel_workflows_async(list(ids))
            await DBOS.delete_workflows_async(list(ids))

    @_apart
    async def cancel(self, ids: Sequence[str]) -> None:
        """End them and keep their finished steps, so that they can be resumed."""
        if ids:
            await DBOS.cancel_workflows_async(list(ids))

    @_apart
    async def resume(self, ids: Sequence[str]) -> None:
        if ids:
            await DBOS.resume_workflows_async(list(ids))

    @_apart
    async def forget(self, *, before: datetime, prefix: str | None) -> None:
        """Delete workflows that ended before this time."""
        found = None
        while found is None or len(found) == BATCH:
            found = await DBOS.list_workflows_async(
                completed_before=before.isoformat(),
                workflow_id_prefix=prefix,
                limit=BATCH,
                load_input=False,
                load_output=False,
            )
            if found:
                await DBOS.delete_workflows_async([one.workflow_id for one in found])

    @_apart
    async def forget_failed(self, id: str) -> None:
        """Delete a failed workflow, so that it can start again."""
        found = await DBOS.list_workflows_async(
            workflow_ids=[id], status=FAILED, load_input=False, load_output=False
        )
        if found:
            await DBOS.delete_workflows_async([id])

    def step(self, name: str, body: Callable[[], Awaitable[Any]]) -> Awaitable[Any]:
        """Takes the step's number at the call, whenever it is awaited."""

        async def recorded() -> Any:
            return await body()

        return DBOS.reserve_step().run_async({"name": name}, recorded)

    async def sleep(self, seconds: float) -> None:
        await DBOS.sleep_async(seconds)

    @property
    def in_workflow(self) -> bool:
        """Whether the caller is a workflow, outside its steps."""
        return DBOS.workflow_id is not None and DBOS.step_id is None

    @property
    def current(self) -> str | None:
        """The id of the calling workflow."""
        return DBOS.workflow_id


def _configuration(engine: Engine, url: str, database: SystemDatabase) -> DBOSConfig:
    return DBOSConfig(
        name=APPLICATION,
        system_database_url=url,
        system_database_engine=database,
        dbos_system_schema=SCHEMA,
        executor_id=engine.executor_id,
        application_version=engine.version,
        serializer=JsonSerializer(),
        max_executor_threads=THREADS,
        # DBOS's messages, events, streams, cron and queues are not used; those that
        # cannot be turned off poll rarely.
        use_listen_notify=False,
        notification_listener_polling_interval_sec=0.25,
        scheduler_polling_interval_sec=3600.0,
        log_level="WARNING",
    )


def _destroy() -> None:
    DBOS.destroy(destroy_registry=True)


_TOLD = ("Exception encountered in asynchronous", "Asyncio task cancelled")


class _DropKnownFailures(logging.Filter):
    """Drops DBOS's log lines about workflows that failed or were stopped: we log these
    ourselves.
    """

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        return not str(record.msg).startswith(_TOLD)


_told = _DropKnownFailures()


def _quieten() -> None:
    """Redirect its log to ours; without a handler it writes to the console."""
    if not _logger.handlers:
        _logger.addHandler(logging.NullHandler())
    _logger.propagate = True
    _logger.addFilter(_told)
