"""Items: lists, one of them, how many."""

from collections.abc import Sequence

from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.http.errors import (
    bad_argument,
    exception_error,
    not_found,
    text_error,
)
from media_server_simulators.jellyfin.http.parameters import FLAG, GUID
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.items.catalogue import (
    PLACEHOLDER,
    all_rows,
    as_title,
    children,
    descendants,
    find,
    in_memory,
    is_parent,
    library_of,
    rows_visible_to,
    top_folders,
)
from media_server_simulators.jellyfin.items.item_query import (
    QUERY,
    filtered,
    selection_of,
    walks_in_memory,
)
from media_server_simulators.jellyfin.items.item_shape import Selection, shown
from media_server_simulators.jellyfin.items.library_access import may_open, may_see
from media_server_simulators.jellyfin.items.sorting import keys, ordered
from media_server_simulators.jellyfin.state import User
from media_server_simulators.jellyfin.values import text
from media_server_simulators.wire import Json, JsonObject, Reply
from media_server_simulators.world import Title

routes = Routes()

PAGING = {"startIndex", "limit", "fields", "enableTotalRecordCount"}
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
    return call.json(page(call, _rows(call, user), user))


def _rows(call: Call, user: User | None) -> Sequence[Title]:
    """For a key without a user the last list is kept: it asks page after page."""
    state = call.state
    sizes = (len(state.deleted), len(state.folders), state.last_scan, state.revision)
    asked = {k: v for k, v in call.query.items() if k not in PAGING}
    what = (repr(asked), *sizes)
    if user is None and state.listed is not None and state.listed[0] == what:
        return state.listed[1]
    rows = filtered(call, _pool(call, user), user)
    by = call.words("sortBy")
    if by or not walks_in_memory(call, user):
        rows = ordered(rows, by, call.words("sortOrder"), keys(state, user))
    if user is None and "Random" not in by:
        state.listed = (what, rows)
    return rows


def _pool(call: Call, user: User | None) -> list[Title]:
    """The rows that are searched: all, those below a parent, or its children."""
    parent, deep = call.guid("parentId"), call.flag("recursive") is True
    state = call.state
    if parent is not None:
        return _below(call, user, parent, deep=deep)
    if deep or call.words("ids"):
        if walks_in_memory(call, user):
            return in_memory(state)
        return all_rows(state) if user is None else rows_visible_to(state, user)
    if user is None:
        return top_folders(state)
    return [as_title(v) for v in state.views if may_open(user, text(v, "Id"))]


def _below(call: Call, user: User | None, parent: str, *, deep: bool) -> list[Title]:
    """Raises 400 for an unknown parent and 401 for a library closed to the user."""
    state = call.state
    if not is_parent(state, parent):
        raise bad_argument()
    library = library_of(state, parent)
    if user is not None and library is not None and not may_open(user, library.id):
        raise text_error(
            401, f"{user.name} is not permitted to access Library {library.name}."
        )
    inside = descendants if deep else children
    return [title for title in inside(state, parent) if may_see(user, title)]


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
    if title is None or not may_see(user, title):
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
