"""Jobs and runs of a workspace."""

from datetime import datetime
from uuid import UUID

import structlog

from zondarr.core.actor import Actor
from zondarr.core.clock import utc_now
from zondarr.core.database import UnitOfWork
from zondarr.core.durable import Durable, Run, RunStatus
from zondarr.core.durable.models import Tick
from zondarr.core.durable.repository import CLOCKS_DIFFER, RunRepository
from zondarr.core.repository import PageRequest, Slice
from zondarr.jobs.schemas import JobPage, JobResponse, SetAsideWork

log = structlog.get_logger(__name__)


class JobService:
    """Jobs belong to the program; the runs that a workspace requested belong to it."""

    def __init__(self, durable: Durable, open: UnitOfWork, actor: Actor) -> None:
        self.durable = durable
        self.open = open
        self.actor = actor

    async def list_all(self) -> JobPage:
        ticks = await self.durable.ticks()
        async with self.open(reading=True) as session:
            asked_for = await RunRepository(session).last_of_each()
        aside = await self.durable.set_aside(self.actor.workspace_id)
        now = utc_now()
        items = [
            JobResponse.of(job, _later(ticks.get(name), asked_for.get(name), now), now)
            for name, job in self.durable.jobs.items()
        ]
        return JobPage(
            items=items,
            next_cursor=None,
            total=len(items),
            set_aside=[SetAsideWork.of(crash) for crash in aside],
            clock_ahead_until=self.durable.clock_went_back,
        )

    async def try_again(self, id: UUID) -> None:
        """Continue work that was set aside."""
        await self.durable.try_again(id, self.actor.workspace_id)
        log.info("set-aside work tried again", id=str(id), actor=self.actor.label)

    async def run(self, name: str) -> UUID:
        """Run the job in this workspace now; returns the current run if there
        is one.
        """
        actor = self.actor
        log.info("job asked for", job=name, actor=actor.label)
        return await self.durable.run_job(
            name, actor.workspace_id, created_by=actor.account_id
        )

    async def find_runs(
        self, page: PageRequest, *, name: str | None, status: RunStatus | None
    ) -> Slice[Run]:
        async with self.open(reading=True) as session:
            return await RunRepository(session).find(page, name=name, status=status)

    async def get_run(self, id: UUID) -> tuple[Run, list[Run]]:
        """The run, and those it consists of in their order."""
        async with self.open(reading=True) as session:
            runs = RunRepository(session)
            run = await runs.require(id)
            found = await runs.get_by_ids([UUID(part) for part in run.parts])
        return run, sorted(found, key=lambda part: run.parts.index(str(part.id)))

    async def cancel(self, id: UUID) -> None:
        """End a run; what it does stops when it looks next."""
        await self.durable.cancel(id, self.actor.workspace_id)
        log.info("run cancelled", run_id=str(id), actor=self.actor.label)


def _later(tick: Tick | None, run: Run | None, now: datetime) -> Tick | Run | None:
    """A start in the future was noted while the clock was ahead, and is older."""
    if tick is None or run is None:
        return tick or run
    started = run.started_at or run.created_at
    is_later = started > tick.started_at and started <= now + CLOCKS_DIFFER
    return run if is_later else tick
