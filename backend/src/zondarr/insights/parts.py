"""Groups the episodes that a finding is about."""

from collections import defaultdict
from collections.abc import Iterable

from zondarr.insights.facts import LeafFacts, Part
from zondarr.insights.wording import episodes_label


def episode_parts(leaves: Iterable[tuple[LeafFacts, str | None]]) -> list[Part]:
    """Episodes with a note each: one part for each season and note.

    The same episode in several libraries is named once; its size is that of all.
    """
    groups: defaultdict[tuple[int | None, str | None], list[LeafFacts]]
    groups = defaultdict(list)
    for leaf, note in leaves:
        groups[leaf.season, note].append(leaf)
    return [
        _part(season, note, groups[season, note])
        for season, note in sorted(groups, key=_order)
    ]


def without_repeats(parts: Iterable[Part]) -> list[Part]:
    """Copies of a film that are alike are one line."""
    found: list[Part] = []
    for each in parts:
        if each not in found:
            found.append(each)
    return found


def _order(group: tuple[int | None, str | None]) -> tuple[int, str]:
    season, note = group
    return -1 if season is None else season, note or ""


def _part(season: int | None, note: str | None, leaves: list[LeafFacts]) -> Part:
    numbers = sorted({each.number for each in leaves if each.number is not None})
    return Part(
        season=season,
        numbers=numbers,
        label=episodes_label(season, numbers),
        size=sum(each.size for each in leaves),
        note=note,
    )
