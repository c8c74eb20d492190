"""Syncs as long work: one a server at a time, followed live, and by the clock."""

from collections.abc import Callable
from uuid import UUID

from zondarr.core.database import Database
from zondarr.core.durable import Durable, Every, Job, Progress
from zondarr.servers.repository import MediaServerRepository
from zondarr.servers.service import MediaServerService, check_enabled

SIX_HOURS = 6 * 3600


class SyncWorkflow:
    """Begins syncs; one object per process.

    `service_of` gives the servers of a workspace.
    """

    def __init__(
        self,
        database: Database,
        durable: Durable,
        service_of: Callable[[UUID], MediaServerService],
    ) -> None:
        self.database = database
        self.durable = durable
        self.service_of = service_of
        self.workflow = durable.tracked("servers.sync", self._sync)

    async def begin(
        self, workspace_id: UUID, server_id: UUID, *, by: UUID | None = None
    ) -> UUID:
        """Begin a sync and give its run's id; not inside a transaction."""
        check_enabled(await self.service_of(workspace_id).get(server_id))
        return await self.workflow.start(
            workspace_id, server_id, workspace_id=workspace_id, created_by=by
        )

    def job(self) -> Job:
        return Job(
            name="sync_servers",
            description="Compares the servers' libraries and accounts with what is"
            + " known here.",
            every=Every(SIX_HOURS),
            function=self._begin_all,
        )

    async def _begin_all(self, progress: Progress, workspace_id: UUID | None) -> None:
        """Begin a sync of every server that is switched on."""
        async with self.database.unscoped("background job", reading=True) as session:
            servers = await MediaServerRepository(session).get_enabled(workspace_id)
        for server in servers:
            await self.workflow.start(
                server.workspace_id, server.id, workspace_id=server.workspace_id
            )
        await progress.report(message=f"{len(servers)} syncs begun")

    async def _sync(
        self, progress: Progress, workspace_id: UUID, server_id: UUID
    ) -> None:
        """The workflow."""
        await progress.report(message="Asking the server")
        told = await self.durable.step("sync", self._ask, workspace_id, server_id)
        await progress.report(message=told)

    async def _ask(self, workspace_id: UUID, server_id: UUID) -> str:
        async with self.durable.lock(f"sync:{server_id}"):
            return str(await self.service_of(workspace_id).sync(server_id))
