"""How items are put in order."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from media_server_simulators.jellyfin.items.ratings import inherited_score
from media_server_simulators.jellyfin.items.sort_names import clean_name, sort_name
from media_server_simulators.jellyfin.items.user_data import is_played
from media_server_simulators.jellyfin.items.whole_items import is_folder, last_added
from media_server_simulators.jellyfin.state import State, User, Watch
from media_server_simulators.world import Title

NEVER = datetime(1, 1, 1, tzinfo=UTC)
NOTHING = -1  # what has no value comes first

type Key = Callable[[Title], Any]

# Of titles that are not simulated: nothing here has a value of them.
ALIKE = (
    "Album", "AlbumArtist", "Artist", "CommunityRating", "CriticRating", "StartDate",
    "Studio",
)  # fmt: skip
BY_SORT_NAME = ("SortName", "AirTime", "AiredEpisodeOrder")


def keys(state: State, user: User | None) -> dict[str, Key]:
    """A sort key for each name that is known; others are dropped before."""
    by_name: dict[str, Key] = dict.fromkeys(BY_SORT_NAME, _name)
    alike: dict[str, Key] = dict.fromkeys(ALIKE, _nothing)
    return alike | by_name | _of_titles(state) | _of_users(state, user)


def _name(title: Title) -> tuple[str, str]:
    return sort_name(title), title.name


def _nothing(_: Title) -> int:
    return NOTHING


def _of_titles(state: State) -> dict[str, Key]:
    def series_name(title: Title) -> str:
        series = state.world.by_id.get(title.series_id or "")
        return series.name if series else ""

    def score(title: Title) -> int:
        found = inherited_score(state.world, title)
        return NOTHING if found is None else found

    return {
        "Name": lambda t: clean_name(t.name),
        "DateCreated": lambda t: t.added,
        "PremiereDate": lambda t: t.premiere or _new_year(t),
        "ProductionYear": lambda t: t.year or NOTHING,
        "DateLastContentAdded": lambda t: (
            last_added(state, t) if is_folder(t) else NEVER
        ),
        "Random": lambda _: random.random(),  # noqa: S311
        "IsFolder": is_folder,
        "OfficialRating": score,
        "Runtime": lambda t: t.files[0].ticks if t.files else NOTHING,
        "VideoBitRate": _bit_rate,
        "SeriesSortName": series_name,
        "ParentIndexNumber": lambda t: NOTHING if t.season is None else t.season,
        "IndexNumber": lambda t: NOTHING if t.index is None else t.index,
    }


def _bit_rate(title: Title) -> float:
    file = title.files[0] if title.files else None
    return file.size / file.ticks if file and file.ticks else NOTHING


def _new_year(title: Title) -> datetime:
    """Without a premiere the year counts, and without that, never."""
    return datetime(title.year, 1, 1, tzinfo=UTC) if title.year else NEVER


def _of_users(state: State, user: User | None) -> dict[str, Key]:
    whose = user.id if user else ""

    def watch(title: Title) -> Watch | None:
        return state.watched.get((whose, title.id))

    def last_played(title: Title) -> datetime:
        found = watch(title)
        return (found.last_played if found else None) or NEVER

    def last_of_series(title: Title) -> datetime:
        inside = state.world.inside.get(title.id, ())
        seen = (w for t in inside if (w := watch(t)) is not None and w.played)
        return max((w.last_played or NEVER for w in seen), default=NEVER)

    def count(title: Title) -> int:
        found = watch(title)
        return NOTHING if found is None else found.count

    def favourite(title: Title) -> int:
        found = watch(title)
        return NOTHING if found is None else int(found.favourite)

    return {
        "DatePlayed": last_played,
        "SeriesDatePlayed": last_of_series,
        "PlayCount": count,
        "IsFavoriteOrLiked": favourite,
        "IsPlayed": lambda t: is_played(state, user, t),
        "IsUnplayed": lambda t: not is_played(state, user, t),
    }


def ordered(
    rows: list[Title], by: list[str], orders: list[str], keys: dict[str, Key]
) -> list[Title]:
    """Sorted by each name in turn, and by sort name where all are alike.

    The last order given serves the rest. `Default` is no name to sort by.
    """
    last = len(orders) - 1
    named = [(e, orders[min(n, last)] if orders else "") for n, e in enumerate(by)]
    if not {"SortName", "Name"} & set(by):
        named.append(("SortName", "Ascending"))
    for name, order in reversed(named):
        if name in keys:
            rows = sorted(rows, key=keys[name], reverse=order == "Descending")
    return rows
