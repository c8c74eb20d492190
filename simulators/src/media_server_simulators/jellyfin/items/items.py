"""Items: lists, one of them, how many."""

from collections.abc import Sequence

from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.http.errors import (
    bad_argument,
    exception_error,
    not_found,
)
from media_server_simulators.jellyfin.http.parameters import FLAG, GUID
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.items.catalogue import (
    PLACEHOLDER,
    all_rows,
    find,
    rows_visible_to,
)
from media_server_simulators.jellyfin.items.item_lists import item_list
from media_server_simulators.jellyfin.items.item_parameters import QUERY
from media_server_simulators.jellyfin.items.item_query import (
    selection_of,
    walks_in_memory,
)
from media_server_simulators.jellyfin.items.item_shape import Selection, shown
from media_server_simulators.jellyfin.items.library_access import may_see
from media_server_simulators.jellyfin.state import User
from media_server_simulators.wire import Json, JsonObject, Reply
from media_server_simulators.world import Title

routes = Routes()

COUNTED = {"Movie": "MovieCount", "Series": "SeriesCount", "Episode": "EpisodeCount"}
NOUGHTS = (
    "ArtistCount", "ProgramCount", "TrailerCount", "SongCount", "AlbumCount",
    "MusicVideoCount",
    "BoxSetCount", "BookCount",
)  # fmt: skip


@routes.on("GET", "/Items", query=QUERY)
def list_items(call: Call) -> Reply:
    return _list(call, call.named_user())


@routes.on("GET", "/Users/{userId}/Items", query=QUERY, path={"userId": GUID})
def list_items_by_path(call: Call) -> Reply:
    return _list(call, call.named_user())


def _list(call: Call, user: User | None) -> Reply:
    by, orders = call.words("sortBy"), call.words("sortOrder")
    if len(orders) > len(by) and by:
        raise bad_argument()
    if "DatePlayed" in by and user is None and not call.state.version.since_12:
        raise exception_error(500)
    return call.json(page(call, item_list(call, user), user))


def page(call: Call, rows: Sequence[Title], user: User | None) -> JsonObject:
    start, limit = max(call.number("startIndex") or 0, 0), call.number("limit")
    counted = call.flag("enableTotalRecordCount") is not False
    in_memory = walks_in_memory(call, user)
    unlimited = limit is None or (limit < 0 and not in_memory)
    stop = len(rows) if unlimited else start + max(limit or 0, 0)
    cut = rows[start:stop]
    selection = selection_of(call)
    items: list[Json] = [
        shown(call.state, title, user, selection)
        for title in cut
        if title.kind != PLACEHOLDER
    ]
    total = len(rows) if counted or in_memory else len(items)
    return {
        "Items": items,
        "TotalRecordCount": total,
        "StartIndex": call.number("startIndex") or 0,
    }


@routes.on("GET", "/Items/{itemId}", query={"userId": GUID}, path={"itemId": GUID})
def show_item(call: Call) -> Reply:
    return _show(call)


@routes.on(
    "GET", "/Users/{userId}/Items/{itemId}", path={"userId": GUID, "itemId": GUID}
)
def show_item_by_path(call: Call) -> Reply:
    return _show(call)


def _show(call: Call) -> Reply:
    """A key must name a user: without one the server has nobody to look for."""
    user = call.named_user()
    if user is None:
        raise bad_argument()
    title = find(call.state, call.guid("itemId") or "")
    if title is None or not may_see(call.state, user, title):
        raise not_found()
    return call.json(shown(call.state, title, user, Selection(whole=True)))


@routes.on("GET", "/Items/Counts", query={"userId": GUID, "isFavorite": FLAG})
def count_items(call: Call) -> Reply:
    user = call.named_user()
    state = call.state
    rows = all_rows(state) if user is None else rows_visible_to(state, user)
    counts: dict[str, int] = dict.fromkeys((*COUNTED.values(), *NOUGHTS), 0)
    for title in rows:
        if title.kind in COUNTED:
            counts[COUNTED[title.kind]] += 1
    counts["ItemCount"] = len(rows) if state.version.since_12 else 0
    return call.json(dict[str, Json](counts))
