"""Which requests are listed as stuck."""

from datetime import datetime

from zondarr.insights.facts import Verdict
from zondarr.requests.policy import RequestPolicy
from zondarr.requests.repository import Listed
from zondarr.requests.states import RequestState

ALWAYS = frozenset({RequestState.STUCK, RequestState.FAILED, RequestState.GONE})
RECENT = frozenset({RequestState.IN_PROGRESS, RequestState.AIRING})
"""What came out lately, or is coming out."""


def verdict_of(each: Listed, policy: RequestPolicy, now: datetime) -> Verdict:
    """Undecided is a request of which nobody knows when it is out."""
    if each.state is RequestState.UNKNOWN:
        return Verdict.UNDECIDED
    found = (
        each.state in ALWAYS
        or (
            each.state is RequestState.AWAITING_APPROVAL
            and each.requested_at < policy.approval_due_before(now)
        )
        or (each.state is RequestState.AWAITING_RELEASE and policy.show_future)
        or (each.state in RECENT and not policy.hide_recent_releases)
    )
    return Verdict.FINDING if found else Verdict.CLEAR
