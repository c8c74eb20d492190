"""What clients of one server share in this process, beside the registry.

Connections, so that a server which hangs uses up its own and nobody else's. Write
locks, because the last of two rights posted at once wins on a server. And when the
server was last seen starting: a refused connection shortly after that is a start.

All of it belongs to the running event loop and lives while a client is open.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from weakref import WeakKeyDictionary, WeakValueDictionary

import httpx2
from msgspec import Struct

from zondarr.core.http import outgoing_client
from zondarr.media.throttle import HostThrottle

STARTING_WINDOW_SECONDS = 60.0
"""Restarts seen took 3 to 6, minutes with a migration (with 503s between)."""


class ClientOptions(Struct, frozen=True, kw_only=True):
    """How clients behave in this process; times are in seconds.

    attempts      how often a request is sent that may be repeated
    retry_pause   before the second time; it doubles from there
    delete_pause  between disabling an account and deleting it
    settle_pause  before looking a second time for an account whose creation may
                  still be under way
    device_id     how this installation calls itself to a server
    plex_rate     requests in a second to one host of plex.tv, after `plex_burst` at
                  once; nobody has published its limit, ten a second were refused
    pin_pause     between two questions to plex.tv about one PIN
    circuit_failures  after so many in a row a host is left alone for `circuit_pause`
    ca_file       certificates of an authority to trust beside the usual ones (PEM)
    transport     a seam for tests
    """

    allow_private_addresses: bool = True
    attempts: int = 3
    retry_pause: float = 0.2
    connect_timeout: float = 5.0
    read_timeout: float = 15.0
    slow_timeout: float = 60.0
    delete_pause: float = 1.0
    settle_pause: float = 2.0
    device_id: str = "zondarr"
    max_answer_bytes: int = 64 * 1024 * 1024
    plex_tv_url: str = "https://plex.tv"
    plex_clients_url: str = "https://clients.plex.tv"
    plex_app_url: str = "https://app.plex.tv"
    plex_rate: float = 2.0
    plex_burst: int = 4
    pin_pause: float = 2.0
    circuit_failures: int = 5
    circuit_pause: float = 30.0
    ca_file: Path | None = None
    transport: Callable[[], httpx2.AsyncBaseTransport] | None = None


class HostState:
    """One server, as seen by all its clients on one event loop."""

    def __init__(self, options: ClientOptions) -> None:
        self.options = options
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._http: httpx2.AsyncClient | None = None
        self._open = 0
        self._starting_at: float | None = None

    @asynccontextmanager
    async def connections(self) -> AsyncGenerator[httpx2.AsyncClient]:
        """The server's own connection pool: opened by the first client that comes,
        closed by the last one that goes."""
        http = self._http = self._http or self._new_http()
        self._open += 1
        try:
            yield http
        finally:
            self._open -= 1
            if not self._open:
                self._http = None
                await http.aclose()

    def _new_http(self) -> httpx2.AsyncClient:
        transport = self.options.transport
        return outgoing_client(
            allow_private=self.options.allow_private_addresses,
            ca_file=self.options.ca_file,
            transport=transport() if transport else None,
        )

    def write_lock(self, user: str) -> asyncio.Lock:
        """Held while this user of the server is changed: one change at a time."""
        return self._locks.setdefault(user, asyncio.Lock())

    def mark_starting(self) -> None:
        self._starting_at = monotonic()

    def mark_ready(self) -> None:
        self._starting_at = None

    def was_starting(self) -> bool:
        at = self._starting_at
        return at is not None and monotonic() - at < STARTING_WINDOW_SECONDS


class HostStates:
    """The shared states of all servers, by address."""

    def __init__(self, options: ClientOptions | None = None) -> None:
        self.options = options or ClientOptions()
        self._throttle: dict[str, HostThrottle] = {}
        self._of: WeakKeyDictionary[
            asyncio.AbstractEventLoop, WeakValueDictionary[str, HostState]
        ] = WeakKeyDictionary()

    def of(self, url: str) -> HostState:
        """The state of the server at this address, on the running event loop."""
        loop = asyncio.get_running_loop()
        states = self._of.setdefault(loop, WeakValueDictionary())
        return states.setdefault(url, HostState(self.options))

    def throttle(self, url: str) -> HostThrottle:
        """How this host is treated; remembered also while nobody speaks to it."""
        return self._throttle.setdefault(url, HostThrottle(self.options))
