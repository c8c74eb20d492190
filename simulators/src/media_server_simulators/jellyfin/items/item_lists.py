"""Whole lists of items, filtered and in order, kept for the next page."""

from collections.abc import Sequence

from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.http.errors import bad_argument, text_error
from media_server_simulators.jellyfin.items.catalogue import (
    all_rows,
    as_title,
    children,
    descendants,
    in_memory,
    is_parent,
    library_of,
    rows_visible_to,
    top_folders,
)
from media_server_simulators.jellyfin.items.item_query import filtered, walks_in_memory
from media_server_simulators.jellyfin.items.library_access import (
    may_open,
    may_see,
    what_hides,
)
from media_server_simulators.jellyfin.items.sorting import keys, ordered
from media_server_simulators.jellyfin.items.title_filters import relevance
from media_server_simulators.jellyfin.state import State, User
from media_server_simulators.jellyfin.values import text
from media_server_simulators.world import Title

PAGING = frozenset(
    (
        "startindex", "limit", "fields", "enabletotalrecordcount", "enableuserdata",
        "enableimages", "imagetypelimit", "enableimagetypes",
    )
)  # fmt: skip
KEPT = 24  # lists; one of 100,000 rows takes 0.8 MB


def item_list(call: Call, user: User | None) -> Sequence[Title]:
    """Kept for a while, since clients ask page after page."""
    state = call.state
    asked = {k: v for k, v in call.query.items() if k.lower() not in PAGING}
    what = (repr(asked), _revision(state), _viewer(state, user))
    kept = state.lists.get(what)
    if kept is not None:
        return kept
    rows = filtered(call, _pool(call, user), user)
    by = call.words("sortBy")
    if by or not walks_in_memory(call, user):
        rows = ordered(rows, by, call.words("sortOrder"), keys(state, user))
    term = call.text("searchTerm")
    if term:
        rows = sorted(rows, key=relevance(term))
    rows = _beside(rows, call.guid("adjacentTo"))
    if "Random" not in by:
        _keep(state, what, rows)
    return rows


def _beside(rows: list[Title], id: str | None) -> list[Title]:
    """The item of this id with what comes before and after it; all without an id."""
    if id is None:
        return rows
    place = next((n for n, title in enumerate(rows) if title.id == id), None)
    return [] if place is None else rows[max(0, place - 1) : place + 2]


def _revision(state: State) -> tuple[object, ...]:
    """Everything but people that a list depends on."""
    views = tuple(text(view, "Id") for view in state.views)
    return len(state.deleted), views, state.last_scan, state.revision


def _viewer(state: State, user: User | None) -> tuple[object, ...]:
    if user is None:
        return ()
    return user.id, state.watch_revision, what_hides(user)


def _keep(state: State, what: object, rows: Sequence[Title]) -> None:
    while len(state.lists) >= KEPT:
        del state.lists[next(iter(state.lists))]
    state.lists[what] = rows


def _pool(call: Call, user: User | None) -> list[Title]:
    """The rows that are searched: all, those below a parent, or its children."""
    parent, deep = call.guid("parentId"), call.flag("recursive") is True
    state = call.state
    if parent is not None:
        return _below(call, user, parent, deep=deep)
    ids = call.words("ids")
    if ids:
        found = _by_id(state, user, ids)
        if found is not None:
            return found
    if deep or ids:
        if walks_in_memory(call, user):
            return in_memory(state)
        return all_rows(state) if user is None else rows_visible_to(state, user)
    if user is None:
        return top_folders(state)
    return [as_title(v) for v in state.views if may_open(user, text(v, "Id"))]


def _by_id(state: State, user: User | None, ids: list[str]) -> list[Title] | None:
    """None when one of them is no title, and may be a folder or a version."""
    known = state.world.by_id
    if not all(each in known and each not in state.deleted for each in ids):
        return None
    return [
        known[each] for each in dict.fromkeys(ids) if may_see(state, user, known[each])
    ]


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
    return [title for title in inside(state, parent) if may_see(state, user, title)]
