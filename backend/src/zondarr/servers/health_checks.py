"""How the servers are: the job `check_servers` asks each of them who it is.

All are asked at once and each answer is written down when it comes, so that a slow
server delays nothing but its own; one that takes too long is asked again with the next
round. An outage changes the state and nothing else.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from functools import partial
from uuid import UUID

import structlog

from zondarr.core.crypto import Keyring
from zondarr.core.database import Database
from zondarr.core.durable import Every, Job, Progress
from zondarr.core.exceptions import ZondarrError
from zondarr.media.registry import ClientRegistry
from zondarr.servers.connections import Connections
from zondarr.servers.models import MediaServer, ServerState
from zondarr.servers.repository import MediaServerRepository

log = structlog.get_logger(__name__)

AT_ONCE = 100
PATIENCE = 45.0
"""Seconds for one server, tries included: a round ends before the next one is due."""
EVERY = 180


class ServerHealthChecks:
    """The job `check_servers`; one object per process."""

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
            name="check_servers",
            description="Asks every server how it is.",
            every=Every(EVERY),
            function=self._run,
            at_start=True,
        )

    async def _run(self, progress: Progress, workspace_id: UUID | None) -> None:
        await progress.report(message=await self.check(workspace_id))

    async def check(self, workspace_id: UUID | None = None) -> str:
        """Ask the servers of one workspace, or all; tells how many are how."""
        async with self.database.unscoped("background job", reading=True) as session:
            servers = await MediaServerRepository(session).get_enabled(workspace_id)
        slots = asyncio.Semaphore(AT_ONCE)
        states = await asyncio.gather(*(self._check(one, slots) for one in servers))
        return _summary(states)

    async def _check(
        self, server: MediaServer, slots: asyncio.Semaphore
    ) -> ServerState:
        async with slots:
            return await self._ask(server)

    async def _ask(self, server: MediaServer) -> ServerState:
        work = partial(self.database.scoped, server.workspace_id)
        connections = Connections(work, self.keyring, self.registry)
        before = server.state
        try:
            await connections.look(server, patience=self.patience)
        except ZondarrError as error:
            log.info("check failed", server_id=str(server.id), code=error.error_code)
        if server.state is not before:
            log.info(
                "server state changed",
                server_id=str(server.id),
                before=before.value,
                now=server.state.value,
            )
        return server.state


def _summary(states: Sequence[ServerState]) -> str:
    counts = Counter(states)
    told = [f"{counts[state]} {state.value}" for state in ServerState if counts[state]]
    return ", ".join(told) or "no server to ask"
