"""The job `back_up`: a copy of SQLite's files every day."""

import asyncio
from datetime import timedelta
from uuid import UUID

from zondarr.config import Settings
from zondarr.core.backup import Files, back_up, forget_older
from zondarr.core.clock import utc_now
from zondarr.core.durable import Every, Job, Progress

DAY = timedelta(days=1)
AT = timedelta(hours=3, minutes=40)


def backup_job(settings: Settings) -> Job:
    async def run(progress: Progress, _workspace_id: UUID | None) -> None:
        files, folder, now = (
            Files.of(settings.database_url),
            settings.backup_folder,
            utc_now(),
        )
        copies = await asyncio.to_thread(back_up, files, folder, now)
        keep = timedelta(days=settings.backup_days)
        removed = await asyncio.to_thread(forget_older, folder, now, keep)
        size = sum(each.stat().st_size for each in copies)
        copy = f"{copies[0].parent.name}, {size >> 20} MiB"
        await progress.report(message=f"{copy}; {removed} older removed")

    return Job(
        name="back_up",
        description="Copies the databases into the folder backups, and removes copies"
        f" that are older than {settings.backup_days} days.",
        every=Every(DAY, AT),
        function=run,
    )
