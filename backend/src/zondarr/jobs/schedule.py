"""What comes round by the clock."""

from collections.abc import Iterator
from uuid import UUID

from zondarr.core.durable import Durable, Every, Job, Progress
from zondarr.wiring import Program

HOUR = 3600


def schedule(program: Program) -> None:
    """Register every job; before durable work begins."""
    for job in _jobs(program):
        program.durable.schedule(job)


def _jobs(program: Program) -> Iterator[Job]:
    yield program.access_end.job()
    yield program.server_checks.job()
    yield program.syncs.job()
    yield _tidying(program.durable)


def _tidying(durable: Durable) -> Job:
    async def tidy(_progress: Progress, _workspace_id: UUID | None) -> None:
        await durable.tidy()

    return Job(
        name="tidy_up",
        description="Forgets what ended long ago, and closes runs that were lost.",
        every=Every(HOUR),
        function=tidy,
    )
