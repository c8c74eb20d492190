"""plex.tv's patience: a bucket of requests for each client, refilled with time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from time import monotonic


@dataclass
class Throttle:
    """`rate` requests a second on the average, `burst` of them at once."""

    rate: float = 10.0
    burst: int = 20
    clock: Callable[[], float] = monotonic
    _left: dict[str, tuple[float, float]] = field(
        default_factory=dict[str, tuple[float, float]], init=False
    )

    def wait(self, client: str) -> int | None:
        """Take one; whole seconds to wait if there is none, None if there is."""
        now = self.clock()
        left, since = self._left.get(client, (float(self.burst), now))
        left = min(float(self.burst), left + (now - since) * self.rate)
        enough = left >= 1
        self._left[client] = (left - 1 if enough else left, now)
        return None if enough else ceil((1 - left) / self.rate)
