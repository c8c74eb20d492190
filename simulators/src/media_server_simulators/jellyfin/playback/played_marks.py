"""Marks: played, unplayed, favourite; a user's data of an item, read and written."""

from collections.abc import Sequence
from datetime import UTC, datetime

from media_server_simulators.jellyfin.http.binding import Body, NotValid, Value, moment
from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.http.errors import bad_argument, not_found
from media_server_simulators.jellyfin.http.parameters import GUID
from media_server_simulators.jellyfin.http.routing import Handler, Routes
from media_server_simulators.jellyfin.http.shapes import (
    Shape,
    boolean,
    double,
    integer,
    long,
    optional,
    string,
)
from media_server_simulators.jellyfin.items.catalogue import find
from media_server_simulators.jellyfin.items.library_access import may_see
from media_server_simulators.jellyfin.items.user_data import (
    leaves,
    publish_watched,
    shown,
    watch_of,
)
from media_server_simulators.jellyfin.sessions.session_store import of_caller
from media_server_simulators.jellyfin.state import User, Watch
from media_server_simulators.jellyfin.values import number
from media_server_simulators.wire import JsonObject, Reply
from media_server_simulators.world import Title

routes = Routes()

USER_DATA = Shape(
    "MediaBrowser.Model.Dto.UpdateUserItemDataDto",
    {
        "Rating": optional(double),
        "PlayedPercentage": optional(double),
        "UnplayedItemCount": optional(integer),
        "PlaybackPositionTicks": optional(long),
        "PlayCount": optional(integer),
        "IsFavorite": optional(boolean),
        "Likes": optional(boolean),
        "LastPlayedDate": optional(string),
        "Played": optional(boolean),
        "Key": string,
        "ItemId": string,
    },
)
DIGITS = 14


def any_date(texts: Sequence[str]) -> Value:
    """Also the older form of fourteen digits."""
    text = texts[0]
    if len(text) == DIGITS and text.isdecimal():
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    if not text:
        raise NotValid
    return moment([text])


def _mark_on(new: str, old: str) -> None:
    """Both routes of a mark, to set it and to take it away."""
    marks = MARKS[new]
    for method, handler in zip(("POST", "DELETE"), marks, strict=True):
        query = {"userId": GUID, "datePlayed": any_date}
        _ = routes.on(method, f"/{new}/{{itemId}}", query=query, path={"itemId": GUID})(
            handler
        )
        path = {"userId": GUID, "itemId": GUID}
        template = f"/Users/{{userId}}/{old}/{{itemId}}"
        _ = routes.on(method, template, query={"datePlayed": any_date}, path=path)(
            handler
        )


def _target(call: Call) -> tuple[User, Title]:
    user = call.named_user()
    if user is None:
        raise bad_argument()
    title = find(call.state, call.guid("itemId") or "")
    if title is None or not may_see(call.state, user, title):
        raise not_found()
    return user, title


def mark_played(call: Call) -> Reply:
    user, title = _target(call)
    date = call.date("datePlayed")
    for each in leaves(call.state, title):
        watch = watch_of(call.state, user, each)
        watch.count = max(watch.count + (date is not None), 1)
        watch.last_played = date or watch.last_played or call.state.now()
        watch.played, watch.position = True, 0
    return _watch_reply(call, user, title)


def mark_unplayed(call: Call) -> Reply:
    user, title = _target(call)
    for each in leaves(call.state, title):
        watch = watch_of(call.state, user, each)
        watch.played, watch.count, watch.position, watch.last_played = False, 0, 0, None
    return _watch_reply(call, user, title)


def like(call: Call) -> Reply:
    return _favourite(call, on=True)


def unlike(call: Call) -> Reply:
    return _favourite(call, on=False)


def _favourite(call: Call, *, on: bool) -> Reply:
    user, title = _target(call)
    watch_of(call.state, user, title).favourite = on
    return call.json(shown(call.state, user, title, fresh=True))


def _watch_reply(call: Call, user: User, title: Title) -> Reply:
    _ = of_caller(call.state, call.caller, call.request.client, user)
    publish_watched(call.state, user, title)
    return call.json(shown(call.state, user, title, fresh=True))


MARKS: dict[str, tuple[Handler, Handler]] = {
    "UserPlayedItems": (mark_played, mark_unplayed),
    "UserFavoriteItems": (like, unlike),
}
_mark_on("UserPlayedItems", "PlayedItems")
_mark_on("UserFavoriteItems", "FavoriteItems")


@routes.on(
    "GET", "/UserItems/{itemId}/UserData", query={"userId": GUID}, path={"itemId": GUID}
)
def read_data(call: Call) -> Reply:
    user, title = _target(call)
    return call.json(shown(call.state, user, title, fresh=True))


@routes.on(
    "GET",
    "/Users/{userId}/Items/{itemId}/UserData",
    path={"userId": GUID, "itemId": GUID},
)
def read_data_by_path(call: Call) -> Reply:
    return read_data(call)


@routes.on(
    "POST",
    "/UserItems/{itemId}/UserData",
    query={"userId": GUID},
    path={"itemId": GUID},
    body=Body(USER_DATA, "userDataDto"),
)
def write_data(call: Call) -> Reply:
    user, title = _target(call)
    _write(call, watch_of(call.state, user, title))
    publish_watched(call.state, user, title)
    return call.json(shown(call.state, user, title, fresh=True))


def _write(call: Call, watch: Watch) -> None:
    """What is left out, or null, stays."""
    posted: JsonObject = {
        key: value for key, value in call.body.items() if value is not None
    }
    watch.played = posted.get("Played", watch.played) is True
    watch.favourite = posted.get("IsFavorite", watch.favourite) is True
    watch.count = number(posted, "PlayCount", watch.count)
    watch.position = number(posted, "PlaybackPositionTicks", watch.position)
    date = posted.get("LastPlayedDate")
    if isinstance(date, str):
        found = any_date([date])
        watch.last_played = found if isinstance(found, datetime) else watch.last_played
