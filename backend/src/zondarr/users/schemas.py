"""The request and response bodies of people and their accounts."""

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

    `access_ended_at` is when access was ended because it had expired, `missing_since`
    when the server was first found without the account. `standing` is the status of its
    share; `access_taken`: its access was revoked, and enabling the person restores it.
    `ended_early`: its access was ended although its end lies ahead, because the clock
    was wrong then; enabling the person restores it until `expires_at`.
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
    """The fields that are sent are changed; `null` clears.

    `expires_at` is set on all accounts of the person; null removes the end.
    """

    display_name: Name | UnsetType = UNSET
    email: Email | UnsetType | None = UNSET
    expires_at: Timestamp | UnsetType | None = UNSET
    expected_updated_at: Timestamp | UnsetType | None = UNSET


class IdentityResponse(ResponseBody, kw_only=True, frozen=True):
    """A person with all their accounts.

    `expires_at` is the latest end of their accounts' access, null if one has no end;
    `enabled` is true while one of them has access. `ended_early`: the access of one of
    them was ended early.
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
    """The result of an action on one server. `error_code` is the reason of
    a failure.
    """

    server_id: UUID
    server_name: str
    user_id: UUID
    username: str
    status: ActionStatus
    error_code: str | None


class IdentityActionResponse(ResponseBody, kw_only=True, frozen=True):
    """The person after the action, and the result on each server."""

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
    """The account is deleted there, with all its data."""
    UNSHARED = "unshared"
    """Nothing of this server is shared with the guest's own account any more; the
    friendship stays.
    """
    NARROWED = "narrowed"
    """The guest had access before us and keeps that."""
    GONE = "gone"
    """There is no such account any more; only our row goes."""
    REFUSED = "refused"
    """It is an administrator, who is left alone: the person stays."""
    UNSUPPORTED = "unsupported"
    """This type of server cannot do it: the person stays."""
    FAILED = "failed"
    """The server does not respond at present (`error_code`): the person stays."""


class ServerDeletionPreview(ResponseBody, kw_only=True, frozen=True):
    server_id: UUID
    server_name: str
    user_id: UUID
    username: str
    outcome: DeletionOutcome
    error_code: str | None


class DeletionPreview(ResponseBody, kw_only=True, frozen=True):
    """What deleting the person would do, with the servers in their current state.

    `complete`: the person would be deleted, here and on every server.
    """

    id: UUID
    display_name: str
    complete: bool
    servers: Sequence[ServerDeletionPreview]
