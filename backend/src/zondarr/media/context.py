"""The `async with` of a client, which opens the server's connections."""

from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

import httpx2

from zondarr.media.connections import HostState, HostStates
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.operations import current_operation
from zondarr.media.types import ServerConnection


class ClientContext:
    """May be entered repeatedly, also while it is open.

    A base class for convenience: the registry takes any class that fits `MediaClient`.
    """

    def __init__(self, server: ServerConnection, states: HostStates, /) -> None:
        self.server = server
        self._states = states
        self._open: dict[str, tuple[httpx2.AsyncClient, HostState]] = {}
        self._exit = AsyncExitStack()
        self._depth = 0

    async def __aenter__(self) -> Self:
        if not self._depth:
            for url in self.addresses():
                state = self._states.of(url)
                http = await self._exit.enter_async_context(state.connections())
                self._open[url] = http, state
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
            self._open.clear()
            await self._exit.aclose()

    def addresses(self) -> frozenset[str]:
        """Every host that a call may connect to."""
        return frozenset({self.server.url})

    def connections(
        self, url: str | None = None
    ) -> tuple[httpx2.AsyncClient, HostState]:
        """The HTTP client and state for the server, or for another of the addresses;
        raises outside the context.
        """
        try:
            return self._open[url or self.server.url]
        except KeyError:
            raise MediaClientError(
                current_operation(), self.server.url, ErrorKind.FAILED, "client_closed"
            ) from None
