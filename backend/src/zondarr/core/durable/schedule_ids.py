"""The workflow ids of a job's ticks."""

from datetime import datetime

TICK = "tick:"
"""Prefix of the ids of ticks: they are deleted sooner than other workflows."""


def tick_id(job: str, due_at: datetime) -> str:
    return f"{TICK}{job}:{due_at.isoformat()}"


def ticks_of(job: str) -> str:
    """The prefix of all ticks of a job."""
    return f"{TICK}{job}:"


def crash_key(workflow_id: str) -> str:
    """The key that crashes of a workflow are counted by: all ticks of a job
    share one.
    """
    if workflow_id.startswith(TICK):
        return ticks_of(workflow_id.removeprefix(TICK).partition(":")[0])
    return workflow_id
