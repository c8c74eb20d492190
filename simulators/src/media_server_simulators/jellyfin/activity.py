"""The activity log: what is written into it, and how it is read."""

from datetime import datetime

from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.http.parameters import (
    FLAG,
    GUID,
    MOMENT,
    TEXT,
    WHOLE,
    WORDS,
)
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.state import (
    Event,
    EventKind,
    LogEntry,
    Session,
    State,
    User,
)
from media_server_simulators.jellyfin.values import NOBODY, compact, stamp
from media_server_simulators.wire import JsonObject, Reply

routes = Routes()

DEFAULT_LIMIT = 100


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


@routes.on(
    "GET",
    "/System/ActivityLog/Entries",
    access="elevated",
    query={
        "startIndex": WHOLE,
        "limit": WHOLE,
        "minDate": MOMENT,
        "maxDate": MOMENT,
        "hasUserId": FLAG,
        "name": TEXT,
        "overview": TEXT,
        "shortOverview": TEXT,
        "type": TEXT,
        "itemId": GUID,
        "username": TEXT,
        "severity": TEXT,
        "sortBy": WORDS,
        "sortOrder": WORDS,
    },
)
def entries(call: Call) -> Reply:
    found = [e for e in call.state.log if _fits(call, e)]
    oldest_first = call.state.version.since_12 and _ascending(call)
    found.sort(key=lambda e: (e.date, e.id), reverse=not oldest_first)
    start = call.number("startIndex") or 0
    limit = call.number("limit")
    stop = start + (DEFAULT_LIMIT if limit is None else limit)
    return call.json(
        {
            "Items": [shown(e) for e in found[start:stop]],
            "TotalRecordCount": len(found),
            "StartIndex": start,
        }
    )


def _ascending(call: Call) -> bool:
    return call.words("sortOrder")[:1] == ["Ascending"]


def _fits(call: Call, entry: LogEntry) -> bool:
    since = call.date("minDate")
    if since is not None and entry.date < since:
        return False
    has_user = call.flag("hasUserId")
    if has_user is not None and has_user != (entry.user_id != NOBODY):
        return False
    return not call.state.version.since_12 or _fits_newer(call, entry)


def _fits_newer(call: Call, entry: LogEntry) -> bool:
    """Filters that 12.0 added; older servers do not know them."""
    until: datetime | None = call.date("maxDate")
    names = {user.name.lower(): user.id for user in call.state.users.values()}
    who = call.text("username")
    wanted = {
        "name": entry.name,
        "overview": entry.overview or "",
        "shortOverview": entry.short or "",
        "type": entry.kind,
    }
    return (
        (until is None or entry.date <= until)
        and all(
            (call.text(key) or "").lower() in have.lower()
            for key, have in wanted.items()
        )
        and call.text("severity") in {None, entry.severity}
        and call.guid("itemId") in {None, entry.item_id}
        and (who is None or names.get(who.lower()) == entry.user_id)
    )


def shown(entry: LogEntry) -> JsonObject:
    return compact(
        {
            "Id": entry.id,
            "Name": entry.name,
            "Overview": entry.overview,
            "ShortOverview": entry.short,
            "Type": entry.kind,
            "ItemId": entry.item_id,
            "Date": stamp(entry.date),
            "UserId": entry.user_id,
            "Severity": entry.severity,
        }
    )
