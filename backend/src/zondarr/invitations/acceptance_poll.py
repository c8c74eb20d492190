"""Guests who were invited to a Plex server, until they have accepted or left.

Only servers on which somebody has yet to accept are asked, all at the same time; one
that hangs keeps no other waiting.
"""

import asyncio
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import structlog

from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database
from zondarr.core.durable import Every, Job, Progress
from zondarr.core.exceptions import ZondarrError
from zondarr.invitations.repository import ProvisioningRepository
from zondarr.media.registry import ClientRegistry
from zondarr.media.throttle import wait_budget
from zondarr.servers.connections import Connections
from zondarr.servers.repository import MediaServerRepository
from zondarr.users.reconcile import reconcile_accounts
from zondarr.users.repository import UserRepository

log = structlog.get_logger(__name__)

EVERY = 180
PATIENCE = 90.0
"""Seconds for one server in one round: a round ends before the next one is due."""


@dataclass(frozen=True, slots=True)
class PollSummary:
    """How many servers were asked, how many failed, and how many guests accepted."""

    servers: int
    failed: int
    accepted: int

    def __str__(self) -> str:
        text = f"servers asked: {self.servers}; guests who accepted: {self.accepted}"
        if self.failed:
            text += f"; servers that failed and are asked again: {self.failed}"
        return text


class AcceptancePoll:
    """The job `follow_shares`; one object per process."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        registry: ClientRegistry,
        *,
        patience: float = PATIENCE,
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.registry = registry
        self.patience = patience

    def job(self) -> Job:
        return Job(
            name="follow_shares",
            description="Sees which guests have accepted a Plex invitation, or left.",
            every=Every(EVERY),
            function=self._run,
        )

    async def _run(self, progress: Progress, workspace_id: UUID | None) -> None:
        await progress.report(message=str(await self.poll(workspace_id)))

    async def poll(self, workspace_id: UUID | None = None) -> PollSummary:
        """Ask where somebody is awaited, in one workspace or all."""
        async with self.database.unscoped("background job", reading=True) as session:
            where = await UserRepository(session).list_servers_awaiting(workspace_id)
        well = await asyncio.gather(*(self._ask(*one) for one in where))
        # Also those that a sync has seen meanwhile.
        async with self.database.unscoped("background job") as session:
            accepted = await ProvisioningRepository(session).note_accepted()
        return PollSummary(len(where), well.count(False), accepted)

    async def _ask(self, workspace_id: UUID, server_id: UUID) -> bool:
        """Whether the server told; if not, it is asked again in the next round."""
        try:
            async with asyncio.timeout(self.patience):
                await self._note(workspace_id, server_id)
        except TimeoutError:
            code = "server_timeout"
        except ZondarrError as error:
            code = error.error_code
        else:
            return True
        log.warning("shares not followed", server_id=str(server_id), code=code)
        return False

    async def _note(self, workspace_id: UUID, server_id: UUID) -> None:
        work = partial(self.database.scoped, workspace_id)
        async with work(reading=True) as session:
            server = await MediaServerRepository(session).get_by_id(server_id)
        if server is None:
            return
        connections = Connections(work, self.keyring, self.registry)
        asked_at = utc_now()
        with wait_budget(self.patience):
            async with connections.talk(server) as client:
                accounts = await client.list_users()
        async with work() as session:
            await reconcile_accounts(session, server_id, accounts, asked_at)
