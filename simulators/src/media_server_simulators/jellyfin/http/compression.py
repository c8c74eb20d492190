"""Content-Encoding as the server negotiates it: br before gzip, for JSON alone."""

import gzip
from dataclasses import replace

from media_server_simulators.wire import Reply

WINDOW_16 = 0  # the first bit of a brotli stream: a window of 16 bits
BLOCK = 1 << 16
LAST_AND_EMPTY = 0b11


def compressed(reply: Reply, accepted: str | None) -> Reply:
    wanted = _wanted(accepted or "")
    varies = ("Vary", "Accept-Encoding") in reply.headers
    if not wanted or not varies or not reply.body:
        return reply
    body = stored_brotli(reply.body) if wanted == "br" else gzip.compress(reply.body, 1)
    return replace(reply, body=body).with_headers({"Content-Encoding": wanted})


def _wanted(accepted: str) -> str:
    named = [part.partition(";")[0].strip().lower() for part in accepted.split(",")]
    return next((coding for coding in ("br", "gzip") if coding in named), "")


def stored_brotli(data: bytes) -> bytes:
    """A brotli stream (RFC 7932) of stored blocks: readable by all, smaller by nothing.

    The first block has a length whose header byte no UTF-8 text begins with, so that a
    reader who ignores the header sees bytes, as with a really compressed one.
    """
    first = 9 if len(data) > BLOCK or len(data) % 16 != 9 else len(data)  # noqa: PLR2004
    first = min(first, len(data))
    blocks = [data[:first]]
    blocks += [data[at : at + BLOCK] for at in range(first, len(data), BLOCK)]
    stream = b"".join(
        _header(len(block), first=place == 0) + block
        for place, block in enumerate(blocks)
        if block
    )
    return stream + bytes([LAST_AND_EMPTY])


def _header(length: int, *, first: bool) -> bytes:
    """ISLAST 0, four nibbles of MLEN - 1, ISUNCOMPRESSED 1, padded to a byte."""
    bits, width = (length - 1) << 3 | 1 << 19, 20
    if first:
        bits, width = bits << 1 | WINDOW_16, width + 1
    return bits.to_bytes((width + 7) // 8, "little")
