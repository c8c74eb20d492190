"""How often durable work looks after itself."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """Seconds. Tests cut them down."""

    heartbeat: float = 10.0
    """Between two signs of life of a replica."""
    dead_after: float = 30.0
    """Without a sign of life, a replica's work goes to another."""
    look: float = 1.0
    """Between two looks at what other replicas do, while somebody watches."""
    ticks_kept: float = 3600.0
    """How long it is remembered that a tick of a job ran."""
    workflows_kept: float = 86400.0
    """How long another start of a workflow that ended is none."""
    stop: float = 5.0
    """What running work is given to end when the process is asked to stop."""
