"""Who may use a route: 401 for nobody we know, 403 for somebody who may not."""

from datetime import datetime
from typing import Literal

from media_server_simulators.jellyfin.http.authorization import Caller
from media_server_simulators.jellyfin.http.errors import empty_error
from media_server_simulators.jellyfin.state import State
from media_server_simulators.jellyfin.values import flag, number, objects, text
from media_server_simulators.wire import JsonObject, Request

LOOPBACK = ("127.", "::1", "::ffff:127.")
PRIVATE = (
    "10.",
    "192.168.",
    "169.254.",
    "fd",
    "fe80",
    *(f"172.{n}." for n in range(16, 32)),
)
WORKDAYS = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"}

type Verdict = Literal[401, 403] | None


def check(state: State, request: Request, caller: Caller, rule: str) -> None:
    """Raises the refusal that the route's rule has for this caller."""
    verdict = _verdict(state, request, caller, rule)
    if verdict is not None:
        raise empty_error(verdict)


def _verdict(state: State, request: Request, caller: Caller, rule: str) -> Verdict:
    if rule == "anyone":
        return None
    if rule.startswith("first-time") and not state.wizard_done:
        return None
    if rule.startswith("local") and is_local(request.client):
        return None
    if not caller.is_someone:
        return 401
    if caller.is_key:
        return None
    return _user_verdict(state, request, caller, rule)


def _user_verdict(state: State, request: Request, caller: Caller, rule: str) -> Verdict:
    user = caller.user
    if user is None:
        return 401
    if not flag(user.policy, "EnableRemoteAccess") and not is_local(request.client):
        return 403
    if caller.is_admin:
        return None
    if rule.endswith("elevated"):
        return 403
    honours_hours = not rule.endswith("any-hour")
    if honours_hours and not within_hours(user.policy, state.now()):
        return 403
    right = rule.removeprefix("right:")
    return 403 if rule != right and not flag(user.policy, right) else None


def is_local(address: str) -> bool:
    return address.startswith((*LOOPBACK, *PRIVATE))


def within_hours(policy: JsonObject, now: datetime) -> bool:
    """The server's local time; both ends of a span count; no span means always."""
    spans = objects(policy, "AccessSchedules")
    local = now.astimezone()
    hour = local.hour + local.minute / 60 + local.second / 3600
    return not spans or any(_covers(span, f"{local:%A}", hour) for span in spans)


def _covers(span: JsonObject, today: str, hour: float) -> bool:
    day = text(span, "DayOfWeek")
    match day:
        case "Everyday":
            password_matches = True
        case "Weekday":
            password_matches = today in WORKDAYS
        case "Weekend":
            password_matches = today not in WORKDAYS
        case _:
            password_matches = day == today
    start, end = span.get("StartHour"), span.get("EndHour")
    first = start if isinstance(start, (int, float)) else number(span, "StartHour")
    last = end if isinstance(end, (int, float)) else number(span, "EndHour")
    return password_matches and first <= hour <= last
