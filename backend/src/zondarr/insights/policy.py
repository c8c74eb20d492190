"""The values that the rules use: defaults, and what a workspace or a request changes.

Days are whole days of 24 hours. Sizes compare with `>=`, ages with `>`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self, override

import msgspec

from zondarr.core.exceptions import InvalidError
from zondarr.requests.policy import MAX_DAYS, RequestPolicy
from zondarr.settings.definitions import (
    LanguageTags,
    LibraryLanguages,
    SettingDefinition,
    choice,
    flag,
    languages,
    library_languages,
    number,
)

GIB = 2**30
STALE_AFTER, LEFT_OUT_AFTER = timedelta(hours=48), timedelta(days=14)
"""An account's watch data is stale after the first; after the second the account is
left out, so that one which is never read again does not stop every decision."""
MAX_BYTES = 2**50


class LargeCounts(StrEnum):
    """What is compared with the limit if there are several versions of a file."""

    LARGEST = "largest"
    SUM = "sum"


class Policy(RequestPolicy, frozen=True, kw_only=True):
    min_age_days: int = 90
    unwatched_after_days: int = 120
    favourites_count: bool = True
    large_movie_bytes: int = 13 * GIB
    large_season_bytes: int = 15 * GIB
    large_counts: LargeCounts = LargeCounts.LARGEST
    audio: tuple[str, ...] = ("en", "fr")
    subtitles: tuple[str, ...] = ("fr",)
    language_added_within_days: int | None = 1500
    strict: bool = False
    specials: bool = False
    recent_days: int = 7
    library_languages: tuple[LibraryLanguages, ...] = ()

    @classmethod
    @override
    def of(cls, stored: Mapping[str, Any], overrides: Mapping[str, Any]) -> Self:
        """The stored values, and those that hold for one response only."""
        for name in ("audio", "subtitles"):
            _check_languages(name, overrides.get(name))
        return super().of(stored, overrides)

    def old_enough_before(self, now: datetime) -> datetime:
        return now - timedelta(days=self.min_age_days)

    def unwatched_before(self, now: datetime) -> datetime:
        return now - timedelta(days=self.unwatched_after_days)

    def recent_since(self, now: datetime) -> datetime:
        return now - timedelta(days=self.recent_days)


def _check_languages(name: str, given: object) -> None:
    try:
        msgspec.convert(given, LanguageTags | None)
    except msgspec.ValidationError as error:
        raise InvalidError("That is not a language.", **{name: str(error)}) from error


DEFAULT = Policy()


def _days(name: str, description: str, *, nullable: bool = False) -> SettingDefinition:
    return number(
        name,
        description,
        default=getattr(DEFAULT, name),
        minimum=1 if nullable else 0,
        maximum=MAX_DAYS,
        unit="days",
        nullable=nullable,
    )


def _bytes(name: str, description: str) -> SettingDefinition:
    return number(
        name,
        description,
        default=getattr(DEFAULT, name),
        minimum=0,
        maximum=MAX_BYTES,
        unit="bytes",
    )


POLICY_SETTINGS: tuple[SettingDefinition, ...] = (
    _days(
        "min_age_days",
        "A title is never unwatched before it has been there for this long.",
    ),
    _days(
        "unwatched_after_days",
        "A title is unwatched if nobody played it for longer than this.",
    ),
    flag(
        "favourites_count",
        "A title that somebody marked as a favourite is not unwatched.",
        default=DEFAULT.favourites_count,
    ),
    _bytes("large_movie_bytes", "A film is large from this size on."),
    _bytes("large_season_bytes", "A show is large if one season has this size."),
    choice(
        "large_counts",
        "If there are several versions: the largest one counts, or their sum.",
        default=DEFAULT.large_counts,
    ),
    languages(
        "audio",
        "The languages that a title must have as audio, all of them.",
        default=DEFAULT.audio,
    ),
    languages(
        "subtitles",
        "The languages that a title must have as subtitles, all of them.",
        default=DEFAULT.subtitles,
    ),
    _days(
        "language_added_within_days",
        "Languages are checked only for titles added within this time; null: for all.",
        nullable=True,
    ),
    flag(
        "strict",
        "Every version of a title must have the languages, not just one.",
        default=DEFAULT.strict,
    ),
    flag(
        "specials",
        "Specials (season 0) must have the languages too.",
        default=DEFAULT.specials,
    ),
    _days("recent_days", "A title is new for this long after a file arrived."),
    library_languages(
        "library_languages",
        "Libraries whose titles must have other languages than these.",
    ),
)
