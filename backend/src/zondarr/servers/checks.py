"""How the servers are: the job `check_servers` asks each of them who it is.

All are asked at once and each answer is written down when it comes, so that a slow
server delays nothing but its own. An outage changes the state and nothing else.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from functools import partial
from uuid import UUID

import structlog

from zondarr.core.crypto import Keyring
from zondarr.core.database import Database
from zondarr.core.exceptions import ZondarrError
from zondarr.media.registry import ClientRegistry
from zondarr.servers.connections import Connections
from zondarr.servers.models import MediaServer, ServerState
from zondarr.servers.repository import MediaServerRepository

log = structlog.get_logger(__name__)

AT_ONCE = 100


class ServerChecks:
    """The job `check_servers`, over all workspaces; one object per process."""

    def __init__(
        self, database: Database, keyring: Keyring, registry: ClientRegistry
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.registry = registry
        self._asking: set[UUID] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> str:
        """Ask every server that is switched on; one still being asked is left out."""
        async with self.database.unscoped("background job", reading=True) as session:
            servers = await MediaServerRepository(session).get_enabled()
        free = [server for server in servers if server.id not in self._asking]
        return _summary(await asyncio.gather(*map(self._check, free)))

    async def _check(self, server: MediaServer) -> ServerState:
        self._asking.add(server.id)
        try:
            async with self._slots:
                return await self._ask(server)
        finally:
            self._asking.discard(server.id)

    async def _ask(self, server: MediaServer) -> ServerState:
        work = partial(self.database.scoped, server.workspace_id)
        before = server.state
        try:
            await Connections(work, self.keyring, self.registry).look(server)
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
