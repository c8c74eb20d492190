"""The one place where clients for outgoing HTTP are built.

No redirect is followed, no proxy is taken from the environment, and where private
addresses are forbidden this is checked on the resolved address at the moment of the
connection: a name that changes its mind in between (DNS rebinding) gains nothing.
"""

from functools import cache
from pathlib import Path
from ssl import SSLContext

import httpx2

from zondarr import __version__
from zondarr.core.exceptions import ZondarrError
from zondarr.core.http.transport import Transport

USER_AGENT = f"Zondarr/{__version__}"


class AnswerTooLargeError(ZondarrError):
    """The other side sent more than was bearable."""

    code = "answer_too_large"
    status = 502


@cache
def _trust(ca_file: Path | None) -> SSLContext:
    """Reading the certificates takes tens of milliseconds: once is enough.

    The authority of `ca_file` is trusted beside the usual ones, not instead of them.
    """
    context = httpx2.create_ssl_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


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
    return httpx2.AsyncClient(
        transport=transport
        or Transport(limits=limits, trust=_trust(ca_file), allow_private=allow_private),
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
