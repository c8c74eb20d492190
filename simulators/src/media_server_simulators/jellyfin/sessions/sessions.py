"""Sessions and devices: list them, send them commands, sign them out."""

from datetime import timedelta

from media_server_simulators.jellyfin.http.binding import Body, one_of
from media_server_simulators.jellyfin.http.call import Call, nothing
from media_server_simulators.jellyfin.http.errors import (
    exception_error,
    not_found,
    problem,
)
from media_server_simulators.jellyfin.http.parameters import (
    FLAG,
    GUID,
    TEXT,
    WHOLE,
    WIDE,
    WORDS,
)
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.http.shapes import (
    Shape,
    anything,
    array,
    boolean,
    long,
    optional,
    string,
)
from media_server_simulators.jellyfin.sessions.session_shape import CAPABLE
from media_server_simulators.jellyfin.sessions.session_shape import (
    shown as session_shown,
)
from media_server_simulators.jellyfin.sessions.session_store import of_caller
from media_server_simulators.jellyfin.sessions.sign_in import may_use
from media_server_simulators.jellyfin.state import (
    Device,
    Event,
    EventKind,
    Session,
    State,
    User,
)
from media_server_simulators.jellyfin.users.tokens import log_out
from media_server_simulators.jellyfin.values import NOBODY, flag, listed, stamp, text
from media_server_simulators.jellyfin.versions import Version
from media_server_simulators.wire import JsonObject, Reply

routes = Routes()

MESSAGE = Shape(
    "MediaBrowser.Model.Session.MessageCommand",
    {"Header": string, "Text": string, "TimeoutMs": optional(long)},
    filled=("Text",),
)
OPTIONS = Shape(
    "MediaBrowser.Model.Dto.DeviceOptionsDto",
    {"Id": anything, "DeviceId": string, "CustomName": string},
)
PLAY_STATES = (
    "Stop", "Pause", "Unpause", "NextTrack", "PreviousTrack", "Seek", "Rewind",
    "FastForward", "PlayPause",
)  # fmt: skip
NAMES = array(string, "System.String[]")
ABLE = Shape(
    "MediaBrowser.Model.Dto.ClientCapabilitiesDto",
    {
        "PlayableMediaTypes": NAMES,
        "SupportedCommands": NAMES,
        "SupportsMediaControl": boolean,
        "SupportsPersistentIdentifier": boolean,
    },
    defaults=CAPABLE,
)
NEW_DELETE = (Version.V12_0,)
OLD_DELETE = (Version.V10_10, Version.V10_11)


@routes.on(
    "GET",
    "/Sessions",
    query={
        "controllableByUserId": GUID,
        "deviceId": TEXT,
        "activeWithinSeconds": WHOLE,
    },
)
def list_sessions(call: Call) -> Reply:
    state, own = call.state, call.caller.user
    found = sorted(state.sessions.values(), key=lambda s: s.last_activity, reverse=True)
    device = (call.text("deviceId") or "").lower()
    found = [s for s in found if not device or s.device_id.lower() == device]
    controller = call.guid("controllableByUserId")
    if controller is not None and controller != NOBODY:
        found = _controllable(state, found, controller)
    elif own is not None and not flag(own.policy, "EnableRemoteControlOfOtherUsers"):
        found = [s for s in found if s.user_id in {NOBODY, own.id}]
    since = call.number("activeWithinSeconds") or 0
    if since > 0:
        first = state.now() - timedelta(seconds=since)
        found = [s for s in found if s.last_activity >= first]
    return call.json([session_shown(state, s) for s in found])


def _controllable(state: State, sessions: list[Session], who: str) -> list[Session]:
    """Those that can be controlled at all, and that this user may."""
    user = state.users.get(who)
    if user is None:
        return []
    able = [
        s
        for s in sessions
        if s.sockets and flag(s.capabilities, "SupportsMediaControl")
    ]
    if not flag(user.policy, "EnableRemoteControlOfOtherUsers"):
        able = [s for s in able if s.user_id in {NOBODY, user.id}]
    return [s for s in able if may_use(user, s.device_id)]


@routes.on(
    "POST",
    "/Sessions/{sessionId}/Message",
    path={"sessionId": TEXT},
    body=Body(MESSAGE, "command"),
)
def send_message(call: Call) -> Reply:
    """Shown for five seconds, or until it is closed, depending on TimeoutMs."""
    given = {k: v for k, v in call.body.items() if v is not None}
    arguments: JsonObject = {k: str(v) for k, v in given.items()}
    return _general(call, "DisplayMessage", arguments)


@routes.on(
    "POST",
    "/Sessions/{sessionId}/Playing/{command}",
    path={"sessionId": TEXT, "command": one_of(*PLAY_STATES)},
    query={"seekPositionTicks": WIDE, "controllingUserId": TEXT},
)
def send_play_state(call: Call) -> Reply:
    data: JsonObject = {"Command": call.text("command")}
    return _command(call, "Playstate", data)


@routes.on(
    "POST",
    "/Sessions/{sessionId}/Command/{command}",
    path={"sessionId": TEXT, "command": TEXT},
)
@routes.on(
    "POST",
    "/Sessions/{sessionId}/System/{command}",
    path={"sessionId": TEXT, "command": TEXT},
)
def send_command(call: Call) -> Reply:
    return _general(call, call.text("command") or "", {})


def _general(call: Call, name: str, arguments: JsonObject) -> Reply:
    own = call.caller.user
    data: JsonObject = {
        "Name": name,
        "ControllingUserId": own.id if own else NOBODY,
        "Arguments": arguments,
    }
    return _command(call, "GeneralCommand", data)


def _command(call: Call, message: str, data: JsonObject) -> Reply:
    """The sender's own session comes to life by it. Raises 404 for an unknown one."""
    state = call.state
    _ = of_caller(state, call.caller, call.request.client)
    wanted = call.text("sessionId")
    keys = [key for key, each in state.sessions.items() if each.id == wanted]
    if not keys:
        raise exception_error(404)
    kind = EventKind.COMMANDED
    state.publish(Event(kind, session_key=keys[0], message=message, data=data))
    return nothing()


@routes.on(
    "POST",
    "/Sessions/Capabilities",
    query={
        "id": TEXT,
        "playableMediaTypes": WORDS,
        "supportedCommands": WORDS,
        "supportsMediaControl": FLAG,
        "supportsPersistentIdentifier": FLAG,
    },
)
def say_capabilities(call: Call) -> Reply:
    session = of_caller(call.state, call.caller, call.request.client)
    persistent = call.flag("supportsPersistentIdentifier")
    session.capabilities = {
        "PlayableMediaTypes": listed(call.words("playableMediaTypes")),
        "SupportedCommands": listed(call.words("supportedCommands")),
        "SupportsMediaControl": call.flag("supportsMediaControl") or False,
        "SupportsPersistentIdentifier": persistent is not False,
    }
    return nothing()


@routes.on(
    "POST",
    "/Sessions/Capabilities/Full",
    query={"id": TEXT},
    body=Body(ABLE, "capabilities"),
)
def say_all_capabilities(call: Call) -> Reply:
    session = of_caller(call.state, call.caller, call.request.client)
    session.capabilities = {
        key: call.body.get(key, value) for key, value in CAPABLE.items()
    }
    return nothing()


@routes.on("GET", "/Devices", access="elevated", query={"userId": GUID})
def list_devices(call: Call) -> Reply:
    user = call.state.users.get(call.guid("userId") or "")
    found = [
        d for d in _devices(call.state) if user is None or may_use(user, d.device_id)
    ]
    items = [_shown(call.state, device) for device in found]
    return call.json(
        {"Items": [*items], "TotalRecordCount": len(items), "StartIndex": 0}
    )


def _devices(state: State) -> list[Device]:
    """One for each DeviceId: the token that was used last."""
    newest = sorted(state.devices.values(), key=lambda d: d.last_activity)
    latest = {device.device_id: device for device in newest}
    return sorted(latest.values(), key=lambda d: d.last_activity, reverse=True)


def _shown(state: State, device: Device) -> JsonObject:
    user: User | None = state.users.get(device.user_id)
    result: JsonObject = {
        "Name": state.device_names.get(device.device_id) or device.name,
        "Id": device.device_id,
        "LastUserName": user.name if user else "",
        "AppName": device.app,
        "AppVersion": device.app_version,
        "LastUserId": device.user_id,
        "DateLastActivity": stamp(device.last_activity),
        "Capabilities": dict(CAPABLE),
    }
    custom = state.device_names.get(device.device_id)
    return result | ({"CustomName": custom} if custom else {})


@routes.on(
    "GET", "/Devices/Info", access="elevated", query={"id": TEXT}, required=("id",)
)
def show_device(call: Call) -> Reply:
    wanted = call.text("id")
    for device in _devices(call.state):
        if device.device_id == wanted:
            return call.json(_shown(call.state, device))
    raise not_found()


@routes.on(
    "POST",
    "/Devices/Options",
    access="elevated",
    query={"id": TEXT},
    required=("id",),
    body=Body(OPTIONS, "deviceOptions"),
)
def name_device(call: Call) -> Reply:
    call.state.device_names[call.text("id") or ""] = text(call.body, "CustomName")
    return nothing()


@routes.on(
    "DELETE", "/Devices", access="elevated", query={"id": WORDS}, versions=NEW_DELETE
)
def kick(call: Call) -> Reply:
    """Several at once, or none; one unknown among them and nothing is done."""
    wanted = call.words("id")
    known = {device.device_id for device in call.state.devices.values()}
    if any(id_ not in known for id_ in wanted):
        raise problem(400)
    for id_ in wanted:
        _kick(call.state, id_)
    return nothing()


@routes.on(
    "DELETE",
    "/Devices",
    access="elevated",
    query={"id": TEXT},
    required=("id",),
    versions=OLD_DELETE,
)
def kick_one(call: Call) -> Reply:
    wanted = call.text("id") or ""
    if not any(d.device_id == wanted for d in call.state.devices.values()):
        raise not_found()
    _kick(call.state, wanted)
    return nothing()


def _kick(state: State, device_id: str) -> None:
    for device in list(state.devices.values()):
        if device.device_id == device_id:
            log_out(state, device)
