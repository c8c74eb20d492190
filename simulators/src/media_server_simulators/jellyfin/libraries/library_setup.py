"""Adding and removing libraries, and scanning them."""

from collections.abc import Sequence

from media_server_simulators.jellyfin.http.binding import Body, NotValid, Value
from media_server_simulators.jellyfin.http.call import Call, nothing
from media_server_simulators.jellyfin.http.errors import (
    bad_argument,
    exception_error,
    problem,
)
from media_server_simulators.jellyfin.http.parameters import FLAG, TEXT, WORDS
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.http.shapes import Shape, anything
from media_server_simulators.jellyfin.installation import LIBRARY_OPTIONS, view
from media_server_simulators.jellyfin.state import State
from media_server_simulators.jellyfin.values import (
    child,
    compact,
    hashed_guid,
    listed,
    objects,
    text,
)
from media_server_simulators.wire import Json, JsonObject, Reply

routes = Routes()

ADD = Shape(
    "Jellyfin.Api.Models.LibraryStructureDto.AddVirtualFolderDto",
    {"LibraryOptions": anything},
)
KINDS = {
    "movies", "tvshows", "music", "musicvideos", "homevideos", "boxsets", "books",
    "mixed",
}  # fmt: skip
TRIMMED = "Library name cannot be empty or have leading/trailing spaces."
TYPE_LISTS = (
    "MetadataFetchers", "MetadataFetcherOrder", "ImageFetchers", "ImageFetcherOrder",
    "ImageOptions", "SimilarItemProviders", "SimilarItemProviderOrder",
)  # fmt: skip


def kind_or_none(texts: Sequence[str]) -> Value:
    """An unknown kind is no kind, without a word."""
    if not texts[0]:
        raise NotValid
    return texts[0].lower() if texts[0].lower() in KINDS else None


@routes.on(
    "POST",
    "/Library/VirtualFolders",
    access="first-time-elevated",
    query={
        "name": TEXT,
        "collectionType": kind_or_none,
        "paths": WORDS,
        "refreshLibrary": FLAG,
    },
    required=("name",),
    body=Body(ADD, "libraryOptionsDto", required=False),
)
def add_library(call: Call) -> Reply:
    state, name = call.state, call.text("name") or ""
    if name != name.strip() and state.version.since_12:
        raise problem(400, {"name": [TRIMMED]})
    paths = call.words("paths")
    if any(path not in _known_paths(state) for path in paths):
        raise bad_argument()
    name = _free_name(state, name.strip())
    folder = _folder(call, name, paths)
    state.folders.append(folder)
    if not any(text(each, "Name") == name for each in state.views):
        kind = text(folder, "CollectionType")
        state.views.append(view(state.server_id, text(folder, "ItemId"), name, kind))
        state.added_views.add(name)
    return nothing()


def _known_paths(state: State) -> set[str]:
    """Folders that are there: those of the world. A simulator looks at no disk."""
    return {path for library in state.world.libraries for path in library.folders}


def _free_name(state: State, name: str) -> str:
    taken = {text(each, "Name") for each in state.folders}
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}{number}"
    return free


def _folder(call: Call, name: str, paths: list[str]) -> JsonObject:
    given = child(call.body, "LibraryOptions")
    options: JsonObject = BARE | {k: v for k, v in given.items() if v is not None}
    kinds = list[Json]()
    for each in objects(options, "TypeOptions"):
        empty_error: JsonObject = {name: [] for name in TYPE_LISTS}
        kinds.append(empty_error | each)
    infos: list[Json] = [{"Path": path} for path in paths]
    options |= {"TypeOptions": kinds, "PathInfos": infos}
    return compact(
        {
            "Name": name,
            "Locations": listed(paths),
            "CollectionType": call.text("collectionType"),
            "LibraryOptions": options,
            "ItemId": hashed_guid(f"CollectionFolder/config/root/default/{name}"),
            "RefreshStatus": "Idle",
        }
    )


# What the server's own class has where nothing is posted; two of its lists are null.
BARE: JsonObject = {
    key: value
    for key, value in LIBRARY_OPTIONS.items()
    if key not in {"MetadataSavers", "LocalMetadataReaderOrder"}
} | {
    "EnableRealtimeMonitor": False,
    "EnableLUFSScan": False,
    "EnableAutomaticSeriesGrouping": True,
    "SkipSubtitlesIfAudioTrackMatches": True,
}


@routes.on(
    "DELETE",
    "/Library/VirtualFolders",
    access="first-time-elevated",
    query={"name": TEXT, "refreshLibrary": FLAG},
    required=("name",),
)
def remove_library(call: Call) -> Reply:
    state, name = call.state, call.text("name")
    if not any(text(each, "Name") == name for each in state.folders):
        raise exception_error(404)
    state.folders = [each for each in state.folders if text(each, "Name") != name]
    if state.version.since_12 and name in state.added_views:
        state.added_views.discard(name)
        state.views = [each for each in state.views if text(each, "Name") != name]
    return nothing()


@routes.on("POST", "/Library/Refresh", access="elevated")
def scan(call: Call) -> Reply:
    """Nothing is on disk, so nothing is found; the task has run."""
    call.state.last_scan = call.state.now()
    return nothing()
