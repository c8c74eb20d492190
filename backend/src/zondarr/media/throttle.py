"""Rate limit, requested waits and circuit breaker for one host.

It stores only numbers and no event loop, so it outlives connections. Times are
monotonic seconds.
"""

import random
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from time import monotonic
from typing import Protocol

JITTER = 0.25
"""Share of a requested wait that is added at random, so that callers do not return all
at once.
"""

HALF_OPEN = 1
"""While half open, one failure opens the circuit again."""

_wait_budget: ContextVar[float] = ContextVar("media_wait_budget", default=0.0)


@contextmanager
def wait_budget(budget: timedelta) -> Generator[None]:
    """Calls inside may wait this long for the rate limit: no person is waiting for
    them.
    """
    token = _wait_budget.set(budget.total_seconds())
    try:
        yield
    finally:
        _wait_budget.reset(token)


def current_wait_budget() -> float:
    """The wait budget of the running work in seconds; 0 if none was set."""
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
    """A token bucket, a requested wait, and a circuit breaker."""

    def __init__(self, options: ThrottleOptions) -> None:
        self._options = options
        self._tokens = float(options.plex_burst)
        self._counted_at = monotonic()
        self._waits_until = 0.0
        self._failures = 0
        self._open_until = 0.0

    def reserve_turn(self) -> float:
        """Take a place in the queue; returns how long to wait."""
        now, rate = monotonic(), self._options.plex_rate
        grown = self._tokens + (now - self._counted_at) * rate
        self._tokens = min(grown, float(self._options.plex_burst)) - 1
        self._counted_at = now
        return max(0.0, -self._tokens / rate, self._waits_until - now)

    def cancel_turn(self) -> None:
        """Return a place that was not used."""
        self._tokens += 1

    def blocked_for(self) -> float:
        """How long no request will be sent; 0 if requests or a trial request may be
        sent.
        """
        return max(0.0, self._open_until - monotonic())

    def wait_requested(self, seconds: float) -> None:
        wait = seconds * random.uniform(1, 1 + JITTER)  # noqa: S311 — not security-relevant
        self._waits_until = max(self._waits_until, monotonic() + wait)

    def record_failure(self) -> None:
        self._failures += 1
        if self._failures >= self._options.circuit_failures:
            self._open_until = monotonic() + self._options.circuit_pause
            self._failures = self._options.circuit_failures - HALF_OPEN

    def record_success(self) -> None:
        self._failures = 0
        self._open_until = 0.0
