"""The bodies of jobs and runs; a run's own shape is `core.durable.schemas`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from zondarr.core.durable import Job, Run, RunStatus
from zondarr.core.durable.models import Crash, Tick
from zondarr.core.schemas import Page, ResponseBody


class LastRun(ResponseBody, kw_only=True, frozen=True):
    """How a job went last time. `run_id` is null when it was the schedule's turn."""

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
    """`schedule` is in words; `next_at` is when the schedule has it do so next."""

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
    """Work that the process died of several times, so that it is not run any more."""

    id: UUID
    name: str
    crashes: int
    set_aside_at: datetime | None

    @classmethod
    def of(cls, crash: Crash) -> Self:
        return cls.from_row(crash, crashes=crash.count)


class JobPage(Page[JobResponse], kw_only=True, frozen=True):
    """`clock_ahead_until` is null unless the clock went back: jobs ran at times that
    are still to come, until then."""

    items: Sequence[JobResponse]
    set_aside: Sequence[SetAsideWork]
    clock_ahead_until: datetime | None


class RunStarted(ResponseBody, kw_only=True, frozen=True):
    """Follow it at `/api/v1/runs/{run_id}`."""

    run_id: UUID
