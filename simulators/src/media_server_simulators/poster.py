"""Posters that are drawn, since the world holds no pictures: a plain sheet each."""

import hashlib
import struct
import zlib

WIDTH, MAX_WIDTH = 400, 1000
MEDIA_TYPE = "image/png"


def draw_poster(name: str, width: int | None = None) -> bytes:
    """A PNG of two thirds in the colour of the name, as wide as asked for."""
    across = max(1, min(width or WIDTH, MAX_WIDTH))
    down = across * 3 // 2 or 1
    colour = hashlib.sha256(name.encode()).digest()[:3]
    # One colour for each row's pixels, by their place in the palette.
    header = struct.pack(">IIBBBBB", across, down, 8, 3, 0, 0, 0)
    rows = (b"\0" + bytes(across)) * down
    chunks = (
        _chunk(b"IHDR", header),
        _chunk(b"PLTE", colour),
        _chunk(b"IDAT", zlib.compress(rows)),
        _chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + checksum
