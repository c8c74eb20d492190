"""Invitations and their redemptions."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, Column, ForeignKey, Index, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zondarr.core.actor import Actor
from zondarr.core.models import Base, Entity, WorkspaceOwned
from zondarr.core.search import Searched
from zondarr.core.types import JsonValue
from zondarr.media.types import AccessSnapshot, PlexUserType
from zondarr.servers.models import Library, MediaServer


class OnFailure(StrEnum):
    """What to do if one of several servers fails: undo the others, or keep them."""

    UNDO = "undo"
    KEEP = "keep"


class RedemptionStatus(StrEnum):
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"
    """Nothing was done on any server."""
    UNDONE = "undone"
    """What was done is gone again."""


class ProvisioningStatus(StrEnum):
    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    PENDING = "pending"
    FAILED = "failed"
    UNDONE = "undone"


COMPLETE = frozenset({ProvisioningStatus.DONE, ProvisioningStatus.PENDING})
"""The guest has access, or only needs to accept."""
UNFINISHED = frozenset({ProvisioningStatus.WAITING, ProvisioningStatus.WORKING})


def _part_of(table: str, column: str) -> Column[UUID]:
    return Column(
        column, ForeignKey(f"{table}.id", ondelete="CASCADE"), primary_key=True
    )


invitation_servers = Table(
    "invitation_servers",
    Base.metadata,
    _part_of("invitations", "invitation_id"),
    _part_of("media_servers", "media_server_id"),
)
invitation_libraries = Table(
    "invitation_libraries",
    Base.metadata,
    _part_of("invitations", "invitation_id"),
    _part_of("libraries", "library_id"),
)


class Invitation(WorkspaceOwned, Searched, Entity):
    """A code that gives access to servers and libraries, with limits."""

    __tablename__ = "invitations"
    __table_args__ = (Index(None, "workspace_id", "created_at", "id"),)
    search_fields = ("code", "label")

    code: Mapped[str] = mapped_column(String(32), unique=True)
    label: Mapped[str | None] = mapped_column(String(100))
    message: Mapped[str | None] = mapped_column(String(2000))
    expires_at: Mapped[datetime | None]
    max_uses: Mapped[int | None]
    use_count: Mapped[int] = mapped_column(default=0)
    duration_days: Mapped[int | None]
    enabled: Mapped[bool] = mapped_column(default=True)
    all_libraries: Mapped[bool] = mapped_column(default=False)
    permissions: Mapped[dict[str, JsonValue]] = mapped_column(default=dict)
    on_failure: Mapped[OnFailure] = mapped_column(default=OnFailure.UNDO)
    plex_user_type: Mapped[PlexUserType] = mapped_column(default=PlexUserType.FRIEND)
    created_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL")
    )

    servers: Mapped[list[MediaServer]] = relationship(
        secondary=invitation_servers, lazy="raise", order_by=MediaServer.name_key
    )

    @property
    def server_ids(self) -> list[UUID]:
        return [server.id for server in self.servers]

    @property
    def library_ids(self) -> list[UUID]:
        return [library.id for library in self.libraries]

    libraries: Mapped[list[Library]] = relationship(
        secondary=invitation_libraries, lazy="raise", order_by=Library.name_key
    )


class Redemption(WorkspaceOwned, Entity):
    """One use of an invitation by one guest.

    The workflow's id is the row's id. The guest's secrets are sealed, and erased when
    the redemption ends; a partial redemption keeps those needed for retries until
    nothing is retried any more, at `retry_until` at the latest. `retry_until` is set
    while something is left to retry.
    """

    __tablename__ = "redemptions"
    __table_args__ = (UniqueConstraint("invitation_id", "idempotency_key"),)

    invitation_id: Mapped[UUID] = mapped_column(
        ForeignKey("invitations.id", ondelete="CASCADE")
    )
    identity_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("identities.id", ondelete="SET NULL")
    )
    status: Mapped[RedemptionStatus] = mapped_column(
        default=RedemptionStatus.RUNNING, index=True
    )
    guest_name: Mapped[str] = mapped_column(String(100))
    guest_email: Mapped[str | None] = mapped_column(String(254))
    guest_password: Mapped[str | None] = mapped_column(info={"sealed": True})
    guest_plex_id: Mapped[str | None] = mapped_column(String(50))
    guest_plex_token: Mapped[str | None] = mapped_column(info={"sealed": True})
    guest_home_pin: Mapped[str | None] = mapped_column(info={"sealed": True})
    idempotency_key: Mapped[str | None] = mapped_column(String(200))
    request_digest: Mapped[str | None] = mapped_column(String(64))
    finished_at: Mapped[datetime | None]
    retry_until: Mapped[datetime | None] = mapped_column(index=True)

    invitation: Mapped[Invitation] = relationship(lazy="raise")
    provisionings: Mapped[list[Provisioning]] = relationship(
        back_populates="redemption",
        lazy="raise",
        passive_deletes=True,
        order_by="Provisioning.id",
    )

    @property
    def is_open(self) -> bool:
        """Whether accounts are still being created for it."""
        return self.status is RedemptionStatus.RUNNING or self.retry_until is not None

    @property
    def guest(self) -> Actor:
        """Who it is done for, and by."""
        return Actor.guest(self.id, workspace_id=self.workspace_id)


class Provisioning(WorkspaceOwned, Entity):
    """One redemption on one server.

    `plan` is the sealed `AccountPlan`, stored before the account is opened and erased
    when the account is recorded or removed. `touched`: an account of ours may exist on
    the server; `external_user_id` is stored as soon as it is known. `access_before` is
    the access that an existing account had already. `missing_libraries` are the names
    of chosen libraries that the server did not have when the account was created.
    """

    __tablename__ = "provisionings"
    __table_args__ = (UniqueConstraint("redemption_id", "media_server_id"),)

    redemption_id: Mapped[UUID] = mapped_column(
        ForeignKey("redemptions.id", ondelete="CASCADE")
    )
    media_server_id: Mapped[UUID] = mapped_column(
        ForeignKey("media_servers.id", ondelete="CASCADE")
    )
    status: Mapped[ProvisioningStatus] = mapped_column(
        default=ProvisioningStatus.WAITING
    )
    library_ids: Mapped[list[str]] = mapped_column(default=list)
    plan: Mapped[str | None] = mapped_column(info={"sealed": True})
    touched: Mapped[bool] = mapped_column(default=False)
    external_user_id: Mapped[str | None] = mapped_column(String(254))
    username: Mapped[str | None] = mapped_column(String(254))
    error_code: Mapped[str | None] = mapped_column(String(50))
    share_id: Mapped[str | None] = mapped_column(String(50))
    access_before: Mapped[AccessSnapshot | None] = mapped_column(
        JSON(none_as_null=True)
    )

    missing_libraries: Mapped[list[str]] = mapped_column(
        default=list, server_default="[]"
    )

    redemption: Mapped[Redemption] = relationship(
        back_populates="provisionings", lazy="raise"
    )
    server: Mapped[MediaServer] = relationship(lazy="raise")

    @property
    def is_settled(self) -> bool:
        """Whether the account exists and is recorded."""
        return self.status in COMPLETE and self.plan is None

    @property
    def may_be_on_server(self) -> bool:
        """Whether an account that is not recorded may exist on the server."""
        return self.touched and self.plan is not None


class Leftover(WorkspaceOwned, Entity):
    """An account that an ended redemption may have left on a server.

    Created when the redemption ends before its server could remove the account. It
    refers to neither redemption nor invitation, so that both can be deleted. `plan` is
    the sealed `AccountPlan`; `tried_at` is the last attempt to remove the account,
    `error_code` the reason of its failure.
    """

    __tablename__ = "leftovers"
    __table_args__ = (Index(None, "workspace_id", "created_at", "id"),)

    media_server_id: Mapped[UUID] = mapped_column(
        ForeignKey("media_servers.id", ondelete="CASCADE"), index=True
    )
    guest_name: Mapped[str] = mapped_column(String(100))
    external_user_id: Mapped[str | None] = mapped_column(String(254))
    plan: Mapped[str] = mapped_column(info={"sealed": True})
    tried_at: Mapped[datetime | None]
    error_code: Mapped[str | None] = mapped_column(String(50))

    server: Mapped[MediaServer] = relationship(lazy="raise")
