"""The insights, by the names that the API uses for them."""

from enum import StrEnum


class Insight(StrEnum):
    UNWATCHED = "unwatched"
    LARGE = "large"
    LANGUAGE = "language"
    STUCK = "stuck"
    """Requests that do not arrive."""
    RECENT = "recent"
    """What became available lately."""


class TitleInsight(StrEnum):
    """Those that list titles."""

    UNWATCHED = Insight.UNWATCHED
    LARGE = Insight.LARGE
    LANGUAGE = Insight.LANGUAGE
    RECENT = Insight.RECENT
