"""The values that decide which requests are stuck: defaults, and what a workspace or a
request changes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Self

import msgspec
from msgspec import Struct

from zondarr.settings.definitions import SettingDefinition, flag, number

MAX_DAYS = 3650
"""Less than the time since 1970, which stands for "never" in the catalogue."""
STALE_AFTER = timedelta(hours=48)
"""Requests that were read before that are stale: their last state is shown, with the
time."""


class RequestPolicy(Struct, frozen=True, kw_only=True):
    stuck_after_days: int = 90
    show_future: bool = False
    hide_recent_releases: bool = True
    awaiting_approval_days: int = 7

    @classmethod
    def of(cls, stored: Mapping[str, Any], overrides: Mapping[str, Any]) -> Self:
        """The stored values, and those that hold for one response only."""
        names = set(cls.__struct_fields__)
        values = {k: v for k, v in {**stored, **overrides}.items() if k in names}
        return msgspec.convert(values, cls)

    @property
    def of_requests(self) -> RequestPolicy:
        """Without the values that a larger policy has beside these."""
        names = RequestPolicy.__struct_fields__
        return RequestPolicy(**{name: getattr(self, name) for name in names})

    @property
    def key(self) -> bytes:
        """Equal for equal policies; a policy itself has no hash."""
        return msgspec.json.encode(self)

    def stuck_before(self, now: datetime) -> datetime:
        """Stuck is what was out and approved before this."""
        return now - timedelta(days=self.stuck_after_days)

    def approval_due_before(self, now: datetime) -> datetime:
        """Too long without an answer is what was requested before this."""
        return now - timedelta(days=self.awaiting_approval_days)


DEFAULT = RequestPolicy()


def _days(name: str, description: str) -> SettingDefinition:
    return number(
        name,
        description,
        default=getattr(DEFAULT, name),
        minimum=0,
        maximum=MAX_DAYS,
        unit="days",
    )


REQUEST_SETTINGS: tuple[SettingDefinition, ...] = (
    _days(
        "stuck_after_days",
        "A request is stuck if it is not here for longer than this after its release"
        " or its approval, whichever is later.",
    ),
    flag(
        "show_future",
        "List requests among the stuck ones that are not out yet.",
        default=DEFAULT.show_future,
    ),
    flag(
        "hide_recent_releases",
        "Do not list requests among the stuck ones that are out for less than that.",
        default=DEFAULT.hide_recent_releases,
    ),
    _days(
        "awaiting_approval_days",
        "A request that waits for approval for longer than this is listed among the"
        " stuck ones.",
    ),
)
