"""Control paths of a simulated Seerr: requests as a test wants them, and the clock."""

from collections.abc import Mapping

from media_server_simulators.changes import Act
from media_server_simulators.clock import Clock, set_clock
from media_server_simulators.orders import Order, OrderError
from media_server_simulators.seerr.drafts import Draft
from media_server_simulators.seerr.furnishing import local_user, store
from media_server_simulators.seerr.ordered_titles import find_title, put_title
from media_server_simulators.seerr.request_rules import follow_media
from media_server_simulators.seerr.spellings import plainly
from media_server_simulators.seerr.state import MediaRequest, Season, State, User
from media_server_simulators.seerr.state_report import show
from media_server_simulators.seerr.values import MediaStatus, RequestStatus
from media_server_simulators.wire import Json, JsonObject

FIELDS = frozenset(
    (
        *("request", "remove", "item", "type", "tmdb", "tvdb", "name", "user"),
        *("status", "media_status", "is_4k", "seasons", "at", "updated_at", "added"),
        *(
            "released",
            "digital",
            "physical",
            "original_language",
            "available_seasons",
            "imdb",
        ),
    )
)
MEDIA_OF_REQUEST = {
    RequestStatus.PENDING: MediaStatus.PENDING,
    RequestStatus.APPROVED: MediaStatus.PROCESSING,
    RequestStatus.DECLINED: MediaStatus.UNKNOWN,
    RequestStatus.FAILED: MediaStatus.PROCESSING,
    RequestStatus.COMPLETED: MediaStatus.AVAILABLE,
}


def acts(state: State) -> Mapping[str, Act]:
    def use(clock: Clock) -> None:
        state.now = clock

    return {
        "request": lambda order: _request(state, order),
        "arrive": lambda order: _arrive(state, order),
        "vanish": lambda order: _vanish(state, order),
        "clock": lambda order: set_clock(order, state.now, use),
    }


def _request(state: State, order: Order) -> JsonObject:
    """Make a request as it came to be, change one, or remove one."""
    order = plainly(order)
    order.has_only(FIELDS)
    if "request" in order:
        return _change(state, order, _known(state, order))
    kind, tmdb = find_title(state, order)
    put_title(state, order, kind, tmdb)
    status = _status(order) or RequestStatus.APPROVED
    draft = Draft(
        kind,
        tmdb,
        order.moment("at") or state.now(),
        status,
        _media_status(order) or MEDIA_OF_REQUEST[status],
        is_4k=order.flag("is_4k", default=False),
        seasons=_season_numbers(state, order, kind, tmdb),
        tvdb=order.whole("tvdb"),
        added=order.moment("added"),
    )
    request = store(state, draft, _requester(state, order))
    if draft.is_4k and "item" in order:
        request.media.status = MediaStatus.AVAILABLE
    request.updated = order.moment("updated_at")
    _set_seasons(state, order, request)
    return {"request": show(request)}


def _known(state: State, order: Order) -> MediaRequest:
    request = state.requests.get(order.whole("request") or 0)
    if request is None:
        raise OrderError(f"no request has the id {order.fields['request']}", 404)
    return request


def _change(state: State, order: Order, request: MediaRequest) -> JsonObject:
    if order.flag("remove", default=False):
        state.remove_request(request)
        return {"request": show(request)}
    put_title(state, order, request.media.type, request.media.tmdb)
    request.status = _status(order) or request.status
    media_status = _media_status(order)
    if media_status is not None:
        request.media.set_status(media_status, request.is_4k)
    request.created = order.moment("at") or request.created
    request.updated = order.moment("updated_at") or request.updated
    if "user" in order:
        state.request_counts[request.by.id] -= 1
        request.by = _requester(state, order)
        state.request_counts[request.by.id] += 1
    _set_seasons(state, order, request)
    return {"request": show(request)}


def _status(order: Order) -> RequestStatus | None:
    return _named(order, "status", RequestStatus)


def _media_status(order: Order) -> MediaStatus | None:
    return _named(order, "media_status", MediaStatus)


def _named[T: (RequestStatus, MediaStatus)](
    order: Order, name: str, kind: type[T]
) -> T | None:
    """By number or by name."""
    given = order.text(name)
    if given is None:
        return None
    for each in kind:
        if given.lower().replace(" ", "_") in {each.name.lower(), str(each.value)}:
            return each
    known = ", ".join(each.name.lower() for each in kind)
    raise OrderError(f"{name} is a number or one of {known}")


def _season_numbers(
    state: State, order: Order, type: str, tmdb: int
) -> tuple[int, ...]:
    given = order.fields.get("seasons")
    if isinstance(given, list):
        return tuple(_number(each) for each in given)
    if type == "movie":
        return ()
    title = state.titles.find(type, tmdb)
    return tuple(each.number for each in title.seasons if each.number) if title else ()


def _number(season: Json) -> int:
    number = season.get("number") if isinstance(season, dict) else season
    if not isinstance(number, int):
        raise OrderError("seasons are numbers, or objects with a number")
    return number


def _set_seasons(state: State, order: Order, request: MediaRequest) -> None:
    """Statuses of single seasons, of the request and of the media."""
    for season in request.seasons:
        season.status = request.status
    given = order.fields.get("seasons")
    for row in given if isinstance(given, list) else []:
        if not isinstance(row, dict):
            continue
        number, one = _number(row), Order(row)
        for season in request.seasons:
            if season.number == number:
                season.status = _status(one) or season.status
        wanted = _media_status(one)
        if wanted is not None:
            _media_season(state, request, number, wanted)
    for text in order.texts("available_seasons"):
        _media_season(state, request, int(text), MediaStatus.AVAILABLE)


def _media_season(
    state: State, request: MediaRequest, number: int, status: MediaStatus
) -> None:
    season = request.media.season(number)
    if season is None:
        season = Season(state.next_id("season"), number, state.now())
        request.media.seasons.append(season)
    if request.is_4k:
        season.status_4k = status
    else:
        season.status = status


def _requester(state: State, order: Order) -> User:
    """By number, name, e-mail or an id on a media server; a new name is a new user."""
    named = order.text("user")
    if named is None:
        return state.users[min(state.users)]
    wanted = named.lower()
    for user in state.users.values():
        known = (str(user.id), user.jellyfin_id, str(user.plex_id), user.email)
        names = (user.username, user.plex_username, user.jellyfin_username)
        if wanted in {(each or "").lower() for each in (*known, *names)}:
            return user
    return local_user(state, named)


def _arrive(state: State, order: Order) -> JsonObject:
    """A title is on the media server: as after a scan."""
    return _follow(state, order, MediaStatus.AVAILABLE)


def _vanish(state: State, order: Order) -> JsonObject:
    return _follow(state, order, MediaStatus.DELETED)


def _follow(state: State, order: Order, status: MediaStatus) -> JsonObject:
    order = plainly(order)
    order.has_only(FIELDS | {"items"})
    rows: list[Json] = []
    for one in _each(order):
        kind, tmdb = find_title(state, one)
        media = state.media_of(kind, tmdb)
        if media is None:
            media = state.add_media(kind, tmdb, tvdb=None, at=state.now())
        is_4k = order.flag("is_4k", default=False)
        before = media.status_of(is_4k)
        media.set_status(status, is_4k)
        for season in media.seasons:
            season.status = status
        follow_media(state, media, before, is_4k=is_4k)
        rows.append({"type": kind, "tmdb": tmdb, "media_status": status.name.lower()})
    return {"items": rows}


def _each(order: Order) -> list[Order]:
    texts = order.texts("items")
    return [Order({"item": text}) for text in texts] if texts else [order]
