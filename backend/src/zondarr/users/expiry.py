"""The end of access: when an account's time is over, it is disabled on its server.

On the server first, then in our row, so that a crash in between means that it is done
once more. A server that is down is asked again with the next run, and keeps no other
waiting. Who is given another end at the same moment keeps access.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog

from zondarr.core.crypto import Keyring
from zondarr.core.database import Database, UnitOfWork
from zondarr.core.exceptions import ZondarrError
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.protocol import MediaClient
from zondarr.media.registry import ClientRegistry
from zondarr.media.types import Capability
from zondarr.servers.connections import Connections
from zondarr.servers.models import MediaServer
from zondarr.servers.repository import MediaServerRepository
from zondarr.users.models import User
from zondarr.users.repository import IdentityRepository, UserRepository
from zondarr.users.rules import is_due, settle

log = structlog.get_logger(__name__)

OF_THE_ACCOUNT = {ErrorKind.REFUSED, ErrorKind.INVALID, ErrorKind.FAILED}
"""Failures that say nothing of the server's other accounts."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How many accounts' access was ended, and on how many servers it was not."""

    accounts: int
    servers_failed: int

    def __str__(self) -> str:
        text = f"access of {self.accounts} accounts ended"
        if self.servers_failed:
            text += f"; {self.servers_failed} servers failed and are asked again"
        return text


class AccessEnd:
    """The job `end_access`, over all workspaces."""

    def __init__(
        self, database: Database, keyring: Keyring, registry: ClientRegistry
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.registry = registry

    async def run(self, now: datetime) -> Ended:
        """End what is due, on all servers at once."""
        async with self.database.unscoped("background job", reading=True) as session:
            due = await UserRepository(session).list_servers_due(now=now)
        counts = await asyncio.gather(*(self._end_on(*where, now) for where in due))
        return Ended(
            accounts=sum(count or 0 for count in counts),
            servers_failed=sum(count is None for count in counts),
        )

    async def _end_on(
        self, workspace_id: UUID, server_id: UUID, now: datetime
    ) -> int | None:
        """How many ended; nothing if the server failed, which is tried again."""
        work = partial(self.database.scoped, workspace_id)
        ending = ServerEnding(work, Connections(work, self.keyring, self.registry))
        try:
            return await ending.run(server_id, now)
        except ZondarrError as error:
            log.warning(
                "access not ended",
                server_id=str(server_id),
                code=error.error_code,
            )
            return None


class ServerEnding:
    """Ends what is due on one server, one account after the other."""

    def __init__(self, work: UnitOfWork, connections: Connections) -> None:
        self.work = work
        self.connections = connections

    async def run(self, server_id: UUID, now: datetime) -> int:
        server, due = await self._read(server_id, now)
        if server is None or not due or not self._can_disable(server):
            return 0
        async with self.connections.talk(server) as client:
            ended = [await self._end(client, user, now) for user in due]
        return sum(ended)

    async def _read(
        self, server_id: UUID, now: datetime
    ) -> tuple[MediaServer | None, Sequence[User]]:
        async with self.work(reading=True) as session:
            server = await MediaServerRepository(session).get_by_id(server_id)
            return server, await UserRepository(session).get_due(server_id, now=now)

    def _can_disable(self, server: MediaServer) -> bool:
        able = self.connections.registry.get_capabilities(server.server_type)
        return Capability.ENABLE_DISABLE_USER in able

    async def _end(self, client: MediaClient, user: User, now: datetime) -> bool:
        """Disable, then mark; a failure of this account alone spares the others."""
        current = await self._now(user)
        if current is None or not is_due(current, now):
            return False
        try:
            found = await client.set_user_enabled(user.external_user_id, False)
        except MediaClientError as error:
            if error.kind not in OF_THE_ACCOUNT:
                raise
            log.warning("access not ended", user_id=str(user.id), code=error.error_code)
            return False
        if not await self._mark(user, found, now):
            await self._let_in_again(client, user)
            return False
        log.info(
            "access ended",
            user_id=str(user.id),
            identity_id=str(user.identity_id),
            server_id=str(user.media_server_id),
        )
        return True

    async def _now(self, user: User) -> User | None:
        async with self.work(reading=True) as session:
            return await UserRepository(session).get_by_id(user.id)

    async def _mark(self, user: User, found: bool, now: datetime) -> bool:
        """False when the account was given another end, or is gone, meanwhile."""
        async with self.work() as session:
            identities = IdentityRepository(session)
            if await identities.get_locked(user.identity_id) is None:
                return False
            if not await UserRepository(session).end_access(user.id, now=now):
                return False
            identity = await identities.get_locked(user.identity_id)
            for row in identity.users if identity else ():
                if row.id == user.id and not found:
                    row.missing_since = row.missing_since or now
            if identity is not None:
                settle(identity)
        return True

    async def _let_in_again(self, client: MediaClient, user: User) -> None:
        """An operator was faster: what we did on the server is taken back."""
        current = await self._now(user)
        if current is not None and current.enabled and current.access_ended_at is None:
            await client.set_user_enabled(user.external_user_id, True)
