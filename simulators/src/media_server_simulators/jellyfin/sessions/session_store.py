"""Sessions come to life by activity; one for each pair of client and device."""

from datetime import timedelta

from media_server_simulators.jellyfin.activity import session_note
from media_server_simulators.jellyfin.http.authorization import Caller
from media_server_simulators.jellyfin.state import (
    Event,
    EventKind,
    Session,
    State,
    User,
    Visit,
)
from media_server_simulators.jellyfin.values import NOBODY, hashed_guid

REMEMBER_AFTER = timedelta(seconds=60)


def mark_active(state: State, visit: Visit, user: User | None) -> Session:
    """The session of this client and device; a new one is noted in the log."""
    key = (visit.app + visit.device_id).lower()
    session = state.sessions.get(key)
    new = session is None
    if session is None:
        session = Session(
            key=key,
            id=hashed_guid(visit.app + visit.device_id),
            client=visit.app,
            device_id=visit.device_id,
            last_activity=state.now(),
        )
        state.sessions[key] = session
    session.user_id = user.id if user else NOBODY
    session.user_name = user.name if user else ""
    session.client_version = visit.app_version
    session.device_name = state.device_names.get(visit.device_id) or visit.device_name
    session.address = visit.address
    session.last_activity = state.now()
    if new:
        session_note(state, session, started=True)
    changed = EventKind.SESSION_CHANGED if new else EventKind.SESSION_ACTIVE
    state.publish(Event(changed))
    if user is not None:
        _touch(state, user)
    return session


def of_caller(
    state: State, caller: Caller, address: str, user: User | None = None
) -> Session:
    """The session that a request belongs to; it counts as activity of this user."""
    visit = Visit(
        caller.client, caller.version, caller.device_id, caller.device, address
    )
    return mark_active(state, visit, user or caller.user)


def _touch(state: State, user: User) -> None:
    now = state.now()
    if user.last_activity is None or now - user.last_activity > REMEMBER_AFTER:
        user.last_activity = now
