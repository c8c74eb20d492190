"""Requests per second of the join page against a bare answer on the same server."""

import re
import resource
import shutil
import subprocess
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from figures import Figure, Series, Target, ratios
from house import Browser, add_server, invite, jellyfin, move_in
from processes import HOST, BenchError, Server, hello, zondarr

CONNECTIONS = 16
SECONDS = 3
WARM_UP = 1
TARGET = Target(0.15, at_least=True)
NO_WRK = """\
The load generator wrk is not here. Install it (`apt-get install wrk`, `brew install
wrk`), or run `scripts/setup bench` as root on Debian or Ubuntu. One written in Python
would measure itself."""

_RATE = re.compile(r"^Requests/sec:\s+([\d.]+)$", re.MULTILINE)


def measure(folder: Path, *, rounds: int) -> list[Figure]:
    """Each round asks all of them in turn, so that a busy machine slows all alike."""
    with ExitStack() as stack:
        bare = stack.enter_context(hello(folder))
        edge = stack.enter_context(hello(folder, edge=True))
        program = stack.enter_context(zondarr(folder))
        code = _furnish(program, folder)
        asked = {
            "hello, bare Granian": (bare, "/api/"),
            "hello behind the edge": (edge, "/api/"),
            "GET /health/live": (program, "/health/live"),
            "GET /api/v1/join/{code}": (program, f"/api/v1/join/{code}"),
        }
        rates, busy = _ask_in_turn(asked, rounds)
    parts = [Series(name, "requests/s", rate) for name, rate in rates.items()]
    first, *_, last = parts
    ratio = ratios("join / hello", last, first)
    remarks = [*_where_time_goes(parts), f"wrk itself used {busy:.0%} of one core"]
    title = "Join page, requests/s against a bare hello"
    return [Figure(title, ratio.median, "", TARGET, [*parts, ratio], remarks)]


def _furnish(program: Server, folder: Path) -> str:
    browser = Browser(program)
    with jellyfin() as (url, simulator):
        move_in(browser, folder)
        code = invite(browser, add_server(browser, url, simulator))
    browser.close()
    return code


def _ask_in_turn(
    asked: Mapping[str, tuple[Server, str]], rounds: int
) -> tuple[dict[str, list[float]], float]:
    """Requests per second of each, and how busy the generator was at the most."""
    for server, path in asked.values():
        _load(server, path, WARM_UP)
    rates: dict[str, list[float]] = {name: [] for name in asked}
    busy = 0.0
    for _ in range(rounds):
        for name, (server, path) in asked.items():
            rate, used = _load(server, path, SECONDS)
            rates[name].append(rate)
            busy = max(busy, used)
    return rates, busy


def _load(server: Server, path: str, seconds: int) -> tuple[float, float]:
    """Requests per second, and the share of one core that the generator used."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise BenchError(NO_WRK)
    url = f"http://{HOST}:{server.port}{path}"
    command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", url]
    began, used = time.monotonic(), _seconds_of_children()
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    share = (_seconds_of_children() - used) / (time.monotonic() - began)
    found = _RATE.search(output)
    if found is None or "Non-2xx" in output or "Socket errors" in output:
        raise BenchError(f"wrk on {path} printed:\n{output}")
    return float(found[1]), share


def _seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _where_time_goes(parts: list[Series]) -> list[str]:
    """What each layer adds to the time of one request."""
    lines, before = ["where the time of one request goes (median, µs):"], 0.0
    names = (
        "Granian and ASGI",
        "our edge (headers, log line, metrics)",
        "Litestar: routing, middleware, response",
        "the join page: its dependencies and its answer",
    )
    for name, part in zip(names, parts, strict=True):
        micros = 1e6 / part.median
        lines.append(f"  {name:48} {micros - before:6.1f}")
        before = micros
    return lines
