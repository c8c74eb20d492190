"""A people list of 50 out of 10,000, over HTTP with a session, beside 50 out of 100."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from figures import Figure, Series, Target, ratios
from house import Browser, add_server, jellyfin, move_in
from processes import BenchError, zondarr
from questions import LIMIT, QUESTIONS

FEW, MANY = 100, 10_000
TARGET = Target(15)
REQUESTS = 40
"""Of each kind and in each round."""


@dataclass(frozen=True)
class Town:
    """A workspace with so many people."""

    browser: Browser
    url: str
    workspace: str
    server: str

    def fill(self, begin: int, end: int) -> None:
        _crowd("fill", self.url, self.workspace, self.server, str(begin), str(end))
        # Filling may take longer than an idle connection is kept.
        self.browser.close()

    def queries(self) -> dict[str, int]:
        return json.loads(_crowd("queries", self.url, self.workspace))


def measure(folder: Path, *, rounds: int) -> list[Figure]:
    """Each round asks all questions in both workspaces, request by request in turn."""
    with ExitStack() as stack:
        small = _found(stack, folder / "small")
        large = _found(stack, folder / "large")
        small.fill(0, FEW)
        large.fill(0, MANY)
        counted = small.queries(), large.queries()
        few, many = _ask_in_turn(small, large, rounds)
    return [*_times(few, many), _queries(*counted)]


def _times(few: dict[str, list[float]], many: dict[str, list[float]]) -> list[Figure]:
    """The list in each of its orders, which has a target; and a search, which walks
    through all people and has none."""
    orders = [name for name, asked in QUESTIONS.items() if "q" not in asked]
    searches = [name for name, asked in QUESTIONS.items() if "q" in asked]
    title = f"People list, {LIMIT} of {MANY:,}: p95 of the slowest order"
    listed = _slowest(title, TARGET, orders, few, many)
    title = "The same, searched for what all of them have: p95"
    return [listed, _slowest(title, None, searches, few, many)]


def _slowest(
    title: str,
    target: Target | None,
    names: Sequence[str],
    few: dict[str, list[float]],
    many: dict[str, list[float]],
) -> Figure:
    parts: list[Series] = []
    for name in names:
        of_few = Series(f"{name}, {LIMIT} of {FEW}", "ms", few[name])
        of_many = Series(f"{name}, {LIMIT} of {MANY:,}", "ms", many[name])
        parts += [of_few, of_many, ratios("  many / few", of_many, of_few)]
    worst = max(_p95_of_rounds(many[name]) for name in names)
    remarks = [f"p95 of each round of {REQUESTS} requests, and of those the median"]
    return Figure(title, worst, "ms", target, parts, remarks)


def _p95_of_rounds(samples: Sequence[float]) -> float:
    """So that one bad second of a busy machine is not taken for the program's."""
    rounds = [samples[i : i + REQUESTS] for i in range(0, len(samples), REQUESTS)]
    return median(Series("", "ms", one).p95 for one in rounds)


def _queries(few: dict[str, int], many: dict[str, int]) -> Figure:
    remarks = [
        f"{name}: {few[name]} of {FEW}, {many[name]} of {MANY:,}" for name in QUESTIONS
    ]
    remarks.append("and one more, over HTTP, for the session")
    grown = max(many[name] - few[name] for name in QUESTIONS)
    title = f"Queries of the list that {MANY:,} people take more than {FEW}"
    return Figure(title, grown, "", Target(0), (), remarks)


def _found(stack: ExitStack, folder: Path) -> Town:
    folder.mkdir()
    browser = Browser(stack.enter_context(zondarr(folder)))
    with jellyfin() as (url, simulator):
        move_in(browser, folder)
        server = add_server(browser, url, simulator)
    workspace = browser.get("/api/v1/session")["workspace"]["id"]
    database = f"sqlite+aiosqlite:///{folder / 'zondarr.db'}"
    return Town(browser, database, workspace, server)


def _ask_in_turn(small: Town, large: Town, rounds: int) -> Any:
    few: dict[str, list[float]] = {name: [] for name in QUESTIONS}
    many: dict[str, list[float]] = {name: [] for name in QUESTIONS}
    for name, asked in QUESTIONS.items():
        path = f"/api/v1/identities?{urlencode({'limit': LIMIT, **asked})}"
        for town in (small, large):
            _ask(town, path)
        for _ in range(rounds * REQUESTS):
            few[name].append(_ask(small, path))
            many[name].append(_ask(large, path))
    return few, many


def _ask(town: Town, path: str) -> float:
    """Milliseconds until the answer is read and is a page."""
    began = time.perf_counter()
    page = town.browser.get(path)
    took = (time.perf_counter() - began) * 1000
    if len(page["items"]) != LIMIT:
        raise BenchError(f"{path} has {len(page['items'])} people")
    return took


def _crowd(*arguments: str) -> str:
    script = Path(__file__).with_name("crowd.py")
    command = [sys.executable, str(script), *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return done.stdout
