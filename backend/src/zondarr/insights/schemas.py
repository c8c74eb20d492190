"""The bodies of insights."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from zondarr.catalogue.insight import Insight
from zondarr.catalogue.models import Title, TitleKind
from zondarr.catalogue.reasons import Reason
from zondarr.catalogue.schemas import Copy
from zondarr.core.schemas import Page, ResponseBody
from zondarr.insights.facts import Activity, Verdict
from zondarr.insights.policy import LargeCounts, Policy
from zondarr.protections.models import Protection
from zondarr.requests.schemas import RequesterReference
from zondarr.settings.definitions import LibraryLanguages


class TitleReference(ResponseBody, kw_only=True, frozen=True):
    id: UUID
    type: TitleKind
    name: str
    year: int | None

    @classmethod
    def of(cls, title: Title) -> Self:
        return cls.from_row(title, type=title.kind, year=title.year or None)


class LastActivity(ResponseBody, kw_only=True, frozen=True):
    """The newest play of any account, finished or not; `account` is null if the account
    is not known any more."""

    at: datetime
    account: str | None
    server_id: UUID | None
    server: str | None

    @classmethod
    def of(cls, activity: Activity | None) -> Self | None:
        return None if activity is None else cls.from_row(activity)


class FindingPart(ResponseBody, kw_only=True, frozen=True):
    """A part of the title that the finding is about. `label` names it ("S2E5–E8");
    `library_ids` are the libraries that it lies in."""  # noqa: RUF002

    season: int | None
    numbers: Sequence[int]
    label: str
    size: int | None
    note: str | None
    library_ids: Sequence[UUID]


class RowProtection(ResponseBody, kw_only=True, frozen=True):
    """The active protection that quiets the insight for the title; `insight` is null
    for all of them."""

    id: UUID
    insight: Insight | None
    preset: str | None
    note: str | None
    author: str | None
    expires_at: datetime | None

    @classmethod
    def of(cls, row: Protection) -> Self:
        insight = Insight(row.insight) if row.insight else None
        return cls.from_row(row, insight=insight, author=row.author_name or None)


class FindingRow(ResponseBody, kw_only=True, frozen=True):
    """A title in the list of an insight. `size` is in bytes and counts each file once;
    `parts` are the versions, seasons or episodes that the reason is about;
    `requesters` are those who requested it, in the list of what is new only."""

    title: TitleReference
    copies: Sequence[Copy]
    size: int
    added_at: datetime
    last_activity: LastActivity | None
    verdict: Verdict
    reason: Reason
    parts: Sequence[FindingPart]
    protection: RowProtection | None
    requesters: Sequence[RequesterReference]


class PolicyResponse(ResponseBody, kw_only=True, frozen=True):
    """The values that were used: the workspace's, and those of the request."""

    min_age_days: int
    unwatched_after_days: int
    favourites_count: bool
    large_movie_bytes: int
    large_season_bytes: int
    large_counts: LargeCounts
    audio: Sequence[str]
    subtitles: Sequence[str]
    language_added_within_days: int | None
    strict: bool
    specials: bool
    recent_days: int
    stuck_after_days: int
    show_future: bool
    hide_recent_releases: bool
    awaiting_approval_days: int
    library_languages: Sequence[LibraryLanguages]

    @classmethod
    def of(cls, policy: Policy) -> Self:
        return cls.from_row(policy)


class FindingPage(Page[FindingRow], kw_only=True, frozen=True):
    """`total` and `bytes` are those of the whole list; `undecided` is the number of
    titles, within the same filters, for which a fact is missing."""

    items: Sequence[FindingRow]
    undecided: int
    bytes: int
    policy: PolicyResponse


class TitleVerdict(ResponseBody, kw_only=True, frozen=True):
    """What an insight makes of one title, listed or not."""

    insight: Insight
    verdict: Verdict
    reason: Reason
    parts: Sequence[FindingPart]
    protection: RowProtection | None


class TitleVerdictPage(Page[TitleVerdict], kw_only=True, frozen=True):
    items: Sequence[TitleVerdict]


class InsightAmount(ResponseBody, kw_only=True, frozen=True):
    """How much an insight finds in the workspace. `protected` would be findings."""

    insight: Insight
    findings: int
    finding_bytes: int
    undecided: int
    protected: int
    protected_bytes: int


class FoundAmount(ResponseBody, kw_only=True, frozen=True):
    count: int
    bytes: int


class LibraryFindings(ResponseBody, kw_only=True, frozen=True):
    """A request counts where its title has a copy, of seasons that were not requested
    for instance; most have none, and none takes space."""

    unwatched: FoundAmount
    large: FoundAmount
    language: FoundAmount
    stuck: FoundAmount
    recent: FoundAmount


class LibraryAmount(ResponseBody, kw_only=True, frozen=True):
    """What a library holds. A title in several libraries counts in each of them."""

    library_id: UUID
    library: str
    server_id: UUID
    server: str
    titles: int
    bytes: int
    findings: LibraryFindings


class InsightSummary(ResponseBody, kw_only=True, frozen=True):
    """`as_of` is when the oldest catalogue of a server was read; null before that."""

    items: Sequence[InsightAmount]
    libraries: Sequence[LibraryAmount]
    titles: int
    bytes: int
    as_of: datetime | None
    policy: PolicyResponse


class RequesterGroup(ResponseBody, kw_only=True, frozen=True):
    """New titles that one requester asked for; `name` is the person's own where known.
    `requester` is null for those that nobody requested. `text` is a list to copy."""

    requester: RequesterReference | None
    name: str
    titles: Sequence[TitleReference]
    text: str


class RequesterGroups(Page[RequesterGroup], kw_only=True, frozen=True):
    """Ordered by name, those that nobody requested last. A title that several people
    requested is in the group of each. `text` has all groups."""

    items: Sequence[RequesterGroup]
    text: str
