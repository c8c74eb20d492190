"""Filters of /Items by what a user did with a title."""

from collections.abc import Iterator

from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.http.errors import exception_error
from media_server_simulators.jellyfin.items.user_data import is_played, leaves, stored
from media_server_simulators.jellyfin.items.whole_items import Test, is_folder
from media_server_simulators.jellyfin.state import State, User
from media_server_simulators.jellyfin.versions import Version
from media_server_simulators.world import Title

NEED_USER = frozenset(
    (
        "IsPlayed", "IsUnplayed", "IsFavorite", "IsFavoriteOrLikes", "IsResumable",
        "Likes", "Dislikes",
    )
)  # fmt: skip


def watch_tests(call: Call, user: User | None) -> Iterator[Test]:
    """Raises 500 where there is no user; 10.10 ignores the filters then."""
    if user is not None:
        yield from _of_user(call, user)
    elif _needs_user(call) and call.state.version is not Version.V10_10:
        raise exception_error(500)


def _needs_user(call: Call) -> bool:
    flags = (call.flag("isPlayed"), call.flag("isFavorite"))
    return flags != (None, None) or not NEED_USER.isdisjoint(call.words("filters"))


def _of_user(call: Call, user: User) -> Iterator[Test]:
    state, filters = call.state, set(call.words("filters"))
    played, favourite = call.flag("isPlayed"), call.flag("isFavorite")
    if filters & {"IsPlayed", "IsUnplayed"}:
        played = "IsPlayed" in filters
    if filters & {"IsFavorite", "IsFavoriteOrLikes"}:
        favourite = True
    if played is not None:
        yield _played(call, user, wanted=played)
    if favourite is not None:
        yield lambda t: stored(state, user, t).favourite == favourite
    if filters & {"Likes", "Dislikes"}:
        liked = "Likes" in filters
        yield lambda t: (stored(state, user, t).likes is True) == liked
    if "IsResumable" in filters:
        yield lambda t: _is_resumable(state, user, t)


def _played(call: Call, user: User, *, wanted: bool) -> Test:
    """A show: 12.0, nothing of it unplayed; 10.11, any of it played, if only shows
    are asked for, and else what is marked at the show itself."""
    state = call.state
    if state.version is not Version.V10_11:
        return lambda t: is_played(state, user, t) == wanted
    if call.words("includeItemTypes") == ["Series"]:
        return lambda t: _any_played(state, user, t) == wanted
    return lambda t: stored(state, user, t).played == wanted


def _any_played(state: State, user: User, title: Title) -> bool:
    return any(stored(state, user, each).played for each in leaves(state, title))


def _is_resumable(state: State, user: User, title: Title) -> bool:
    """12.0: a show too, when it was begun and is not finished."""
    if not is_folder(title) or not state.version.since_12:
        return stored(state, user, title).position > 0
    if title.kind not in {"Series", "Season"}:
        return False
    watches = [stored(state, user, each) for each in leaves(state, title)]
    if any(watch.position > 0 for watch in watches):
        return True
    return len({watch.played for watch in watches}) > 1
