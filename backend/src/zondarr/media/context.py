"""The `async with` of a client: the server's connections, and nothing outside it."""

from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

import httpx2

from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.operations import current_operation
from zondarr.media.shared import SharedState, SharedStates
from zondarr.media.types import ServerConnection


class ClientContext:
    """Entered and left any number of times, also while it is open.

    A convenience for clients: the registry takes any class that fits `MediaClient`.
    """

    def __init__(self, server: ServerConnection, states: SharedStates, /) -> None:
        self.server = server
        self._states = states
        self._open: tuple[httpx2.AsyncClient, SharedState] | None = None
        self._exit = AsyncExitStack()
        self._depth = 0

    async def __aenter__(self) -> Self:
        if not self._depth:
            state = self._states.of(self.server.url)
            http = await self._exit.enter_async_context(state.connections())
            self._open = http, state
        self._depth += 1
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        self._depth -= 1
        if not self._depth:
            self._open = None
            await self._exit.aclose()

    def connections(self) -> tuple[httpx2.AsyncClient, SharedState]:
        """What a call needs to speak to the server; raises outside the context."""
        if self._open is None:
            raise MediaClientError(
                current_operation(), self.server.url, ErrorKind.FAILED, "client_closed"
            )
        return self._open
