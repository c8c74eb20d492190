"""The values that the rules use: defaults, and what a workspace or a request changes.

Days are whole days of 24 hours. Sizes compare with `>=`, ages with `>`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

import msgspec
from msgspec import Struct

GIB = 2**30
MAX_BYTES = 2**50
MAX_DAYS = 3650
"""Less than the time since 1970, which stands for "never" in the catalogue."""


class LargeCounts(StrEnum):
    """What is compared with the limit if there are several versions of a file."""

    LARGEST = "largest"
    SUM = "sum"


class LibraryLanguages(Struct, frozen=True, kw_only=True):
    """The languages required in one library."""

    library_id: UUID
    audio: tuple[str, ...]
    subtitles: tuple[str, ...]


class Policy(Struct, frozen=True, kw_only=True):
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
    def of(cls, stored: Mapping[str, Any], overrides: Mapping[str, Any]) -> Self:
        """The stored values, and those that hold for one response only."""
        names = set(cls.__struct_fields__)
        values = {k: v for k, v in {**stored, **overrides}.items() if k in names}
        return msgspec.convert(values, cls)

    def old_enough_before(self, now: datetime) -> datetime:
        return now - timedelta(days=self.min_age_days)

    def unwatched_before(self, now: datetime) -> datetime:
        return now - timedelta(days=self.unwatched_after_days)

    def recent_since(self, now: datetime) -> datetime:
        return now - timedelta(days=self.recent_days)
