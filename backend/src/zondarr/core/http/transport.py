"""The transport of outgoing HTTP: httpcore2's pool, on a network of our own.

httpx2's own transport takes no network backend. Ours decides which addresses may be
called, and reads larger pieces than the library asks for.
"""

from collections.abc import AsyncIterable, AsyncIterator, Generator
from contextlib import contextmanager
from ssl import SSLContext
from types import TracebackType
from typing import Any, Self, cast, override

import httpcore2
import httpx2

from zondarr.core.http.network import Network

_FAILURES = (
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.UnsupportedProtocol,
)


class Transport(httpx2.AsyncBaseTransport):
    def __init__(
        self, *, limits: httpx2.Limits, trust: SSLContext, allow_private: bool
    ) -> None:
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=trust,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=Network(allow_private=allow_private),
        )

    @override
    async def __aenter__(self) -> Self:
        await self._pool.__aenter__()
        return self

    @override
    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        with _translated():
            await self._pool.__aexit__(exc_type, exc_value, traceback)

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        with _translated():
            response = await self._pool.handle_async_request(_plain(request))
        return httpx2.Response(
            response.status,
            headers=response.headers,
            stream=_Body(cast("AsyncIterable[bytes]", response.stream)),
            extensions=cast("dict[str, Any]", response.extensions),
        )

    @override
    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx2.AsyncByteStream):
    def __init__(self, stream: AsyncIterable[bytes]) -> None:
        self._stream = stream

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _translated():
            async for piece in self._stream:
                yield piece

    @override
    async def aclose(self) -> None:
        close: Any = getattr(self._stream, "aclose", None)
        if close is not None:
            await close()


def _plain(request: httpx2.Request) -> httpcore2.Request:
    url = request.url
    return httpcore2.Request(
        method=request.method,
        url=httpcore2.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        ),
        headers=request.headers.raw,
        content=cast("AsyncIterable[bytes]", request.stream),
        extensions=request.extensions,
    )


@contextmanager
def _translated() -> Generator[None]:
    """Raise httpx2's exception, which has the same name as httpcore2's."""
    try:
        yield
    except _FAILURES as error:
        kind: type[httpx2.TransportError] = getattr(httpx2, type(error).__name__)
        raise kind(str(error)) from error
