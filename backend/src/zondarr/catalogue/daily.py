"""Syncs each workspace's catalogue once a day, at the hour it chose."""

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from zondarr.catalogue.exceptions import NoServersError
from zondarr.catalogue.repository import SyncRepository
from zondarr.catalogue.settings import DEFAULT_SYNC_HOUR, SYNC_HOUR
from zondarr.catalogue.sync_workflow import CatalogueSyncs
from zondarr.core.actor import Actor
from zondarr.core.clock import utc_now
from zondarr.core.durable import Every, Job, Progress
from zondarr.settings.repository import SettingRepository

JOB = "sync_catalogues"
LOOK = timedelta(minutes=10)


class DailySync:
    def __init__(self, syncs: CatalogueSyncs) -> None:
        self.syncs = syncs

    def job(self) -> Job:
        return Job(
            name=JOB,
            description="Begins to read the catalogue of each workspace at the hour"
            " that it chose.",
            every=Every(LOOK),
            function=self._start,
        )

    async def _start(self, progress: Progress, workspace_id: UUID | None) -> None:
        """Start syncs that are due, or that of one workspace if requested."""
        due = [workspace_id] if workspace_id else await self._due_workspaces(utc_now())
        started = 0
        for each in due:
            try:
                await self.syncs.start(Actor.job(JOB, workspace_id=each))
            except NoServersError:
                continue
            started += 1
        await progress.report(message=f"{started} syncs started")

    async def _due_workspaces(self, now: datetime) -> list[UUID]:
        database = self.syncs.database
        async with database.unscoped("background job", reading=True) as session:
            hours = await SettingRepository(session).everywhere(SYNC_HOUR.name)
            starts = await SyncRepository(session).starts()
        oldest: defaultdict[UUID, list[datetime]] = defaultdict(list)
        for server, started_at in starts:
            # A new server is read first in the hour that was chosen.
            oldest[server.workspace_id].append(started_at or server.created_at)
        return [
            workspace_id
            for workspace_id, times in oldest.items()
            if is_due(
                workspace_id,
                hours.get(workspace_id, DEFAULT_SYNC_HOUR),
                last=min(times),
                now=now,
            )
        ]


def is_due(
    workspace_id: UUID, hour: int | None, *, last: datetime, now: datetime
) -> bool:
    """Whether the hour has come since the last sync. Each workspace has its own minute
    in it, so that not all servers are read at once.
    """
    if hour is None:
        return False
    turn = now.replace(hour=hour, minute=workspace_id.int % 60, second=0, microsecond=0)
    if turn > now:
        turn -= timedelta(days=1)
    return last < turn
