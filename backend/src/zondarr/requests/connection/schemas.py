"""The bodies of the connection to Seerr, and of its users."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from zondarr.core.schemas import Page, RequestBody, ResponseBody
from zondarr.media.requests import RequestProduct
from zondarr.requests.models import RequesterLink
from zondarr.servers.schemas import ApiKey, Url


class SeerrUpdate(RequestBody, kw_only=True):
    """The address of Seerr and the key from its settings. The key may be left out while
    the address stays on the same host, port and scheme.
    """

    url: Url
    api_key: ApiKey | None = None


class SeerrTest(RequestBody, kw_only=True, frozen=True):  # pyright: ignore[reportGeneralTypeIssues]
    """An address and a key to test; nothing is stored. What is left out is taken from
    the stored connection; its key goes to its own host only.
    """

    url: Url | None = None
    api_key: ApiKey | None = None


class SeerrFound(ResponseBody, kw_only=True, frozen=True):
    """What responded, after verifying that the key is an administrator's."""

    url: str
    product: RequestProduct
    version: str


class SeerrConnection(ResponseBody, kw_only=True, frozen=True):
    """The connection to Seerr; everything is null while there is none.

    Requests are known as of `synced_at`. They are `stale` if that is long ago or the
    last sync failed: `error_code` and `error` are why. The key is never shown.
    """

    connected: bool
    url: str | None
    api_key_set: bool
    product: RequestProduct | None
    version: str | None
    last_contact_at: datetime | None
    synced_at: datetime | None
    full_synced_at: datetime | None
    stale: bool
    error_code: str | None
    error: str | None
    request_count: int
    requester_count: int
    unlinked_count: int
    created_at: datetime | None
    updated_at: datetime | None

    @classmethod
    def none(cls) -> Self:
        return cls(
            connected=False,
            url=None,
            api_key_set=False,
            product=None,
            version=None,
            last_contact_at=None,
            synced_at=None,
            full_synced_at=None,
            stale=False,
            error_code=None,
            error=None,
            request_count=0,
            requester_count=0,
            unlinked_count=0,
            created_at=None,
            updated_at=None,
        )


class RemovalKind(StrEnum):
    REQUESTS = "requests"
    """They stay in Seerr; what is known of them here is deleted."""
    REQUESTERS = "requesters"
    """Users of Seerr; they stay in Seerr."""
    LINKS = "links"
    """Requesters that an operator linked to people, or unlinked, by hand."""


class RemovalImpact(ResponseBody, kw_only=True, frozen=True):
    kind: RemovalKind
    count: int


class SeerrRemoval(ResponseBody, kw_only=True, frozen=True):
    """What is deleted here with the connection; Seerr itself is not contacted."""

    possible: bool
    consequences: Sequence[RemovalImpact]


class SeerrSyncStarted(ResponseBody, kw_only=True, frozen=True):
    """Its progress is at `/api/v1/runs/{run_id}`."""

    run_id: UUID


class SeerrUserUpdate(RequestBody, kw_only=True):
    """The person that the user is; null for nobody, which also keeps the user from
    being linked by its ids again.
    """

    identity_id: UUID | None


class SeerrUser(ResponseBody, kw_only=True, frozen=True):
    """A user of Seerr. `link` is how the person was found: by `id`, by `hand`, or
    `unlinked` by hand. `request_count` is Seerr's own.
    """

    id: UUID
    external_id: int
    name: str
    email: str | None
    jellyfin_user_id: str | None
    plex_id: str | None
    identity_id: UUID | None
    identity: str | None
    link: RequesterLink | None
    request_count: int
    missing_since: datetime | None


class SeerrUserPage(Page[SeerrUser], kw_only=True, frozen=True):
    items: Sequence[SeerrUser]
