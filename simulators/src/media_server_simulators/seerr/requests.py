"""`/request`: lists, counts, approvals, and the end of a request."""

from collections.abc import Callable

from media_server_simulators.seerr.asking import ask
from media_server_simulators.seerr.call import Call
from media_server_simulators.seerr.errors import json_body, message
from media_server_simulators.seerr.paging import Page
from media_server_simulators.seerr.profiles import Profile
from media_server_simulators.seerr.request_rules import (
    approve,
    decline,
    follow_request,
)
from media_server_simulators.seerr.routing import Route
from media_server_simulators.seerr.shapes import (
    media_shape,
    page_with_services,
    request_shape,
)
from media_server_simulators.seerr.state import MediaRequest, State, User
from media_server_simulators.seerr.validation import (
    NUMBER,
    PAGE_NUMBER,
    TEXT,
    Body,
    Rule,
)
from media_server_simulators.seerr.values import (
    MediaStatus,
    Permission,
    RequestStatus,
)
from media_server_simulators.wire import JsonObject, Reply

MANAGE = (Permission.MANAGE_REQUESTS,)
READ = (Permission.MANAGE_REQUESTS, Permission.REQUEST_VIEW)
NOT_FOUND = "Request not found."

NOT_THERE = frozenset(
    (
        MediaStatus.UNKNOWN,
        MediaStatus.PENDING,
        MediaStatus.PROCESSING,
        MediaStatus.PARTIALLY_AVAILABLE,
    )
)
WANTED: dict[str, frozenset[RequestStatus]] = {
    "approved": frozenset((RequestStatus.APPROVED,)),
    "processing": frozenset((RequestStatus.APPROVED,)),
    "pending": frozenset((RequestStatus.PENDING,)),
    "unavailable": frozenset((RequestStatus.PENDING, RequestStatus.APPROVED)),
    "failed": frozenset((RequestStatus.FAILED,)),
    "completed": frozenset((RequestStatus.COMPLETED,)),
    "available": frozenset((RequestStatus.COMPLETED,)),
    "deleted": frozenset((RequestStatus.COMPLETED,)),
}
WANTED_MEDIA: dict[str, frozenset[MediaStatus]] = {
    "processing": NOT_THERE,
    "unavailable": NOT_THERE,
    "available": frozenset((MediaStatus.AVAILABLE,)),
    "deleted": frozenset((MediaStatus.DELETED,)),
}


def routes(profile: Profile) -> list[Route]:
    query = {
        "take": PAGE_NUMBER,
        "skip": PAGE_NUMBER,
        "filter": Rule(allowed=profile.request_filters, nullable=True),
        "sort": Rule(allowed=("added", "modified")),
        "requestedBy": PAGE_NUMBER,
    }
    if profile is not Profile.OVERSEERR:
        query["sortDirection"] = Rule(allowed=("asc", "desc"), nullable=True)
        query["mediaType"] = Rule(allowed=("movie", "tv", "all"), nullable=True)
    kind = Rule(allowed=("movie", "tv"))
    body = Body(
        {"mediaType": kind, "mediaId": NUMBER, "is4k": Rule("boolean")},
        ("mediaType", "mediaId"),
    )
    changed = Body({"mediaType": kind, "seasons": Rule("array")}, ("mediaType",))
    status = {"requestId": TEXT, "status": Rule(allowed=("approve", "decline"))}
    one = "/request/{requestId}"
    return [
        Route("GET", "/request", listed, query=query),
        Route("POST", "/request", ask, body=body),
        Route("GET", "/request/count", counts),
        Route("GET", one, single),
        Route("PUT", one, change, body=changed),
        Route("DELETE", one, delete),
        Route("POST", f"{one}/retry", retry, rights=MANAGE),
        Route("POST", f"{one}/{{status}}", set_status, rights=MANAGE, path=status),
    ]


def listed(call: Call) -> Reply:
    page = Page.of(call)
    rows = _filtered(call)
    by_change = call.query.get("sort") == "modified"
    backwards = call.query.get("sortDirection") != "asc"
    rows.sort(key=_modified if by_change else _id, reverse=backwards)
    answer = page.of_rows(rows, row_shape(call))
    return json_body(page_with_services(answer))


def _id(request: MediaRequest) -> int:
    return request.id


def _modified(request: MediaRequest) -> tuple[float, int]:
    return (request.updated or request.created).timestamp(), request.id


def row_shape(call: Call) -> Callable[[MediaRequest], JsonObject]:
    """Whoever manages requests also sees whether Radarr or Sonarr has the title."""
    manages = call.may(Permission.MANAGE_REQUESTS)

    def shape(request: MediaRequest) -> JsonObject:
        shown = request_shape(call.state, request)
        return shown | {"canRemove": request.can_remove} if manages else shown

    return shape


def _filtered(call: Call) -> list[MediaRequest]:
    by = call.query.get("requestedBy")
    if not call.may(*READ):
        if by and by != call.caller.id:
            sentence = "You do not have permission to view this user's requests."
            raise message(403, sentence)
        by = call.caller.id
    rows = list(call.state.requests.values())
    if by:
        rows = [each for each in rows if each.by.id == by]
    kind, name = call.text("mediaType"), call.text("filter") or "all"
    if kind in {"movie", "tv"}:
        rows = [each for each in rows if each.media.type == kind]
    wanted, media = WANTED.get(name), WANTED_MEDIA.get(name)
    if wanted is not None:
        rows = [each for each in rows if each.status in wanted]
    if media is not None:
        rows = [each for each in rows if each.media_status in media]
    return rows


def counts(call: Call) -> Reply:
    rows = list(call.state.requests.values())

    def many(status: RequestStatus) -> int:
        return sum(each.status is status for each in rows)

    approved = [r for r in rows if r.status is RequestStatus.APPROVED]
    shown: JsonObject = {
        "total": len(rows),
        "movie": sum(each.media.type == "movie" for each in rows),
        "tv": sum(each.media.type == "tv" for each in rows),
        "pending": many(RequestStatus.PENDING),
        "approved": len(approved),
        "declined": many(RequestStatus.DECLINED),
        "processing": sum(r.media_status < MediaStatus.AVAILABLE for r in approved),
        "available": sum(r.media_status is MediaStatus.AVAILABLE for r in rows),
    }
    if call.state.profile.completes_requests:
        shown["completed"] = many(RequestStatus.COMPLETED)
    return json_body(shown)


def find(call: Call) -> MediaRequest:
    found = call.state.requests.get(call.number("requestId") or 0)
    if found is None:
        raise message(404, NOT_FOUND)
    return found


def single(call: Call) -> Reply:
    request = find(call)
    if request.by is not call.caller and not call.may(*READ):
        raise message(403, "You do not have permission to view this request.")
    return json_body(_whole(call.state, request))


def _whole(
    state: State, request: MediaRequest, media: JsonObject | None = None
) -> JsonObject:
    return request_shape(
        state, request, media_seasons=True, settings=True, media_as=media
    )


def set_status(call: Call) -> Reply:
    """The answer still has the media as it was before."""
    request = find(call)
    before = media_shape(call.state, request.media, seasons=True)
    act = approve if call.path["status"] == "approve" else decline
    act(call.state, request, call.caller)
    return json_body(_whole(call.state, request, before))


def retry(call: Call) -> Reply:
    request = find(call)
    before = media_shape(call.state, request.media, seasons=True)
    request.status, request.modified_by = RequestStatus.APPROVED, call.caller
    call.state.touch(request)
    follow_request(call.state, request)
    return json_body(_whole(call.state, request, before))


def change(call: Call) -> Reply:
    """Other seasons, another requester."""
    request = find(call)
    manages = call.may(Permission.MANAGE_REQUESTS)
    own = request.by is call.caller and request.status is RequestStatus.PENDING
    if not manages and not own:
        raise message(403, "You do not have permission to modify this request.")
    if request.media.type == "tv":
        _change_seasons(call, request)
    other = call.body.get("userId")
    if isinstance(other, int) and other != request.by.id:
        _give_to(call.state, request, call.state.users.get(other))
    call.state.touch(request)
    return json_body(_whole(call.state, request))


def _change_seasons(call: Call, request: MediaRequest) -> None:
    given = call.body.get("seasons")
    wanted = [n for n in given if isinstance(n, int)] if isinstance(given, list) else []
    if not wanted:
        lost = "Missing seasons. If you want to cancel a series request,"
        raise message(500, f"{lost} use the DELETE method.")
    kept = [each for each in request.seasons if each.number in wanted]
    new = [n for n in wanted if n not in {each.number for each in kept}]
    status = RequestStatus.PENDING
    more = call.state.new_seasons(new, status, call.state.now())
    request.seasons = [*kept, *more]


def _give_to(state: State, request: MediaRequest, user: User | None) -> None:
    if user is None:
        raise message(500, "User not found.")
    state.request_counts[request.by.id] -= 1
    request.by = user
    state.request_counts[user.id] += 1


def delete(call: Call) -> Reply:
    request = find(call)
    own = request.by is call.caller and request.status is RequestStatus.PENDING
    if not own and not call.may(Permission.MANAGE_REQUESTS):
        sentence = "You do not have permission to delete this request."
        raise message(401, sentence)
    call.state.remove_request(request)
    return Reply(204)
