"""Opens clients for stored servers.

The key is decrypted for the moment of use, and the server's state is stored afterwards.
No transaction is open while a server is called.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring, place_of
from zondarr.core.database import UnitOfWork
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.protocol import MediaClient
from zondarr.media.registry import ClientRegistry
from zondarr.media.types import Connection, ServerInfo
from zondarr.servers.models import MediaServer, ServerState
from zondarr.servers.repository import MediaServerRepository

REWRITE_AFTER = timedelta(seconds=30)
"""An unchanged state is not stored again within this time."""

_STATES: dict[ErrorKind, ServerState] = {
    ErrorKind.UNREACHABLE: ServerState.UNREACHABLE,
    ErrorKind.NOT_THIS_TYPE: ServerState.UNREACHABLE,
    ErrorKind.STARTING: ServerState.STARTING,
    ErrorKind.UNAUTHORIZED: ServerState.UNAUTHORIZED,
    ErrorKind.REPLACED: ServerState.IDENTITY_CHANGED,
    ErrorKind.TAKEN: ServerState.OK,
    ErrorKind.GONE: ServerState.OK,
}


def connect(server: MediaServer, keyring: Keyring) -> Connection:
    """What a client needs to call the server, with the key in plain text. Not stored.

    Raises `MediaClientError` if the key is missing because its secret key was lost.
    """
    if not server.api_key:
        kind = ErrorKind.UNAUTHORIZED
        raise MediaClientError("connect", server.url, kind, "api_key_missing")
    key = keyring.open(server.api_key, place=place_of_key(server.id))
    return Connection(
        id=server.id,
        server_type=server.server_type,
        url=server.url,
        api_key=key,
        machine_id=server.machine_id,
    )


@asynccontextmanager
async def open_client(
    registry: ClientRegistry, connection: Connection
) -> AsyncGenerator[MediaClient]:
    """A client for the stored server; raises kind `replaced` if another server responds
    at its address.
    """
    async with registry.get_client(connection) as client:
        await client.check_identity()
        yield client


def place_of_key(id: UUID) -> str:
    return place_of("media_servers", "api_key", id)


def state_after(error: MediaClientError) -> ServerState | None:
    """The server's state that an error implies, if any."""
    return _STATES.get(error.kind)


class Connections:
    """Opens clients for the servers of one workspace."""

    def __init__(
        self,
        work: UnitOfWork,
        keyring: Keyring,
        registry: ClientRegistry,
        *,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.work = work
        self.keyring = keyring
        self.registry = registry
        self.clock = clock

    @asynccontextmanager
    async def open(self, server: MediaServer) -> AsyncGenerator[MediaClient]:
        """A client for the server; its state is stored, and an error is raised."""
        try:
            connection = connect(server, self.keyring)
            async with open_client(self.registry, connection) as client:
                yield client
        except MediaClientError as error:
            state = state_after(error)
            if state is not None:
                await self.record_state(server, state)
            raise
        await self.record_state(server, ServerState.OK)

    async def identify(
        self, server: MediaServer, *, time_limit: timedelta | None = None
    ) -> ServerInfo:
        """Read the server's identity and version, and store both.

        A stored identity does not change. A server that does not respond within the
        time limit is unreachable.
        """
        seconds = time_limit.total_seconds() if time_limit else None
        try:
            async with asyncio.timeout(seconds):
                info = await self._server_info(server)
        except TimeoutError:
            await self.record_state(server, ServerState.UNREACHABLE)
            raise _too_slow(server) from None
        except MediaClientError as error:
            await self.record_state(server, state_after(error) or ServerState.UNKNOWN)
            raise
        await self.record_state(server, ServerState.OK, info)
        return info

    async def _server_info(self, server: MediaServer) -> ServerInfo:
        connection = connect(server, self.keyring)
        async with open_client(self.registry, connection) as client:
            return await client.server_info()

    async def record_state(
        self, server: MediaServer, state: ServerState, info: ServerInfo | None = None
    ) -> None:
        """Store the server's state, also in the given object."""
        now = self.clock()
        if info is None and _is_known(server, state, now):
            return
        server.state, server.checked_at = state, now
        async with self.work() as session:
            await MediaServerRepository(session).record_state(
                server.id, state, now=now, info=info
            )


def _too_slow(server: MediaServer) -> MediaClientError:
    return MediaClientError(
        "server_info", server.url, ErrorKind.UNREACHABLE, "server_timeout"
    )


def _is_known(server: MediaServer, state: ServerState, now: datetime) -> bool:
    at = server.checked_at
    # A time in the future was noted while the clock was ahead.
    fresh = at is not None and timedelta() <= now - at < REWRITE_AFTER
    return server.state is state and fresh
