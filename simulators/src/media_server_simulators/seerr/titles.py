"""`/movie` and `/tv`: a title as TMDB knows it, with what Seerr keeps of it."""

from media_server_simulators.seerr.call import Call
from media_server_simulators.seerr.errors import json_body, message
from media_server_simulators.seerr.routing import Route
from media_server_simulators.seerr.shapes import media_shape
from media_server_simulators.seerr.state import State
from media_server_simulators.seerr.title_shapes import (
    film_shape,
    season_shape,
    show_shape,
)
from media_server_simulators.seerr.validation import NUMBER, TEXT
from media_server_simulators.wire import Json, Reply


def routes() -> list[Route]:
    language, movie_id = {"language": TEXT}, {"movieId": NUMBER}
    return [
        Route("GET", "/movie/{movieId}", movie, path=movie_id, query=language),
        Route("GET", "/tv/{tvId}", show, path={"tvId": NUMBER}, query=language),
        Route(
            "GET",
            "/tv/{tvId}/season/{seasonNumber}",
            season,
            path={"tvId": NUMBER, "seasonNumber": NUMBER},
            query=language,
        ),
    ]


def movie(call: Call) -> Reply:
    title = call.state.titles.find("movie", call.number("movieId") or 0)
    if title is None:
        raise message(500, "Unable to retrieve movie.")
    info = _info(call.state, "movie", title.tmdb)
    return json_body(film_shape(title, call.text("language"), info))


def show(call: Call) -> Reply:
    title = call.state.titles.find("tv", call.number("tvId") or 0)
    if title is None:
        raise message(500, "Unable to retrieve series.")
    info = _info(call.state, "tv", title.tmdb)
    today = call.state.now().date()
    return json_body(show_shape(title, call.text("language"), info, today))


def season(call: Call) -> Reply:
    title = call.state.titles.find("tv", call.number("tvId") or 0)
    part = title.season(call.number("seasonNumber") or 0) if title else None
    if title is None or part is None:
        raise message(500, "Unable to retrieve season.")
    return json_body(season_shape(title, part))


def _info(state: State, type: str, tmdb: int) -> Json:
    media = state.media_of(type, tmdb)
    if media is None:
        return None
    return media_shape(state, media, seasons=True, requests=True, issues=True)
