"""The bodies of people and their accounts."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from msgspec import UNSET, UnsetType

from zondarr.core.clock import utc_now
from zondarr.core.schemas import Email, Name, Page, RequestBody, ResponseBody
from zondarr.core.types import Timestamp
from zondarr.media.types import ServerType, ShareStatus
from zondarr.users.models import Identity, User
from zondarr.users.rules import ended_early


class UserResponse(ResponseBody, kw_only=True, frozen=True):
    """A person's account on one server.

    `access_ended_at` is when we ended its access because its time was over,
    `missing_since` when its server was found to have it no more. `standing` is how far
    its invitation has come; `access_taken`: its access was taken away, and enabling the
    person gives it back as it was. `ended_early`: its access was ended though its time
    lies ahead, since the clock was wrong then; enabling the person gives it back until
    `expires_at`.
    """

    id: UUID
    identity_id: UUID
    media_server_id: UUID
    server_name: str
    server_type: ServerType
    external_user_id: str
    username: str
    enabled: bool
    expires_at: datetime | None
    access_ended_at: datetime | None
    missing_since: datetime | None
    standing: ShareStatus
    access_taken: bool
    ended_early: bool
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, user: User) -> Self:
        return cls.from_row(
            user,
            access_taken=user.access_is_taken,
            ended_early=ended_early(
                enabled=user.enabled,
                access_ended_at=user.access_ended_at,
                expires_at=user.expires_at,
                now=utc_now(),
            ),
        )


class UserPage(Page[UserResponse], kw_only=True, frozen=True):
    items: Sequence[UserResponse]


class IdentityUpdate(RequestBody, kw_only=True):
    """What is sent is changed; `null` clears.

    `expires_at` is set for all accounts of the person; null lets them stay for good.
    """

    display_name: Name | UnsetType = UNSET
    email: Email | UnsetType | None = UNSET
    expires_at: Timestamp | UnsetType | None = UNSET
    expected_updated_at: Timestamp | UnsetType | None = UNSET


class IdentityResponse(ResponseBody, kw_only=True, frozen=True):
    """A person with all their accounts.

    `expires_at` is the latest end of their accounts' access, null where one stays for
    good; `enabled` is true while one of them lets the person in. `ended_early`: so was
    the access of one of them.
    """

    id: UUID
    display_name: str
    email: str | None
    enabled: bool
    expires_at: datetime | None
    ended_early: bool
    created_at: datetime
    updated_at: datetime
    users: Sequence[UserResponse]

    @classmethod
    def of(cls, identity: Identity) -> Self:
        users = [UserResponse.of(user) for user in identity.users]
        early = any(user.ended_early for user in users)
        return cls.from_row(identity, users=users, ended_early=early)


class IdentityPage(Page[IdentityResponse], kw_only=True, frozen=True):
    items: Sequence[IdentityResponse]


class ActionStatus(StrEnum):
    DONE = "done"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"
    """This type of server cannot do it."""
    GONE = "gone"
    """The server has no such account any more."""
    NOTHING = "nothing"
    """There was no access to take, or none is remembered that could be given back: the
    guest left, or never had any."""


class ActionResult(ResponseBody, kw_only=True, frozen=True):
    """What became of an action on one server. `error_code` says why it failed."""

    server_id: UUID
    server_name: str
    user_id: UUID
    username: str
    status: ActionStatus
    error_code: str | None


class IdentityActionResponse(ResponseBody, kw_only=True, frozen=True):
    """The person as they are now, and what happened on each server."""

    id: UUID
    display_name: str
    email: str | None
    enabled: bool
    expires_at: datetime | None
    ended_early: bool
    created_at: datetime
    updated_at: datetime
    users: Sequence[UserResponse]
    results: Sequence[ActionResult]

    @classmethod
    def of(cls, identity: Identity, results: Sequence[ActionResult]) -> Self:
        return cls.from_row(IdentityResponse.of(identity), results=results)


class DeletionOutcome(StrEnum):
    """What deleting a person would do on one server."""

    DELETED = "deleted"
    """The account is deleted there, with all it has."""
    UNSHARED = "unshared"
    """The guest's own account is shared nothing of this server any more; he stays a
    friend."""
    NARROWED = "narrowed"
    """The guest was there before us: he keeps what he had then."""
    GONE = "gone"
    """There is no such account any more; only our row goes."""
    REFUSED = "refused"
    """It is an administrator, who is left alone: the person stays."""
    UNSUPPORTED = "unsupported"
    """This type of server cannot do it: the person stays."""
    FAILED = "failed"
    """The server cannot be asked at present (`error_code`): the person stays."""


class ServerDeletionPreview(ResponseBody, kw_only=True, frozen=True):
    server_id: UUID
    server_name: str
    user_id: UUID
    username: str
    outcome: DeletionOutcome
    error_code: str | None


class DeletionPreview(ResponseBody, kw_only=True, frozen=True):
    """What deleting the person would do, as the servers stand now.

    `complete`: the person would be gone afterwards, from here and everywhere.
    """

    id: UUID
    display_name: str
    complete: bool
    servers: Sequence[ServerDeletionPreview]
