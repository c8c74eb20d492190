"""Reading a Plex library of 20,000 films, beside bare decoding of the same bytes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from figures import Figure, Series, Target, ratios
from processes import HOST, BenchError, environment, free_port, serving

FEW, MANY = 2_000, 20_000
SPEED = Target(0.5, at_least=True)
GROWTH = Target(2)
"""MiB: no more than where pages happen to lie."""
SCRIPT = str(Path(__file__).with_name("shelf.py"))


def measure(folder: Path, *, rounds: int) -> list[Figure]:
    """The reader is one process, the server another that only sends what it has."""
    port = free_port()
    command = [sys.executable, SCRIPT, "serve", str(port), str(MANY)]
    env, log = environment(folder), folder / "shelf.log"
    with serving(command, port=port, ready="/identity", env=env, log=log):
        url = f"http://{HOST}:{port}"
        took = _run("speed", url, str(rounds))
        held = [_run("memory", url, str(FEW)) for _ in range(3)]
    if took["films"] != [MANY] or {one["films"] for one in held} != {MANY}:
        raise BenchError("not all films were read")
    return [*_speed(took), _memory(held)]


def _speed(took: dict[str, list[float]]) -> list[Figure]:
    """Against msgspec alone, which makes dicts, and against it with the same shapes.

    The target can be read both ways, and the second is stricter. By this side's
    processor time: the clock counts the sender too, and whoever else is at work on the
    machine.
    """
    names = {
        "read": "read through the client, over HTTP",
        "untyped": "the same bytes decoded into dicts and lists",
        "shaped": "the same bytes decoded into the client's shapes",
        "fetched": "fetched by httpx2 alone, and decoded into these shapes",
    }
    wall = {key: Series(name, "ms", took[key]) for key, name in names.items()}
    busy = {
        key: Series("  of it our own processor's", "ms", took[f"{key}, processor"])
        for key in names
    }
    parts = [each for key in names for each in (wall[key], busy[key])]
    size, pages = took["bytes"][0] / 2**20, took["pages"][0]
    remarks = [f"{size:.1f} MiB in {pages:.0f} pages, sent by a process of its own"]
    title = f"Plex listing of {MANY:,} items, speed by msgspec decoding into dicts"
    bare = _ratios(wall, busy, "untyped")
    first = Figure(title, bare[0].median, "", SPEED, [*parts, *bare], remarks)
    same = [*_ratios(wall, busy, "shaped"), *_httpx2(busy)]
    title = "The same, by msgspec decoding into the client's shapes"
    return [first, Figure(title, same[0].median, "", None, same)]


def _ratios(
    wall: dict[str, Series], busy: dict[str, Series], other: str
) -> list[Series]:
    return [
        ratios("decoded / read, by our processor time", busy[other], busy["read"]),
        ratios("decoded / read, by the clock", wall[other], wall["read"]),
    ]


def _httpx2(busy: dict[str, Series]) -> list[Series]:
    """How far the library beneath gets by itself, and what the client adds to it."""
    alone = busy["fetched"]
    return [
        ratios("decoded / httpx2 alone, by our processor time", busy["shaped"], alone),
        ratios("httpx2 alone / read, by our processor time", alone, busy["read"]),
    ]


def _memory(held: list[dict[str, float]]) -> Figure:
    parts = [
        Series(name, "MiB RSS", [one[key] for one in held])
        for key, name in {
            "before": "peak before the first",
            "few": f"peak after {FEW:,}",
            "all": f"peak after {MANY:,}",
        }.items()
    ]
    grown = Series(f"{MANY:,} more than {FEW:,}", "MiB", _differences(held))
    title = f"Memory that {MANY:,} items take more than {FEW:,}"
    return Figure(title, grown.median, "MiB RSS", GROWTH, [*parts, grown])


def _differences(held: list[dict[str, float]]) -> list[float]:
    return [one["all"] - one["few"] for one in held]


def _run(*arguments: str) -> Any:
    command = [sys.executable, SCRIPT, *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return json.loads(done.stdout)
