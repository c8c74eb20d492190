"""The bodies of the insight about requests."""

from collections.abc import Sequence
from datetime import datetime

from zondarr.catalogue.reasons import Reason
from zondarr.catalogue.schemas import Copy
from zondarr.core.schemas import Page, ResponseBody
from zondarr.insights.facts import Verdict
from zondarr.insights.schemas import FindingPart, LastActivity, PolicyResponse
from zondarr.requests.schemas import (
    RequestedTitle,
    RequestProtection,
    RequestResponse,
    StateCounts,
)


class StuckRow(ResponseBody, kw_only=True, frozen=True):
    """A request in the list of stuck ones. The title may be known to Seerr only: then
    its `id` is null, and nothing of it is here."""

    title: RequestedTitle
    copies: Sequence[Copy]
    size: int
    added_at: datetime | None
    last_activity: LastActivity | None
    verdict: Verdict
    reason: Reason
    parts: Sequence[FindingPart]
    protection: RequestProtection | None
    request: RequestResponse


class StuckPage(Page[StuckRow], kw_only=True, frozen=True):
    """`total` is that of the whole list; `undecided` is the number of requests, within
    the same filters, of which nobody knows when they are out; `states` counts those of
    the list. `stale`: requests are only known as of `as_of`, which is too long ago, or
    the last sync failed, by `error_code`."""

    items: Sequence[StuckRow]
    undecided: int
    bytes: int
    states: StateCounts
    as_of: datetime | None
    stale: bool
    error_code: str | None
    policy: PolicyResponse
