"""How many tests there are of each area, by the database they run on.

    python -m tests.count

prints the table of docs/testing.md, from the tests as pytest collects them.
"""

import re
import sys
from collections import Counter
from pathlib import Path
from subprocess import run

ROOT = Path(__file__).parents[2]
KINDS = ("sqlite", "postgresql", "neither")


def collected(suite: str) -> list[str]:
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "tests"]
    shown = run(  # noqa: S603
        command, cwd=ROOT / suite, capture_output=True, text=True, check=True
    )
    return [line for line in shown.stdout.splitlines() if "::" in line]


def area_of(suite: str, name: str) -> str:
    folder = name.partition("::")[0].split("/")[1]
    return suite if suite == "simulators" else folder.removesuffix(".py")


def kind_of(name: str) -> str:
    found = re.search(r"\[.*?(sqlite|postgresql)\b", name)
    return found[1] if found else "neither"


def main() -> None:
    areas: dict[str, Counter[str]] = {}
    for suite in ("backend", "simulators"):
        for name in collected(suite):
            area = areas.setdefault(area_of(suite, name), Counter())
            area[kind_of(name)] += 1
    areas = dict(sorted(areas.items()))
    areas["all"] = sum(areas.values(), Counter[str]())
    lines = [
        "| area | SQLite | PostgreSQL | neither | in all |",
        "|---|---|---|---|---|",
    ]
    for area, counts in areas.items():
        numbers = " | ".join(str(counts[kind]) for kind in KINDS)
        lines.append(f"| {area} | {numbers} | {counts.total()} |")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
