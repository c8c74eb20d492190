"""Policy values as query parameters: they hold for one response."""

from typing import Annotated, Any

from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, QueryParameter

from zondarr.insights.policy import MAX_BYTES, MAX_DAYS, LargeCounts
from zondarr.requests.overrides import request_overrides

Days = Annotated[int | None, QueryParameter(ge=0, le=MAX_DAYS)]
Bytes = Annotated[int | None, QueryParameter(ge=0, le=MAX_BYTES)]
Languages = Annotated[list[str] | None, QueryParameter(max_items=50)]


def policy_overrides(  # noqa: PLR0913, PLR0917 — each is a value of the policy
    of_requests: NamedDependency[dict[str, Any]],
    min_age_days: Days = None,
    unwatched_after_days: Days = None,
    favourites_count: FromQuery[bool | None] = None,
    large_movie_bytes: Bytes = None,
    large_season_bytes: Bytes = None,
    large_counts: FromQuery[LargeCounts | None] = None,
    audio: Languages = None,
    subtitles: Languages = None,
    language_added_within_days: Days = None,
    strict: FromQuery[bool | None] = None,
    specials: FromQuery[bool | None] = None,
    recent_days: Days = None,
) -> dict[str, Any]:
    """Those that were given. Languages may be separated by commas; 0 stands for any
    time in `language_added_within_days`.
    """
    given: dict[str, Any] = {
        "min_age_days": min_age_days,
        "unwatched_after_days": unwatched_after_days,
        "favourites_count": favourites_count,
        "large_movie_bytes": large_movie_bytes,
        "large_season_bytes": large_season_bytes,
        "large_counts": large_counts,
        "audio": _languages(audio),
        "subtitles": _languages(subtitles),
        "strict": strict,
        "specials": specials,
        "recent_days": recent_days,
    }
    given = {name: value for name, value in given.items() if value is not None}
    given |= of_requests
    if language_added_within_days is not None:
        given["language_added_within_days"] = language_added_within_days or None
    return given


def _languages(given: list[str] | None) -> list[str] | None:
    """`?audio=` without a language requires none."""
    if given is None:
        return None
    words = [word.strip() for each in given for word in each.split(",")]
    return [word for word in words if word]


OVERRIDES = {
    "overrides": Provide(policy_overrides, sync_to_thread=False),
    "of_requests": Provide(request_overrides, sync_to_thread=False),
}
"""The dependencies of a controller that takes policy values."""
