"""Films and shows as Seerr tells of them, which asks TMDB."""

from collections.abc import Iterable, Sequence
from datetime import date

from zondarr.media.clients.seerr.reading import Row, day, number, row, rows, text
from zondarr.media.requests import ExternalTitle, ExternalTitleSeason

THEATRICAL = (2, 3)
DIGITAL = (4,)
PHYSICAL = (5,)
"""Kinds of release in TMDB; 1 is a premiere, 6 a broadcast."""
MAX_NAME, MAX_WORD, MAX_LANGUAGE = 500, 40, 20


def film(given: Row) -> ExternalTitle:
    """`MovieDetails`: `releaseDate`, and `releases` by country and kind."""
    released = day(given.get("releaseDate"))
    releases = list(_releases(given))
    return ExternalTitle(
        name=_name(given, "title", "originalTitle"),
        year=released.year if released else None,
        original_language=_word(given.get("originalLanguage"), MAX_LANGUAGE),
        status=_word(given.get("status"), MAX_WORD),
        digital_on=_earliest(releases, DIGITAL),
        physical_on=_earliest(releases, PHYSICAL),
        theatrical_on=_earliest(releases, THEATRICAL),
        released_on=released,
    )


def show(given: Row) -> ExternalTitle:
    """`TvDetails`: its seasons, and the episodes that aired last and come next."""
    released = day(given.get("firstAirDate"))
    return ExternalTitle(
        name=_name(given, "name", "originalName"),
        year=released.year if released else None,
        original_language=_word(given.get("originalLanguage"), MAX_LANGUAGE),
        status=_word(given.get("status"), MAX_WORD),
        released_on=released,
        seasons=_seasons(given),
    )


def season(given: Row, number: int, today: date) -> ExternalTitleSeason:
    """A season with its episodes. If one of them has no date yet, nobody can tell when
    the last one is.
    """
    days = [day(each.get("airDate")) for each in rows(given.get("episodes"))]
    known = [each for each in days if each is not None]
    return ExternalTitleSeason(
        number=number,
        first_aired_on=min(known, default=day(given.get("airDate"))),
        last_aired_on=max(known) if known and len(known) == len(days) else None,
        episodes=len(days) or None,
        aired=sum(each <= today for each in known) if days else None,
    )


def _releases(given: Row) -> Iterable[tuple[int, date]]:
    for country in rows(row(given.get("releases")).get("results")):
        for release in rows(country.get("release_dates")):
            kind, at = number(release.get("type")), day(release.get("release_date"))
            if kind is not None and at is not None:
                yield kind, at


def _earliest(
    releases: Iterable[tuple[int, date]], kinds: tuple[int, ...]
) -> date | None:
    return min((at for kind, at in releases if kind in kinds), default=None)


def _seasons(given: Row) -> Sequence[ExternalTitleSeason]:
    last, following = (
        row(given.get("lastEpisodeToAir")),
        row(given.get("nextEpisodeToAir")),
    )
    found = [
        _season(each, own, last, following)
        for each in rows(given.get("seasons"))
        if (own := number(each.get("seasonNumber"))) is not None
    ]
    return list({each.number: each for each in found}.values())


def _season(given: Row, own: int, last: Row, following: Row) -> ExternalTitleSeason:
    """How much of it has aired follows from the last episode that did: all of earlier
    seasons, none of later ones. Specials have no such order.
    """
    episodes = number(given.get("episodeCount"))
    aired, ended = _aired(own, episodes, last, following)
    return ExternalTitleSeason(
        number=own,
        first_aired_on=day(given.get("airDate")),
        last_aired_on=ended,
        episodes=episodes,
        aired=aired,
    )


def _aired(
    own: int, episodes: int | None, last: Row, following: Row
) -> tuple[int | None, date | None]:
    """How many episodes have aired, and when the last of them did if all have."""
    season, episode = (
        number(last.get("seasonNumber")),
        number(last.get("episodeNumber")),
    )
    if own == 0:
        return None, None
    if season is None:
        begins = number(following.get("seasonNumber"))
        return (0, None) if begins is not None and own >= begins else (None, None)
    if own > season:
        return 0, None
    if own < season:
        return episodes, None
    if episode is None or episodes is None:
        return episode, None
    # Numbers may go through all seasons, so what comes next decides, if it is known.
    whole = number(following.get("seasonNumber")) != own and episode >= episodes
    aired = episodes if whole else min(episode, max(episodes - 1, 0))
    return aired, day(last.get("airDate")) if whole else None


def _name(given: Row, *keys: str) -> str:
    return next((n for key in keys if (n := text(given.get(key)))), "")[:MAX_NAME]


def _word(value: object, longest: int) -> str | None:
    found = text(value)
    return found[:longest] if found else None
