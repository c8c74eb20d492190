"""The one place where clients for outgoing HTTP are built.

No redirect is followed, no proxy is taken from the environment, and where private
addresses are forbidden this is checked on the resolved address at the moment of the
connection: a name that changes its mind in between (DNS rebinding) gains nothing.
"""

import asyncio
import socket
from collections.abc import Iterable
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from pathlib import Path
from ssl import SSLContext
from typing import cast, override

import httpcore2
import httpx2

from zondarr import __version__
from zondarr.core.exceptions import ZondarrError

USER_AGENT = f"Zondarr/{__version__}"
NAT64 = IPv6Network("64:ff9b::/96")

# What asyncio takes from a socket at one go. With the library's own 64 KiB the rest is
# copied for each piece, which a long listing feels (docs/performance.md).
httpcore2.AsyncHTTP11Connection.READ_NUM_BYTES = 256 * 1024  # pyright: ignore[reportAttributeAccessIssue]


class ForbiddenAddressError(ZondarrError):
    """The host's address may not be called (`ZONDARR_ALLOW_PRIVATE_URLS=no`)."""

    code = "address_not_allowed"
    status = 400


class AnswerTooLargeError(ZondarrError):
    """The other side sent more than was bearable."""

    code = "answer_too_large"
    status = 502


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, whatever it is wrapped in."""
    ip = ip_address(address.partition("%")[0])
    inner = _embedded(ip) if isinstance(ip, IPv6Address) else None
    if inner is not None:
        return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: mapped, 6to4, Teredo, NAT64."""
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    teredo = ip.teredo
    return ip.ipv4_mapped or ip.sixtofour or (teredo[1] if teredo else None)


class _PublicOnly(httpcore2.AsyncNetworkBackend):
    """Resolves a name itself and connects to a public address of it, or not at all."""

    def __init__(self) -> None:
        backend: object = httpcore2.AnyIOBackend()
        self._inner = cast(httpcore2.AsyncNetworkBackend, backend)

    @override
    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                address = await _public_address(host, port)
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout(
                "resolving the name took too long"
            ) from error
        except OSError as error:
            raise httpcore2.ConnectError("the name cannot be resolved") from error
        return await self._inner.connect_tcp(
            address, port, timeout, local_address, socket_options
        )

    @override
    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def _public_address(host: str, port: int) -> str:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for *_, address in found:
        if is_public(str(address[0])):
            return str(address[0])
    raise ForbiddenAddressError("This address may not be called from here.")


@cache
def _trust(ca_file: Path | None) -> SSLContext:
    """Reading the certificates takes tens of milliseconds: once is enough.

    The authority of `ca_file` is trusted beside the usual ones, not instead of them.
    """
    context = httpx2.create_ssl_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


class _GuardedTransport(httpx2.AsyncHTTPTransport):
    def __init__(self, limits: httpx2.Limits, trust: SSLContext) -> None:
        super().__init__(verify=trust, trust_env=False, limits=limits)
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=trust,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=_PublicOnly(),
        )


def outgoing_client(
    *,
    allow_private: bool,
    connections: int = 10,
    ca_file: Path | None = None,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> httpx2.AsyncClient:
    """A client for the hosts of others; `transport` is the seam for tests."""
    limits = httpx2.Limits(
        max_connections=connections,
        max_keepalive_connections=connections,
        keepalive_expiry=15,
    )
    trust = _trust(ca_file)
    if transport is None and not allow_private:
        transport = _GuardedTransport(limits, trust)
    return httpx2.AsyncClient(
        transport=transport,
        verify=trust,
        limits=limits,
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"},
        follow_redirects=False,
        trust_env=False,
    )


async def read_bounded(response: httpx2.Response, limit: int) -> bytes:
    """The whole body, unpacked, unless it is longer than `limit` bytes."""
    chunks, size = list[bytes](), 0
    async for chunk in response.aiter_bytes():
        chunks.append(chunk)
        size += len(chunk)
        if size > limit:
            raise AnswerTooLargeError("The answer is too large.")
    return b"".join(chunks)
