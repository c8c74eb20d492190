"""Limits towards one host: not too fast, not when it asked to wait, not when it is
down.

Numbers only, no event loop: they outlive the connections. Times are monotonic seconds.
"""

import random
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Protocol

JITTER = 0.25
"""Of a wait we were asked for: those who were sent away together come back apart."""

HALF_OPEN = 1
"""One failure is enough to close the door again after it was opened to try."""

_wait_budget: ContextVar[float] = ContextVar("media_wait_budget", default=0.0)


@contextmanager
def wait_budget(seconds: float) -> Generator[None]:
    """What is asked inside may wait this long for its turn: nobody sits before it."""
    token = _wait_budget.set(seconds)
    try:
        yield
    finally:
        _wait_budget.reset(token)


def current_wait_budget() -> float:
    """How many seconds the running work said it would wait; 0 if it said nothing."""
    return _wait_budget.get()


class ThrottleOptions(Protocol):
    @property
    def plex_rate(self) -> float: ...
    @property
    def plex_burst(self) -> int: ...
    @property
    def circuit_failures(self) -> int: ...
    @property
    def circuit_pause(self) -> float: ...


class HostThrottle:
    """A token bucket, a wait that was asked for, and a circuit."""

    def __init__(self, options: ThrottleOptions) -> None:
        self._options = options
        self._tokens = float(options.plex_burst)
        self._counted_at = monotonic()
        self._waits_until = 0.0
        self._failures = 0
        self._open_until = 0.0

    def reserve_turn(self) -> float:
        """Take a place in the queue: how long to wait for it."""
        now, rate = monotonic(), self._options.plex_rate
        grown = self._tokens + (now - self._counted_at) * rate
        self._tokens = min(grown, float(self._options.plex_burst)) - 1
        self._counted_at = now
        return max(0.0, -self._tokens / rate, self._waits_until - now)

    def cancel_turn(self) -> None:
        """A place that was not used."""
        self._tokens += 1

    def blocked_for(self) -> float:
        """How long nothing will be sent; 0 when all is well, or it is time to try."""
        return max(0.0, self._open_until - monotonic())

    def wait_requested(self, seconds: float) -> None:
        wait = seconds * random.uniform(1, 1 + JITTER)  # noqa: S311 — no secret
        self._waits_until = max(self._waits_until, monotonic() + wait)

    def record_failure(self) -> None:
        self._failures += 1
        if self._failures >= self._options.circuit_failures:
            self._open_until = monotonic() + self._options.circuit_pause
            self._failures = self._options.circuit_failures - HALF_OPEN

    def record_success(self) -> None:
        self._failures = 0
        self._open_until = 0.0
