"""The state of a request, from Seerr's two statuses, its dates, and our catalogue.

`state_of` is the rule; `repository.state_sql` has the same as SQL, and
`tests/requests/test_states_agree.py` compares them. The states are tried in their
order, and the first that fits is taken; `docs/requests.md` has the table.

Our catalogue proves nothing about a request in 4K, since it does not know resolutions.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Self

from zondarr.media.requests import MediaStatus, RequestStatus
from zondarr.requests.facts import RequestFacts, SeasonFacts, midnight
from zondarr.requests.policy import RequestPolicy


class RequestState(StrEnum):
    """In the order in which they are tried."""

    DECLINED = "declined"
    FAILED = "failed"
    GONE = "gone"
    """It was available once and is not any more."""
    AVAILABLE = "available"
    AWAITING_APPROVAL = "awaiting_approval"
    AWAITING_RELEASE = "awaiting_release"
    """Nothing of it is out."""
    AIRING = "airing"
    """A requested season is out in part."""
    PARTIALLY_AVAILABLE = "partially_available"
    IN_PROGRESS = "in_progress"
    """It is out and approved, for less than the workspace's limit."""
    STUCK = "stuck"
    UNKNOWN = "unknown"
    """Nobody knows when it is out."""


class Moment(NamedTuple):
    """What the present is compared with."""

    today: date
    stuck_before: datetime

    @classmethod
    def of(cls, policy: RequestPolicy, now: datetime) -> Self:
        return cls(now.date(), policy.stuck_before(now))


def state_of(facts: RequestFacts, policy: RequestPolicy, now: datetime) -> RequestState:
    moment = Moment.of(policy, now)
    for state, fits in CONDITIONS:
        if fits(facts, moment):
            return state
    return RequestState.UNKNOWN


def is_declined(facts: RequestFacts, _: Moment) -> bool:
    return facts.request_status == RequestStatus.DECLINED


def is_failed(facts: RequestFacts, _: Moment) -> bool:
    return facts.request_status == RequestStatus.FAILED


def is_gone(facts: RequestFacts, _: Moment) -> bool:
    return was_deleted(facts) or was_lost(facts)


def was_deleted(facts: RequestFacts) -> bool:
    """Seerr calls it deleted, and our catalogue does not have it."""
    if facts.media_status != MediaStatus.DELETED:
        return False
    if facts.is_4k:
        return True
    if facts.by_season:
        return any(each.lacking for each in facts.seasons)
    return not facts.held


def was_lost(facts: RequestFacts) -> bool:
    """It vanished from our servers after it was requested, all of it."""
    if facts.is_4k:
        return False
    if not facts.by_season:
        return not facts.held and _since(facts, facts.lost_at)
    return not any(each.held for each in facts.seasons) and any(
        _since(facts, each.lost_at) for each in facts.seasons
    )


def _since(facts: RequestFacts, moment: datetime | None) -> bool:
    return moment is not None and moment >= facts.requested_at


def is_available(facts: RequestFacts, moment: Moment) -> bool:
    """According to Seerr, or by our catalogue."""
    if facts.media_status == MediaStatus.AVAILABLE and not (
        facts.by_season and is_unreleased(facts, moment)
    ):
        # Seerr calls a show available that has all seasons which are out: that says
        # nothing of requested ones which are not.
        return True
    if in_catalogue(facts):
        return True
    return facts.by_season and all(is_completed(facts, each) for each in facts.seasons)


def in_catalogue(facts: RequestFacts) -> bool:
    """Our catalogue has everything that was requested."""
    if facts.is_4k:
        return False
    if facts.by_season:
        return all(each.whole for each in facts.seasons)
    return facts.held


def is_completed(facts: RequestFacts, season: SeasonFacts) -> bool:
    """Seerr says so. It does not take that back when the title is deleted."""
    return season.completed and facts.media_status != MediaStatus.DELETED


def is_pending(facts: RequestFacts, _: Moment) -> bool:
    return facts.request_status == RequestStatus.PENDING


def is_unreleased(facts: RequestFacts, moment: Moment) -> bool:
    """The first date that is known is still to come."""
    first = facts.first_on
    return first is not None and first > moment.today


def is_airing(facts: RequestFacts, moment: Moment) -> bool:
    """Of a show without seasons nobody can tell."""
    return facts.by_season and any(
        each.is_airing(moment.today) for each in facts.seasons
    )


def is_partly_available(facts: RequestFacts, moment: Moment) -> bool:
    """According to Seerr, unless we know that it means seasons that nobody requested;
    or all that is out is here."""
    if facts.media_status == MediaStatus.PARTIALLY_AVAILABLE:
        return not is_of_others(facts)
    return (
        facts.by_season
        and any(is_here(facts, each) for each in facts.seasons)
        and not any(is_missing(facts, each, moment.today) for each in facts.seasons)
    )


def is_of_others(facts: RequestFacts) -> bool:
    """The catalogue has the show, and nothing of the requested seasons."""
    if facts.is_4k or not facts.by_season or not facts.held:
        return False
    return not any(each.held or each.completed for each in facts.seasons)


def is_here(facts: RequestFacts, season: SeasonFacts) -> bool:
    return is_completed(facts, season) or (season.whole and not facts.is_4k)


def is_missing(facts: RequestFacts, season: SeasonFacts, today: date) -> bool:
    """It is out and not here."""
    return season.is_out(today) and not is_here(facts, season)


def ready_on(facts: RequestFacts, today: date) -> date | None:
    """Since when it could be here: its release; of seasons, the end of the earliest
    that is missing. None if that is unknown."""
    if not facts.by_season:
        return facts.out_on
    days = [each.whole_on for each in facts.seasons if is_missing(facts, each, today)]
    return min((day for day in days if day), default=None)


def waiting_since(facts: RequestFacts, today: date) -> datetime | None:
    """Since its release or its approval, whichever is later."""
    ready = ready_on(facts, today)
    return ready and max(midnight(ready), facts.approved_since)


def is_in_progress(facts: RequestFacts, moment: Moment) -> bool:
    since = waiting_since(facts, moment.today)
    return since is not None and since >= moment.stuck_before


def is_stuck(facts: RequestFacts, moment: Moment) -> bool:
    since = waiting_since(facts, moment.today)
    return since is not None and since < moment.stuck_before


CONDITIONS: Sequence[tuple[RequestState, Callable[[RequestFacts, Moment], bool]]] = (
    (RequestState.DECLINED, is_declined),
    (RequestState.FAILED, is_failed),
    (RequestState.GONE, is_gone),
    (RequestState.AVAILABLE, is_available),
    (RequestState.AWAITING_APPROVAL, is_pending),
    (RequestState.AWAITING_RELEASE, is_unreleased),
    (RequestState.AIRING, is_airing),
    (RequestState.PARTIALLY_AVAILABLE, is_partly_available),
    (RequestState.IN_PROGRESS, is_in_progress),
    (RequestState.STUCK, is_stuck),
)
