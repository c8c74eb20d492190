"""How items are put in order."""

import random
from collections.abc import Callable
from datetime import UTC, datetime

from media_server_simulators.jellyfin.items.sort_names import sort_name
from media_server_simulators.jellyfin.state import State, User, Watch
from media_server_simulators.jellyfin.values import text
from media_server_simulators.world import Title

NEVER = datetime(1, 1, 1, tzinfo=UTC)

type Key = tuple[object, ...]


def _new_year(title: Title) -> datetime:
    """Without a premiere the year counts, and without that, never."""
    return datetime(title.year, 1, 1, tzinfo=UTC) if title.year else NEVER


def keys(state: State, user: User | None) -> dict[str, Callable[[Title], Key]]:
    """A sort key for each name that is known; others are dropped before."""

    def watch(title: Title) -> Watch:
        return state.watched.get((user.id if user else "", title.id)) or Watch()

    return {
        "SortName": lambda t: (sort_name(t),),
        "Name": lambda t: (t.name.lower(),),
        "DateCreated": lambda t: (t.added,),
        "PremiereDate": lambda t: (t.premiere or _new_year(t),),
        "ProductionYear": lambda t: (t.year or 0,),
        "DatePlayed": lambda t: (watch(t).last_played or NEVER,),
        "DateLastContentAdded": lambda t: (NEVER,) if t.kind == "Movie" else (t.added,),
        "Random": lambda _: (random.random(),),  # noqa: S311
        "PlayCount": lambda t: (watch(t).count,),
        "IsFavoriteOrLiked": lambda t: (not watch(t).favourite,),
        "IsFolder": lambda t: (bool(t.files),),
        "IsPlayed": lambda t: (watch(t).played,),
        "IsUnplayed": lambda t: (not watch(t).played,),
        "OfficialRating": lambda t: (t.rating or "",),
        "CommunityRating": lambda _: (0,),
        "Runtime": lambda t: (t.files[0].ticks if t.files else 0,),
        "SeriesSortName": lambda t: (text(t.recorded, "SeriesName").lower(),),
        "ParentIndexNumber": lambda t: (t.season or 0,),
        "IndexNumber": lambda t: (t.index or 0,),
        "Default": lambda t: (sort_name(t),),
    }


def ordered(
    rows: list[Title],
    by: list[str],
    orders: list[str],
    keys: dict[str, Callable[[Title], Key]],
) -> list[Title]:
    """Sorted by each name in turn; the last order given serves the rest."""
    names = [name for name in by if name in keys]
    if not names:
        names, orders = ["SortName"], []
    for place, name in reversed(list(enumerate(names))):
        order = orders[min(place, len(orders) - 1)] if orders else "Ascending"
        rows = sorted(rows, key=keys[name], reverse=order == "Descending")
    return rows
