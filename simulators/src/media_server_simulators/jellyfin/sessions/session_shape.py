"""A session as the API shows it."""

from media_server_simulators.jellyfin.state import Session, State
from media_server_simulators.jellyfin.values import (
    MIN_DATE,
    compact,
    flag,
    listed,
    number,
    stamp,
    texts,
)
from media_server_simulators.wire import JsonObject

SECOND = 10_000_000  # ticks
IDLE: JsonObject = {
    "CanSeek": False,
    "IsPaused": False,
    "IsMuted": False,
    "RepeatMode": "RepeatNone",
    "PlaybackOrder": "Default",
}
CAPABLE: JsonObject = {
    "PlayableMediaTypes": [],
    "SupportedCommands": [],
    "SupportsMediaControl": False,
    "SupportsPersistentIdentifier": True,
}


def shown(state: State, session: Session) -> JsonObject:
    can = CAPABLE | session.capabilities
    checked = session.last_check_in
    media, commands = texts(can, "PlayableMediaTypes"), texts(can, "SupportedCommands")
    remote = flag(can, "SupportsMediaControl") and session.sockets > 0
    whole: JsonObject = {
        "PlayState": IDLE | session.play_state | _position(state, session),
        "AdditionalUsers": [],
        "Capabilities": can,
        "RemoteEndPoint": session.address,
        "PlayableMediaTypes": listed(media),
        "Id": session.id,
        "UserId": session.user_id,
        "UserName": session.user_name or None,
        "Client": session.client,
        "LastActivityDate": stamp(session.last_activity),
        "LastPlaybackCheckIn": stamp(checked) if checked else MIN_DATE,
        "DeviceName": session.device_name,
        "NowPlayingItem": session.now_playing,
        "DeviceId": session.device_id,
        "ApplicationVersion": session.client_version,
        "IsActive": True,
        "SupportsMediaControl": flag(can, "SupportsMediaControl"),
        "SupportsRemoteControl": remote,
        "NowPlayingQueue": [],
        "NowPlayingQueueFullItems": None if state.version.since_12 else [],
        "HasCustomDeviceName": session.device_id in state.device_names,
        "ServerId": state.server_id,
        "SupportedCommands": listed(commands),
    }
    return compact(whole)


def _position(state: State, session: Session) -> JsonObject:
    """A player that is silent is moved forward by the server, a second each second."""
    since = session.last_check_in
    if since is None or not session.play_state or flag(session.play_state, "IsPaused"):
        return {}
    silent = int((state.now() - since).total_seconds())
    if not silent:
        return {}
    return {
        "PositionTicks": number(session.play_state, "PositionTicks") + silent * SECOND
    }
