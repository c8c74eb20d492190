"""The scheduled jobs."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from zondarr.container import Container
from zondarr.core.durable import Every, Job, Progress
from zondarr.core.rate_limits.limiter import sweep_limits
from zondarr.jobs.backups import backup_job
from zondarr.requests.sync.daily import DailyRequestSync

HOUR = timedelta(hours=1)


def schedule(container: Container) -> None:
    """Register every job; before durable work starts."""
    for job in _jobs(container):
        container.durable.schedule(job)


def _jobs(container: Container) -> Iterator[Job]:
    yield container.access_end.job()
    yield container.health_checks.job()
    yield container.sync_workflow.job()
    yield container.daily_sync.job()
    yield DailyRequestSync(container.request_syncs).job()
    yield container.redemptions.job()
    yield container.retry_job.job()
    yield container.leftovers.job()
    yield container.acceptance_poll.job()
    yield _tidying(container)
    if container.settings.is_sqlite and container.settings.backup_days:
        yield backup_job(container.settings)


def _tidying(container: Container) -> Job:
    async def tidy(_progress: Progress, _workspace_id: UUID | None) -> None:
        await container.durable.tidy()
        await container.redemptions.forget_keys()
        await container.sessions.sweep()
        await container.plex_sign_ins.sweep()
        await sweep_limits(container.database)
        await container.database.learn_sizes()

    return Job(
        name="tidy_up",
        description="Forgets what ended long ago, and closes runs that were lost.",
        every=Every(HOUR),
        function=tidy,
    )
