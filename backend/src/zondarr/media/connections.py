"""The state that all clients of one server share in this process.

Connections: a server that hangs uses up its own pool only. Write locks: if two policies
are sent at once, the server keeps the last one. The time when the server was last seen
starting: a connection refused shortly after means that it still starts.

Everything belongs to the running event loop and lives while a client is open.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic
from weakref import WeakKeyDictionary, WeakValueDictionary

import httpx2
from msgspec import Struct

from zondarr.core.http import outgoing_client
from zondarr.media.throttle import HostThrottle

STARTING_WINDOW = timedelta(minutes=1)
"""Restarts were seen to take 3 to 6 s, and minutes with a migration (with 503s
meanwhile).
"""


class ClientOptions(Struct, frozen=True, kw_only=True):
    """Options of all clients in this process; times are in seconds.

    attempts      how often a repeatable request is sent
    retry_pause   before the second attempt; doubles from there
    delete_pause  between disabling an account and deleting it
    settle_pause  before looking again for an account whose creation may still be
                  running
    device_id     how this installation identifies itself to servers
    plex_rate     requests per second to one host of plex.tv, after `plex_burst` at
                  once; its limit is not published, ten per second were refused
    pin_pause     between two polls of one PIN
    lookup_pause  between two look-ups of titles at one host
    circuit_failures  after so many consecutive failures no request is sent to a
                  host for `circuit_pause`
    ca_file       additional trusted certificate authorities (PEM)
    transport     replaces the network in tests
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
    lookup_pause: float = 0.5
    circuit_failures: int = 5
    circuit_pause: float = 30.0
    ca_file: Path | None = None
    transport: Callable[[], httpx2.AsyncBaseTransport] | None = None


class HostState:
    """One server, shared by all its clients on one event loop."""

    def __init__(self, options: ClientOptions) -> None:
        self.options = options
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._http: httpx2.AsyncClient | None = None
        self._open = 0
        self._starting_at: float | None = None
        self._next_lookup_at = 0.0

    @asynccontextmanager
    async def connections(self) -> AsyncGenerator[httpx2.AsyncClient]:
        """The server's connection pool: opened by the first client, closed by the last
        one.
        """
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
        """Held while this user of the server is changed."""
        return self._locks.setdefault(user, asyncio.Lock())

    def reserve_lookup(self) -> float:
        """Take a place in the queue of look-ups; returns how long to wait."""
        now = monotonic()
        at = max(now, self._next_lookup_at)
        self._next_lookup_at = at + self.options.lookup_pause
        return at - now

    def mark_starting(self) -> None:
        self._starting_at = monotonic()

    def mark_ready(self) -> None:
        self._starting_at = None

    def was_starting(self) -> bool:
        at = self._starting_at
        return at is not None and monotonic() - at < STARTING_WINDOW.total_seconds()


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
        """The rate limit of this host; kept also while no client is open."""
        return self._throttle.setdefault(url, HostThrottle(self.options))
