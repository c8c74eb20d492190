"""Libraries: as folders to administrate, as views to browse."""

from datetime import UTC, datetime

from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.http.errors import bad_argument
from media_server_simulators.jellyfin.http.parameters import FLAG, GUID, TEXT, WORDS
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.items.catalogue import (
    PLAYLISTS,
    ROOT,
    as_title,
    folders,
)
from media_server_simulators.jellyfin.items.item_shape import Selection, shown
from media_server_simulators.jellyfin.items.library_access import views_of
from media_server_simulators.jellyfin.libraries.available_options import OPTIONS
from media_server_simulators.jellyfin.state import State
from media_server_simulators.jellyfin.values import (
    child,
    collation,
    hashed_guid,
    listed,
    objects,
)
from media_server_simulators.jellyfin.versions import Version
from media_server_simulators.wire import Json, JsonObject, Reply
from media_server_simulators.world import Title

routes = Routes()

SEGMENTS = ("MediaSegmentProviders", "MediaSegmentProviderOrder")
SIMILAR = ("SimilarItemProviders", "SimilarItemProviderOrder")
VIEWS = {
    "userId": GUID,
    "includeExternalContent": FLAG,
    "presetViews": WORDS,
    "includeHidden": FLAG,
}


@routes.on("GET", "/Library/VirtualFolders", access="first-time-elevated")
def virtual_folders(call: Call) -> Reply:
    state = call.state
    if state.version.since_12:
        return call.json(list[Json](state.folders))
    return call.json([_older_folder(each, state.version) for each in state.folders])


def _older_folder(folder: JsonObject, version: Version) -> JsonObject:
    options = child(folder, "LibraryOptions")
    if not version.since_10_11:
        options = _without(options, *SEGMENTS)
    return {**folder, "LibraryOptions": _without_similar(options)}


def _without_similar(holder: JsonObject) -> JsonObject:
    kinds = objects(holder, "TypeOptions")
    return {**holder, "TypeOptions": [_without(kind, *SIMILAR) for kind in kinds]}


def _without(holder: JsonObject, *keys: str) -> JsonObject:
    return {key: value for key, value in holder.items() if key not in keys}


@routes.on("GET", "/Library/MediaFolders", access="elevated", query={"isHidden": FLAG})
def media_folders(call: Call) -> Reply:
    """The playlists' folder stands among them as the one that is hidden."""
    rows = [as_title(view) for view in call.state.views]
    hidden = call.flag("isHidden")
    if hidden is not False:
        rows.append(_playlists())
    if hidden:
        rows = [_playlists()]
    rows.sort(key=lambda row: collation(row.name))
    return _answer(call, rows, None)


def _playlists() -> Title:
    result: JsonObject = {
        "CollectionType": "playlists",
        "ParentId": ROOT,
        "DisplayPreferencesId": hashed_guid("playlists"),
    }
    path = "/config/data/playlists"
    return Title(
        PLAYLISTS,
        "ManualPlaylistsFolder",
        "Playlists",
        "",
        datetime.now(UTC),
        path=path,
        recorded=result,
    )


@routes.on("GET", "/UserViews", query=VIEWS)
def user_views(call: Call) -> Reply:
    return _views(call)


@routes.on("GET", "/Users/{userId}/Views", query=VIEWS, path={"userId": GUID})
def user_views_by_path(call: Call) -> Reply:
    return _views(call)


def _views(call: Call) -> Reply:
    user = call.named_user()
    if user is None:
        raise bad_argument()
    rows = [as_title(view) for view in views_of(call.state, user)]
    rows.sort(key=lambda row: collation(row.name))
    items: list[Json] = [
        shown(call.state, row, user, Selection(whole=True)) for row in rows
    ]
    return call.json({"Items": items, "TotalRecordCount": len(items), "StartIndex": 0})


def _answer(call: Call, rows: list[Title], user: None) -> Reply:
    selection = Selection(whole=True)
    items = [shown(call.state, row, user, selection) for row in rows]
    for item in items:
        _ = item.pop("DateLastMediaAdded", None)
    listed: list[Json] = list[Json](items)
    return call.json({"Items": listed, "TotalRecordCount": len(items), "StartIndex": 0})


@routes.on("GET", "/Library/PhysicalPaths", access="elevated")
def physical_paths(call: Call) -> Reply:
    paths = [row.path for row in folders(call.state)]
    paths.append("/config/data/playlists")
    return call.json(listed(sorted(paths, key=lambda path: path.rpartition("/")[2])))


@routes.on(
    "GET",
    "/Libraries/AvailableOptions",
    access="first-time-any",
    query={"libraryContentType": TEXT, "isNewLibrary": FLAG},
)
def available_options(call: Call) -> Reply:
    return call.json(_options(call.state))


def _options(state: State) -> JsonObject:
    if state.version.since_12:
        return OPTIONS
    older = _without_similar(OPTIONS)
    return older if state.version.since_10_11 else _without(older, *SEGMENTS)
