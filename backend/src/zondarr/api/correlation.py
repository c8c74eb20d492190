"""The correlation id that connects a response with its log lines."""

import re
from uuid import uuid4

HEADER = b"x-correlation-id"
_FITS = re.compile(r"[A-Za-z0-9._-]{1,64}")


def correlation_id(given: bytes | None, /) -> str:
    """The caller's own id, if it is valid in a header and a log line, else
    a new one.
    """
    if given:
        text = given.decode("latin-1")
        if _FITS.fullmatch(text):
            return text
    return uuid4().hex
