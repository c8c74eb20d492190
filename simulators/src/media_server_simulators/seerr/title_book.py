"""The made-up TMDB behind a simulated Seerr: the world's titles, and any number more.

Ids of the world are those of its titles. Others follow a rule, so that the same id is
the same title everywhere: `Film 12` has 100012, `Show 12` has 200012. Films with an id
that ends in 2 below 900,010 come next year, those ending in 3 have no date.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from media_server_simulators.chance import Chance
from media_server_simulators.world import Title, World

MADE_UP = {"movie": (100_000, 1_000_000), "tv": (200_000, 1_000_000)}
LATEST, SPAN_DAYS = date(2026, 11, 21), 4000
"""Made-up films came out day by day before this one, over and over."""

THEATRICAL, DIGITAL, PHYSICAL = 3, 4, 5


@dataclass(frozen=True, slots=True)
class BookEpisode:
    number: int
    name: str
    aired: date | None


@dataclass(frozen=True, slots=True)
class BookSeason:
    number: int
    episodes: tuple[BookEpisode, ...]
    announced: date | None = None

    @property
    def first_aired(self) -> date | None:
        dates = [each.aired for each in self.episodes if each.aired]
        return min(dates) if dates else self.announced

    @property
    def last_aired(self) -> date | None:
        dates = [each.aired for each in self.episodes if each.aired]
        return max(dates) if dates else None


@dataclass(frozen=True, slots=True)
class BookTitle:
    """A film or a show as TMDB knows it. `releases` has dates by kind of release."""

    type: str
    tmdb: int
    name: str
    released: date | None = None
    imdb: str | None = None
    tvdb: int | None = None
    original_language: str = "en"
    overview: str = "Made up."
    status: str | None = None
    releases: tuple[tuple[int, date], ...] = ()
    seasons: tuple[BookSeason, ...] = ()
    names: dict[str, str] = field(default_factory=dict[str, str])

    def name_in(self, language: str | None) -> str:
        """The original name where there is no translation, as TMDB does it."""
        return self.names.get((language or "en").split("-")[0], self.name)

    def season(self, number: int) -> BookSeason | None:
        return next((each for each in self.seasons if each.number == number), None)


@dataclass(frozen=True, slots=True)
class WorldEntry:
    """A title of the world, and what lies in it."""

    title: Title
    episodes: Sequence[Title] = ()


class TitleBook:
    """Titles by kind and TMDB id, made when they are asked for."""

    def __init__(self, *worlds: World) -> None:
        self._worlds = worlds
        self._given: dict[tuple[str, int], BookTitle] = {}
        self._index: dict[tuple[str, int], WorldEntry] | None = None

    @property
    def in_world(self) -> dict[tuple[str, int], WorldEntry]:
        """By kind and TMDB id; of several worlds the first that has it."""
        if self._index is None:
            self._index = {}
            for world in self._worlds:
                for key, entry in _entries(world):
                    self._index.setdefault(key, entry)
        return self._index

    def put(self, title: BookTitle) -> None:
        self._given[title.type, title.tmdb] = title

    def find(self, type: str, tmdb: int) -> BookTitle | None:
        given = self._given.get((type, tmdb))
        if given is not None:
            return given
        entry = self.in_world.get((type, tmdb))
        made = of_world(type, tmdb, entry) if entry else made_up(type, tmdb)
        if made is not None:
            self.put(made)
        return made


def tmdb_of(title: Title) -> int | None:
    number = dict(title.providers).get("Tmdb", "")
    return int(number) if number.isdecimal() else None


def _entries(world: World) -> Iterable[tuple[tuple[str, int], WorldEntry]]:
    for title in world.titles:
        tmdb = tmdb_of(title)
        if tmdb is None:
            continue
        if title.kind == "Movie":
            yield ("movie", tmdb), WorldEntry(title)
        elif title.kind == "Series":
            inside = world.inside.get(title.id, ())
            episodes = [each for each in inside if each.kind == "Episode"]
            yield ("tv", tmdb), WorldEntry(title, episodes)


def of_world(type: str, tmdb: int, entry: WorldEntry) -> BookTitle:
    title, ids = entry.title, dict(entry.title.providers)
    released = title.premiere.date() if title.premiere else None
    if released is None and title.year:
        released = date(title.year, 1, 1)
    tvdb = ids.get("Tvdb", "")
    return BookTitle(
        type=type,
        tmdb=tmdb,
        name=title.name,
        released=released,
        imdb=ids.get("Imdb", f"tt{tmdb}"),
        tvdb=int(tvdb) if tvdb.isdecimal() else None,
        original_language=title.original_language or "en",
        overview=title.overview or "Made up.",
        status="Released" if type == "movie" else "Ended",
        seasons=tuple(_seasons(entry.episodes)),
        names={"fr": f"{title.name} (VF)"} if tmdb % 3 == 0 else {},
    )


def _seasons(episodes: Sequence[Title]) -> Iterable[BookSeason]:
    numbers = sorted({each.season or 0 for each in episodes})
    for number in numbers:
        inside = [each for each in episodes if (each.season or 0) == number]
        yield BookSeason(
            number,
            tuple(
                BookEpisode(
                    each.index or 0,
                    each.name,
                    each.premiere.date() if each.premiere else None,
                )
                for each in inside
            ),
        )


def made_up(type: str, tmdb: int) -> BookTitle | None:
    """A title that nobody has; None for an id that TMDB does not know."""
    first, end = MADE_UP[type]
    if not first <= tmdb < end:
        return None
    return _film(tmdb) if type == "movie" else _show(tmdb)


def _film(tmdb: int) -> BookTitle:
    days = SPAN_DAYS - tmdb % SPAN_DAYS
    released: date | None = LATEST - timedelta(days=days)
    status = "Released"
    if 900_000 <= tmdb < 900_010 and tmdb % 10 in {2, 3}:  # noqa: PLR2004
        soon = datetime.now(UTC).date() + timedelta(days=400)
        released = soon if tmdb % 10 == 2 else None  # noqa: PLR2004
        status = "In Production"
    name = f"Film {tmdb - 100_000}"
    return BookTitle("movie", tmdb, name, released, imdb=f"tt{tmdb:06}", status=status)


def _show(tmdb: int) -> BookTitle:
    """Four seasons of eight episodes, the last of which begins next year."""
    chance = Chance(f"tmdb/tv/{tmdb}")
    first = date(1990 + chance.below(30), 1 + chance.below(12), 1 + chance.below(28))
    show = BookTitle(
        "tv", tmdb, f"Show {tmdb - 200_000}", first, imdb=f"tt{tmdb}", tvdb=tmdb
    )
    soon = datetime.now(UTC).date() + timedelta(days=200)
    begins = [first, first + timedelta(days=365), first + timedelta(days=730), soon]
    seasons = [weekly(number, begin) for number, begin in enumerate(begins, 1)]
    return replace(show, seasons=tuple(seasons), status="Returning Series")


def weekly(number: int, begin: date, episodes: int = 8) -> BookSeason:
    """A season with an episode a week."""
    return BookSeason(
        number,
        tuple(
            BookEpisode(each, f"Episode {each}", begin + timedelta(weeks=each - 1))
            for each in range(1, episodes + 1)
        ),
    )
