"""Computes a title's totals from its items, files and watch data."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import astuple

from zondarr.catalogue.models import NEVER
from zondarr.catalogue.repository.totals import Activity, ItemPart
from zondarr.media.types import ItemKind

LEAVES = (ItemKind.MOVIE, ItemKind.EPISODE)


class Totals(Struct, frozen=True, kw_only=True):
    """See `Title`; `present` is whether any server has it."""

    present: bool = False
    size: int = 0
    largest: int = 0
    largest_sum: int = 0
    sizes_known: bool = True
    added_at: datetime = NEVER
    arrived_at: datetime = NEVER
    active_at: datetime = NEVER
    undated_play: bool = False
    favourite: bool = False

    def values(self, languages_id: UUID | None) -> tuple[Any, ...]:
        """In the order of `repository.titles.TOTALS`."""
        return (*astuple(self)[1:], languages_id)


def totals_of(parts: Iterable[ItemPart], activity: Activity | None) -> Totals:
    parts = list(parts)
    # A show is as new as its newest episode, a film as old as its oldest copy.
    leaves = [each for each in parts if each.kind in LEAVES] or parts
    series = any(each.kind is not ItemKind.MOVIE for each in leaves)
    added = [each.added_at for each in leaves]
    largest, largest_sum = _units(parts)
    return Totals(
        present=bool(parts),
        size=_disk(parts),
        largest=largest,
        largest_sum=largest_sum,
        sizes_known=all(
            each.size is not None for each in parts if each.file_id is not None
        ),
        added_at=(max(added) if series else min(added)) if added else NEVER,
        arrived_at=max((each.arrived_at for each in leaves), default=NEVER),
        active_at=(activity and activity.last_played_at) or NEVER,
        undated_play=bool(activity and activity.undated),
        favourite=bool(activity and activity.favourite),
    )


def _disk(parts: Iterable[ItemPart]) -> int:
    """The same path and size on two servers is one file."""
    files = {(each.path, each.size) for each in parts if each.file_id is not None}
    return sum(size or 0 for _, size in files)


def _units(parts: Iterable[ItemPart]) -> tuple[int, int]:
    """The largest film or season of a copy: with the largest version of each film or
    episode, and with all of them.
    """
    leaves: defaultdict[tuple[UUID, int | None, UUID], list[int]] = defaultdict(list)
    for each in parts:
        if each.file_id is not None:
            movie = each.kind is ItemKind.MOVIE
            unit = each.item_id if movie else each.library_id
            leaves[unit, each.season, each.item_id].append(each.size or 0)
    single: defaultdict[tuple[UUID, int | None], int] = defaultdict(int)
    every: defaultdict[tuple[UUID, int | None], int] = defaultdict(int)
    for (unit, season, _), sizes in leaves.items():
        single[unit, season] += max(sizes)
        every[unit, season] += sum(sizes)
    return max(single.values(), default=0), max(every.values(), default=0)
