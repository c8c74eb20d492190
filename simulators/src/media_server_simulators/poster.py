"""Posters that are drawn, since the world holds no pictures: a disc above a horizon."""

import colorsys
import hashlib
import struct
import zlib
from collections.abc import Iterator
from math import sqrt

WIDTH, MAX_WIDTH = 400, 1000
MEDIA_TYPE = "image/png"
SKY, DISC, LAND = range(3)
"""The colours of the palette, by their place in it."""


def draw_poster(name: str, width: int | None = None) -> bytes:
    """A PNG of two thirds in the colours of the name, as wide as asked for."""
    across = max(1, min(width or WIDTH, MAX_WIDTH))
    down = across * 3 // 2 or 1
    seed = hashlib.sha256(name.encode()).digest()
    header = struct.pack(">IIBBBBB", across, down, 8, 3, 0, 0, 0)
    rows = b"".join(b"\0" + row for row in _rows(seed, across, down))
    chunks = (
        _chunk(b"IHDR", header),
        _chunk(b"PLTE", _palette(seed)),
        _chunk(b"IDAT", zlib.compress(rows)),
        _chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _palette(seed: bytes) -> bytes:
    """A quiet sky, a bright disc and a dark land, of neighbouring hues."""
    hue = seed[0] / 256
    colours = ((hue, 0.36, 0.32), (hue + 0.08, 0.72, 0.5), (hue + 0.04, 0.2, 0.34))
    shares = [share for each in colours for share in colorsys.hls_to_rgb(*each)]
    return bytes(round(255 * share) for share in shares)


def _rows(seed: bytes, across: int, down: int) -> Iterator[bytes]:
    horizon = down * (140 + seed[1] // 4) // 256
    centre = across * (64 + seed[2] // 2) // 256
    height, radius = (
        horizon * (80 + seed[3] // 2) // 256,
        across * (40 + seed[4] // 4) // 256,
    )
    for row in range(down):
        if row >= horizon:
            yield bytes([LAND]) * across
            continue
        half = int(sqrt(max(0, radius**2 - (row - height) ** 2)))
        left, right = max(0, centre - half), min(across, centre + half)
        disc = bytes([DISC]) * (right - left)
        yield bytes([SKY]) * left + disc + bytes([SKY]) * (across - right)


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + checksum
