"""A show's seasons and episodes, what is next, what was begun, what is new."""

from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.http.errors import bad_argument, not_found
from media_server_simulators.jellyfin.http.parameters import FLAG, GUID, WHOLE
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.items.catalogue import (
    children,
    descendants,
    find,
    titles,
)
from media_server_simulators.jellyfin.items.item_parameters import QUERY
from media_server_simulators.jellyfin.items.item_query import selection_of
from media_server_simulators.jellyfin.items.item_shape import shown
from media_server_simulators.jellyfin.items.items import page
from media_server_simulators.jellyfin.items.library_access import may_see
from media_server_simulators.jellyfin.items.user_data import stored
from media_server_simulators.jellyfin.state import User
from media_server_simulators.wire import Reply
from media_server_simulators.world import Title

routes = Routes()

OF_ITEMS = (
    "userId", "fields", "startIndex", "limit", "enableImages", "enableUserData",
    "isMissing", "imageTypeLimit", "enableImageTypes", "enableTotalRecordCount",
    "parentId", "includeItemTypes", "mediaTypes", "sortBy",
)  # fmt: skip
OWN = {"season": WHOLE, "seasonId": GUID, "seriesId": GUID, "isSpecialSeason": FLAG}
LISTING = {name: QUERY[name] for name in OF_ITEMS} | OWN
LATEST = LISTING | {"isPlayed": FLAG, "groupItems": FLAG}


@routes.on("GET", "/Shows/{seriesId}/Episodes", query=LISTING, path={"seriesId": GUID})
def list_episodes(call: Call) -> Reply:
    user, series = _series(call)
    inside = [t for t in descendants(call.state, series.id) if t.kind == "Episode"]
    season, season_id = call.number("season"), call.guid("seasonId")
    if season is not None:
        inside = [t for t in inside if t.season == season]
    if season_id is not None:
        inside = [t for t in inside if t.season_id == season_id]
    if call.flag("isMissing"):
        inside = [t for t in inside if not t.files]
    inside.sort(key=lambda t: (t.season or 0, t.index or 0))
    return call.json(page(call, inside, user))


@routes.on("GET", "/Shows/{seriesId}/Seasons", query=LISTING, path={"seriesId": GUID})
def list_seasons(call: Call) -> Reply:
    user, series = _series(call)
    seasons = [t for t in children(call.state, series.id) if t.kind == "Season"]
    seasons.sort(key=lambda t: t.index or 0)
    return call.json(page(call, seasons, user))


def _series(call: Call) -> tuple[User | None, Title]:
    user = call.named_user()
    series = find(call.state, call.guid("seriesId") or "")
    if (
        series is None
        or series.kind != "Series"
        or not may_see(call.state, user, series)
    ):
        raise not_found()
    return user, series


@routes.on("GET", "/Shows/NextUp", query=LISTING)
def next_up(call: Call) -> Reply:
    """The first unwatched episode after the last that was watched, of each show."""
    user = call.named_user()
    if user is None:
        raise bad_argument()
    shows = [
        t
        for t in titles(call.state)
        if t.kind == "Series" and may_see(call.state, user, t)
    ]
    found = [each for show in shows if (each := _next_of(call, user, show)) is not None]
    return call.json(page(call, found, user))


def _next_of(call: Call, user: User, show: Title) -> Title | None:
    inside = [t for t in descendants(call.state, show.id) if t.kind == "Episode"]
    inside.sort(key=lambda t: (t.season or 0, t.index or 0))
    seen = [
        place for place, t in enumerate(inside) if stored(call.state, user, t).played
    ]
    after = inside[seen[-1] + 1 :] if seen else []
    return next((t for t in after if not stored(call.state, user, t).played), None)


@routes.on("GET", "/UserItems/Resume", query=LISTING)
@routes.on("GET", "/Users/{userId}/Items/Resume", query=LISTING, path={"userId": GUID})
def to_resume(call: Call) -> Reply:
    user = call.named_user()
    if user is None:
        raise bad_argument()
    begun = [
        t
        for t in titles(call.state)
        if may_see(call.state, user, t) and stored(call.state, user, t).position
    ]
    begun.sort(key=lambda t: str(stored(call.state, user, t).last_played), reverse=True)
    return call.json(page(call, begun, user))


@routes.on("GET", "/Items/Latest", query=LATEST)
@routes.on("GET", "/Users/{userId}/Items/Latest", query=LATEST, path={"userId": GUID})
def latest(call: Call) -> Reply:
    """Empty, as recorded for a new guest of 12.0; how it chooses is not modelled."""
    user = call.named_user()
    if user is None:
        raise bad_argument()
    if call.state.version.since_12:
        return call.json([])
    newest = [
        t
        for t in titles(call.state)
        if t.kind == "Series" and may_see(call.state, user, t)
    ]
    newest.sort(key=lambda t: t.added, reverse=True)
    return call.json(
        [shown(call.state, t, user, selection_of(call)) for t in newest[:1]]
    )
