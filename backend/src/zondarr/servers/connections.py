"""Conversations with stored servers.

The key is opened for the moment of use, and how the server was found is written down
afterwards. No transaction is open while it is asked.
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
"""A state that has not changed is not stored again within this time."""

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
    """What a client needs to talk with the server, its key in the clear. Not kept.

    Raises `MediaClientError` where the key went with a lost secret key.
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
    """A client for the stored server; raises kind `replaced` where another server
    answers at its address."""
    async with registry.get_client(connection) as client:
        await client.check_identity()
        yield client


def place_of_key(id: UUID) -> str:
    return place_of("media_servers", "api_key", id)


def state_after(error: MediaClientError) -> ServerState | None:
    """What a failure says of the server as a whole, if it says anything."""
    return _STATES.get(error.kind)


class Connections:
    """Opens conversations with the servers of one workspace."""

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
    async def talk(self, server: MediaServer) -> AsyncGenerator[MediaClient]:
        """A client for the server; a failure is written down and raised."""
        try:
            connection = connect(server, self.keyring)
            async with open_client(self.registry, connection) as client:
                yield client
        except MediaClientError as error:
            state = state_after(error)
            if state is not None:
                await self.note(server, state)
            raise
        await self.note(server, ServerState.OK)

    async def identify(
        self, server: MediaServer, *, time_limit: timedelta | None = None
    ) -> ServerInfo:
        """Ask the server for its identity and version, and store both.

        An identity that is stored already does not change. A server that does not
        answer within the time limit is unreachable.
        """
        seconds = time_limit.total_seconds() if time_limit else None
        try:
            async with asyncio.timeout(seconds):
                info = await self._server_info(server)
        except TimeoutError:
            await self.note(server, ServerState.UNREACHABLE)
            raise _too_slow(server) from None
        except MediaClientError as error:
            await self.note(server, state_after(error) or ServerState.UNKNOWN)
            raise
        await self.note(server, ServerState.OK, info)
        return info

    async def _server_info(self, server: MediaServer) -> ServerInfo:
        connection = connect(server, self.keyring)
        async with open_client(self.registry, connection) as client:
            return await client.server_info()

    async def note(
        self, server: MediaServer, state: ServerState, info: ServerInfo | None = None
    ) -> None:
        """Write down how the server was found, in the given row's copy too."""
        now = self.clock()
        if info is None and _is_known(server, state, now):
            return
        server.state, server.checked_at = state, now
        async with self.work() as session:
            await MediaServerRepository(session).note(
                server.id, state, now=now, info=info
            )


def _too_slow(server: MediaServer) -> MediaClientError:
    return MediaClientError(
        "server_info", server.url, ErrorKind.UNREACHABLE, "server_timeout"
    )


def _is_known(server: MediaServer, state: ServerState, now: datetime) -> bool:
    at = server.checked_at
    # One from the future was noted by a clock that ran ahead.
    fresh = at is not None and timedelta() <= now - at < REWRITE_AFTER
    return server.state is state and fresh
