"""Tokens of devices: made at a sign-in, ended by much."""

import secrets

from media_server_simulators.jellyfin.activity import session_note
from media_server_simulators.jellyfin.state import (
    Device,
    Event,
    EventKind,
    Session,
    State,
)


def new_token() -> str:
    return secrets.token_hex(16)


def end_session(state: State, session: Session) -> None:
    if state.sessions.pop(session.key, None) is not None:
        session_note(state, session, started=False)
        state.publish(Event(EventKind.SESSION_ENDED, session_key=session.key))
        state.publish(Event(EventKind.SESSION_CHANGED))


def log_out(state: State, device: Device) -> None:
    """The token dies, and every session of that DeviceId with it, whoever's it is."""
    _ = state.devices.pop(device.token, None)
    for session in list(state.sessions.values()):
        if session.device_id.lower() == device.device_id.lower():
            end_session(state, session)


def revoke_tokens(state: State, user_id: str, *, but: str = "") -> None:
    for device in list(state.devices.values()):
        if device.user_id == user_id and device.token != but:
            log_out(state, device)


def free_device(state: State, device_id: str) -> None:
    """A second sign-in of a DeviceId ends its first one."""
    for device in list(state.devices.values()):
        if device.device_id == device_id:
            log_out(state, device)
