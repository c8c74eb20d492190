"""From the start of `zondarr serve` until it is ready."""

import subprocess
import sys
import time
from pathlib import Path

from figures import Figure, Series, ratios
from processes import hello, zondarr


def measure(folder: Path, *, rounds: int) -> list[Figure]:
    """On a database that is there, in turn with a bare application and plain Python."""
    with zondarr(folder):
        pass
    ours: list[float] = []
    bare: list[float] = []
    python: list[float] = []
    for _ in range(rounds):
        python.append(_python())
        with hello(folder) as server:
            bare.append(server.seconds_to_ready)
        with zondarr(folder) as server:
            ours.append(server.seconds_to_ready)
    whole = Series("zondarr serve, until /health/ready is 200", "s", ours)
    other = Series("hello on bare Granian, until its first answer", "s", bare)
    ratio = ratios("zondarr / hello", whole, other)
    parts = [whole, other, Series("python -c pass", "s", python), ratio]
    return [Figure("Start to ready", whole.median, "s", None, parts)]


def _python() -> float:
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.monotonic() - began
