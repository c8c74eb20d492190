"""Numbers, sizes, times and episodes in the words of reasons."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from zondarr.core.counting import counted

UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
STEP = 1024
DAY = timedelta(days=1)


def size_in_words(size: int) -> str:
    """13958643712 is "13.0 GiB"."""
    value, unit = float(size), UNITS[0]
    for unit in UNITS:
        if value < STEP:
            break
        if unit != UNITS[-1]:
            value /= STEP
    return f"{value:.0f} {unit}" if unit == UNITS[0] else f"{value:.1f} {unit}"


def days_ago(then: datetime, now: datetime) -> str:
    days = max(0, (now - then) // DAY)
    return "today" if not days else f"{counted(days, 'day')} ago"


def list_of(words: Sequence[str], most: int = 3) -> str:
    """ "Ana, Ben and 3 more"."""
    shown = list(words[:most])
    if len(words) > most:
        shown.append(f"{len(words) - most} more")
    if len(shown) == 1:
        return shown[0]
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def episodes_label(season: int | None, numbers: Iterable[int]) -> str:
    """ "S2E5–E8, E10"; a season without numbers is "S2"."""  # noqa: RUF002
    runs = [_run(run) for run in _runs(sorted(set(numbers)))]
    return ("" if season is None else f"S{season}") + ", ".join(runs)


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    pairs = groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])
    return [[number for _, number in run] for _, run in pairs]


def _run(run: Sequence[int]) -> str:
    first, last = f"E{run[0]}", f"E{run[-1]}"
    return first if len(run) == 1 else f"{first}–{last}"  # noqa: RUF001
