"""QuickConnect: a device shows a code, somebody who is signed in approves it."""

import secrets
from datetime import timedelta

from media_server_simulators.jellyfin.http.binding import Body
from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.http.errors import (
    bad_argument,
    exception_error,
    text_error,
)
from media_server_simulators.jellyfin.http.parameters import GUID, TEXT
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.http.shapes import Shape, string
from media_server_simulators.jellyfin.sessions.sign_in import start_session, visit_of
from media_server_simulators.jellyfin.state import QuickConnect, State
from media_server_simulators.jellyfin.values import NOBODY, flag, stamp, text
from media_server_simulators.jellyfin.versions import Version
from media_server_simulators.wire import JsonObject, Reply

routes = Routes()

PENDING = timedelta(minutes=10)
AFTER_APPROVAL = timedelta(minutes=1)
SECRET = Shape(
    "Jellyfin.Api.Models.UserDtos.QuickConnectDto",
    {"Secret": string},
    filled=("Secret",),
)
OFF = "Quick connect is disabled"


@routes.on("GET", "/QuickConnect/Enabled", access="anyone")
def enabled(call: Call) -> Reply:
    return call.json(is_on(call.state))


@routes.on("POST", "/QuickConnect/Initiate", access="anyone")
def initiate(call: Call) -> Reply:
    visit = visit_of(call.caller, call.request.client)
    if not visit.is_whole:
        raise bad_argument()
    require_on(call.state)
    request = QuickConnect(
        secret=secrets.token_hex(32),
        code=f"{100_000 + secrets.randbelow(900_000)}",
        visit=visit,
        expires=call.state.now() + PENDING,
        added=call.state.now(),
    )
    call.state.quick[request.secret] = request
    return call.json(_shown(request))


@routes.on(
    "GET",
    "/QuickConnect/Initiate",
    access="anyone",
    versions=(Version.V10_10, Version.V10_11),
)
def initiate_by_get(call: Call) -> Reply:
    return initiate(call)


@routes.on(
    "GET",
    "/QuickConnect/Connect",
    access="anyone",
    query={"secret": TEXT},
    required=("secret",),
)
def connect(call: Call) -> Reply:
    require_on(call.state)
    request = _live(call.state).get(call.text("secret") or "")
    if request is None:
        raise text_error(404, "Unknown secret")
    return call.json(_shown(request))


@routes.on(
    "POST",
    "/QuickConnect/Authorize",
    query={"code": TEXT, "userId": GUID},
    required=("code",),
)
def authorize(call: Call) -> Reply:
    """The token is made at once, for the device that asked, and without a password."""
    asked, own = call.guid("userId"), call.caller.user
    someone_else = asked not in {None, NOBODY, own.id if own else None}
    if someone_else and not call.caller.is_admin:
        raise exception_error(403)
    user = call.state.users.get(asked or "") if someone_else else own
    require_on(call.state)
    waiting = {each.code: each for each in _live(call.state).values()}
    request = waiting.get(call.text("code") or "")
    if request is None:
        raise exception_error(404)
    if request.result is not None:
        raise exception_error(500)
    if user is None:
        raise bad_argument()
    request.result = start_session(call.state, user, request.visit)
    request.expires = call.state.now() + PENDING + AFTER_APPROVAL
    return call.json(True)


@routes.on(
    "POST",
    "/Users/AuthenticateWithQuickConnect",
    access="anyone",
    body=Body(SECRET, "request"),
)
def authenticate(call: Call) -> Reply:
    """The same answer each time, until the approval is forgotten."""
    if not is_on(call.state):
        raise exception_error(401)
    request = _live(call.state).get(text(call.body, "Secret"))
    if request is None or request.result is None:
        raise exception_error(404)
    return call.json(request.result)


def is_on(state: State) -> bool:
    return flag(state.configuration, "QuickConnectAvailable")


def require_on(state: State) -> None:
    if not is_on(state):
        raise text_error(401, OFF)


def _live(state: State) -> dict[str, QuickConnect]:
    now = state.now()
    state.quick = {k: each for k, each in state.quick.items() if each.expires > now}
    return state.quick


def _shown(request: QuickConnect) -> JsonObject:
    return {
        "Authenticated": request.result is not None,
        "Secret": request.secret,
        "Code": request.code,
        "DeviceId": request.visit.device_id,
        "DeviceName": request.visit.device_name,
        "AppName": request.visit.app,
        "AppVersion": request.visit.app_version,
        "DateAdded": stamp(request.added),
    }
