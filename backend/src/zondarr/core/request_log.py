"""The line that each request leaves in the log.

structlog's chain takes about 40 µs for a line, as much as the join page takes for all
the rest. Request lines are the many ones, and there is nothing in them that could be
secret: a method out of a fixed set, a route's template, a checked reference, numbers.
So they are written as they are, in the form of all others.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from logging import getLevelName
from typing import TextIO

import msgspec
import structlog

EVENT = "request"

type Value = str | int | float
type Write = Callable[[int, Mapping[str, Value]], None]

_log: structlog.stdlib.BoundLogger = structlog.get_logger()


def log_request(level: int, told: Mapping[str, Value]) -> None:
    """One line; `told` holds nothing that came from outside unchecked."""
    _write(level, told)


def write_requests_to(out: TextIO, *, threshold: int, json: bool) -> None:
    """From now on, to this stream."""
    global _write  # noqa: PLW0603 — logging is configured once for the process
    line = _json if json else _plain

    def write(level: int, told: Mapping[str, Value]) -> None:
        if level >= threshold:
            now = datetime.now(UTC).isoformat(timespec="microseconds")
            out.write(line(getLevelName(level).lower(), now[:-6] + "Z", told))
            out.flush()

    _write = write


def write_requests_as_others() -> None:
    """From now on, through structlog: in colours, where a person is looking on."""
    global _write  # noqa: PLW0603
    _write = _as_others


def _as_others(level: int, told: Mapping[str, Value]) -> None:
    _log.log(level, EVENT, **told)


_write: Write = _as_others


def _json(level: str, timestamp: str, told: Mapping[str, Value]) -> str:
    line = {**told, "event": EVENT, "level": level, "timestamp": timestamp}
    return msgspec.json.encode(line).decode() + "\n"


def _plain(level: str, timestamp: str, told: Mapping[str, Value]) -> str:
    pairs = " ".join([f"{name}={told[name]}" for name in sorted(told)])
    return f"{timestamp} [{level:9}] {EVENT:30} {pairs}\n"
