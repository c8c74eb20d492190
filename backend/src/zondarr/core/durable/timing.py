"""The intervals of durable work."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """Tests shorten these."""

    heartbeat: timedelta = timedelta(seconds=10)
    """Between two heartbeats of a replica."""
    dead_after: timedelta = timedelta(seconds=30)
    """Without a heartbeat for this time, a replica's work goes to another."""
    look: timedelta = timedelta(seconds=1)
    """Between two polls of other replicas' runs, while somebody watches."""
    ticks_kept: timedelta = timedelta(hours=1)
    """How long the workflow of a tick is kept."""
    workflows_kept: timedelta = timedelta(days=1)
    """How long a finished workflow is kept, so that a second start has no effect."""
    stop: timedelta = timedelta(seconds=5)
    """The time that running work has to end when the process is asked to stop."""
