"""The response body of a run, which is also the body of its events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from zondarr.core.durable.models import Run, RunStatus
from zondarr.core.schemas import Page, ResponseBody


class RunProgress(ResponseBody, kw_only=True, frozen=True):
    """`total` is null while it is unknown."""

    done: int
    total: int | None
    message: str | None


class RunResponse(ResponseBody, kw_only=True, frozen=True):
    id: UUID
    name: str
    status: RunStatus
    progress: RunProgress
    error_code: str | None
    detail: str | None
    created_by: UUID | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    updated_at: datetime

    @classmethod
    def of(cls, run: Run) -> Self:
        return cls.from_row(run, progress=RunProgress.from_row(run))


class RunPage(Page[RunResponse], kw_only=True, frozen=True):
    items: Sequence[RunResponse]
