"""The titles of a made-up world: films first, then shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from media_server_simulators.chance import Chance
from media_server_simulators.vocabulary import (
    ADJECTIVES,
    GENRES,
    NOUNS,
    PATTERNS,
    RATINGS,
)
from media_server_simulators.world import Library, MediaFile, Stream, Title, guid_of

SECOND = 10_000_000  # ticks
GIB = 1 << 30
NEW_YEAR = datetime(2026, 1, 1, 12, tzinfo=UTC)
LANGUAGES = ("eng", "eng", "eng", "deu", "fra", "jpn", None)
SUBTITLES = ("eng", "deu", "fra")
VIDEO = ("h264", "hevc")
GENRE = tuple((genre,) for genre in GENRES)


@dataclass(frozen=True, slots=True)
class Size:
    """How many films and shows; `cut` is where the list of show rows ends."""

    films: int
    shows: int
    seasons: int
    episodes: int
    cut: int

    @classmethod
    def of(cls, items: int) -> Size:
        """`items` rows, half of them films; the last show may be cut short."""
        seasons, episodes = 2, 4
        films = items - items // 2
        rows = 1 + seasons * (episodes + 1)
        return cls(films, -(-(items // 2) // rows), seasons, episodes, items // 2)

    @classmethod
    def with_shows(cls, items: int, shows: int) -> Size:
        """`shows` whole shows of four seasons; films make up the rest of `items`."""
        seasons, episodes = 4, 10
        rows = shows * (1 + seasons * (episodes + 1))
        return cls(max(0, items - rows), shows, seasons, episodes, rows)


def make_titles(
    films: Library, shows: Library, size: Size, seed: int
) -> Iterator[Title]:
    for number in range(size.films):
        yield _film(films, number, seed)
    left = size.cut
    for number in range(size.shows):
        for title in _show(shows, number, size, seed):
            if left > 0:
                yield title
            left -= 1


def _name(chance: Chance) -> str:
    first, second = chance.two(NOUNS)
    pattern, adjective = chance.choice(PATTERNS), chance.choice(ADJECTIVES)
    return pattern.format(a=adjective, n=first, m=second)


@lru_cache
def _overview(noun: str) -> str:
    return f"What happened to the {noun.lower()}, told once."


def _film(library: Library, number: int, seed: int) -> Title:
    own = guid_of(f"{seed}/film/{number}")
    chance = Chance(own)
    name, year = _name(chance), chance.between(1955, 2026)
    path = f"{library.folders[0]}/{name} ({year})/{name} ({year}).mkv"
    month, day = chance.between(1, 12), chance.between(1, 28)
    return Title(
        id=own,
        kind="Movie",
        name=name,
        library_id=library.id,
        added=_added(chance),
        path=path,
        year=year,
        premiere=datetime(year, month, day, tzinfo=UTC),
        rating=chance.choice(RATINGS),
        overview=_overview(chance.choice(NOUNS)),
        genres=chance.choice(GENRE),
        providers=(
            ("Tmdb", str(900_000 + number)),
            ("Imdb", f"tt{90_000_000 + number}"),
        ),
        files=(_file(chance, own, path, 90 * 60 * SECOND),),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """A show, and where it lies."""

    number: int
    id: str
    name: str
    year: int
    added: datetime
    library: Library
    seed: int

    @property
    def folder(self) -> str:
        return f"{self.library.folders[0]}/{self.name}"


def _show(library: Library, number: int, size: Size, seed: int) -> Iterator[Title]:
    own = guid_of(f"{seed}/show/{number}")
    chance = Chance(own)
    name, year, added = _name(chance), chance.between(1990, 2025), _added(chance)
    show = _Place(number, own, name, year, added, library, seed)
    yield Title(
        id=own,
        kind="Series",
        name=name,
        library_id=library.id,
        added=added,
        path=show.folder,
        year=year,
        overview="A show.",
        genres=chance.choice(GENRE),
        providers=(("Tmdb", str(700_000 + number)), ("Tvdb", str(600_000 + number))),
    )
    for season in range(1, size.seasons + 1):
        yield from _season(show, season, size.episodes)


def _season(show: _Place, season: int, episodes: int) -> Iterator[Title]:
    own = guid_of(f"{show.seed}/season/{show.number}/{season}")
    folder = f"{show.folder}/Season {season:02}"
    yield Title(
        id=own,
        kind="Season",
        name=f"Season {season}",
        library_id=show.library.id,
        added=show.added,
        path=folder,
        index=season,
        series_id=show.id,
    )
    year = show.year + season - 1
    for episode in range(1, episodes + 1):
        this = guid_of(f"{show.seed}/episode/{show.number}/{season}/{episode}")
        chance = Chance(this)
        path = f"{folder}/{show.name} S{season:02}E{episode:02}.mkv"
        yield Title(
            id=this,
            kind="Episode",
            name=f"{chance.choice(ADJECTIVES)} {chance.choice(NOUNS)}",
            library_id=show.library.id,
            added=show.added + timedelta(days=7 * episode),
            path=path,
            year=year,
            premiere=datetime(year, season, episode, tzinfo=UTC),
            index=episode,
            season=season,
            series_id=show.id,
            season_id=own,
            files=(_file(chance, this, path, 42 * 60 * SECOND),),
        )


def _added(chance: Chance) -> datetime:
    ago = timedelta(days=chance.below(1501), minutes=chance.below(1441))
    return NEW_YEAR - ago


def _file(chance: Chance, id: str, path: str, ticks: int) -> MediaFile:
    subtitle = chance.choice(SUBTITLES) if chance.one_in(2) else None
    spoken = chance.two(LANGUAGES)[: chance.between(1, 2)]
    streams = _streams(chance.choice(VIDEO), spoken, subtitle)
    return MediaFile(id, path, int(GIB * chance.around(1.2, 0.7)), ticks, streams)


@lru_cache(maxsize=1024)
def _streams(
    video: str, spoken: tuple[str | None, ...], subtitle: str | None
) -> tuple[Stream, ...]:
    """Shared by all files that have the same, so that a large world stays small."""
    tracks = [Stream("video", video)]
    tracks += [Stream("audio", "aac", language, 6) for language in spoken]
    if subtitle is not None:
        tracks.append(Stream("subtitle", "subrip", subtitle))
    return tuple(tracks)
