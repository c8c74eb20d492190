"""What a simulated household owns: libraries, titles and people, in no server's words.

The simulators of Jellyfin, Plex and Seerr share one world, so that their ids agree.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from hashlib import blake2b

from media_server_simulators.wire import JsonObject

NOTHING: JsonObject = {}
"""Shared, and never written to."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One track of a file. `language` as tagged in the file, None without a tag."""

    kind: str  # video, audio, subtitle
    codec: str
    language: str | None = None
    channels: int | None = None
    external: bool = False
    title: str | None = None
    default: bool = False
    forced: bool = False
    hearing_impaired: bool = False
    original: bool = False


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One version of a title on disk; `size` in bytes, `ticks` of 100 ns."""

    id: str
    path: str
    size: int
    ticks: int
    streams: tuple[Stream, ...] = ()
    name: str = ""
    width: int = 1920
    height: int = 1080


@dataclass(frozen=True, slots=True)
class Title:
    """A movie, series, season or episode. `recorded` is its entry in a recording."""

    id: str
    kind: str  # Movie, Series, Season, Episode
    name: str
    library_id: str
    added: datetime
    path: str = ""
    year: int | None = None
    premiere: datetime | None = None
    rating: str | None = None
    overview: str | None = None
    genres: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    providers: tuple[tuple[str, str], ...] = ()
    original_language: str | None = None
    index: int | None = None
    season: int | None = None
    series_id: str | None = None
    season_id: str | None = None
    files: tuple[MediaFile, ...] = ()
    saved: datetime | None = None  # when a server changed it last, if it did
    recorded: JsonObject = field(default_factory=lambda: NOTHING)

    @property
    def changed(self) -> datetime:
        return self.saved or self.added


@dataclass(frozen=True, slots=True)
class Library:
    id: str
    name: str
    kind: str  # the servers' word: movies, tvshows, music, …
    folders: tuple[str, ...]
    recorded: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an account; `libraries` None means all of them."""

    id: str
    name: str
    password: str
    administrator: bool = False
    disabled: bool = False
    libraries: tuple[str, ...] | None = None
    recorded: JsonObject = field(default_factory=dict)


@dataclass
class World:
    """`make_titles` is called once, when titles are first asked for."""

    server_id: str
    server_name: str
    administrator: Person
    libraries: tuple[Library, ...]
    make_titles: Callable[[], Sequence[Title]]
    people: tuple[Person, ...] = ()
    views: tuple[JsonObject, ...] = ()
    just_scanned: bool = False  # once, for the first time

    @cached_property
    def titles(self) -> Sequence[Title]:
        return self.make_titles()

    @cached_property
    def by_id(self) -> Mapping[str, Title]:
        return {title.id: title for title in self.titles}

    @cached_property
    def inside(self) -> Mapping[str, Sequence[Title]]:
        """What lies in each series and season, at any depth."""
        found: dict[str, list[Title]] = {}
        for title in self.titles:
            for above in (title.series_id, title.season_id):
                if above is not None:
                    found.setdefault(above, []).append(title)
        return found

    @cached_property
    def used_libraries(self) -> Mapping[str, str]:
        """Those with titles in them, each with the id of its folder if it is known.

        A recording names it as what holds a film or a series.
        """
        found: dict[str, str] = {}
        for title in self.titles:
            above = title.recorded.get("ParentId") if title.series_id is None else None
            known = found.setdefault(title.library_id, "")
            if not known and isinstance(above, str):
                found[title.library_id] = above
        return found

    def with_titles(self, titles: Iterable[Title]) -> World:
        """This world with further titles, or with others in place of those it has."""
        rows = dict(self.by_id) | {title.id: title for title in titles}
        return replace(self, make_titles=lambda: list(rows.values()))

    def emptied(self) -> World:
        """The same libraries without titles."""
        return replace(self, make_titles=list[Title])


def guid_of(text: str) -> str:
    """An id of 32 hexadecimal digits, the same for the same text."""
    return blake2b(text.encode(), digest_size=16).hexdigest()
