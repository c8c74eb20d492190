"""The ids of the workflows that are ticks of a job."""

from datetime import datetime

TICK = "tick:"
"""How the ids of ticks begin: they are forgotten sooner than other workflows."""


def tick_id(job: str, due_at: datetime) -> str:
    return f"{TICK}{job}:{due_at.isoformat()}"


def ticks_of(job: str) -> str:
    """How the ids of all ticks of a job begin."""
    return f"{TICK}{job}:"


def crash_key(workflow_id: str) -> str:
    """What the crashes of a workflow are counted by: all ticks of a job are one."""
    if workflow_id.startswith(TICK):
        return ticks_of(workflow_id.removeprefix(TICK).partition(":")[0])
    return workflow_id
