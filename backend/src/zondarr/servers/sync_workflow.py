"""Syncs as durable workflows, on request and on schedule; one at a time per server."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from zondarr.core.actor import Actor
from zondarr.core.database import Database
from zondarr.core.durable import Durable, Every, Job, Progress
from zondarr.servers.repository import MediaServerRepository
from zondarr.servers.service import MediaServerService, check_enabled

JOB = "sync_servers"
INTERVAL = timedelta(hours=6)


class SyncWorkflow:
    """Starts syncs; one object per process.

    `service_for` builds the service for an actor.
    """

    def __init__(
        self,
        database: Database,
        durable: Durable,
        service_for: Callable[[Actor], MediaServerService],
    ) -> None:
        self.database = database
        self.durable = durable
        self.service_for = service_for
        self.workflow = durable.tracked("servers.sync", self._sync)

    async def start(
        self, server_id: UUID, actor: Actor, *, accept_missing: bool = False
    ) -> UUID:
        """Start a sync and return its run's id; not inside a transaction."""
        check_enabled(await self.service_for(actor).get(server_id))
        return await self.workflow.start(
            actor.workspace_id,
            server_id,
            accept_missing,
            workspace_id=actor.workspace_id,
            created_by=actor.account_id,
        )

    def job(self) -> Job:
        return Job(
            name=JOB,
            description="Compares the servers' libraries and accounts with what is"
            + " known here.",
            every=Every(INTERVAL),
            function=self._start_all,
        )

    async def _start_all(self, progress: Progress, workspace_id: UUID | None) -> None:
        """Start a sync of every enabled server."""
        async with self.database.unscoped("background job", reading=True) as session:
            servers = await MediaServerRepository(session).get_enabled(workspace_id)
        for server in servers:
            await self.workflow.start(
                server.workspace_id, server.id, False, workspace_id=server.workspace_id
            )
        await progress.report(message=f"{len(servers)} syncs started")

    async def _sync(
        self,
        progress: Progress,
        workspace_id: UUID,
        server_id: UUID,
        accept_missing: bool = False,
    ) -> None:
        """The workflow."""
        await progress.report(message="Asking the server")
        summary = await self.durable.step(
            "sync", self._sync_server, workspace_id, server_id, accept_missing
        )
        await progress.report(message=summary)

    async def _sync_server(
        self, workspace_id: UUID, server_id: UUID, accept_missing: bool
    ) -> str:
        servers = self.service_for(Actor.job(JOB, workspace_id=workspace_id))
        async with self.durable.lock(f"sync:{server_id}"):
            return str(await servers.sync(server_id, accept_missing=accept_missing))
