"""Titles that are ordered by a control request, in a world's terms."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from media_server_simulators.orders import Order, OrderError
from media_server_simulators.world import (
    Library,
    MediaFile,
    Stream,
    Title,
    World,
    guid_of,
)

KINDS = {"movie": "Movie", "series": "Series", "episode": "Episode"}
FIELDS = frozenset(
    (
        "id", "type", "name", "library", "path", "year", "premiere", "added", "rating",
        "overview", "genres", "tags", "providers", "series", "season", "episode",
        "size", "seconds", "width", "height", "tracks", "versions", "original_language",
    )
)  # fmt: skip
VERSION = frozenset(("path", "size", "seconds", "width", "height", "tracks", "name"))
FLAGS = ("external", "default", "forced", "hearing_impaired", "original", "commentary")
TRACK = frozenset(("type", "kind", "language", "codec", "channels", "title", *FLAGS))
COMMENTARY = "Commentary"
PICTURE = (Stream("video", "h264"),)
CODECS = {"video": "h264", "audio": "aac", "subtitle": "subrip"}
LIBRARY_KINDS = {"Movie": "movies", "Series": "tvshows", "Episode": "tvshows"}
TICKS = 10_000_000
SIZE = 4 << 30
SECONDS = {"Movie": 90 * 60, "Episode": 42 * 60}


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where titles arrive."""

    world: World
    library: Callable[[str], Library]
    now: datetime


def arriving(order: Order, shelf: Shelf) -> Iterator[Title]:
    """The title that is ordered, after the series and season that it still needs."""
    order.has_only(FIELDS)
    kind = KINDS.get((order.text("type") or "movie").lower())
    if kind is None:
        raise OrderError(f"type is one of {', '.join(KINDS)}")
    library = _library(order, shelf, kind)
    if kind == "Episode":
        yield from _episode(order, shelf, library)
        return
    name = order.required("name")
    folder = f"{library.folders[0]}/{name}" if library.folders else f"/media/{name}"
    path = order.text("path") or (f"{folder}/{name}.mkv" if kind == "Movie" else folder)
    yield _title(order, shelf, library, (kind, name, path))


def _library(order: Order, shelf: Shelf, kind: str) -> Library:
    named = order.text("library")
    if named is not None:
        return shelf.library(named)
    wanted = LIBRARY_KINDS[kind]
    found = next((each for each in shelf.world.libraries if each.kind == wanted), None)
    if found is None:
        raise OrderError(f"library is missing: there is none of {wanted}")
    return found


def _title(
    order: Order, shelf: Shelf, library: Library, what: tuple[str, str, str]
) -> Title:
    kind, name, path = what
    own = order.text("id") or guid_of(path)
    providers = Order.of(order.fields.get("providers") or {}, "providers")
    return Title(
        id=own,
        kind=kind,
        name=name,
        library_id=library.id,
        added=order.moment("added") or shelf.now,
        saved=shelf.now,
        path=path,
        year=order.whole("year"),
        premiere=order.moment("premiere"),
        rating=order.text("rating"),
        overview=order.text("overview"),
        genres=order.texts("genres"),
        tags=order.texts("tags"),
        original_language=order.text("original_language"),
        providers=tuple(
            (each.capitalize(), providers.required(each)) for each in providers.fields
        ),
        files=tuple(_files(order, own, path, kind)) if kind in SECONDS else (),
    )


def _files(order: Order, id: str, path: str, kind: str) -> Iterator[MediaFile]:
    """The first, which has the title's id, and its other versions."""
    yield _file(order, id, path, kind)
    for number, version in enumerate(order.orders("versions"), 2):
        version.has_only(VERSION)
        stem, dot, end = path.rpartition(".")
        own = version.text("path") or f"{stem} - {number}{dot}{end}"
        made = _file(version, guid_of(own), own, kind)
        yield replace(made, name=version.text("name") or "")


def _file(order: Order, id: str, path: str, kind: str) -> MediaFile:
    size, seconds = order.whole("size"), order.number("seconds")
    return MediaFile(
        id=id,
        path=path,
        size=SIZE if size is None else size,
        ticks=int((SECONDS[kind] if seconds is None else seconds) * TICKS),
        streams=with_video(tracks(order) or (Stream("audio", "aac"),), PICTURE),
        width=order.whole("width") or 1920,
        height=order.whole("height") or 1080,
    )


def _episode(order: Order, shelf: Shelf, library: Library) -> Iterator[Title]:
    """`series` is a name or an id; a new name makes a series."""
    series, season = order.required("series"), order.whole("season")
    season = 1 if season is None else season  # 0 are the specials
    number = order.whole("episode")
    number = 1 if number is None else number
    bare = Order({})
    found = _named_series(shelf.world, series)
    if found is None:
        root = library.folders[0] if library.folders else "/media"
        found = _title(bare, shelf, library, ("Series", series, f"{root}/{series}"))
        yield found
    inside = shelf.world.inside.get(found.id, ())
    place = f"{found.path}/Season {season:02}"
    above = next((t for t in inside if t.kind == "Season" and t.index == season), None)
    if above is None:
        made = _title(bare, shelf, library, ("Season", f"Season {season}", place))
        above = replace(made, index=season, series_id=found.id)
        yield above
    name = order.text("name") or f"Episode {number}"
    file = f"{place}/{found.name} S{season:02}E{number:02}.mkv"
    path = order.text("path") or file
    made = _title(order, shelf, library, ("Episode", name, path))
    numbered = replace(made, index=number, season=season)
    yield replace(numbered, series_id=found.id, season_id=above.id)


def _named_series(world: World, series: str) -> Title | None:
    found = world.by_id.get(series)
    if found is not None:
        return found if found.kind == "Series" else None
    return next(
        (t for t in world.titles if t.kind == "Series" and t.name == series), None
    )


def tracks(order: Order) -> tuple[Stream, ...]:
    return tuple(_track(each) for each in order.orders("tracks"))


def with_video(
    given: tuple[Stream, ...], video: tuple[Stream, ...]
) -> tuple[Stream, ...]:
    """The tracks that were ordered, with this picture unless they have their own."""
    return given if any(e.kind == "video" for e in given) else (*video, *given)


def _track(order: Order) -> Stream:
    order.has_only(TRACK)
    kind = (order.text("type") or order.text("kind") or "audio").lower()
    if kind not in CODECS:
        raise OrderError(f"a track's type is one of {', '.join(CODECS)}")
    channels = order.whole("channels")
    flags = {name: order.flag(name, default=False) for name in FLAGS}
    commentary = COMMENTARY if flags.pop("commentary") else None
    return Stream(
        kind=kind,
        codec=order.text("codec") or CODECS[kind],
        language=order.text("language") or None,
        channels=channels if channels or kind != "audio" else 2,
        title=order.text("title") or commentary,
        **flags,
    )
