"""Why a request is in its state, in words."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from zondarr.catalogue.models import TitleKind
from zondarr.catalogue.reasons import Fact, FactValue
from zondarr.core.counting import counted
from zondarr.media.requests import MediaStatus, RequestStatus
from zondarr.requests.facts import RequestFacts, SeasonFacts, midnight
from zondarr.requests.policy import STALE_AFTER, RequestPolicy
from zondarr.requests.states import (
    RequestState,
    in_catalogue,
    is_here,
    is_missing,
    is_of_others,
    ready_on,
    state_of,
    waiting_since,
    was_deleted,
)

DAY = timedelta(days=1)


class OutBy(StrEnum):
    """What kind of release a date is."""

    DIGITAL = "digital"
    PHYSICAL = "physical"
    RELEASE = "release"
    """Any, of a film whose release for home is not known."""
    AIR = "air"
    """A broadcast."""


class SeasonState(StrEnum):
    AVAILABLE = "available"
    AWAITING_RELEASE = "awaiting_release"
    AIRING = "airing"
    MISSING = "missing"
    """It is out and not here, or not all of it."""
    UNKNOWN = "unknown"


RELEASES: Mapping[OutBy, str] = {
    OutBy.DIGITAL: "digital release",
    OutBy.PHYSICAL: "physical release",
    OutBy.RELEASE: "release date; none for home is known",
    OutBy.AIR: "broadcast",
}


class JudgedRequest(Struct, frozen=True, kw_only=True):
    """`out_on` is when it came or comes out, of seasons the date that decided."""

    state: RequestState
    code: str
    sentence: str
    facts: Sequence[Fact]
    out_on: date | None
    out_by: OutBy | None

    @property
    def out_at(self) -> datetime | None:
        return self.out_on and midnight(self.out_on)


class _Case(Struct, frozen=True, kw_only=True):
    """What sentences are made from."""

    facts: RequestFacts
    policy: RequestPolicy
    now: datetime
    out_on: date | None
    out_by: OutBy | None

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def source(self) -> str:
        return self.facts.source

    @property
    def out_words(self) -> str:
        """ "3 May 2026 (digital release)"."""
        assert self.out_on is not None  # noqa: S101
        assert self.out_by is not None  # noqa: S101
        return f"{day_words(self.out_on)} ({RELEASES[self.out_by]})"

    @property
    def waited(self) -> int:
        since = waiting_since(self.facts, self.today)
        return 0 if since is None else max(0, (self.now - since) // DAY)


def judge(facts: RequestFacts, policy: RequestPolicy, now: datetime) -> JudgedRequest:
    """The state with its reason."""
    state = state_of(facts, policy, now)
    out_on, out_by = _out(facts, state, now.date())
    case = _Case(facts=facts, policy=policy, now=now, out_on=out_on, out_by=out_by)
    code, sentence = REASONS[state](case)
    if facts.as_of is not None and now - facts.as_of > STALE_AFTER:
        read = day_words(facts.as_of.date())
        sentence = f"{sentence} {facts.source} was last read on {read}."
    return JudgedRequest(
        state=state,
        code=code,
        sentence=sentence,
        facts=_known(facts, policy, state),
        out_on=out_on,
        out_by=out_by,
    )


def season_state(facts: RequestFacts, season: SeasonFacts, today: date) -> SeasonState:
    if is_here(facts, season):
        return SeasonState.AVAILABLE
    if season.is_airing(today):
        return SeasonState.AIRING
    if season.is_out(today):
        return SeasonState.MISSING
    known = season.first_aired_on is not None
    return SeasonState.AWAITING_RELEASE if known else SeasonState.UNKNOWN


def day_words(day: date) -> str:
    """ "3 May 2026"."""
    return f"{day.day} {day:%B} {day.year}"


def _out(
    facts: RequestFacts, state: RequestState, today: date
) -> tuple[date | None, OutBy | None]:
    if facts.kind is TitleKind.SERIES:
        waits = state in {RequestState.STUCK, RequestState.IN_PROGRESS}
        day = ready_on(facts, today) if waits else facts.first_on
        return day, None if day is None else OutBy.AIR
    day = facts.out_on
    if day is None:
        return None, None
    if facts.home_on is None:
        return day, OutBy.RELEASE
    return day, OutBy.DIGITAL if day == facts.digital_on else OutBy.PHYSICAL


def _declined(case: _Case) -> tuple[str, str]:
    return "declined", f"It was declined in {case.source}."


def _failed(case: _Case) -> tuple[str, str]:
    return (
        "failed",
        f"It was approved, and {case.source} could not pass it on. Retry it there, or"
        " from here.",
    )


def _gone(case: _Case) -> tuple[str, str]:
    if was_deleted(case.facts):
        return (
            "deleted_in_seerr",
            f"It was available once; {case.source} reports that it was deleted.",
        )
    lost = [case.facts.lost_at] if not case.facts.by_season else []
    lost += [each.lost_at for each in case.facts.seasons if case.facts.by_season]
    since = max(each for each in lost if each is not None)
    return (
        "lost_from_library",
        f"It was in the library, and no server has it since {day_words(since.date())}.",
    )


def _available(case: _Case) -> tuple[str, str]:
    if in_catalogue(case.facts):
        seasons = "Every requested season is" if case.facts.by_season else "It is"
        return "in_library", f"{seasons} in the library."
    if case.facts.media_status == MediaStatus.AVAILABLE:
        return "available_in_seerr", f"{case.source} reports that it is available."
    return (
        "seasons_completed",
        f"{case.source} reports that every requested season is available.",
    )


def _awaiting_approval(case: _Case) -> tuple[str, str]:
    days = max(0, (case.now - case.facts.requested_at) // DAY)
    since = "today" if not days else f"{counted(days, 'day')} ago"
    return "awaiting_approval", f"Requested {since}, and nobody has approved it yet."


def _awaiting_release(case: _Case) -> tuple[str, str]:
    return "awaiting_release", f"Not out before {case.out_words}."


def _airing(case: _Case) -> tuple[str, str]:
    season = next(s for s in case.facts.seasons if s.is_airing(case.today))
    parts = [f"Season {season.number} is being broadcast"]
    if season.aired is not None and season.episodes:
        parts.append(f"{season.aired} of {season.episodes} episodes were shown")
    if season.last_aired_on is not None:
        parts.append(f"the last one is due on {day_words(season.last_aired_on)}")
    return "airing", f"{', '.join(parts)}."


def _partly(case: _Case) -> tuple[str, str]:
    here = [s.number for s in case.facts.seasons if is_here(case.facts, s)]
    if here and not any(
        is_missing(case.facts, each, case.today) for each in case.facts.seasons
    ):
        return (
            "released_part_available",
            f"Of the {counted(len(case.facts.seasons), 'requested season')}, all that"
            f" is out is here: {counted(len(here), 'season')}.",
        )
    return (
        "partially_available",
        f"{case.source} reports that only a part of it is available.",
    )


def _in_progress(case: _Case) -> tuple[str, str]:
    return (
        "in_progress",
        f"Out since {case.out_words}, approved, not here yet:"
        f" {_days(case)} of {case.policy.stuck_after_days}.{_held(case)}",
    )


def _stuck(case: _Case) -> tuple[str, str]:
    return (
        "stuck",
        f"Out since {case.out_words}, approved, not here: {_days(case)}.{_held(case)}",
    )


def _days(case: _Case) -> str:
    return counted(case.waited, "day") if case.waited else "0 days"


def _held(case: _Case) -> str:
    """What is here of it, and what else keeps it away."""
    if case.facts.media_status == MediaStatus.BLOCKLISTED:
        return f" The title is on {case.source}'s blocklist."
    if is_of_others(case.facts):
        return " Only seasons that were not requested are here."
    held = 0 if case.facts.is_4k else sum(each.held for each in case.facts.seasons)
    return f" {counted(held, 'requested episode')} of it is here." if held else ""


def _unknown(case: _Case) -> tuple[str, str]:
    if not case.facts.looked_up:
        return (
            "not_looked_up",
            f"Approved and not here; {case.source} was not asked for its dates yet. The"
            " next sync does that.",
        )
    return (
        "no_date",
        f"Approved and not here; {case.source} knows no date on which it came out.",
    )


REASONS: Mapping[RequestState, Callable[[_Case], tuple[str, str]]] = {
    RequestState.DECLINED: _declined,
    RequestState.FAILED: _failed,
    RequestState.GONE: _gone,
    RequestState.AVAILABLE: _available,
    RequestState.AWAITING_APPROVAL: _awaiting_approval,
    RequestState.AWAITING_RELEASE: _awaiting_release,
    RequestState.AIRING: _airing,
    RequestState.PARTIALLY_AVAILABLE: _partly,
    RequestState.IN_PROGRESS: _in_progress,
    RequestState.STUCK: _stuck,
    RequestState.UNKNOWN: _unknown,
}


def _known(
    facts: RequestFacts, policy: RequestPolicy, state: RequestState
) -> list[Fact]:
    """The facts behind a state: Seerr's with its name and time, then our own."""
    reported: dict[str, FactValue] = {
        "request_status": word_of(RequestStatus, facts.request_status),
        "media_status": word_of(MediaStatus, facts.media_status),
        "is_4k": facts.is_4k or None,
        "requested_at": facts.requested_at.isoformat(),
        "approved_at": facts.approved_at and facts.approved_at.isoformat(),
    }
    dates = {
        "digital_release": facts.digital_on,
        "physical_release": facts.physical_on,
        "release": facts.released_on or facts.theatrical_on,
    }
    for season in facts.seasons if facts.by_season else ():
        dates[f"season_{season.number}_starts"] = season.first_aired_on
        dates[f"season_{season.number}_ends"] = season.last_aired_on
        reported[f"season_{season.number}_episodes"] = season.episodes
    reported |= {name: day and day.isoformat() for name, day in dates.items()}
    own: dict[str, FactValue] = {}
    if not facts.is_4k:
        own["in_library"] = facts.held
    for season in facts.seasons if facts.by_season and not facts.is_4k else ():
        own[f"season_{season.number}_in_library"] = season.held
    if state in {RequestState.STUCK, RequestState.IN_PROGRESS}:
        own["stuck_after_days"] = policy.stuck_after_days
    if state is RequestState.AWAITING_APPROVAL:
        own["awaiting_approval_days"] = policy.awaiting_approval_days
    return [
        Fact(name=name, value=value, source=facts.source, as_of=facts.as_of)
        for name, value in reported.items()
        if value is not None
    ] + [Fact(name=name, value=value) for name, value in own.items()]


def word_of(words: type[RequestStatus] | type[MediaStatus], status: int) -> str:
    """ "partially_available"; a status that we do not know is its number."""
    try:
        return words(status).name.lower()
    except ValueError:
        return str(status)
