"""The job `check_servers`: asks each server for its state.

All servers are asked at the same time and each answer is stored when it comes, so a
slow server delays only its own. An outage changes the state and nothing else.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

import structlog

from zondarr.core.actor import Actor
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database, Session
from zondarr.core.durable import Every, Job, Progress
from zondarr.core.exceptions import ZondarrError
from zondarr.media.registry import ClientRegistry
from zondarr.servers.connections import Connections
from zondarr.servers.models import MediaServer, ServerState
from zondarr.servers.repository import MediaServerRepository
from zondarr.servers.rounds import Stop, for_each_server

log = structlog.get_logger(__name__)

JOB = "check_servers"
INTERVAL = timedelta(minutes=3)
TIME_LIMIT = timedelta(seconds=45)
"""For one server, retries included. A round ends before the next one is due."""
OWN_TIME = timedelta(seconds=15)
"""For storing the result, after the server's time is over."""


class ServerHealthChecks:
    """The job `check_servers`; one object per process."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        registry: ClientRegistry,
        *,
        time_limit: timedelta = TIME_LIMIT,
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.registry = registry
        self.time_limit = time_limit

    def job(self) -> Job:
        return Job(
            name=JOB,
            description="Asks every server how it is.",
            every=Every(INTERVAL),
            function=self._run,
            at_start=True,
        )

    async def _run(self, progress: Progress, workspace_id: UUID | None) -> None:
        await progress.report(message=await self.check(workspace_id))

    async def check(self, workspace_id: UUID | None = None) -> str:
        """Ask the servers of one workspace, or of all; counts them by state."""
        ended = await for_each_server(
            self.database,
            partial(_enabled_servers, workspace_id),
            self._check,
            job=JOB,
            time_limit=self.time_limit + OWN_TIME,
        )
        return _summary(ended.results)

    async def _check(self, stop: Stop[MediaServer], actor: Actor) -> ServerState:
        server = stop.task
        work = partial(self.database.scoped, stop.workspace_id)
        connections = Connections(work, self.keyring, self.registry)
        before = server.state
        try:
            await connections.identify(server, time_limit=self.time_limit)
        except ZondarrError as error:
            log.debug("check failed", server_id=str(server.id), code=error.error_code)
        if server.state is not before:
            log.info(
                "server state changed",
                server_id=str(server.id),
                before=before.value,
                now=server.state.value,
                actor=actor.label,
            )
        return server.state


async def _enabled_servers(
    workspace_id: UUID | None, session: Session
) -> list[Stop[MediaServer]]:
    found = await MediaServerRepository(session).get_enabled(workspace_id)
    return [Stop(server.workspace_id, server.id, server) for server in found]


def _summary(states: Sequence[ServerState]) -> str:
    counts = Counter(states)
    parts = [f"{counts[state]} {state.value}" for state in ServerState if counts[state]]
    return ", ".join(parts) or "no server to ask"
