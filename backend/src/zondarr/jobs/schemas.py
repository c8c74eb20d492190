"""The response bodies of jobs; the body of a run is in `core.durable.schemas`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from zondarr.core.durable import Job, Run, RunStatus
from zondarr.core.durable.models import Crash, Tick
from zondarr.core.schemas import Page, ResponseBody


class LastRun(ResponseBody, kw_only=True, frozen=True):
    """The last run of a job. `run_id` is null if the schedule started it."""

    status: RunStatus
    started_at: datetime | None
    finished_at: datetime | None
    error_code: str | None
    run_id: UUID | None

    @classmethod
    def of(cls, run: Run | Tick) -> Self:
        run_id = run.id if isinstance(run, Run) else None
        return cls.from_row(run, run_id=run_id)


class JobResponse(ResponseBody, kw_only=True, frozen=True):
    """`schedule` is a text such as `every 6 hours`; `next_at` is the next scheduled
    time.
    """

    name: str
    description: str
    schedule: str
    next_at: datetime
    last_run: LastRun | None

    @classmethod
    def of(cls, job: Job, last: Run | Tick | None, now: datetime) -> Self:
        return cls.from_row(
            job,
            schedule=str(job.every),
            next_at=job.every.next(now),
            last_run=None if last is None else LastRun.of(last),
        )


class SetAsideWork(ResponseBody, kw_only=True, frozen=True):
    """Work that crashed the process several times, so that it is not run any more."""

    id: UUID
    name: str
    crashes: int
    set_aside_at: datetime | None

    @classmethod
    def of(cls, crash: Crash) -> Self:
        return cls.from_row(crash, crashes=crash.count)


class JobPage(Page[JobResponse], kw_only=True, frozen=True):
    """`clock_ahead_until` is null unless the clock was set back: until then, jobs count
    as run in the future.
    """

    items: Sequence[JobResponse]
    set_aside: Sequence[SetAsideWork]
    clock_ahead_until: datetime | None


class RunStarted(ResponseBody, kw_only=True, frozen=True):
    """Its progress is at `/api/v1/runs/{run_id}`."""

    run_id: UUID
