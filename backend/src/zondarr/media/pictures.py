"""Pictures from media servers: only what is one by its first bytes is passed on."""

from collections.abc import Mapping

MAX_PICTURE_BYTES = 4 * 1024 * 1024
PICTURE_HEADERS: Mapping[str, str] = {"Accept": "image/webp, image/jpeg, image/png"}

_STARTS: Mapping[bytes, str] = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


def picture_type(data: bytes) -> str | None:
    """The media type, whatever the server calls it; None if it is no picture.

    SVG is none: it can hold scripts.
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:12] in {b"ftypavif", b"ftypavis"}:
        return "image/avif"
    return next(
        (kind for start, kind in _STARTS.items() if data.startswith(start)), None
    )
