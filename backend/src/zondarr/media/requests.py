"""What people asked for, as read from Seerr and its relatives; the interface of their
client.

Statuses are Seerr's own numbers and stay numbers: a value that this version does not
know must not lose the row it stands in.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import IntEnum, StrEnum
from types import TracebackType
from typing import Literal, Protocol, Self
from uuid import UUID

from msgspec import Struct

from zondarr.media.connections import HostStates


class RequestProduct(StrEnum):
    """The three relatives. They differ in what they can do and what a status means."""

    SEERR = "seerr"
    JELLYSEERR = "jellyseerr"
    OVERSEERR = "overseerr"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class RequestStatus(IntEnum):
    """What became of the request itself, and of a requested season."""

    PENDING = 1
    APPROVED = 2
    DECLINED = 3
    FAILED = 4
    COMPLETED = 5


class MediaStatus(IntEnum):
    """What became of the title that is asked for."""

    UNKNOWN = 1
    PENDING = 2
    PROCESSING = 3
    PARTIALLY_AVAILABLE = 4
    AVAILABLE = 5
    BLOCKLISTED = 6
    DELETED = 7


UNREADABLE = 0
"""A status that is no number; no product uses it."""


class RequestConnection(Struct, frozen=True, kw_only=True):
    """Where a Seerr is, and the key to it; a `ServerConnection`.

    `product` is what was found there before; it decides what a status means.
    """

    id: UUID
    url: str
    api_key: str
    product: RequestProduct = RequestProduct.SEERR

    @property
    def server_type(self) -> str:
        return "seerr"

    @property
    def machine_id(self) -> None:
        return None


class RequestServerInfo(Struct, frozen=True, kw_only=True):
    product: RequestProduct
    version: str


class ExternalRequester(Struct, frozen=True, kw_only=True):
    """A user of Seerr. The ids of media servers are as Seerr has them."""

    id: int
    name: str
    email: str | None = None
    jellyfin_user_id: str | None = None
    plex_id: str | None = None
    request_count: int = 0


class ExternalSeason(Struct, frozen=True, kw_only=True):
    number: int
    status: int


class ExternalRequest(Struct, frozen=True, kw_only=True):
    """A request. `media_status` is that of the requested quality, and a deleted title
    has the same number whatever the product.
    """

    id: int
    kind: RequestedKind
    tmdb: str | None
    tvdb: str | None
    imdb: str | None
    is_4k: bool
    request_status: int
    media_status: int
    requester: ExternalRequester | None
    requested_at: datetime
    modified_at: datetime
    can_remove: bool
    seasons: Sequence[ExternalSeason] = ()


class RequestPageRead(Struct, frozen=True, kw_only=True):
    """One page. `total` is how many there are in all; `unread` are the ids of rows that
    cannot be understood, such as a request for music.
    """

    rows: Sequence[ExternalRequest]
    total: int
    unread: Sequence[int] = ()


class RequesterPageRead(Struct, frozen=True, kw_only=True):
    rows: Sequence[ExternalRequester]
    total: int


type RequestOrder = Literal["added", "modified"]
type RequestedKind = Literal["movie", "series"]


class ExternalTitleSeason(Struct, frozen=True, kw_only=True):
    """`aired` is how many of the episodes were broadcast, null if unknown.
    `last_aired_on` is the day of the last episode, which may lie ahead.
    """

    number: int
    first_aired_on: date | None = None
    last_aired_on: date | None = None
    episodes: int | None = None
    aired: int | None = None


class ExternalTitle(Struct, frozen=True, kw_only=True):
    """What Seerr knows of a film or a show. The dates are the earliest of any country;
    `released_on` is the one that Seerr shows.
    """

    name: str
    year: int | None = None
    original_language: str | None = None
    status: str | None = None
    digital_on: date | None = None
    physical_on: date | None = None
    theatrical_on: date | None = None
    released_on: date | None = None
    seasons: Sequence[ExternalTitleSeason] = ()


class RequestClient(Protocol):
    """One Seerr, for the duration of an `async with`.

    Methods raise `MediaClientError` and nothing else. Those that change a request
    return it as it is read afterwards.
    """

    def __init__(self, server: RequestConnection, states: HostStates, /) -> None: ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None: ...

    async def server_info(self) -> RequestServerInfo:
        """The product and its version, after verifying that the key is an
        administrator's.
        """
        ...

    async def counts(self) -> Mapping[str, int] | None:
        """Seerr's own counts of requests by status; None if it has none."""
        ...

    async def request_page(
        self, skip: int, *, take: int, order: RequestOrder
    ) -> RequestPageRead:
        """Requests, the newest or the last modified first."""
        ...

    async def requester_page(self, skip: int, *, take: int) -> RequesterPageRead:
        """Users, the oldest first."""
        ...

    async def request(self, id: int, /) -> ExternalRequest | None:
        """One request; None if there is none of this id."""
        ...

    async def title(
        self, kind: RequestedKind, tmdb: str, *, language: str | None
    ) -> ExternalTitle | None:
        """What Seerr knows of the title; None if it knows no such title.

        Waits for its turn: at most two look-ups a second are sent to one host.
        """
        ...

    async def season(self, tmdb: str, number: int) -> ExternalTitleSeason | None:
        """A season of a show by its episodes, which tell when the last one is
        broadcast. None if the season is unknown. Waits for its turn as `title` does.
        """
        ...

    async def approve(self, id: int, /) -> ExternalRequest | None:
        """Approve a request; None if it is gone."""
        ...

    async def decline(self, id: int, /) -> ExternalRequest | None: ...

    async def retry(self, id: int, /) -> ExternalRequest | None: ...

    async def delete(self, id: int, /) -> bool:
        """Delete a request, not the title's files. False if there was none. Verified:
        it is gone afterwards.
        """
        ...
