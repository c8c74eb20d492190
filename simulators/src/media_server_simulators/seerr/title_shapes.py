"""Films, shows and seasons as Seerr shows them, out of what TMDB knows."""

from datetime import UTC, date, datetime, time

from media_server_simulators.seerr.title_book import BookEpisode, BookSeason, BookTitle
from media_server_simulators.seerr.values import written
from media_server_simulators.wire import Json, JsonObject

NO_PEOPLE: JsonObject = {"cast": [], "crew": []}


def film_shape(title: BookTitle, language: str | None, info: Json) -> JsonObject:
    shown = _common(title)
    shown |= {
        "adult": False,
        "budget": 0,
        "originalTitle": title.name,
        "releaseDate": _day(title.released),
        "releases": {"results": _releases(title)},
        "revenue": 0,
        "status": title.status or "Released",
        "title": title.name_in(language),
        "video": False,
        "runtime": 100,
        "externalIds": {"imdbId": title.imdb},
    }
    if title.imdb:
        shown["imdbId"] = title.imdb
    return _with_info(shown, info)


def show_shape(
    title: BookTitle, language: str | None, info: Json, today: date
) -> JsonObject:
    seasons = title.seasons
    aired = [e.aired for s in seasons for e in s.episodes if e.aired]
    rows: list[Json] = [_season_row(title, each) for each in seasons]
    past = [each for each in aired if each <= today]
    shown = _common(title)
    shown |= {
        "createdBy": [],
        "contentRatings": {"results": []},
        "episodeRunTime": [45],
        "firstAirDate": _day(min(aired) if aired else title.released),
        "inProduction": any(each > today for each in aired),
        "languages": [title.original_language],
        "lastAirDate": _day(max(past, default=None)),
        "name": title.name_in(language),
        "networks": [],
        "numberOfEpisodes": sum(len(each.episodes) for each in seasons),
        "numberOfSeasons": sum(each.number > 0 for each in seasons),
        "originCountry": [],
        "originalName": title.name,
        "seasons": rows,
        "status": title.status or "Returning Series",
        "type": "Scripted",
        "externalIds": {"imdbId": title.imdb, "tvdbId": title.tvdb},
    }
    for name, before in (("lastEpisodeToAir", True), ("nextEpisodeToAir", False)):
        nearest = _nearest(title, today, past=before)
        if nearest is not None:
            shown[name] = nearest
    return _with_info(shown, info)


def season_shape(title: BookTitle, part: BookSeason) -> JsonObject:
    return {
        "airDate": _day(part.first_aired) or None,
        "episodes": [_episode(title, part, each) for each in part.episodes],
        "externalIds": {},
        "id": _season_id(title, part),
        "name": _season_name(part),
        "overview": "",
        "seasonNumber": part.number,
        "posterPath": None,
    }


def _common(title: BookTitle) -> JsonObject:
    return {
        "id": title.tmdb,
        "genres": [{"id": 18, "name": "Drama"}],
        "relatedVideos": [],
        "originalLanguage": title.original_language,
        "popularity": 1,
        "productionCompanies": [],
        "productionCountries": [],
        "spokenLanguages": [],
        "voteAverage": 5,
        "voteCount": 1,
        "backdropPath": None,
        "homepage": "",
        "overview": title.overview,
        "posterPath": None,
        "tagline": "",
        "credits": NO_PEOPLE,
        "watchProviders": [],
        "keywords": [],
        "onUserWatchlist": False,
    }


def _with_info(shown: JsonObject, info: Json) -> JsonObject:
    return shown if info is None else shown | {"mediaInfo": info}


def _releases(title: BookTitle) -> list[Json]:
    if not title.releases:
        return []
    dates: list[Json] = [
        {
            "certification": "",
            "descriptors": [],
            "iso_639_1": "",
            "note": "",
            "release_date": written(datetime.combine(day, time(), UTC)),
            "type": kind,
        }
        for kind, day in title.releases
    ]
    return [{"iso_3166_1": "US", "release_dates": dates}]


def _season_row(title: BookTitle, part: BookSeason) -> JsonObject:
    return {
        "airDate": _day(part.first_aired) or None,
        "episodeCount": len(part.episodes),
        "id": _season_id(title, part),
        "name": _season_name(part),
        "overview": "",
        "seasonNumber": part.number,
        "posterPath": None,
    }


def _episode(title: BookTitle, part: BookSeason, episode: BookEpisode) -> JsonObject:
    return {
        "airDate": _day(episode.aired) or None,
        "episodeNumber": episode.number,
        "id": _season_id(title, part) * 100 + episode.number,
        "name": episode.name,
        "overview": "",
        "productionCode": "",
        "seasonNumber": part.number,
        "showId": title.tmdb,
        "voteAverage": 0,
        "voteCount": 0,
        "stillPath": None,
    }


def _nearest(title: BookTitle, today: date, *, past: bool) -> Json:
    """The episode that aired last, or the one that comes next."""
    dated = [
        (each.aired, part, each)
        for part in title.seasons
        for each in part.episodes
        if each.aired is not None and (each.aired <= today) is past
    ]
    if not dated:
        return None
    pick = max if past else min
    _, part, episode = pick(dated, key=lambda row: (row[0], row[2].number))
    return _episode(title, part, episode)


def _season_id(title: BookTitle, part: BookSeason) -> int:
    return title.tmdb * 100 + part.number


def _season_name(part: BookSeason) -> str:
    return f"Season {part.number}" if part.number else "Specials"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
