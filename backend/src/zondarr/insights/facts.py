"""What is known of a title, and what a rule makes of it. No table, no ORM."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from zondarr.catalogue.insight import Insight
from zondarr.catalogue.models import Arrival, TitleKind
from zondarr.media.catalogue import TrackKind


class Verdict(StrEnum):
    FINDING = "finding"
    CLEAR = "clear"
    UNDECIDED = "undecided"
    """A fact is missing or stale: the reason says which one, from whom, since when,
    and what would settle it."""


class Activity(Struct, frozen=True, kw_only=True):
    """The newest play. `account` is None if the account is not known any more."""

    at: datetime
    account: str | None
    server_id: UUID | None
    server: str | None


class TrackFacts(Struct, frozen=True, kw_only=True):
    """`language` is the server's text."""

    kind: TrackKind
    language: str | None
    title: str | None
    forced: bool
    external: bool


class VersionFacts(Struct, frozen=True, kw_only=True):
    """A file. `size` is None if the server does not report it."""

    size: int | None
    tracks: Sequence[TrackFacts] = ()


class LeafFacts(Struct, frozen=True, kw_only=True):
    """A film or an episode in one library. `exempt`: insights it is left out of."""

    library_id: UUID
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
    reports what every account marked as played by hand."""

    id: UUID
    name: str
    server_id: UUID
    server: str
    arrived_at: datetime
    sees_marks: bool


class AccountFacts(Struct, frozen=True, kw_only=True):
    """An account that may see the title and was not read for a while: what it watched
    is known as of `as_of`, or the account itself since then if it was never read."""

    name: str
    server: str
    as_of: datetime
    read: bool


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
    catalogue_as_of: datetime | None = None
    libraries: Sequence[LibraryFacts] = ()
    accounts: Sequence[AccountFacts] = ()
    sizes: Sequence[SizeFacts] = ()
    leaves: Sequence[LeafFacts] = ()


type FactValue = str | int | bool | None


class Fact(Struct, frozen=True, kw_only=True):
    """A fact behind a verdict: its source is a server's name, or None for our own
    records."""

    name: str
    value: FactValue
    source: str | None = None
    as_of: datetime | None = None


class Part(Struct, frozen=True, kw_only=True):
    """A part of a title that a finding is about: a version, a season, episodes."""

    season: int | None
    numbers: Sequence[int]
    label: str
    size: int | None
    note: str | None = None


class Judgement(Struct, frozen=True, kw_only=True):
    """`code` is for programs, `sentence` for people; never with a path."""

    verdict: Verdict
    code: str
    sentence: str
    facts: Sequence[Fact] = ()
    parts: Sequence[Part] = ()
