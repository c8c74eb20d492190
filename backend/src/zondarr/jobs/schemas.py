"""The bodies of jobs and runs; a run's own shape is `core.durable.schemas`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from zondarr.core.durable import Job, Run, RunStatus
from zondarr.core.durable.models import Tick
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


class JobPage(Page[JobResponse], kw_only=True, frozen=True):
    items: Sequence[JobResponse]


class RunStarted(ResponseBody, kw_only=True, frozen=True):
    """Follow it at `/api/v1/runs/{run_id}`."""

    run_id: UUID
