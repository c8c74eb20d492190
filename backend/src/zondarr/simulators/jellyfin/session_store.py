"""Sessions come to life by activity; one for each pair of client and device."""

from datetime import timedelta

from zondarr.simulators.jellyfin.activity import session_note
from zondarr.simulators.jellyfin.authorization import Caller
from zondarr.simulators.jellyfin.state import Session, State, User
from zondarr.simulators.jellyfin.values import NOBODY

REMEMBER_AFTER = timedelta(seconds=60)


def be_active(  # noqa: PLR0913, PLR0917
    state: State,
    app: str,
    app_version: str,
    device_id: str,
    device_name: str,
    address: str,
    user: User | None,
) -> Session:
    key = app + device_id
    session = state.sessions.get(key)
    new = session is None
    if session is None:
        session = Session(
            key, NOBODY, "", app, app_version, device_id, "", address, state.now()
        )
        state.sessions[key] = session
    session.user_id = user.id if user else NOBODY
    session.user_name = user.name if user else ""
    session.client_version = app_version
    session.device_name = state.device_names.get(device_id) or device_name
    session.address = address
    session.last_activity = state.now()
    if new:
        session_note(state, session, started=True)
    if user is not None:
        _touch(state, user)
    return session


def of_caller(state: State, caller: Caller, address: str) -> Session:
    """The session that a request belongs to; it counts as activity."""
    return be_active(
        state,
        caller.client,
        caller.version,
        caller.device_id,
        caller.device,
        address,
        caller.user,
    )


def _touch(state: State, user: User) -> None:
    if user.last_activity is None or state.now() - user.last_activity > REMEMBER_AFTER:
        user.last_activity = state.now()
