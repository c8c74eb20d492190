"""Libraries that are renamed, moved, removed and made again, with what is in them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from media_server_simulators.jellyfin.installation import view
from media_server_simulators.jellyfin.state import State
from media_server_simulators.jellyfin.values import hashed_guid, listed, text
from media_server_simulators.wire import JsonObject
from media_server_simulators.world import Library, Title, guid_of

OF_OLD_FILE = frozenset(("Id", "MediaSources", "Path", "Etag", "DateCreated"))


def library_id(name: str) -> str:
    """It is made of the name, so a library of another name is another one."""
    return hashed_guid(f"CollectionFolder/config/root/default/{name}")


def ids_of(title: Title) -> set[str]:
    return {title.id, *(file.id for file in title.files)}


def take_titles(state: State, library: str) -> None:
    for title in state.world.titles:
        if title.library_id == library:
            state.deleted |= ids_of(title)
    state.revision += 1


def change_library(state: State, old: Library, new: Library) -> None:
    """`new` in the place of `old`, also where `old` has been removed."""
    folders, views = state.folders, state.views
    folder = next((e for e in folders if text(e, "ItemId") == old.id), old.recorded)
    state.folders = [e for e in folders if text(e, "ItemId") != old.id]
    state.folders.append(_folder(folder, new))
    shown = view(state.server_id, new.id, new.name, new.kind)
    state.views = [*(e for e in views if text(e, "Id") != old.id), shown]
    move_titles(state, old, new)


def _folder(folder: JsonObject, library: Library) -> JsonObject:
    return {
        **folder,
        "Name": library.name,
        "Locations": listed(list(library.folders)),
        "CollectionType": library.kind,
        "ItemId": library.id,
    }


def move_titles(state: State, old: Library, new: Library) -> None:
    """An item's id is made of its path, so in another folder it is another item.

    What people did with it is kept under a provider's id, and found again by that.
    """
    rows = [t for t in state.world.titles if t.library_id == old.id]
    roots = (old.folders[:1] or ("",))[0], (new.folders[:1] or ("",))[0]
    moved = rows
    if roots[0] != roots[1]:
        state.deleted |= {each for title in rows for each in ids_of(title)}
        ids = {title.id: guid_of(_moved(title.path, *roots)) for title in rows}
        moved = [_at(title, ids, roots) for title in rows]
        _keep_watched(state, rows, ids)
    moved = [replace(title, library_id=new.id) for title in moved]
    others = [each for each in state.world.libraries if each.id not in {old.id, new.id}]
    world = replace(state.world, libraries=(*others, new))
    state.world = world.with_titles(moved)
    state.deleted -= {each for title in moved for each in ids_of(title)}
    state.revision += 1


def _moved(path: str, old: str, new: str) -> str:
    return new + path.removeprefix(old)


def _at(title: Title, ids: Mapping[str, str], roots: tuple[str, str]) -> Title:
    files = tuple(
        replace(file, id=guid_of(path), path=path)
        for file in title.files
        for path in (_moved(file.path, *roots),)
    )
    return replace(
        title,
        id=ids[title.id],
        path=_moved(title.path, *roots),
        series_id=ids.get(title.series_id or ""),
        season_id=ids.get(title.season_id or ""),
        files=files,
        recorded={k: v for k, v in title.recorded.items() if k not in OF_OLD_FILE},
    )


def _keep_watched(state: State, rows: Iterable[Title], ids: Mapping[str, str]) -> None:
    for title in rows:
        if title_has_provider(state, title):
            keep_watched(state, title.id, ids[title.id])


def title_has_provider(state: State, title: Title) -> bool:
    series = state.world.by_id.get(title.series_id or "")
    return bool((series or title).providers)


def keep_watched(state: State, old: str, new: str) -> None:
    for user_id in state.users:
        watch = state.watched.get((user_id, old))
        if watch is not None:
            state.watched[user_id, new] = replace(watch)
