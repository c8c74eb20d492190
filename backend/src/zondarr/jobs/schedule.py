"""What comes round by the clock."""

from collections.abc import Iterator
from uuid import UUID

from zondarr.core.durable import Every, Job, Progress
from zondarr.core.rate_limits.limiter import sweep_limits
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
    yield program.redemptions.job()
    yield program.retries.job()
    yield program.following.job()
    yield _tidying(program)


def _tidying(program: Program) -> Job:
    async def tidy(_progress: Progress, _workspace_id: UUID | None) -> None:
        await program.durable.tidy()
        await program.redemptions.forget_keys()
        await program.sessions.sweep()
        await program.plex_oauth.sweep()
        await sweep_limits(program.database)

    return Job(
        name="tidy_up",
        description="Forgets what ended long ago, and closes runs that were lost.",
        every=Every(HOUR),
        function=tidy,
    )
