"""Syncs each workspace's Seerr once a day, at the hour of its catalogue.

A sync of the whole catalogue reads Seerr too. This job is for workspaces without media
servers, and for those whose catalogue was not read.
"""

from datetime import timedelta
from uuid import UUID

from zondarr.catalogue.daily import is_due
from zondarr.catalogue.settings import DEFAULT_SYNC_HOUR, SYNC_HOUR
from zondarr.core.actor import Actor
from zondarr.core.clock import utc_now
from zondarr.core.durable import Every, Job, Progress
from zondarr.requests.connection.repository import RequestServerRepository
from zondarr.requests.exceptions import NotConnectedError
from zondarr.requests.sync.workflow import RequestSyncs
from zondarr.settings.repository import SettingRepository

JOB = "sync_requests"
LOOK = timedelta(minutes=10)


class DailyRequestSync:
    def __init__(self, syncs: RequestSyncs) -> None:
        self.syncs = syncs

    def job(self) -> Job:
        return Job(
            name=JOB,
            description="Begins to read the requests of each workspace at the hour of"
            " its catalogue.",
            every=Every(LOOK),
            function=self._start,
        )

    async def _start(self, progress: Progress, workspace_id: UUID | None) -> None:
        """Start syncs that are due, or that of one workspace if requested."""
        due = [workspace_id] if workspace_id else await self._due_workspaces()
        started = 0
        for each in due:
            try:
                await self.syncs.start(Actor.job(JOB, workspace_id=each))
            except NotConnectedError:
                continue
            started += 1
        await progress.report(message=f"{started} syncs started")

    async def _due_workspaces(self) -> list[UUID]:
        database, now = self.syncs.database, utc_now()
        async with database.unscoped("background job", reading=True) as session:
            hours = await SettingRepository(session).everywhere(SYNC_HOUR.name)
            starts = await RequestServerRepository(session).starts()
        return [
            workspace_id
            for workspace_id, last in starts
            if is_due(
                workspace_id,
                hours.get(workspace_id, DEFAULT_SYNC_HOUR),
                last=last,
                now=now,
            )
        ]
