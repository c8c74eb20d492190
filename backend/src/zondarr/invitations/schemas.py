"""The request and response bodies of invitations and redemptions, for operators."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from zondarr.core.schemas import END, Page, RequestBody, ResponseBody
from zondarr.core.types import Timestamp
from zondarr.invitations.codes import CODE_PATTERN
from zondarr.invitations.grants import Gap
from zondarr.invitations.models import (
    Invitation,
    Leftover,
    OnFailure,
    Provisioning,
    ProvisioningStatus,
    Redemption,
    RedemptionStatus,
)
from zondarr.invitations.rules import InvitationStatus, status_of
from zondarr.media.types import Permissions, PlexUserType

Code = Annotated[str, Meta(pattern=CODE_PATTERN, max_length=32)]
Label = Annotated[str, Meta(max_length=100)]
Message = Annotated[str, Meta(max_length=2000)]
Uses = Annotated[int, Meta(ge=1, le=1_000_000)]
Days = Annotated[int, Meta(ge=1, le=36_500)]
ServerIds = Annotated[list[UUID], Meta(min_length=1, max_length=100)]
LibraryIds = Annotated[list[UUID], Meta(max_length=1000)]
Tag = Annotated[
    str, Meta(max_length=100, pattern=rf"^[^\s,|](?:[^,|\x00-\x1f]*[^\s,|])?{END}")
]
"""A content rating or a label. Commas and bars are separators in Plex's format."""
Tags = Annotated[list[Tag], Meta(max_length=50)]


class GuestPermissions(RequestBody, kw_only=True):
    """A guest's permissions besides the libraries; omitted ones have their default.

    A server type ignores those that it does not support; see `/api/v1/server-types`.
    """

    can_download: bool = False
    can_transcode: bool = True
    can_watch_live_tv: bool = False
    can_access_remotely: bool = True
    max_sessions: Annotated[int, Meta(ge=1, le=1000)] | None = None
    max_bitrate_kbps: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    can_use_channels: bool = False
    allowed_ratings: Tags = []
    allowed_labels: Tags = []


class InvitationCreate(RequestBody, kw_only=True):
    """Exactly one of `library_ids` and `all_libraries: true`."""

    code: Code | None = None
    label: Label | None = None
    message: Message | None = None
    expires_at: Timestamp | None = None
    max_uses: Uses | None = None
    duration_days: Days | None = None
    server_ids: ServerIds
    library_ids: LibraryIds | None = None
    all_libraries: bool = False
    permissions: GuestPermissions = msgspec.field(default_factory=GuestPermissions)
    on_failure: OnFailure = OnFailure.UNDO
    plex_user_type: PlexUserType = PlexUserType.FRIEND


class InvitationUpdate(RequestBody, kw_only=True):
    """The fields that are sent are changed; `null` clears. The code cannot
    be changed.
    """

    label: Label | UnsetType | None = UNSET
    message: Message | UnsetType | None = UNSET
    expires_at: Timestamp | UnsetType | None = UNSET
    max_uses: Uses | UnsetType | None = UNSET
    duration_days: Days | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET
    server_ids: ServerIds | UnsetType = UNSET
    library_ids: LibraryIds | UnsetType | None = UNSET
    all_libraries: bool | UnsetType = UNSET
    permissions: GuestPermissions | UnsetType = UNSET
    on_failure: OnFailure | UnsetType = UNSET
    plex_user_type: PlexUserType | UnsetType = UNSET
    expected_updated_at: Timestamp | UnsetType | None = UNSET


class InvitationResponse(ResponseBody, kw_only=True, frozen=True):
    """`gaps` lists what the invitation includes and cannot give at present."""

    id: UUID
    code: str
    url: str
    status: InvitationStatus
    label: str | None
    message: str | None
    expires_at: datetime | None
    max_uses: int | None
    use_count: int
    duration_days: int | None
    enabled: bool
    server_ids: Sequence[UUID]
    library_ids: Sequence[UUID]
    all_libraries: bool
    permissions: Permissions
    on_failure: OnFailure
    plex_user_type: PlexUserType
    gaps: Sequence[Gap]
    created_by: UUID | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(
        cls, invitation: Invitation, gaps: Sequence[Gap], *, url: str, now: datetime
    ) -> Self:
        return cls.from_row(
            invitation,
            url=url,
            status=status_of(invitation, now),
            gaps=gaps,
        )


class InvitationPage(Page[InvitationResponse], kw_only=True, frozen=True):
    items: Sequence[InvitationResponse]


class ProvisioningResponse(ResponseBody, kw_only=True, frozen=True):
    """The result on one server. `id` is the server's.

    `missing_libraries` are the names of chosen libraries that the server did not have
    any more; the guest got the others.
    """

    id: UUID
    name: str
    status: ProvisioningStatus
    error_code: str | None
    missing_libraries: Sequence[str]

    @classmethod
    def of(cls, provisioning: Provisioning) -> Self:
        server = provisioning.server
        return cls.from_row(provisioning, id=server.id, name=server.name)


class RedemptionResponse(ResponseBody, kw_only=True, frozen=True):
    """One use of the invitation. `guest` is the name that was requested.

    Failed servers of a partial redemption are retried until `retry_until`.
    `can_be_ended`: it is running or being retried, and an operator may end it.
    """

    id: UUID
    invitation_id: UUID
    status: RedemptionStatus
    guest: str
    email: str | None
    identity_id: UUID | None
    created_at: datetime
    finished_at: datetime | None
    retry_until: datetime | None
    can_be_ended: bool
    servers: Sequence[ProvisioningResponse]

    @classmethod
    def of(cls, redemption: Redemption) -> Self:
        return cls.from_row(
            redemption,
            guest=redemption.guest_name,
            email=redemption.guest_email,
            can_be_ended=redemption.is_open,
            servers=[ProvisioningResponse.of(one) for one in redemption.provisionings],
        )


class RedemptionPage(Page[RedemptionResponse], kw_only=True, frozen=True):
    items: Sequence[RedemptionResponse]


class LeftoverResponse(ResponseBody, kw_only=True, frozen=True):
    """An account that an ended redemption may have left on a server.

    A job removes it as soon as the server responds; `tried_at` is its last attempt and
    `error_code` the reason of its failure.
    """

    id: UUID
    server_id: UUID
    server_name: str
    guest: str
    external_user_id: str | None
    error_code: str | None
    tried_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, leftover: Leftover) -> Self:
        server = leftover.server
        return cls.from_row(
            leftover,
            server_id=server.id,
            server_name=server.name,
            guest=leftover.guest_name,
        )


class LeftoverPage(Page[LeftoverResponse], kw_only=True, frozen=True):
    items: Sequence[LeftoverResponse]
