"""What is written into the activity log."""

from datetime import datetime

from media_server_simulators.jellyfin.state import (
    Event,
    EventKind,
    LogEntry,
    Session,
    State,
    User,
)
from media_server_simulators.jellyfin.values import NOBODY


def note(  # noqa: PLR0913
    state: State,
    kind: str,
    name: str,
    *,
    user_id: str = NOBODY,
    severity: str = "Information",
    address: str | None = None,
    item_id: str | None = None,
    at: datetime | None = None,
) -> None:
    """`at` is now unless something of the past is written down."""
    number = state.log[-1].id + 1 if state.log else 1
    short = f"IP address: {address}" if address else None
    entry = LogEntry(
        number, name, kind, at or state.now(), user_id, severity, short, item_id=item_id
    )
    state.log.append(entry)
    state.publish(Event(EventKind.LOGGED))


def session_note(state: State, session: Session, *, started: bool) -> None:
    """Sessions without a user are not logged."""
    if session.user_id == NOBODY:
        return
    verb = "is online" if started else "has disconnected"
    name = f"{session.user_name} {verb} from {session.device_name}"
    kind = "SessionStarted" if started else "SessionEnded"
    note(state, kind, name, user_id=session.user_id, address=session.address)


def user_note(
    state: State, kind: str, user: User, sentence: str, *, severe: bool = False
) -> None:
    severity = "Error" if severe else "Information"
    note(state, kind, sentence.format(user.name), user_id=user.id, severity=severity)
