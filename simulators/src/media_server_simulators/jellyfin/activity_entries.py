"""How the activity log is read."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from media_server_simulators.jellyfin.http.binding import (
    Kind,
    NotValid,
    Value,
    one_of,
)
from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.http.errors import exception_error
from media_server_simulators.jellyfin.http.parameters import (
    FLAG,
    GUID,
    MOMENT,
    TEXT,
    WHOLE,
)
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.state import LogEntry, State
from media_server_simulators.jellyfin.values import NOBODY, compact, stamp
from media_server_simulators.wire import JsonObject, Reply

routes = Routes()

DEFAULT_LIMIT = 100
SEVERITIES = (
    "Trace", "Debug", "Information", "Warning", "Error", "Critical", "None",
)  # fmt: skip
TEXTS: Mapping[str, Callable[[LogEntry], str | None]] = {
    "name": lambda entry: entry.name,
    "overview": lambda entry: entry.overview,
    "shortOverview": lambda entry: entry.short,
    "type": lambda entry: entry.kind,
}

type Test = Callable[[LogEntry], bool]
type Key = Callable[[LogEntry], object]


def each_of(*names: str) -> Kind:
    """A repeated parameter; one text is one name, commas or not."""
    one = one_of(*names)

    def read(texts: Sequence[str]) -> Value:
        found = [one([text]) for text in texts]
        if not all(isinstance(each, str) for each in found):
            raise NotValid
        return [each for each in found if isinstance(each, str)]

    return read


def _orders(state: State) -> Mapping[str, Key]:
    return {
        "Name": lambda entry: entry.name,
        "Overiew": lambda entry: entry.overview or "",  # as the server spells it
        "ShortOverview": lambda entry: entry.short or "",
        "Type": lambda entry: entry.kind,
        "DateCreated": lambda entry: (entry.date, entry.id),
        "Username": lambda entry: _user_name(state, entry),
        "LogSeverity": lambda entry: SEVERITIES.index(entry.severity),
    }


def _user_name(state: State, entry: LogEntry) -> str:
    """Nothing for a user who was deleted since."""
    user = state.users.get(entry.user_id)
    return user.name if user else ""


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
        "severity": one_of(*SEVERITIES),
        "sortBy": each_of(
            "Name",
            "Overiew",
            "ShortOverview",
            "Type",
            "DateCreated",
            "Username",
            "LogSeverity",
        ),
        "sortOrder": each_of("Ascending", "Descending"),
    },
)
def entries(call: Call) -> Reply:
    tests = [*_tests(call), *(_newer_tests(call) if _knows_more(call) else ())]
    found = [e for e in call.state.log if all(test(e) for test in tests)]
    found.sort(key=lambda entry: (entry.date, entry.id), reverse=True)
    for name, order in reversed(_sorting(call)):
        key = _orders(call.state)[name]
        found.sort(key=lambda e, k=key: (k(e),), reverse=order == "Descending")
    start, limit = call.number("startIndex") or 0, call.number("limit")
    limit = DEFAULT_LIMIT if limit is None else limit
    rows = found[max(start, 0) :]
    return call.json(
        {
            "Items": [shown(e) for e in (rows if limit < 0 else rows[:limit])],
            "TotalRecordCount": len(found),
            "StartIndex": start,
        }
    )


def _knows_more(call: Call) -> bool:
    """12.0 added filters and orders; older servers ignore them."""
    return call.state.version.since_12


def _sorting(call: Call) -> list[tuple[str, str]]:
    """Orders that are missing are the first one. Raises 500 for one too many."""
    if not _knows_more(call):
        return []
    by, orders = call.words("sortBy"), call.words("sortOrder")
    if by and len(orders) > len(by):
        raise exception_error(500)
    rest = [orders[0] if orders else "Ascending"] * (len(by) - len(orders))
    return list(zip(by, [*orders, *rest], strict=False))


def _tests(call: Call) -> Iterator[Test]:
    since, has_user = call.date("minDate"), call.flag("hasUserId")
    if since is not None:
        yield lambda entry: entry.date >= since
    if has_user is not None:
        yield lambda entry: (entry.user_id != NOBODY) == has_user


def _newer_tests(call: Call) -> Iterator[Test]:
    """Texts are looked for anywhere, without case."""
    until, severity = call.date("maxDate"), call.text("severity")
    item, who = call.guid("itemId"), (call.text("username") or "").lower()
    if until is not None:
        yield lambda entry: entry.date <= until
    if severity is not None:
        yield lambda entry: entry.severity == severity
    if item not in {None, NOBODY}:
        yield lambda entry: entry.item_id == item
    if who:
        yield lambda entry: who in _user_name(call.state, entry).lower()
    for name, have in TEXTS.items():
        wanted = (call.text(name) or "").lower()
        if wanted:
            yield lambda entry, h=have, w=wanted: w in (h(entry) or "").lower()


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
