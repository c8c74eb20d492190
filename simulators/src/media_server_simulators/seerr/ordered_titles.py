"""Titles that a control request names, and what TMDB shall say of them."""

from dataclasses import replace
from datetime import date, timedelta

from media_server_simulators.orders import Order, OrderError
from media_server_simulators.seerr.state import State
from media_server_simulators.seerr.title_book import (
    DIGITAL,
    PHYSICAL,
    THEATRICAL,
    BookEpisode,
    BookSeason,
    BookTitle,
    weekly,
)
from media_server_simulators.wire import Json, JsonObject

TYPES = {"movie": "movie", "film": "movie", "tv": "tv", "series": "tv", "show": "tv"}
KINDS = {"digital": DIGITAL, "physical": PHYSICAL}


def find_title(state: State, order: Order) -> tuple[str, int]:
    """By `type` and `tmdb`, or an `item` of the world by its id or name."""
    named = order.text("item")
    if named is not None:
        for (kind, tmdb), entry in state.titles.in_world.items():
            if named in {entry.title.id, entry.title.name}:
                return kind, tmdb
        raise OrderError(f"no title is called {named}", 404)
    tmdb = order.whole("tmdb")
    if tmdb is None:
        raise OrderError("item, or type and tmdb, is missing")
    given = order.text("type") or ("tv" if "seasons" in order else "movie")
    if given.lower() not in TYPES:
        raise OrderError("type is movie or tv")
    return TYPES[given.lower()], tmdb


def put_title(state: State, order: Order, type: str, tmdb: int) -> None:
    """Let TMDB know the title, with the name and dates that were given."""
    known = state.titles.find(type, tmdb)
    title = known or BookTitle(type, tmdb, order.text("name") or f"Title {tmdb}")
    if "name" in order:
        title = replace(title, name=order.required("name"))
    if "tvdb" in order:
        title = replace(title, tvdb=order.whole("tvdb"))
    if "imdb" in order:
        title = replace(title, imdb=order.text("imdb"))
    if "original_language" in order:
        language = order.required("original_language")
        title = replace(title, original_language=language)
    if "released" in order.fields:
        title = replace(title, released=day(order.fields["released"]), releases=())
    title = replace(title, releases=_releases(order, title))
    seasons = order.fields.get("seasons")
    if isinstance(seasons, list):
        title = replace(title, seasons=_seasons(title, seasons))
    state.titles.put(title)


def _releases(order: Order, title: BookTitle) -> tuple[tuple[int, date], ...]:
    given = {
        number: day(order.fields[name])
        for name, number in KINDS.items()
        if name in order.fields
    }
    if not given:
        return title.releases
    found = {THEATRICAL: title.released} | dict(title.releases) | given
    return tuple((kind, when) for kind, when in sorted(found.items()) if when)


def _seasons(title: BookTitle, rows: list[Json]) -> tuple[BookSeason, ...]:
    """Seasons that TMDB has not yet are added, as aired with the show itself."""
    known = {each.number: each for each in title.seasons}
    for row in rows:
        if isinstance(row, dict):
            number = row.get("number")
            if isinstance(number, int) and row.keys() & DATED:
                known[number] = _season(number, row)
        number = row.get("number") if isinstance(row, dict) else row
        if isinstance(number, int) and number not in known:
            known[number] = weekly(number, title.released or date(2015, 1, 1))
    return tuple(known[number] for number in sorted(known))


DATED = {"first_aired", "last_aired", "episodes"}


def _season(number: int, row: JsonObject) -> BookSeason:
    """`episodes` is a number, or a list of days on which one aired; null is no day."""
    first = day(row.get("first_aired"))
    episodes = row.get("episodes", 8)
    if isinstance(episodes, list):
        dates = [day(each) for each in episodes]
    else:
        many = episodes if isinstance(episodes, int) else 8
        dates = _spread(first, day(row.get("last_aired")), many)
    return BookSeason(
        number,
        tuple(
            BookEpisode(each, f"Episode {each}", aired)
            for each, aired in enumerate(dates, 1)
        ),
        announced=first,
    )


def _spread(first: date | None, last: date | None, many: int) -> list[date | None]:
    """An episode a week, or evenly up to the last."""
    if first is None:
        return [None] * many
    if last is None or many < 2:  # noqa: PLR2004  # nothing lies between them
        return [first + timedelta(weeks=each) for each in range(many)]
    step = (last - first) / (many - 1)
    return [first + step * each for each in range(many)]


def day(value: Json) -> date | None:
    """A day in ISO 8601, of which a time of day is cut off."""
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise OrderError(f"{value} is no day in ISO 8601") from error
