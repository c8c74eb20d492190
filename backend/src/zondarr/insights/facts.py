"""What is known of a title, and what a rule makes of it. No table, no ORM."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from zondarr.catalogue.insight import Insight
from zondarr.catalogue.models import Arrival, TitleKind
from zondarr.catalogue.reasons import Fact
from zondarr.insights.policy import LEFT_OUT_AFTER, STALE_AFTER
from zondarr.protections.rules import LanguageOverride


class Verdict(StrEnum):
    FINDING = "finding"
    CLEAR = "clear"
    UNDECIDED = "undecided"
    """A fact is missing or stale: the reason says which one, from whom, since when,
    and what would settle it."""


class Activity(Struct, frozen=True, kw_only=True):
    """The newest play. `account` is None if the account is not known any more; the
    account was read at `as_of`."""

    at: datetime
    account: str | None = None
    server_id: UUID | None = None
    server: str | None = None
    as_of: datetime | None = None


class UndatedPlay(Struct, frozen=True, kw_only=True):
    """A mark as played, of which the server does not report the time."""

    account: str | None
    server: str
    as_of: datetime | None


class VersionFacts(Struct, frozen=True, kw_only=True):
    """A file. `size` is None if the server does not report it. `audio` and `subtitles`
    are the languages that it offers, as `MediaFile` has them."""

    size: int | None
    audio: str | None = None
    subtitles: str | None = None


class LeafFacts(Struct, frozen=True, kw_only=True):
    """A film or an episode in one library. `exempt`: insights it is left out of."""

    item_id: UUID
    library_id: UUID
    is_movie: bool
    season: int | None
    number: int | None
    arrived_at: datetime
    arrival: Arrival
    versions: Sequence[VersionFacts] = ()
    exempt: frozenset[Insight] = frozenset()

    @property
    def size(self) -> int:
        return sum(each.size or 0 for each in self.versions)


class SizeFacts(Struct, frozen=True, kw_only=True):
    """The sizes of a film or of a season in one library, without exempt parts.

    `largest` counts the largest version of the film or of each episode, `sum` all
    versions; `leaves` is the number of episodes, `unknown` that of versions without a
    size.
    """

    library_id: UUID
    season: int | None
    leaves: int
    versions: int
    unknown: int
    largest: int
    sum: int


class LibraryFacts(Struct, frozen=True, kw_only=True):
    """A library that the title is listed in, and since when. `sees_marks`: its server
    reports what every account marked as played by hand. `as_of`: when the catalogue of
    the server was read."""

    id: UUID
    name: str
    server_id: UUID
    server: str
    arrived_at: datetime
    sees_marks: bool
    as_of: datetime | None = None


class AccountFacts(Struct, frozen=True, kw_only=True):
    """What an account watched is known as of `as_of`; or the account itself since then
    if it was never `read`. `library_ids` are the libraries that it may see."""

    name: str
    server: str
    as_of: datetime
    read: bool
    library_ids: frozenset[UUID] = frozenset()

    def is_stale(self, now: datetime) -> bool:
        """Whether decisions wait for it; an account that is silent for longer is left
        out."""
        return STALE_AFTER < now - self.as_of <= LEFT_OUT_AFTER

    def is_unread(self, now: datetime) -> bool:
        return now - self.as_of > STALE_AFTER

    def is_left_out(self, now: datetime) -> bool:
        return now - self.as_of > LEFT_OUT_AFTER


class TitleFacts(Struct, frozen=True, kw_only=True):
    """Everything that rules read of one title. Parts that a rule does not need may be
    empty in lists."""

    id: UUID
    kind: TitleKind
    name: str
    size: int
    added_at: datetime
    arrived_at: datetime
    last_activity: Activity | None
    undated_play: bool
    favourite: bool
    finished: bool | None = None
    """Whether anybody played a film to its end; None if that was not asked."""
    undated_plays: Sequence[UndatedPlay] = ()
    original_language: str | None = None
    language_override: LanguageOverride | None = None
    """The languages that a protection requires of it."""
    libraries: Sequence[LibraryFacts] = ()
    accounts: Sequence[AccountFacts] = ()
    sizes: Sequence[SizeFacts] = ()
    leaves: Sequence[LeafFacts] = ()


class Part(Struct, frozen=True, kw_only=True):
    """A part of a title that a finding is about: a version, a season, episodes.
    `library_ids` are the libraries that it lies in."""

    season: int | None
    numbers: Sequence[int]
    label: str
    size: int | None
    note: str | None = None
    library_ids: Sequence[UUID] = ()


class Judgement(Struct, frozen=True, kw_only=True):
    """`code` is for programs, `sentence` for people; never with a path."""

    verdict: Verdict
    code: str
    sentence: str
    facts: Sequence[Fact] = ()
    parts: Sequence[Part] = ()


def sizes_of(leaves: Iterable[LeafFacts]) -> list[SizeFacts]:
    """The sizes of a title, from its files. Each film of a library counts by itself,
    the episodes of a season of a library together.
    """
    units: defaultdict[tuple[UUID, int | None], list[LeafFacts]] = defaultdict(list)
    for leaf in leaves:
        if leaf.versions and Insight.LARGE not in leaf.exempt:
            unit = leaf.item_id if leaf.is_movie else leaf.library_id
            units[unit, leaf.season].append(leaf)
    return [
        SizeFacts(
            library_id=mine[0].library_id,
            season=season,
            leaves=len(mine),
            versions=sum(len(each.versions) for each in mine),
            unknown=sum(v.size is None for each in mine for v in each.versions),
            largest=sum(max(v.size or 0 for v in each.versions) for each in mine),
            sum=sum(each.size for each in mine),
        )
        for (_, season), mine in units.items()
    ]
