"""The network of outgoing HTTP: which addresses may be called, and how much is read."""

import asyncio
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from ssl import SSLContext
from typing import Any, cast, override

import httpcore2

from zondarr.core.exceptions import ZondarrError

NAT64 = IPv6Network("64:ff9b::/96")
READ_BYTES = 256 * 1024
"""What is taken from a socket at one go. The library asks for 64 KiB; asyncio then
copies the rest for each piece, which a long listing feels (docs/performance.md)."""


class ForbiddenAddressError(ZondarrError):
    """The host's address may not be called (`ZONDARR_ALLOW_PRIVATE_URLS=no`)."""

    code = "address_not_allowed"
    status = 400


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


class Network(httpcore2.AsyncNetworkBackend):
    """Connects; where private addresses are forbidden, it resolves the name itself and
    connects to a public address of it, or not at all."""

    def __init__(self, *, allow_private: bool) -> None:
        backend: object = httpcore2.AnyIOBackend()
        self._inner = cast(httpcore2.AsyncNetworkBackend, backend)
        self._allow_private = allow_private

    @override
    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        if not self._allow_private:
            host = await _resolve(host, port, timeout)
        stream = await self._inner.connect_tcp(
            host, port, timeout, local_address, socket_options
        )
        return _Stream(stream)

    @override
    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class _Stream(httpcore2.AsyncNetworkStream):
    """A connection that reads large pieces."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream) -> None:
        self._inner = stream

    @override
    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._inner.read(max(max_bytes, READ_BYTES), timeout)

    @override
    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._inner.write(buffer, timeout)

    @override
    async def aclose(self) -> None:
        await self._inner.aclose()

    @override
    async def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        stream = await self._inner.start_tls(ssl_context, server_hostname, timeout)
        return _Stream(stream)

    @override
    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


async def _resolve(host: str, port: int, seconds: float | None) -> str:
    try:
        async with asyncio.timeout(seconds):
            return await _public_address(host, port)
    except TimeoutError as error:
        raise httpcore2.ConnectTimeout("resolving the name took too long") from error
    except OSError as error:
        raise httpcore2.ConnectError("the name cannot be resolved") from error


async def _public_address(host: str, port: int) -> str:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for *_, address in found:
        if is_public(str(address[0])):
            return str(address[0])
    raise ForbiddenAddressError("This address may not be called from here.")
