"""Questions about an item together with what lies in it."""

from collections.abc import Callable
from datetime import datetime

from media_server_simulators.jellyfin.state import State
from media_server_simulators.world import Title

FOLDERS = {
    "Folder",
    "CollectionFolder",
    "AggregateFolder",
    "UserRootFolder",
    "ManualPlaylistsFolder",
}

type Test = Callable[[Title], bool]


def is_folder(title: Title) -> bool:
    return title.kind in FOLDERS or title.kind in {"Series", "Season"}


def inside(state: State, title: Title) -> list[Title]:
    found = state.world.inside.get(title.id, ())
    return [each for each in found if each.id not in state.deleted]


def or_inside(state: State, test: Test) -> Test:
    """Whether the item passes, or something in it."""
    return lambda title: test(title) or any(map(test, inside(state, title)))


def at_leaves(state: State, test: Test) -> Test:
    """Whether the item passes, or of a folder something in it."""
    return lambda title: (
        any(map(test, inside(state, title))) if is_folder(title) else test(title)
    )


def last_added(state: State, title: Title) -> datetime:
    """When the newest file of a show came."""
    added = (each.added for each in inside(state, title) if each.files)
    return max(added, default=title.added)


def negated(test: Test) -> Test:
    return lambda title: not test(title)
