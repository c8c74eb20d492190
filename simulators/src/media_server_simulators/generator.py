"""A lively world from a seed: the same numbers make the same world."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from random import Random

from media_server_simulators.vocabulary import (
    ADJECTIVES,
    FIRST,
    GENRES,
    LAST,
    NOUNS,
    PATTERNS,
    RATINGS,
)
from media_server_simulators.world import (
    Library,
    MediaFile,
    Person,
    Stream,
    Title,
    World,
    guid_of,
)

SECOND = 10_000_000  # ticks
GIB = 1 << 30
NEW_YEAR = datetime(2026, 1, 1, 12, tzinfo=UTC)
KINDS = (
    ("Movies", "movies"),
    ("Shows", "tvshows"),
    ("Music", "music"),
    ("Family Videos", "homevideos"),
)
LANGUAGES = ("eng", "eng", "eng", "deu", "fra", "jpn", None)
SEASONS, EPISODES = 2, 4


def make_world(*, items: int = 200, people: int = 12, seed: int = 1) -> World:
    """About `items` titles, of which half are films; made when first asked for."""
    libraries = _libraries(seed)
    return World(
        server_id=guid(seed, "server"),
        server_name="Living Room",
        administrator=Person(guid(seed, "admin"), "admin", "Admin-Passw0rd", True),
        libraries=libraries,
        make_titles=lambda: _all_titles(items, seed),
        people=tuple(_people(libraries, people, seed)),
    )


def _libraries(seed: int) -> tuple[Library, ...]:
    return tuple(
        Library(guid(seed, "library", name), name, kind, (f"/media/{kind}",))
        for name, kind in KINDS
    )


@lru_cache(maxsize=4)
def _all_titles(items: int, seed: int) -> tuple[Title, ...]:
    """Kept, since tests make the same world again and again."""
    return tuple(_titles(_libraries(seed), items, seed))


def guid(seed: int, *parts: object) -> str:
    return guid_of("/".join(map(str, (seed, *parts))))


def _random(seed: int, *parts: object) -> Random:
    return Random(int(guid(seed, *parts), 16))  # noqa: S311  # a world, no secret


def _people(libraries: tuple[Library, ...], count: int, seed: int) -> Iterator[Person]:
    for number in range(count):
        chance = _random(seed, "person", number)
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)} {number + 1}"
        chosen = chance.sample(libraries, chance.randint(1, len(libraries)))
        some = tuple(each.id for each in chosen)
        yield Person(
            id=guid(seed, "person", number),
            name=name,
            password="Guest-Passw0rd",  # noqa: S106  # of people who do not exist
            disabled=chance.random() < 1 / 8,
            libraries=None if chance.random() < 1 / 3 else some,
        )


def _titles(libraries: tuple[Library, ...], count: int, seed: int) -> Iterator[Title]:
    films = count - count // 2
    for number in range(films):
        yield _film(libraries[0], number, seed)
    left, number = count - films, 0
    while left > 0:
        show = list(_show(libraries[1], number, seed))[:left]
        yield from show
        left, number = left - len(show), number + 1


def _name(chance: Random) -> str:
    nouns = chance.sample(NOUNS, 2)
    return chance.choice(PATTERNS).format(
        a=chance.choice(ADJECTIVES), n=nouns[0], m=nouns[1]
    )


def _film(library: Library, number: int, seed: int) -> Title:
    chance = _random(seed, "film", number)
    year = chance.randint(1955, 2026)
    name = _name(chance)
    folder = f"{library.folders[0]}/{name} ({year})"
    own = guid(seed, "film", number)
    return Title(
        id=own,
        kind="Movie",
        name=name,
        library_id=library.id,
        added=_added(chance),
        path=f"{folder}/{name} ({year}).mkv",
        year=year,
        premiere=datetime(
            year, chance.randint(1, 12), chance.randint(1, 28), tzinfo=UTC
        ),
        rating=chance.choice(RATINGS),
        overview=f"What happened to the {chance.choice(NOUNS).lower()}, told once.",
        genres=(chance.choice(GENRES),),
        providers=(
            ("Tmdb", str(900_000 + number)),
            ("Imdb", f"tt{90_000_000 + number}"),
        ),
        files=(_file(chance, own, f"{folder}/{name} ({year}).mkv", 90 * 60),),
    )


def _show(library: Library, number: int, seed: int) -> Iterator[Title]:
    chance = _random(seed, "show", number)
    name, year, added = _name(chance), chance.randint(1990, 2025), _added(chance)
    series = guid(seed, "show", number)
    folder = f"{library.folders[0]}/{name}"
    yield Title(
        id=series,
        kind="Series",
        name=name,
        library_id=library.id,
        added=added,
        path=folder,
        year=year,
        overview="A show.",
        genres=(chance.choice(GENRES),),
        providers=(("Tmdb", str(700_000 + number)), ("Tvdb", str(600_000 + number))),
    )
    for season in range(1, SEASONS + 1):
        yield from _season(library, seed, (number, season), (series, name, year, added))


def _season(
    library: Library,
    seed: int,
    place: tuple[int, int],
    show: tuple[str, str, int, datetime],
) -> Iterator[Title]:
    (number, season), (series, name, year, added) = place, show
    this = guid(seed, "season", number, season)
    folder = f"{library.folders[0]}/{name}/Season {season:02}"
    yield Title(
        id=this,
        kind="Season",
        name=f"Season {season}",
        library_id=library.id,
        added=added,
        path=folder,
        index=season,
        series_id=series,
    )
    for episode in range(1, EPISODES + 1):
        chance = _random(seed, "episode", number, season, episode)
        path = f"{folder}/{name} S{season:02}E{episode:02}.mkv"
        own = guid(seed, "episode", number, season, episode)
        yield Title(
            id=own,
            kind="Episode",
            name=f"{chance.choice(ADJECTIVES)} {chance.choice(NOUNS)}",
            library_id=library.id,
            added=added + timedelta(days=7 * episode),
            path=path,
            year=year + season - 1,
            premiere=datetime(year + season - 1, season, episode, tzinfo=UTC),
            index=episode,
            season=season,
            series_id=series,
            season_id=this,
            files=(_file(chance, own, path, 42 * 60),),
        )


def _added(chance: Random) -> datetime:
    return NEW_YEAR - timedelta(
        days=chance.randint(0, 1500), minutes=chance.randint(0, 1440)
    )


def _file(chance: Random, id: str, path: str, seconds: int) -> MediaFile:
    spoken = chance.sample(LANGUAGES, chance.randint(1, 2))
    tracks = [Stream("video", chance.choice(("h264", "hevc")))]
    tracks += [Stream("audio", "aac", language, 6) for language in spoken]
    if chance.random() < 1 / 2:
        tracks.append(
            Stream("subtitle", "subrip", chance.choice(("eng", "deu", "fra")))
        )
    size = int(GIB * chance.lognormvariate(1.2, 0.7))
    return MediaFile(id, path, size, seconds * SECOND, tuple(tracks))
