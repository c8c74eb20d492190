"""Lists of 6,000 requests of a simulated Seerr, over HTTP with a session, on both
databases, while no title is being looked up.

The first list of each kind is left out of the figure and printed beside it: it works
out the states of all requests, which are remembered until something changes.
"""

import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from media_server_simulators.generator import make_world
from media_server_simulators.seerr import SeerrSimulator
from media_server_simulators.seerr.furnishing import Crowd
from media_server_simulators.server import serve_in_thread

from figures import Figure, Series, Target
from house import Browser, move_in
from library import postgresql
from processes import BenchError, zondarr

REQUESTS, USERS = 6000, 40
EACH = 40
"""Of each list and in each round."""
PAGE = Target(15)
SEERR = "/api/v1/integrations/seerr"

LISTS: dict[str, dict[str, Any]] = {
    "newest first": {},
    "stuck": {"state": "stuck"},
    "those that need somebody": {"state": ["stuck", "failed", "awaiting_approval"]},
    "searched": {"q": "film 10"},
}


def measure(folder: Path, *, rounds: int) -> list[Figure]:
    found: list[Figure] = []
    for name in ("SQLite", "PostgreSQL"):
        with ExitStack() as stack:
            browser = _read(stack, folder / name, name)
            found.append(_pages(browser, name, rounds))
    return found


def _pages(browser: Browser, name: str, rounds: int) -> Figure:
    one = browser.get(f"{SEERR}/users?limit=1")["items"][0]["id"]
    lists = LISTS | {"of one person": {"requested_by": one}}
    parts: list[Series] = []
    for title, parameters in lists.items():
        query = urlencode({"limit": 50, **parameters}, doseq=True)
        took = [
            _ask(browser, f"/api/v1/requests?{query}") for _ in range(EACH * rounds)
        ]
        parts += [
            Series(f"{title}, the first", "ms", took[:1]),
            Series(title, "ms", took[1:]),
        ]
    worst = max(each.p95 for each in parts[1::2])
    title = f"50 of {REQUESTS:,} requests on {name}: p95 of the slowest list"
    return Figure(title, worst, "ms", PAGE, parts)


def _ask(browser: Browser, path: str) -> float:
    began = time.perf_counter()
    browser.get(path)
    return (time.perf_counter() - began) * 1000


def _read(stack: ExitStack, folder: Path, name: str) -> Browser:
    """A program that has read the requests."""
    folder.mkdir(parents=True)
    more: dict[str, str] = {}
    if name == "PostgreSQL":
        more["DATABASE_URL"] = stack.enter_context(postgresql(folder / "postgresql"))
    browser = Browser(stack.enter_context(zondarr(folder, more)))
    move_in(browser, folder)
    address, key = stack.enter_context(_seerr())
    browser.send("PUT", SEERR, {"url": address, "api_key": key}, None)
    run = browser.post(f"{SEERR}/sync", None)["run_id"]
    _wait(browser, run)
    for each in browser.get("/api/v1/runs?status=running")["items"]:
        browser.post(f"/api/v1/runs/{each['id']}/cancel", None)
        _wait(browser, each["id"])
    return browser


def _wait(browser: Browser, run_id: str) -> None:
    until = time.monotonic() + 300
    while time.monotonic() < until:
        run = browser.get(f"/api/v1/runs/{run_id}")
        if run["status"] not in {"queued", "running"}:
            return
        time.sleep(0.2)
    raise BenchError(f"the run {run_id} does not end")


@contextmanager
def _seerr() -> Generator[tuple[str, str]]:
    seerr = SeerrSimulator(make_world(), crowd=Crowd(REQUESTS, USERS))
    with serve_in_thread(seerr) as url:
        yield url, seerr.api_key
