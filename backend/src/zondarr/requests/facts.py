"""What is known of a request. No table, no ORM.

A date is out from its first moment in UTC on.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from msgspec import Struct

from zondarr.catalogue.models import TitleKind
from zondarr.media.requests import RequestStatus


class SeasonFacts(Struct, frozen=True):
    """A requested season.

    `status` is a `RequestStatus`. The dates and numbers of episodes are Seerr's; null
    is unknown. `held` is how many of its episodes the catalogue has; `lost_at` when the
    last of those that are gone was missed.
    """

    number: int
    status: int
    first_aired_on: date | None = None
    last_aired_on: date | None = None
    episodes: int | None = None
    aired: int | None = None
    held: int = 0
    lost_at: datetime | None = None

    @property
    def completed(self) -> bool:
        return self.status == RequestStatus.COMPLETED

    @property
    def whole(self) -> bool:
        """The catalogue has all of its episodes."""
        return bool(self.episodes) and self.held >= (self.episodes or 0)

    @property
    def lacking(self) -> bool:
        """The catalogue does not have all of its episodes; not the opposite of `whole`
        while it is unknown how many there are."""
        return not self.held or (bool(self.episodes) and not self.whole)

    @property
    def whole_on(self) -> date | None:
        """When its last episode was or will be broadcast; its first, if only that is
        known."""
        return self.last_aired_on or self.first_aired_on

    def is_out(self, today: date) -> bool:
        """It has begun."""
        return self.first_aired_on is not None and self.first_aired_on <= today

    def is_airing(self, today: date) -> bool:
        """It has begun, and is known not to have ended."""
        if not self.is_out(today):
            return False
        if self.last_aired_on is not None:
            return self.last_aired_on > today
        if self.aired is None or not self.episodes:
            return False
        return self.aired < self.episodes


class RequestFacts(Struct, frozen=True, kw_only=True):
    """A request, what Seerr knows of its title, and what our catalogue has of it.

    `held`: the catalogue lists the title; `lost_at` is since when it does not any more.
    `seasons` are those that were requested. `source` and `as_of`: which product told
    it, and when; `looked_up`: it was asked for the title's dates.
    """

    kind: TitleKind
    is_4k: bool
    request_status: int
    media_status: int
    requested_at: datetime
    approved_at: datetime | None = None
    digital_on: date | None = None
    physical_on: date | None = None
    theatrical_on: date | None = None
    released_on: date | None = None
    held: bool = False
    lost_at: datetime | None = None
    seasons: Sequence[SeasonFacts] = ()
    source: str = "Seerr"
    as_of: datetime | None = None
    looked_up: bool = True

    @property
    def by_season(self) -> bool:
        """A show with seasons; one without is treated as one piece."""
        return self.kind is TitleKind.SERIES and bool(self.seasons)

    @property
    def approved_since(self) -> datetime:
        """When it was approved; of one that never waited, when it was requested."""
        return self.approved_at or self.requested_at

    @property
    def home_on(self) -> date | None:
        """The first release that people have at home."""
        dates = [each for each in (self.digital_on, self.physical_on) if each]
        return min(dates, default=None)

    @property
    def out_on(self) -> date | None:
        """When it came or comes out: at home if that is known, else anywhere."""
        return self.home_on or self.released_on or self.theatrical_on

    @property
    def first_on(self) -> date | None:
        """When the first part of it came or comes out."""
        starts = [each.first_aired_on for each in self.seasons if each.first_aired_on]
        if self.by_season and starts:
            return min(starts)
        return self.released_on if self.by_season else self.out_on


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
