"""Adding and removing libraries, and scanning them."""

from collections.abc import Sequence

from media_server_simulators.jellyfin.http.binding import Body, NotValid, Value
from media_server_simulators.jellyfin.http.call import Call, nothing
from media_server_simulators.jellyfin.http.errors import (
    bad_argument,
    exception_error,
    problem,
    text_error,
)
from media_server_simulators.jellyfin.http.parameters import FLAG, TEXT, WORDS
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.http.shapes import Shape, anything
from media_server_simulators.jellyfin.installation import LIBRARY_OPTIONS, view
from media_server_simulators.jellyfin.libraries.library_moves import (
    change_library,
    library_id,
    move_titles,
    take_titles,
)
from media_server_simulators.jellyfin.state import State
from media_server_simulators.jellyfin.values import (
    child,
    compact,
    listed,
    objects,
    text,
    texts,
)
from media_server_simulators.wire import Json, JsonObject, Reply
from media_server_simulators.world import Library

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
    _fill(state, folder)
    return nothing()


def _fill(state: State, folder: JsonObject) -> None:
    """What lies in its folders is found, unless another library has it."""
    present = {text(each, "ItemId") for each in state.folders}
    paths, own = tuple(texts(folder, "Locations")), text(folder, "ItemId")
    kind = text(folder, "CollectionType")
    for library in state.world.libraries:
        removed = library.id not in present or library.id == own
        if removed and library.folders and set(library.folders) <= set(paths):
            named = Library(own, text(folder, "Name"), kind, library.folders)
            move_titles(state, library, named)


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
            "ItemId": library_id(name),
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
    for each in state.folders:
        if text(each, "Name") == name:
            take_titles(state, text(each, "ItemId"))
    state.folders = [each for each in state.folders if text(each, "Name") != name]
    if state.version.since_12 and name in state.added_views:
        state.added_views.discard(name)
        state.views = [each for each in state.views if text(each, "Name") != name]
    return nothing()


@routes.on(
    "POST",
    "/Library/VirtualFolders/Name",
    access="first-time-elevated",
    query={"name": TEXT, "newName": TEXT, "refreshLibrary": FLAG},
)
def rename_library(call: Call) -> Reply:
    """404 for an unknown name, 409 for one that is taken, 400 for none."""
    state, name, new_name = call.state, call.text("name"), call.text("newName")
    if not name or not new_name:
        raise bad_argument()
    folder = next((e for e in state.folders if text(e, "Name") == name), None)
    if folder is None:
        raise text_error(404, "The media collection does not exist.")
    others = [text(e, "Name").lower() for e in state.folders if e is not folder]
    if new_name.lower() in others:
        path = f"/config/root/default/{new_name}"
        raise text_error(409, f"The media library already exists at {path}.")
    kind, paths = text(folder, "CollectionType"), tuple(texts(folder, "Locations"))
    old = Library(text(folder, "ItemId"), name, kind, paths)
    change_library(state, old, Library(library_id(new_name), new_name, kind, paths))
    return nothing()


@routes.on("POST", "/Library/Refresh", access="elevated")
def scan(call: Call) -> Reply:
    """Nothing is on disk, so nothing is found; the task has run."""
    call.state.last_scan = call.state.now()
    return nothing()
