"""What a redemption takes beyond its server's own time, at 100 ms for each request."""

import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.journal import Entry

from figures import Figure, Series, Target
from house import Browser, add_server, invite, jellyfin, move_in, redeem
from processes import BenchError, zondarr

LATENCY_MS = 100
LOOK_EVERY = 0.005
TARGET = Target(20)


def measure(folder: Path, *, rounds: int) -> list[Figure]:
    """From the guest's POST until the redemption has succeeded."""
    walls: list[float] = []
    paths: list[float] = []
    asked: Sequence[Entry] = ()
    with zondarr(folder) as program, jellyfin() as (url, simulator):
        owner, guest = Browser(program), Browser(program)
        move_in(owner, folder)
        code = invite(owner, add_server(owner, url, simulator))
        simulator.journal.clear()
        _redeem(guest, code)  # the first opens connections and compiles queries
        least = len(simulator.journal.entries) * LATENCY_MS / 1000
        _slow_down(simulator)
        for _ in range(rounds):
            simulator.journal.clear()
            walls.append(_redeem(guest, code, least))
            asked = _in_order(simulator.journal.entries)
            paths.append(len(asked) * LATENCY_MS / 1000)
        owner.close()
        guest.close()
    over = [100 * (wall / path - 1) for wall, path in zip(walls, paths, strict=True)]
    overhead = Series("overhead", "%", over)
    parts = [
        Series("POST /join until succeeded", "s", walls),
        Series(f"its requests at {LATENCY_MS} ms each", "s", paths),
        overhead,
    ]
    calls = [f"{one.request.method} {one.request.path}" for one in asked]
    remarks = [f"{len(asked)} requests, one after another:", *_rows(calls)]
    title = "Redemption, overhead over its server's own time"
    return [Figure(title, overhead.median, "%", TARGET, parts, remarks)]


def _slow_down(simulator: JellyfinSimulator) -> None:
    simulator.faults.add(
        Fault("/", FaultKind.LATENCY, value=LATENCY_MS, times=0, endless=True)
    )


def _redeem(guest: Browser, code: str, least: float = 0) -> float:
    """Seconds. To look finely takes time of the one who is looked at, so that begins
    only when it may have ended.
    """
    began = time.perf_counter()
    follow = redeem(guest, code)
    time.sleep(max(0, began + least - time.perf_counter()))
    while (status := guest.get(follow.path, follow.headers)["status"]) == "running":
        time.sleep(LOOK_EVERY)
    if status != "succeeded":
        raise BenchError(f"a redemption ended as {status}")
    return time.perf_counter() - began


def _in_order(entries: Sequence[Entry]) -> Sequence[Entry]:
    """The requests, where none was sent before the one before it was answered.

    What is sent at the same time as another would not lengthen the way.
    """
    path: list[Entry] = []
    for entry in entries:
        if not path or _apart(path[-1].at, entry.at):
            path.append(entry)
    return path


def _apart(one: datetime, other: datetime) -> bool:
    return (other - one).total_seconds() * 1000 >= LATENCY_MS * 0.9


def _rows(calls: Sequence[str]) -> list[str]:
    return [f"  {call.partition('?')[0]}" for call in calls]
