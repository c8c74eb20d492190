"""Lists and sums over 300,000 titles, over HTTP with a session, on both databases."""

import json
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from figures import Figure, Series, Target
from house import Browser, add_server, jellyfin, move_in
from processes import BenchError, zondarr

FEW, MANY = 300, 300_000
LIMIT = 50
DEEP = 2000
"""Pages before the one deep in a list."""
REQUESTS = 20
"""Of each kind and in each round."""
PAGE, SUMMARY = Target(20), Target(100)

LISTS: dict[str, tuple[str, dict[str, Any]]] = {
    **{
        f"titles by {sort}": ("/titles", {"sort": sort})
        for sort in ("name", "-year", "-size", "-added", "last_activity")
    },
    "titles, unwatched films": ("/titles", {"type": "movie", "watched": "false"}),
    "titles, searched": ("/titles", {"q": "amber"}),
    **{
        f"insights, {kind}": (f"/insights/{kind}", {})
        for kind in ("unwatched", "large", "language", "recent")
    },
    **{
        f"insights, {kind} films of a gigabyte": (
            f"/insights/{kind}",
            {"type": "movie", "min_size": 10**9, "sort": "added"},
        )
        for kind in ("unwatched", "large", "language", "recent")
    },
    "insights, unwatched for 200 days": (
        "/insights/unwatched",
        {"unwatched_after_days": 200},
    ),
}


@dataclass(frozen=True)
class Library:
    """A workspace with so many titles on two servers."""

    browser: Browser
    name: str


def measure(folder: Path, *, rounds: int) -> list[Figure]:
    figures: list[Figure] = []
    for name in ("SQLite", "PostgreSQL"):
        with ExitStack() as stack:
            large = _library(stack, folder / name, name, MANY)
            figures += [_pages(large, rounds), _summary(large, rounds)]
    return figures


def _pages(library: Library, rounds: int) -> Figure:
    asked = {
        name: _path(path, **parameters) for name, (path, parameters) in LISTS.items()
    }
    asked["titles, 2,000 pages in"] = _deep(library.browser)
    parts = [
        Series(name, "ms", _ask(library.browser, path, rounds))
        for name, path in asked.items()
    ]
    worst = max(_p95_of_rounds(each.samples) for each in parts)
    title = f"{LIMIT} of {MANY:,} titles on {library.name}: p95 of the slowest list"
    return Figure(title, worst, "ms", PAGE, parts)


def _summary(library: Library, rounds: int) -> Figure:
    path = "/api/v1/insights/summary"
    samples = _ask(library.browser, path, rounds)
    title = f"Summary of {MANY:,} titles on {library.name}: p95"
    part = Series("summary", "ms", samples)
    return Figure(title, _p95_of_rounds(samples), "ms", SUMMARY, [part])


def _path(path: str, **parameters: Any) -> str:
    return f"/api/v1{path}?{urlencode({'limit': LIMIT, **parameters})}"


def _deep(browser: Browser) -> str:
    """The address of a page deep in the list, by walking there in large steps."""
    parameters: dict[str, Any] = {"sort": "name", "limit": 200}
    for _ in range(DEEP * LIMIT // 200):
        page = browser.get(f"/api/v1/titles?{urlencode(parameters)}")
        parameters["cursor"] = page["next_cursor"]
    return f"/api/v1/titles?{urlencode(parameters | {'limit': LIMIT})}"


def _ask(browser: Browser, path: str, rounds: int) -> list[float]:
    browser.get(path)
    found: list[float] = []
    for _ in range(rounds * REQUESTS):
        began = time.perf_counter()
        browser.get(path)
        found.append((time.perf_counter() - began) * 1000)
    return found


def _p95_of_rounds(samples: Any) -> float:
    """So that one bad second of a busy machine is not taken for the program's."""
    rounds = [samples[i : i + REQUESTS] for i in range(0, len(samples), REQUESTS)]
    return median(Series("", "ms", one).p95 for one in rounds)


def _library(stack: ExitStack, folder: Path, name: str, titles: int) -> Library:
    folder.mkdir(parents=True)
    url = f"sqlite+aiosqlite:///{folder / 'zondarr.db'}"
    more: dict[str, str] = {}
    if name == "PostgreSQL":
        url = stack.enter_context(postgresql(folder / "postgresql"))
        more["DATABASE_URL"] = url
    browser = Browser(stack.enter_context(zondarr(folder, more)))
    servers: list[str] = []
    move_in(browser, folder)
    for seed in (1, 2):
        with jellyfin(seed) as (address, simulator):
            servers.append(add_server(browser, address, simulator, f"Server {seed}"))
    workspace = browser.get("/api/v1/session")["workspace"]["id"]
    _fill(url, workspace, str(titles), *servers)
    # Filling takes longer than an idle connection is kept.
    browser.close()
    return Library(browser, name)


@contextmanager
def postgresql(folder: Path) -> Generator[str]:
    """A server of its own, as the tests have one."""
    sys.path.append(str(Path(__file__).parents[1] / "backend"))
    from tests.postgresql import running_postgresql  # noqa: PLC0415

    folder.mkdir()
    with (
        running_postgresql(folder / "data", folder / "lock") as server,
        server.database() as url,
    ):
        yield url


def _fill(*arguments: str) -> None:
    script = Path(__file__).with_name("shelves.py")
    done = subprocess.run(  # noqa: S603
        [sys.executable, str(script), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchError(f"the titles could not be written:\n{done.stderr}")


if __name__ == "__main__":
    print(json.dumps([each.as_json() for each in measure(Path(sys.argv[1]), rounds=1)]))
