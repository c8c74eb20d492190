"""All rows of the server's item table: titles, and what is there beside them."""

from dataclasses import replace
from pathlib import PurePosixPath

from media_server_simulators.jellyfin.items.library_access import may_open, sees
from media_server_simulators.jellyfin.items.sort_names import sort_name
from media_server_simulators.jellyfin.items.whole_items import FOLDERS
from media_server_simulators.jellyfin.state import State, User
from media_server_simulators.jellyfin.values import hashed_guid, text
from media_server_simulators.jellyfin.versions import Version
from media_server_simulators.wire import JsonObject
from media_server_simulators.world import Library, Title
from media_server_simulators.world_file import EPOCH

# Stands for user data of deleted items; it is counted and can never be shown.
PLACEHOLDER = "Placeholder"
ROOT, USER_ROOT = "f27caa37e5142225cceded48f6553502", "e9d5075a555c1cbc394eec4cef295274"
PLAYLISTS = "1071671e7bffa0532e930debee501d2e"
HIDDEN_KINDS = ("AggregateFolder", "UserRootFolder", "ManualPlaylistsFolder", "Person")


def titles(state: State) -> list[Title]:
    if not state.deleted:
        return list(state.world.titles)
    left = (_left_of(state, title) for title in state.world.titles)
    return [title for title in left if title is not None]


def _left_of(state: State, title: Title) -> Title | None:
    """When a film is deleted, another version of it stands on its own."""
    if title.id not in state.deleted:
        return title
    files = [file for file in title.files if file.id not in state.deleted]
    if not files:
        return None
    first, recorded = files[0], dict(title.recorded)
    for key in ("Id", "MediaSources", "Path", "Etag"):
        _ = recorded.pop(key, None)
    return replace(
        title, id=first.id, path=first.path, files=tuple(files), recorded=recorded
    )


def all_rows(state: State) -> list[Title]:
    """What a query by key without a user walks over."""
    rows = [*titles(state), *folders(state)]
    rows += [
        Title(text(v, "Id"), "CollectionFolder", text(v, "Name"), "", EPOCH, recorded=v)
        for v in state.views
    ]
    rows += [Title(hashed_guid(kind), kind, kind, "", EPOCH) for kind in HIDDEN_KINDS]
    genres = {genre for title in rows for genre in title.genres}
    rows += [
        Title(hashed_guid(f"Genre-{g}"), "Genre", g, "", EPOCH) for g in sorted(genres)
    ]
    rows += [Title(v.id, "Video", t.name, "", EPOCH) for t in rows for v in t.files[1:]]
    if state.version.since_10_11:
        rows.append(Title(hashed_guid(PLACEHOLDER), PLACEHOLDER, "", "", EPOCH))
    return rows


def rows_visible_to(state: State, user: User) -> list[Title]:
    sees_it = sees(state, user)
    rows = [title for title in titles(state) if sees_it(title)]
    return rows + [row for row in folders(state) if may_open(user, row.library_id)]


def folders(state: State) -> list[Title]:
    """A library's folder on disk is an item of its own, once something lies in it."""
    used = state.world.used_libraries
    if state.deleted:
        used = {title.library_id for title in titles(state)}
    return [_folder(state, each) for each in state.world.libraries if each.id in used]


def _folder(state: State, library: Library) -> Title:
    path = library.folders[0] if library.folders else f"/media/{library.name}"
    own = state.world.used_libraries.get(library.id) or hashed_guid(path)
    name = PurePosixPath(path).name
    return Title(own, "Folder", name, library.id, EPOCH, path=path)


def parent_id(state: State, title: Title) -> str:
    """A film's and a series' is the folder of their library."""
    above = title.season_id or title.series_id
    if above is not None or title.kind in FOLDERS:
        return above or title.library_id
    libraries = (e for e in state.world.libraries if e.id == title.library_id)
    return next((_folder(state, each).id for each in libraries), title.library_id)


def find(state: State, id: str) -> Title | None:
    """A title or folder by its id; a version of a film by its film's."""
    known = state.world.by_id.get(id)
    if known is not None:
        return known if id not in state.deleted else None
    for title in [*folders(state), *(as_title(view) for view in state.views)]:
        if title.id == id:
            return title
    return next((v for t in titles(state) if (v := _version(t, id)) is not None), None)


def _version(title: Title, id: str) -> Title | None:
    if title.id == id:
        return title
    versions = any(file.id == id for file in title.files)
    return replace(title, id=id) if versions else None


def children(state: State, id: str) -> list[Title]:
    """Direct children of a series, season, folder or library."""
    library = library_of(state, id)
    if library is not None:
        rows = titles(state)
        return [t for t in rows if t.library_id == library.id and t.series_id is None]
    inside = descendants(state, id)
    return [t for t in inside if t.season_id == id or t.kind == "Season"]


def descendants(state: State, id: str) -> list[Title]:
    if _is_unlinked(state, id):
        return []
    library = library_of(state, id)
    if library is not None:
        return [t for t in titles(state) if t.library_id == library.id]
    inside = state.world.inside.get(id, ())
    return [t for t in inside if t.id not in state.deleted]


def _is_unlinked(state: State, id: str) -> bool:
    """10.11 does not find a show's episodes after its first scan, until another one."""
    if state.version is not Version.V10_11 or not state.world.just_scanned:
        return False
    known = state.world.by_id
    series = known.get(known[id].series_id or id) if id in known else None
    return state.last_scan is None and series is not None and bool(series.providers)


def library_of(state: State, id: str) -> Library | None:
    """The library with this id, or with a folder on disk of this id."""
    if id in state.world.by_id:
        return None
    by_folder = {row.id: row.library_id for row in folders(state)}
    wanted = by_folder.get(id, id)
    return next((each for each in state.world.libraries if each.id == wanted), None)


def is_parent(state: State, id: str) -> bool:
    if id in {ROOT, USER_ROOT} or any(text(view, "Id") == id for view in state.views):
        return True
    found = find(state, id)
    return found is not None and found.kind in FOLDERS | {"Series", "Season"}


def top_folders(state: State) -> list[Title]:
    """What lies right under the root: the libraries' folders and the playlists'."""
    playlists = Title(PLAYLISTS, "ManualPlaylistsFolder", "Playlists", "", EPOCH)
    return [*folders(state), playlists]


def in_memory(state: State) -> list[Title]:
    """What an older server walks over for a key: folder by folder, each by name."""
    rows: list[Title] = []
    for folder in sorted(top_folders(state), key=lambda row: row.name.lower()):
        rows.append(folder)
        inside = [t for t in titles(state) if t.library_id == folder.library_id]
        rows += _walk([t for t in inside if t.series_id is None], inside)
    return rows


def _walk(level: list[Title], all_of_them: list[Title]) -> list[Title]:
    rows: list[Title] = []
    for title in sorted(
        level, key=lambda t: (t.season or 0, t.index or 0, sort_name(t))
    ):
        below = [t for t in all_of_them if _holds(title, t)]
        rows += [title, *_walk(below, all_of_them)]
    return rows


def _holds(above: Title, title: Title) -> bool:
    if above.kind == "Series":
        return title.kind == "Season" and title.series_id == above.id
    return above.kind == "Season" and title.season_id == above.id


def as_title(view: JsonObject) -> Title:
    return Title(
        text(view, "Id"),
        "CollectionFolder",
        text(view, "Name"),
        "",
        EPOCH,
        recorded=view,
    )
