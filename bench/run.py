"""`make bench`: the figures in the docs, measured anew.

    python bench/run.py [PART ...] [--rounds N] [--json FILE]

Parts: throughput, people, redemption, memory, listing, library, requests, start, sync;
all of them if none is named.
Ends with 1 when a figure misses its target.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import library
import listing
import memory
import people
import redemption
import request_lists
import start
import sync
import throughput
from figures import Figure
from processes import BenchError

PARTS: dict[str, tuple[Callable[..., list[Figure]], int]] = {
    "throughput": (throughput.measure, 5),
    "people": (people.measure, 5),
    "redemption": (redemption.measure, 10),
    "memory": (memory.measure, 3),
    "listing": (listing.measure, 15),
    "library": (library.measure, 5),
    "requests": (request_lists.measure, 5),
    "start": (start.measure, 5),
    "sync": (sync.measure, 1),
}
"""How each is measured, and in how many rounds."""


def main() -> int:
    asked = _arguments()
    figures: list[Figure] = []
    print(_machine(), flush=True)
    try:
        for part in asked.parts or PARTS:
            figures += _measure(part, asked.rounds)
    except BenchError as error:
        sys.exit(f"bench: {error}")
    if asked.json:
        asked.json.write_text(json.dumps(_document(figures), indent=2) + "\n")
    missed = [figure.title for figure in figures if not figure.is_met]
    print("Missed: " + "; ".join(missed) if missed else "Every target is met.")
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("parts", nargs="*", metavar="PART", choices=[*PARTS, []])
    parser.add_argument("--rounds", type=int, help="instead of each part's own number")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all samples")
    return parser.parse_args()


def _measure(part: str, rounds: int | None) -> Sequence[Figure]:
    measure, usual = PARTS[part]
    with tempfile.TemporaryDirectory(prefix="zondarr-bench-") as folder:
        figures = measure(Path(folder), rounds=rounds or usual)
    for figure in figures:
        print(*figure.lines(), f"    load average {_load()}", "", sep="\n", flush=True)
    return figures


def _document(figures: Sequence[Figure]) -> dict[str, object]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": _machine(),
        "load_average": _load(),
        "figures": [figure.as_json() for figure in figures],
    }


def _machine() -> str:
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores,"
        f" {platform.system()} {platform.machine()}"
    )


def _load() -> str:
    return ", ".join(f"{one:.2f}" for one in os.getloadavg())


if __name__ == "__main__":
    sys.exit(main())
