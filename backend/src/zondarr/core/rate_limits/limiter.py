"""Limits that hold for all processes together, since the database counts.

    limiter = Limiter(database, "join", settings.join_limit, why="join page")
    await limiter.acquire(network_of(address))     # or TooManyRequestsError

A window starts with its first attempt and ends after the limit's period.
"""

from ipaddress import IPv6Address, IPv6Network, ip_address

from zondarr.core.clock import utc_now
from zondarr.core.crypto import fingerprint
from zondarr.core.database import Database, Unscoped
from zondarr.core.exceptions import TooManyRequestsError
from zondarr.core.rate_limits.limit import Limit
from zondarr.core.rate_limits.repository import RateLimitRepository


class Limiter:
    """A limit per key. `name` separates counters of different purposes."""

    def __init__(
        self, database: Database, name: str, limit: Limit, *, why: Unscoped
    ) -> None:
        self.database = database
        self.limit = limit
        self._name = name
        self._why: Unscoped = why

    async def acquire(self, key: str, /) -> None:
        """Count an attempt, in its own transaction.

        Raises `TooManyRequestsError` with the seconds until the next one is allowed.
        """
        await self._look(key)
        async with self.database.unscoped(self._why) as session:
            limits = RateLimitRepository(session)
            taken = await limits.acquire(self._row(key), self.limit, now=utc_now())
        if not taken:
            await self._look(key)
            raise TooManyRequestsError(1)

    async def give_back(self, key: str, /) -> None:
        """Do not count the attempt after all."""
        async with self.database.unscoped(self._why) as session:
            await RateLimitRepository(session).give_back(self._row(key))

    async def _look(self, key: str) -> None:
        # Without a write lock: a flood of refused requests does not delay writers.
        now = utc_now()
        async with self.database.unscoped(self._why, reading=True) as session:
            limits = RateLimitRepository(session)
            end = await limits.find_end(self._row(key), self.limit, now=now)
        if end > now:
            raise TooManyRequestsError((end - now).total_seconds())

    def _row(self, key: str) -> str:
        return f"{self._name}:{fingerprint(key)}"


async def sweep_limits(database: Database) -> int:
    """Delete windows that have ended; returns their number."""
    async with database.unscoped("background job") as session:
        return await RateLimitRepository(session).delete_over(utc_now())


def network_of(address: str, /) -> str:
    """What counts as one client: an IPv4 address, or a /64 network of IPv6."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(ip, IPv6Address):
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(IPv6Network((ip, 64), strict=False))
