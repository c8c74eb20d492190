"""Which rows the parameters of /Items leave."""

from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.items.item_shape import Selection
from media_server_simulators.jellyfin.items.rating_filters import rating_tests
from media_server_simulators.jellyfin.items.title_filters import title_tests
from media_server_simulators.jellyfin.items.track_filters import track_tests
from media_server_simulators.jellyfin.items.watch_filters import watch_tests
from media_server_simulators.jellyfin.state import User
from media_server_simulators.world import Title


def selection_of(call: Call) -> Selection:
    images, data = call.flag("enableImages"), call.flag("enableUserData")
    return Selection(
        frozenset(call.words("fields")), images is not False, data is not False
    )


def walks_in_memory(call: Call, user: User | None) -> bool:
    """10.10 and 10.11 do for a key without a user, unless the query forbids it."""
    if call.state.version.since_12 or user is not None:
        return False
    if call.flag("collapseBoxSetItems") is False or call.words("ids"):
        return False
    types = call.words("includeItemTypes")
    return not types or bool({"Movie", "Series"} & set(types))


def filtered(call: Call, rows: list[Title], user: User | None) -> list[Title]:
    """Raises 500 for a filter that needs a user where there is none."""
    in_memory = walks_in_memory(call, user)
    tests = [
        *title_tests(call, in_memory=in_memory),
        *rating_tests(call),
        *track_tests(call),
        *watch_tests(call, user),
    ]
    for test in tests:
        rows = [title for title in rows if test(title)]
    return rows
