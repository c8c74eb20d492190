"""Replicas, runs and the ticks of scheduled jobs."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from zondarr.core.clock import utc_now
from zondarr.core.models import Entity, WorkspaceOwned


class RunStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


ONGOING = (RunStatus.QUEUED, RunStatus.RUNNING)


class Replica(Entity):
    """A running process; its id is its executor id, new at each start."""

    __tablename__ = "replicas"

    seen_at: Mapped[datetime] = mapped_column(default=utc_now)


class Run(WorkspaceOwned, Entity):
    """Long work in a workspace, and its progress."""

    __tablename__ = "runs"
    cached: ClassVar = False
    __table_args__ = (Index(None, "workspace_id", "created_at", "id"),)

    name: Mapped[str] = mapped_column(String(64))
    status: Mapped[RunStatus] = mapped_column(default=RunStatus.QUEUED)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    message: Mapped[str | None] = mapped_column(String(300))
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error_code: Mapped[str | None] = mapped_column(String(64))
    detail: Mapped[str | None] = mapped_column(String(500))
    created_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL")
    )
    workflow_id: Mapped[str] = mapped_column(String(128))
    """The run ends with this workflow; if the workflow is gone, it was interrupted."""
    subject_id: Mapped[UUID | None]
    subject: Mapped[str | None] = mapped_column(String(100))
    """What it is about: the id and the name of a server, for example."""
    step: Mapped[str | None] = mapped_column(String(64))
    step_started_at: Mapped[datetime | None]
    """`done` and `total` count within this step, if the run has steps."""
    parts: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    """The ids of the runs that it consists of."""


class Crash(Entity):
    """How often the process died while a workflow was running.

    `key` is the workflow's id; all ticks of a job count as one. After some crashes it
    is set aside: it is not run until somebody retries it.
    """

    __tablename__ = "workflow_crashes"

    key: Mapped[str] = mapped_column(String(160), unique=True)
    workflow_id: Mapped[str] = mapped_column(String(128))
    name: Mapped[str] = mapped_column(String(128))
    owner_id: Mapped[UUID | None]
    """The workspace that the work belongs to; None for all."""
    count: Mapped[int] = mapped_column(default=0)
    set_aside_at: Mapped[datetime | None]


class Tick(Entity):
    """The last time a scheduled job was due, over all workspaces; one row per job.

    It stores when and with what result, no details: it is visible to every workspace.
    """

    __tablename__ = "ticks"

    name: Mapped[str] = mapped_column(String(64), unique=True)
    due_at: Mapped[datetime]
    status: Mapped[RunStatus] = mapped_column(default=RunStatus.RUNNING)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    error_code: Mapped[str | None] = mapped_column(String(64))
    workflow_id: Mapped[str] = mapped_column(String(128))
