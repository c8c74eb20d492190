"""Groups the episodes that a finding is about."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from msgspec.structs import replace

from zondarr.insights.facts import LeafFacts, Part
from zondarr.insights.wording import episodes_label

type _Episode = tuple[int | None, str | None, object]
type _Group = tuple[int | None, str | None, frozenset[UUID]]


def episode_parts(leaves: Iterable[tuple[LeafFacts, str | None]]) -> list[Part]:
    """Episodes with a note each: one part for each season, note and set of libraries.

    The same episode in several libraries is named once; its size is that of all.
    """
    copies: defaultdict[_Episode, list[LeafFacts]] = defaultdict(list)
    for leaf, note in leaves:
        own = leaf.item_id if leaf.number is None else leaf.number
        copies[leaf.season, note, own].append(leaf)
    groups: defaultdict[_Group, list[LeafFacts]] = defaultdict(list)
    for (season, note, _), mine in copies.items():
        groups[season, note, frozenset(e.library_id for e in mine)] += mine
    return [_part(group, groups[group]) for group in sorted(groups, key=_order)]


def without_repeats(parts: Iterable[Part]) -> list[Part]:
    """Copies of a film that are alike are one line, with the libraries of all."""
    libraries: defaultdict[tuple[object, ...], list[UUID]] = defaultdict(list)
    found: dict[tuple[object, ...], Part] = {}
    for each in parts:
        key = (each.season, each.label, each.size, each.note)
        found.setdefault(key, each)
        libraries[key] += each.library_ids
    return [
        replace(each, library_ids=tuple(dict.fromkeys(libraries[key])))
        for key, each in found.items()
    ]


def _order(group: _Group) -> tuple[int, str, list[UUID]]:
    season, note, libraries = group
    return -1 if season is None else season, note or "", sorted(libraries)


def _part(group: _Group, leaves: list[LeafFacts]) -> Part:
    season, note, libraries = group
    numbers = sorted({each.number for each in leaves if each.number is not None})
    return Part(
        season=season,
        numbers=numbers,
        label=episodes_label(season, numbers),
        size=sum(each.size for each in leaves),
        note=note,
        library_ids=tuple(sorted(libraries)),
    )
