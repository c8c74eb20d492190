"""Policy values as query parameters: they hold for one response."""

from typing import Annotated, Any

from litestar.params import FromQuery, QueryParameter

from zondarr.requests.policy import MAX_DAYS

Days = Annotated[int | None, QueryParameter(ge=0, le=MAX_DAYS)]


def request_overrides(
    stuck_after_days: Days = None,
    show_future: FromQuery[bool | None] = None,
    hide_recent_releases: FromQuery[bool | None] = None,
    awaiting_approval_days: Days = None,
) -> dict[str, Any]:
    """Those that were given."""
    given = {
        "stuck_after_days": stuck_after_days,
        "show_future": show_future,
        "hide_recent_releases": hide_recent_releases,
        "awaiting_approval_days": awaiting_approval_days,
    }
    return {name: value for name, value in given.items() if value is not None}
