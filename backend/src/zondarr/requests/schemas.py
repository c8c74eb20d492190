"""The bodies of requests."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from zondarr.catalogue.insight import Insight
from zondarr.catalogue.models import TitleKind
from zondarr.catalogue.reasons import Reason
from zondarr.core.schemas import Page, ResponseBody
from zondarr.media.requests import RequestProduct
from zondarr.requests.reasons import OutBy, SeasonState
from zondarr.requests.states import RequestState


class RequestAction(StrEnum):
    APPROVE = "approve"
    DECLINE = "decline"
    RETRY = "retry"
    DELETE = "delete"


class RequestedTitle(ResponseBody, kw_only=True, frozen=True):
    """`id` is that of our catalogue, null if no server has or had it. The name is the
    catalogue's, else Seerr's; null if neither knows it yet."""

    id: UUID | None
    type: TitleKind
    name: str | None
    year: int | None
    tmdb: str | None


class RequestedSeasonState(ResponseBody, kw_only=True, frozen=True):
    """A season that was requested; `held` is how many of its episodes our catalogue
    has."""

    number: int
    state: SeasonState
    first_aired_on: date | None
    last_aired_on: date | None
    episodes: int | None
    aired: int | None
    held: int


class RequesterReference(ResponseBody, kw_only=True, frozen=True):
    """A user of Seerr. `identity` is the person's name; null: nobody is linked."""

    id: UUID
    name: str
    identity_id: UUID | None
    identity: str | None


class RequestProtection(ResponseBody, kw_only=True, frozen=True):
    """The active protection that keeps the request from the stuck ones; `insight` null:
    from all insights."""

    id: UUID
    insight: Insight | None
    preset: str | None
    note: str | None
    author: str | None
    expires_at: datetime | None


class RequestResponse(ResponseBody, kw_only=True, frozen=True):
    """`reason` says why it is in this state. `out_at` is when it came or comes out, by
    `out_by`. `request_status` and `media_status` are Seerr's own numbers, the second
    that of the requested quality. `actions` are those that make sense now; `url` is the
    title's page in Seerr."""

    id: UUID
    external_id: int
    type: TitleKind
    title: RequestedTitle
    is_4k: bool
    seasons: Sequence[RequestedSeasonState]
    requester: RequesterReference | None
    requested_at: datetime
    modified_at: datetime
    approved_at: datetime | None
    state: RequestState
    reason: Reason
    out_at: datetime | None
    out_by: OutBy | None
    request_status: int
    media_status: int
    actions: Sequence[RequestAction]
    protection: RequestProtection | None
    url: str | None
    missing_since: datetime | None


class StateCounts(ResponseBody, kw_only=True, frozen=True):
    """How many there are in each state."""

    declined: int
    failed: int
    gone: int
    available: int
    awaiting_approval: int
    awaiting_release: int
    airing: int
    partially_available: int
    in_progress: int
    stuck: int
    unknown: int

    @classmethod
    def of(cls, counts: Mapping[RequestState, int]) -> StateCounts:
        return cls(**{each.value: counts.get(each, 0) for each in RequestState})


class RequestPage(Page[RequestResponse], kw_only=True, frozen=True):
    """`states` counts all requests within the other filters. They are as of `as_of`;
    `stale`: that is too long ago, or the last sync failed, by `error_code`. `product`
    is null while no Seerr is connected."""

    items: Sequence[RequestResponse]
    states: StateCounts
    as_of: datetime | None
    stale: bool
    error_code: str | None
    product: RequestProduct | None
