"""A sync of a large Jellyfin beside a bare loop over the same lists; one in which
nothing changed; and what both cost those who look at the UI meanwhile.
"""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from figures import Figure, Series, Target
from house import Browser, invite, move_in
from processes import (
    HOST,
    BenchError,
    Server,
    environment,
    free_port,
    memory_of,
    serving,
    tree_of,
    zondarr,
)
from sync_source import KEY

ITEMS = int(os.environ.get("BENCH_ITEMS", "100000"))
PEOPLE = 10
LOOKS = 40
"""At each page before the sync; during it there are as many as it lasts."""
PAUSE = 0.5
"""Between two looks, before and during the sync alike: they cost the program something,
too, and after a pause a look takes several times as long as right after another.
"""
SLOWER, UNCHANGED, GROWTH, LATER = Target(1.3), Target(1 / 25), Target(60), Target(1.5)
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    """What a sync took: seconds, seconds of the processor, MiB, and milliseconds of
    the requests that were made meanwhile."""

    wall: float = 0
    cpu: float = 0
    growth: float = 0
    looks: dict[str, list[float]] = field(default_factory=dict)


def measure(folder: Path, *, rounds: int) -> list[Figure]:
    """One round: the first sync of a library can be measured once."""
    del rounds
    data, bare = folder / "data", folder / "bare.db"
    data.mkdir()
    with _library(folder) as url, zondarr(data) as program:
        browser = Browser(program)
        move_in(browser, data)
        added = {"name": "Large", "url": url, "api_key": KEY}
        server = browser.post("/api/v1/servers", added)["id"]
        pages = {
            "people": "/api/v1/identities?limit=50",
            "join page": f"/api/v1/join/{invite(browser, server)}",
        }
        _copy(data / "zondarr.db", bare)
        before = _quiet_looks(browser, pages)
        first = _sync(program, browser, pages)
        bare_costs = _floor(url, bare)
        # It takes longer than an idle connection is kept.
        browser.close()
        again = _sync(program, browser, {})
    return _figures(first, again, bare_costs, before)


def _figures(
    first: Cost, again: Cost, bare: dict[str, float], before: dict[str, list[float]]
) -> list[Figure]:
    rows = f"{bare['rows']:,.0f} rows"
    processor = [
        Series("sync", "s", [first.cpu]),
        Series("bare loop", "s", [bare["cpu"]]),
        Series("nothing changed", "s", [again.cpu]),
    ]
    walls = [
        Series("sync", "s", [first.wall]),
        Series("bare loop", "s", [bare["wall"]]),
    ]
    growth = [Series("first", "MiB", [first.growth])]
    growth += [Series("again", "MiB", [again.growth])]
    remark = [
        rows,
        "the lists of the sync are made while they are asked for, those of the",
    ]
    remark += ["loop were kept: the processor's time is what can be compared"]
    found = [
        Figure(
            f"Sync of {ITEMS:,} items, {PEOPLE} accounts / bare loop, processor",
            first.cpu / bare["cpu"], "", SLOWER, processor,
        ),
        Figure("The same, wall", first.wall / bare["wall"], "", None, walls, remark),
        Figure(
            "A sync in which nothing changed / the first, processor",
            again.cpu / first.cpu, "", UNCHANGED,
        ),
        Figure(
            "Growth of the process in a sync", max(first.growth, again.growth),
            "MiB", GROWTH,
            growth,
        ),
    ]  # fmt: skip
    for name, looks in before.items():
        quiet = Series(f"{name}, before", "ms", looks)
        busy = Series(f"{name}, meanwhile", "ms", first.looks[name])
        title = f"p95 of {name} during the first sync / before"
        found.append(Figure(title, busy.p95 / quiet.p95, "", LATER, [quiet, busy]))
    return found


@contextmanager
def _library(folder: Path) -> Generator[str]:
    port = free_port()
    script = str(Path(__file__).with_name("sync_source.py"))
    command = [sys.executable, script, "serve", str(port), str(ITEMS), str(PEOPLE)]
    log = folder / "library.log"
    ready = "/System/Info/Public"
    env = environment(folder)
    with serving(command, port=port, ready=ready, env=env, log=log):
        yield f"http://{HOST}:{port}"


def _sync(program: Server, browser: Browser, pages: dict[str, str]) -> Cost:
    pid = program.process.pid
    cost = Cost(looks={name: [] for name in pages})
    memory, busy, began = memory_of(pid), _processor(pid), time.monotonic()
    run = browser.post("/api/v1/catalogue/sync", {})["run_id"]
    status, peak = "running", memory
    while status in {"running", "queued"}:
        for name, path in pages.items():
            cost.looks[name] += _looks(browser, path, 1)
        time.sleep(PAUSE)
        peak = max(peak, memory_of(pid))
        status = browser.get(f"/api/v1/runs/{run}")["status"]
    if status != "succeeded":
        raise BenchError(f"the sync {status}: {browser.get(f'/api/v1/runs/{run}')}")
    cost.wall, cost.cpu = time.monotonic() - began, _processor(pid) - busy
    cost.growth = peak - memory
    return cost


def _processor(pid: int) -> float:
    """Seconds of a process and all below it."""
    total = 0
    for one in tree_of(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def _quiet_looks(browser: Browser, pages: dict[str, str]) -> dict[str, list[float]]:
    """As they are made during a sync."""
    found: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(LOOKS):
        for name, path in pages.items():
            found[name] += _looks(browser, path, 1)
        time.sleep(PAUSE)
    return found


def _looks(browser: Browser, path: str, times: int) -> list[float]:
    found: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        browser.get(path)
        found.append((time.perf_counter() - began) * 1000)
    return found


def _floor(url: str, database: Path) -> dict[str, float]:
    script = str(Path(__file__).with_name("sync_source.py"))
    command = [sys.executable, script, "floor", url, KEY, str(database)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return json.loads(done.stdout)


def _copy(source: Path, target: Path) -> None:
    """A database with our schema, the server and its libraries."""
    with sqlite3.connect(source) as store, sqlite3.connect(target) as copy:
        store.backup(copy)
