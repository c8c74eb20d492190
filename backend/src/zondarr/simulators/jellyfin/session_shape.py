"""A session as the API shows it."""

from zondarr.simulators.jellyfin.state import Session, State
from zondarr.simulators.jellyfin.values import (
    MIN_DATE,
    compact,
    flag,
    listed,
    stamp,
    texts,
)
from zondarr.simulators.wire import JsonObject

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
        "PlayState": IDLE | session.play_state,
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
