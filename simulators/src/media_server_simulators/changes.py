"""What happens to a media server without anybody asking its API.

A title arrives or vanishes, its file is replaced, somebody watches it, the clock jumps,
another server answers at the same address. docs/simulators.md has paths and bodies.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from media_server_simulators.arrivals import Shelf, arriving, tracks, with_video
from media_server_simulators.clock import Clock, set_clock
from media_server_simulators.orders import Order, OrderError
from media_server_simulators.wire import Json, JsonObject
from media_server_simulators.world import Library, MediaFile, Stream, Title, World

type Act = Callable[[Order], JsonObject]

PLAY = frozenset(("user", "item", "at", "position", "finished"))
FILE = frozenset(("item", "path", "size", "width", "height", "tracks"))
LIBRARY = frozenset(("library", "name", "path", "again"))
SERVER = frozenset(
    ("server_id", "keep_people", "without", "keep_keys", "empty", "back")
)


@dataclass(frozen=True, slots=True)
class Playback:
    """One play. `position` in seconds; None is the end."""

    user: str
    title: Title
    at: datetime
    position: float | None
    finished: bool


@dataclass(frozen=True, slots=True)
class LibraryChange:
    """What a library is from now on; it is made again if it was removed."""

    library: Library
    name: str
    folders: tuple[str, ...]
    again: bool = False


@dataclass(frozen=True, slots=True)
class Replacement:
    """The server that answers from now on. `server_id` None is a new identity."""

    server_id: str | None = None
    keep_people: bool = False
    without: tuple[str, ...] = ()
    keep_keys: bool = True
    empty: bool = False  # its libraries hold nothing


class ServerChanges(ABC):
    """What one kind of media server can undergo."""

    @property
    @abstractmethod
    def world(self) -> World: ...

    @property
    @abstractmethod
    def clock(self) -> Clock: ...

    @abstractmethod
    def use_clock(self, clock: Clock) -> None: ...

    @abstractmethod
    def identity(self) -> str:
        """The id that the server answers with."""

    @abstractmethod
    def title(self, named: str) -> Title | None:
        """A title by its id in this server's API, one that vanished included."""

    @abstractmethod
    def api_id(self, title: Title) -> str: ...

    @abstractmethod
    def is_present(self, title: Title) -> bool: ...

    @abstractmethod
    def libraries(self) -> Iterable[tuple[str, Library]]:
        """Each with its id in this server's API."""

    @abstractmethod
    def put(self, titles: Iterable[Title]) -> None:
        """Titles that are new, changed, or back."""

    @abstractmethod
    def take_away(self, title: Title) -> None:
        """A title with everything in it, as if its files were gone."""

    @abstractmethod
    def take_library_away(self, library: Library) -> None: ...

    @abstractmethod
    def change_library(self, change: LibraryChange) -> Library: ...

    @abstractmethod
    def replace_file(self, title: Title, file: MediaFile) -> Title:
        """Give a title another file; the title as it is now."""

    @abstractmethod
    def play(self, playback: Playback) -> None: ...

    @abstractmethod
    def replace_server(self, replacement: Replacement) -> None: ...

    @abstractmethod
    def restore_server(self) -> bool:
        """Let the server before the last replacement answer again, if there was one."""


def acts(changes: ServerChanges) -> Mapping[str, Act]:
    """By the last part of the control path."""
    return {
        "arrive": lambda order: _arrive(changes, order),
        "vanish": lambda order: _vanish(changes, order),
        "library": lambda order: _library(changes, order),
        "retag": lambda order: _retag(changes, order),
        "replace": lambda order: _replace(changes, order),
        "play": lambda order: _play(changes, order),
        "clock": lambda order: set_clock(order, changes.clock, changes.use_clock),
    }


def find_title(changes: ServerChanges, named: str) -> Title:
    """By id, or by a name that only one title has. Raises OrderError."""
    found = changes.title(named) or changes.world.by_id.get(named)
    if found is not None:
        return found
    same = [t for t in changes.world.titles if t.name.lower() == named.lower()]
    same = [each for each in same if changes.is_present(each)] or same
    if len(same) > 1:
        raise OrderError(f"{len(same)} titles are called {named}: give an id")
    if not same:
        raise OrderError(f"no title is called {named}", 404)
    return same[0]


def find_library(changes: ServerChanges, named: str) -> Library:
    """By its id in this server's API, its id in the world, or its name."""
    for own, library in changes.libraries():
        if named in {own, library.id} or named.lower() == library.name.lower():
            return library
    raise OrderError(f"no library is called {named}", 404)


def _shown(changes: ServerChanges, titles: Iterable[Title]) -> JsonObject:
    rows: list[Json] = [
        {"id": changes.api_id(title), "type": title.kind, "name": title.name}
        for title in titles
    ]
    return {"items": rows}


def _arrive(changes: ServerChanges, order: Order) -> JsonObject:
    inner = order.fields.get("item")
    if isinstance(inner, str):
        order.has_only({"item", "added"})
        now = changes.clock()
        back = find_title(changes, inner)
        titles = [replace(back, added=order.moment("added") or now, saved=now)]
    else:
        wanted = order if inner is None else Order.of(inner, "item")
        shelf = Shelf(
            changes.world, lambda name: find_library(changes, name), changes.clock()
        )
        titles = list(arriving(wanted, shelf))
    changes.put(titles)
    return _shown(changes, titles)


def _vanish(changes: ServerChanges, order: Order) -> JsonObject:
    order.has_only({"items", "library"})
    if "library" in order:
        library = find_library(changes, order.required("library"))
        changes.take_library_away(library)
        return {"library": library.name}
    titles = [find_title(changes, each) for each in order.texts("items")]
    if not titles:
        raise OrderError("items or library is missing")
    for title in titles:
        changes.take_away(title)
    return _shown(changes, titles)


def _library(changes: ServerChanges, order: Order) -> JsonObject:
    """Rename a library, move it to another folder, or make one again that vanished."""
    order.has_only(LIBRARY)
    named, again = order.required("library"), order.flag("again", default=False)
    old = removed_library(changes, named) if again else find_library(changes, named)
    path = order.text("path")
    folders = old.folders if path is None else (path.rstrip("/"),)
    change = LibraryChange(old, order.text("name") or old.name, folders, again)
    new = changes.change_library(change)
    ids = {library.name: own for own, library in changes.libraries()}
    return {"library": {"id": ids[new.name], "name": new.name}}


def removed_library(changes: ServerChanges, named: str) -> Library:
    present = {library.id for _, library in changes.libraries()}
    for library in changes.world.libraries:
        if named in {library.id, library.name} and library.id not in present:
            return library
    raise OrderError(f"no library called {named} was removed", 404)


def _retag(changes: ServerChanges, order: Order) -> JsonObject:
    """Other audio and subtitle tracks in every file; no video track keeps the old."""
    order.has_only({"item", "tracks"})
    title, given = find_title(changes, order.required("item")), tracks(order)
    files = [
        replace(file, streams=with_video(given, _video(file))) for file in title.files
    ]
    recorded = {
        k: v for k, v in title.recorded.items() if k not in {"MediaSources", "Etag"}
    }
    now = changes.clock()
    changed = replace(title, files=tuple(files), recorded=recorded, saved=now)
    changes.put([changed])
    return _shown(changes, [changed])


def _video(file: MediaFile) -> tuple[Stream, ...]:
    return tuple(each for each in file.streams if each.kind == "video")


def _replace(changes: ServerChanges, order: Order) -> JsonObject:
    if "item" in order:
        return _replace_file(changes, order)
    order.has_only(SERVER)
    if order.flag("back", default=False):
        if not changes.restore_server():
            raise OrderError("the server has not been replaced", 404)
        return {"server_id": changes.identity()}
    wanted = order.text("server_id")
    changes.replace_server(
        Replacement(
            server_id=changes.identity() if wanted == "same" else wanted,
            keep_people=order.flag("keep_people", default=False),
            without=order.texts("without"),
            keep_keys=order.flag("keep_keys", default=True),
            empty=order.flag("empty", default=False),
        )
    )
    return {"server_id": changes.identity()}


def _replace_file(changes: ServerChanges, order: Order) -> JsonObject:
    order.has_only(FILE)
    title = find_title(changes, order.required("item"))
    if not title.files:
        raise OrderError(f"{title.name} has no file")
    old = title.files[0]
    size, given = order.whole("size"), tracks(order)
    file = replace(
        old,
        path=order.text("path") or old.path,
        size=old.size if size is None else size,
        width=order.whole("width") or old.width,
        height=order.whole("height") or old.height,
        streams=with_video(given, _video(old)) if given else old.streams,
    )
    return _shown(changes, [changes.replace_file(title, file)])


def _play(changes: ServerChanges, order: Order) -> JsonObject:
    order.has_only(PLAY)
    title = find_title(changes, order.required("item"))
    if not title.files:
        raise OrderError(f"{title.name} cannot be played: it has no file")
    position = order.number("position")
    finished = order.flag("finished", default=position is None)
    at = order.moment("at") or changes.clock()
    user = order.required("user")
    changes.play(Playback(user, title, at, position, finished))
    return _shown(changes, [title])
