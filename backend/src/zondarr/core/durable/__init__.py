"""Work that survives a crash: workflows, steps, schedules, and their runs.

    redeem = durable.workflow("invitations.redeem", self.redeem)   # once, before start
    await redeem.start(redemption.id, id=redemption.id)            # twice is once

    async def redeem(self, redemption_id: UUID) -> None:           # runs to its end, or
        account = await self.durable.step("create", self.create, redemption_id)  # again

It is built on DBOS Transact, which nothing outside this package imports. An interrupted
workflow starts again from the top on this or another replica, with the recorded results
of the finished steps; so it must call the same steps in the same order, and do
everything else that matters inside steps.

Three rules for authors of workflows:
- A step can run twice (the process may die between its end and its record).
- Arguments and results of workflows and steps are stored, as JSON: none is secret.
- Parts of the program (services, clients) are bound to the function, not arguments.
"""

from zondarr.core.durable.errors import (
    StepFailedError,
    WorkCancelledError,
    WorkStoppedError,
)
from zondarr.core.durable.events import Event, Events, RunEvent
from zondarr.core.durable.locks import Lock
from zondarr.core.durable.models import Run, RunStatus
from zondarr.core.durable.runs import Progress
from zondarr.core.durable.schedule import Every, Job
from zondarr.core.durable.steps import Retry
from zondarr.core.durable.timing import Timing
from zondarr.core.durable.work import Durable
from zondarr.core.durable.workflows import About, Tracked, Workflow

__all__ = [
    "About",
    "Durable",
    "Event",
    "Events",
    "Every",
    "Job",
    "Lock",
    "Progress",
    "Retry",
    "Run",
    "RunEvent",
    "RunStatus",
    "StepFailedError",
    "Timing",
    "Tracked",
    "WorkCancelledError",
    "WorkStoppedError",
    "Workflow",
]
