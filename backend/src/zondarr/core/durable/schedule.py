"""Scheduled jobs.

Each tick of a job runs once, on the first replica that claims it. A job that was due
while no process ran is caught up once, however often it was missed; a job that is still
running when it is due again skips that tick.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog

from zondarr.core.clock import utc_now
from zondarr.core.database import Database
from zondarr.core.durable.crashes import Crashes
from zondarr.core.durable.engine import UNFINISHED, Engine
from zondarr.core.durable.models import RunStatus, Tick
from zondarr.core.durable.repository import CLOCKS_DIFFER, TickRepository
from zondarr.core.durable.runs import INTERRUPTED, Progress, Runs
from zondarr.core.durable.schedule_ids import tick_id, ticks_of
from zondarr.core.exceptions import RepositoryError, ZondarrError

LONGEST_SLEEP = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
_UNITS = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
    ("second", timedelta(seconds=1)),
)

log: structlog.stdlib.BoundLogger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Every:
    """A period in seconds, counted from midnight UTC plus an offset."""

    interval: timedelta
    offset: timedelta = timedelta(0)

    def last(self, now: datetime) -> datetime:
        """The latest time up to now at which it was due."""
        start = EPOCH + self.offset
        return start + (now - start) // self.interval * self.interval

    def next(self, now: datetime) -> datetime:
        return self.last(now) + self.interval

    def __str__(self) -> str:
        """As text: every minute, every 6 hours, every day at 03:30 UTC."""
        name, unit = next(one for one in _UNITS if not self.interval % one[1])
        number = self.interval // unit
        words = f"every {name}" if number == 1 else f"every {number} {name}s"
        if name != "day":
            return words
        return f"{words} at {EPOCH + self.offset:%H:%M} UTC"


type JobFunction = Callable[[Progress, UUID | None], Awaitable[None]]
"""Runs the job in one workspace, or in all of them if None."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """Work that runs on schedule, or on request."""

    name: str
    description: str
    every: Every
    function: JobFunction
    at_start: bool = False
    """Run also at process start, whenever it ran last."""


class Scheduler:
    """Starts due jobs."""

    def __init__(
        self, database: Database, engine: Engine, runs: Runs, crashes: Crashes
    ) -> None:
        self._database = database
        self._crashes = crashes
        self.clock_ahead_until: datetime | None = None
        """The clock was ahead until then, and was set back since."""
        self._engine = engine
        self._runs = runs
        self.jobs: dict[str, Job] = {}

    def add(self, job: Job) -> None:
        self.jobs[job.name] = job

    async def ticks(self) -> dict[str, Tick]:
        """The last tick of each job, and its result."""
        async with self._database.unscoped("durable work", reading=True) as session:
            return await TickRepository(session).by_name()

    async def keep(self) -> None:
        """Start due jobs while this process lives; never returns."""
        started: set[str] = set()
        while True:
            try:
                await self._begin_due(started)
            except RepositoryError:
                log.warning("schedule waits: the database does not answer")
            except Exception:
                # Any exception: the schedule must continue.
                log.exception("schedule failed")
            await asyncio.sleep(self._until_next())

    async def tick(self, name: str, due_at: datetime) -> None:
        """The workflow of one tick of one job."""
        job, workflow_id = self.jobs[name], self._engine.current or ""
        if not await self._take(name, due_at, workflow_id):
            log.info("job left out: the one before still runs", job=name)
            return
        try:
            await job.function(Progress(self._runs, name, workflow_id), None)
        except Exception as error:
            code = error.error_code if isinstance(error, ZondarrError) else None
            await self._end(workflow_id, RunStatus.FAILED, code or ZondarrError.code)
            raise
        await self._end(workflow_id, RunStatus.SUCCEEDED, None)

    async def _begin_due(self, started: set[str]) -> None:
        now, ticks = utc_now(), await self.ticks()
        aside = {row.key for row in await self._crashes.set_aside()}
        for name, job in self.jobs.items():
            at_start = job.at_start and name not in started
            due_at = now if at_start else job.every.last(now)
            started.add(name)
            if ticks_of(name) not in aside and await self._is_due(
                ticks.get(name), due_at, now
            ):
                await self._begin(name, due_at)

    async def _is_due(self, last: Tick | None, due_at: datetime, now: datetime) -> bool:
        if last is None or last.due_at < due_at:
            return True
        if last.due_at > now + CLOCKS_DIFFER:
            await self._note_clock(last)
            return True
        # An interrupted tick of another version, which cannot be resumed.
        return last.due_at == due_at and last.error_code == INTERRUPTED

    async def _note_clock(self, last: Tick) -> None:
        """Delete ticks in the future and their workflows: their ids will be needed
        again.
        """
        log.error("the clock went back", job=last.name, tick=last.due_at.isoformat())
        self.clock_ahead_until = max(self.clock_ahead_until or EPOCH, last.due_at)
        await self._engine.forget(before=FOREVER, prefix=ticks_of(last.name))

    @property
    def clock_went_back(self) -> datetime | None:
        """The time up to which the clock was ahead, while that lies in the future."""
        until = self.clock_ahead_until
        return until if until is not None and until > utc_now() else None

    async def _begin(self, name: str, due_at: datetime) -> None:
        await self._engine.start(workflow_of(name), tick_id(name, due_at), (due_at,))

    async def _take(self, name: str, due_at: datetime, workflow_id: str) -> bool:
        ended = await self._ended_of(name)
        async with self._database.unscoped("durable work") as session:
            ticks = TickRepository(session)
            return await ticks.claim(name, due_at, workflow_id, ended=ended)

    async def _ended_of(self, name: str) -> str | None:
        """The workflow of the last tick, if it ended without storing its result."""
        last = (await self.ticks()).get(name)
        if last is None or last.status is not RunStatus.RUNNING:
            return None
        known = await self._engine.statuses([last.workflow_id])
        gone = known.get(last.workflow_id) not in UNFINISHED
        return last.workflow_id if gone else None

    async def _end(self, workflow_id: str, status: RunStatus, code: str | None) -> None:
        async with self._database.unscoped("durable work") as session:
            await TickRepository(session).end(workflow_id, status, code)

    def _until_next(self) -> float:
        now = utc_now()
        waits = [job.every.next(now) - now for job in self.jobs.values()]
        return min([LONGEST_SLEEP, *waits]).total_seconds()


def workflow_of(job: str) -> str:
    return f"jobs.{job}"
