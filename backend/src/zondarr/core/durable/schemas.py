"""The response body of a run, which is also the body of its events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from zondarr.core.durable.models import Run, RunStatus
from zondarr.core.schemas import Page, ResponseBody


class RunProgress(ResponseBody, kw_only=True, frozen=True):
    """`total` is null while it is unknown.

    In a run with steps `done` and `total` count within `step`; `rate` is how many a
    second, and `seconds_left` what is left of the step at that rate.
    """

    done: int
    total: int | None
    message: str | None
    step: str | None
    rate: float | None
    seconds_left: int | None

    @classmethod
    def of(cls, run: Run) -> Self:
        rate = _rate(run)
        left = None if rate is None or run.total is None else run.total - run.done
        seconds = None if not rate or left is None else max(0, round(left / rate))
        return cls.from_row(run, rate=rate, seconds_left=seconds)


def _rate(run: Run) -> float | None:
    if run.step_started_at is None or run.finished_at is not None or not run.done:
        return None
    seconds = (run.updated_at - run.step_started_at).total_seconds()
    return round(run.done / seconds, 1) if seconds > 0 else None


class RunPart(ResponseBody, kw_only=True, frozen=True):
    """A run that is part of another one: of one server, for example."""

    id: UUID
    subject_id: UUID | None
    subject: str | None
    status: RunStatus
    progress: RunProgress
    error_code: str | None
    detail: str | None
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, run: Run) -> Self:
        return cls.from_row(run, progress=RunProgress.of(run))


class RunResponse(ResponseBody, kw_only=True, frozen=True):
    """`parts` are told where one run is asked for; lists and events leave them out."""

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
    subject_id: UUID | None
    subject: str | None
    parts: Sequence[RunPart]

    @classmethod
    def of(cls, run: Run, parts: Sequence[Run] = ()) -> Self:
        shown = [RunPart.of(part) for part in parts]
        return cls.from_row(run, progress=RunProgress.of(run), parts=shown)


class RunPage(Page[RunResponse], kw_only=True, frozen=True):
    items: Sequence[RunResponse]
