"""How often durable work looks after itself."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """Tests cut these down."""

    heartbeat: timedelta = timedelta(seconds=10)
    """Between two signs of life of a replica."""
    dead_after: timedelta = timedelta(seconds=30)
    """Without a sign of life, a replica's work goes to another."""
    look: timedelta = timedelta(seconds=1)
    """Between two looks at what other replicas do, while somebody watches."""
    ticks_kept: timedelta = timedelta(hours=1)
    """How long it is remembered that a tick of a job ran."""
    workflows_kept: timedelta = timedelta(days=1)
    """How long another start of a workflow that ended is none."""
    stop: timedelta = timedelta(seconds=5)
    """What running work is given to end when the process is asked to stop."""
