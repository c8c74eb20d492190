"""Signing in by name, and out."""

from media_server_simulators.jellyfin.activity import note
from media_server_simulators.jellyfin.http.authorization import Caller
from media_server_simulators.jellyfin.http.binding import Body
from media_server_simulators.jellyfin.http.call import Call, nothing
from media_server_simulators.jellyfin.http.errors import bad_argument, exception_error
from media_server_simulators.jellyfin.http.parameters import GUID, TEXT
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.http.shapes import Shape, string
from media_server_simulators.jellyfin.sessions.session_shape import (
    shown as session_shown,
)
from media_server_simulators.jellyfin.sessions.session_store import mark_active
from media_server_simulators.jellyfin.state import (
    Device,
    State,
    User,
    UserSnapshot,
    Visit,
)
from media_server_simulators.jellyfin.users.password_check import check_snapshot
from media_server_simulators.jellyfin.users.tokens import (
    free_device,
    log_out,
    new_token,
)
from media_server_simulators.jellyfin.users.user_shape import shown as user_shown
from media_server_simulators.jellyfin.users.users import named
from media_server_simulators.jellyfin.values import (
    child,
    flag,
    number,
    stamp,
    text,
    texts,
)
from media_server_simulators.jellyfin.versions import Version
from media_server_simulators.wire import JsonObject, Reply

routes = Routes()

SIGN_IN = Shape(
    "Jellyfin.Api.Models.UserDtos.AuthenticateUserByName",
    {"Username": string, "Pw": string},
)


def visit_of(caller: Caller, address: str) -> Visit:
    return Visit(
        caller.client, caller.version, caller.device_id, caller.device, address
    )


@routes.on(
    "POST",
    "/Users/AuthenticateByName",
    access="anyone",
    body=Body(SIGN_IN, "request"),
    hashes=lambda call: named(call.state, text(call.body, "Username")),
)
def authenticate(call: Call) -> Reply:
    return _authenticate(call, text(call.body, "Username"), text(call.body, "Pw"))


@routes.on(
    "POST",
    "/Users/{userId}/Authenticate",
    access="anyone",
    path={"userId": GUID},
    query={"pw": TEXT},
    required=("pw",),
)
def authenticate_by_id(call: Call) -> Reply:
    user = call.user(call.guid("userId"), sentence="User not found")
    return _authenticate(call, user.name, call.text("pw") or "")


def _authenticate(call: Call, name: str, password: str) -> Reply:
    state, visit = call.state, visit_of(call.caller, call.request.client)
    if not visit.is_whole or not name.strip():
        raise bad_argument()
    user = named(state, name)
    if user is None:
        raise exception_error(401)
    snapshot = call.snapshot or UserSnapshot.of(user)
    if not check_snapshot(state, snapshot, password, visit.address, session=True):
        failed = f"Failed login attempt from {name}"
        kind, address = "AuthenticationFailed", visit.address
        note(state, kind, failed, severity="Error", address=address)
        raise exception_error(401)
    result = start_session(state, user, visit)
    _make_stale(state, result, snapshot)
    return call.json(result)


def _make_stale(state: State, result: JsonObject, before: UserSnapshot) -> None:
    """Part of the answer is the user as read before the password was checked."""
    user = child(result, "User")
    attempts = before.attempts
    user["Policy"] = {**child(user, "Policy"), "InvalidLoginAttemptCount": attempts}
    if state.version is Version.V10_11:
        _ = user.pop("LastLoginDate", None)
        if before.last_login is not None:
            user["LastLoginDate"] = stamp(before.last_login)


def start_session(state: State, user: User, visit: Visit) -> JsonObject:
    """Make a token and a session. Raises 403 for a device or a session too many."""
    if not may_use(user, visit.device_id):
        raise exception_error(403)
    live = sum(session.user_id == user.id for session in state.sessions.values())
    most = number(user.policy, "MaxActiveSessions")
    if most >= 1 and live >= most:
        raise exception_error(403)
    free_device(state, visit.device_id)
    token = new_token()
    state.devices[token] = Device(
        token,
        user.id,
        visit.app,
        visit.app_version,
        visit.device_name,
        visit.device_id,
        state.now(),
        state.now(),
    )
    session = mark_active(state, visit, user)
    note(
        state,
        "AuthenticationSucceeded",
        f"{user.name} successfully authenticated",
        user_id=user.id,
        address=visit.address,
    )
    return {
        "User": user_shown(state, user),
        "SessionInfo": session_shown(state, session),
        "AccessToken": token,
        "ServerId": state.server_id,
    }


def may_use(user: User, device_id: str) -> bool:
    policy = user.policy
    if flag(policy, "EnableAllDevices") or flag(policy, "IsAdministrator"):
        return True
    return any(
        device_id.lower() == each.lower() for each in texts(policy, "EnabledDevices")
    )


@routes.on("POST", "/Sessions/Logout")
def sign_out(call: Call) -> Reply:
    """An API key gets the same answer, and stays valid."""
    device = call.state.devices.get(call.caller.token)
    if device is not None:
        log_out(call.state, device)
    return nothing()
