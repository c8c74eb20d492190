"""The bodies of the join page: what a guest sees, gives, and is told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from msgspec import Meta

from zondarr.core.schemas import Email, RequestBody, ResponseBody
from zondarr.invitations.grants import Grant
from zondarr.invitations.models import (
    Invitation,
    Provisioning,
    ProvisioningStatus,
    Redemption,
    RedemptionStatus,
)
from zondarr.media.types import ServerType

GUEST_NAME = r"[\w .@'+-]{1,64}"


class JoinLibrary(ResponseBody, kw_only=True, frozen=True):
    id: UUID
    name: str
    library_type: str


class JoinServer(ResponseBody, kw_only=True, frozen=True):
    id: UUID
    name: str
    server_type: ServerType
    libraries: Sequence[JoinLibrary]

    @classmethod
    def of(cls, grant: Grant) -> Self:
        return cls(
            id=grant.server.id,
            name=grant.server.name,
            server_type=grant.server.server_type,
            libraries=[
                JoinLibrary(
                    id=library.id,
                    name=library.name,
                    library_type=library.library_type,
                )
                for library in grant.libraries
            ],
        )


class JoinNeeds(ResponseBody, kw_only=True, frozen=True):
    """What the guest must give; the form asks for nothing else."""

    username: bool
    password: bool
    email: bool
    plex_sign_in: bool

    @classmethod
    def of(cls, servers: Sequence[JoinServer]) -> Self:
        types = {server.server_type for server in servers}
        named = ServerType.JELLYFIN in types
        return cls(username=named, password=named, email=False, plex_sign_in=False)


class JoinPage(ResponseBody, kw_only=True, frozen=True):
    """What the invitation gives as things stand now."""

    label: str | None
    message: str | None
    expires_at: datetime | None
    duration_days: int | None
    servers: Sequence[JoinServer]
    needs: JoinNeeds

    @classmethod
    def of(cls, invitation: Invitation, grants: Sequence[Grant]) -> Self:
        servers = [JoinServer.of(grant) for grant in grants]
        return cls(
            label=invitation.label,
            message=invitation.message,
            expires_at=invitation.expires_at,
            duration_days=invitation.duration_days,
            servers=servers,
            needs=JoinNeeds.of(servers),
        )


class JoinRequest(RequestBody, kw_only=True):
    """What `needs` asks for.

    A name has 1 to 64 letters, digits, spaces and `_.@'+-`, no space at either end and
    not only dots; a password 8 to 128 characters.
    """

    username: Annotated[str, Meta(max_length=200)] | None = None
    password: Annotated[str, Meta(max_length=1000)] | None = None
    email: Email | None = None
    plex_pin_id: Annotated[str, Meta(max_length=100)] | None = None


class JoinAccepted(ResponseBody, kw_only=True, frozen=True):
    """The redemption has begun; the token is what lets its guest follow it."""

    redemption_id: UUID
    token: str


class JoinServerProgress(ResponseBody, kw_only=True, frozen=True):
    """`url` is where to go once it is done; `error_code` says why it is not."""

    id: UUID
    name: str
    status: ProvisioningStatus
    error_code: str | None
    url: str | None

    @classmethod
    def of(cls, provisioning: Provisioning) -> Self:
        done = provisioning.status is ProvisioningStatus.DONE
        return cls(
            id=provisioning.media_server_id,
            name=provisioning.server.name,
            status=provisioning.status,
            error_code=provisioning.error_code,
            url=provisioning.server.url if done else None,
        )


class JoinProgress(ResponseBody, kw_only=True, frozen=True):
    status: RedemptionStatus
    servers: Sequence[JoinServerProgress]

    @classmethod
    def of(cls, redemption: Redemption) -> Self:
        return cls(
            status=redemption.status,
            servers=[JoinServerProgress.of(one) for one in redemption.provisionings],
        )
