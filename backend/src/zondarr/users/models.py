"""Identities, and their users on media servers."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast, override
from uuid import UUID

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    func,
    inspect,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import (
    Mapped,
    declared_attr,
    mapped_column,
    object_session,
    relationship,
)
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from zondarr.core.models import Entity, UTCDateTime, WorkspaceOwned, only_on
from zondarr.core.search import Named
from zondarr.media.types import AccessSnapshot, ServerType, ShareStatus
from zondarr.servers.models import MediaServer


class Identity(WorkspaceOwned, Named, Entity):
    """A person. `expires_at` is the latest end of access of their users.

    The names of their accounts are searched too.
    """

    __tablename__ = "identities"
    __table_args__ = (
        Index(None, "workspace_id", "created_at", "id"),
        only_on("postgresql", Index(None, "workspace_id", "name_key", "id")),
        # Includes the searched text: SQLite reads only this index. The text would be
        # too
        # long for PostgreSQL.
        only_on(
            "sqlite",
            Index(
                "ix_identities_by_name", "workspace_id", "name_key", "id", "search_text"
            ),
        ),
    )
    search_fields = ("display_name", "email")

    display_name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str | None] = mapped_column(String(254))
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    enabled: Mapped[bool] = mapped_column(default=True)

    users: Mapped[list[User]] = relationship(
        back_populates="identity",
        lazy="raise",
        passive_deletes="all",
        order_by="User.id",
    )

    @override
    def search_names(self) -> Iterable[str | None]:
        users: Sequence[User] = inspect(self).dict.get("users", ())
        return (*super().search_names(), *(user.username for user in users))

    @override
    def refresh_keys(self) -> None:
        state = inspect(self)
        if state.persistent and "users" in state.unloaded:
            names = (state.attrs[name] for name in self.search_fields)
            if any(name.history.has_changes() for name in names):
                raise RuntimeError("a person is renamed with all accounts loaded")
            return
        super().refresh_keys()


class Forever(FunctionElement[datetime]):
    """The sort value of people without an end.

    Written out as a literal: an index on an expression is used for that exact
    expression only.
    """

    inherit_cache = True
    type = UTCDateTime()


@compiles(Forever)
def _in_utc(_: Forever, _compiler: SQLCompiler, **_options: Any) -> str:
    return "'9999-12-31 00:00:00+00'::timestamptz"


@compiles(Forever, "sqlite")
def _without_zone(_: Forever, _compiler: SQLCompiler, **_options: Any) -> str:
    return "'9999-12-31 00:00:00.000000'"


LAST_END = func.coalesce(Identity.expires_at, Forever())
"""Sort key of the end of access; never null."""

Index("ix_identities_by_end", Identity.workspace_id, LAST_END, Identity.id)


class User(WorkspaceOwned, Named, Entity):
    """A person's account on one server.

    `access_ended_at` is set when access was ended because of `expires_at`;
    `missing_since` is when the server was first found without the account. On servers
    that cannot disable, access is revoked and restored: `access_before` is the access
    from before us, which is kept; `access_taken` is what was revoked and will be
    restored. Both are in the client's own format (`snapshot_access`).
    """

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("media_server_id", "external_user_id"),
        Index(None, "workspace_id", "created_at", "id"),
        Index(None, "workspace_id", "identity_id", "username"),
    )
    search_fields = ("username",)

    # No index of its own, as other tables have: without statistics SQLite would use
    # it to find some people's accounts, and read the whole workspace.
    @declared_attr
    @override
    def workspace_id(self) -> Mapped[UUID]:
        return mapped_column(
            ForeignKey("workspaces.id", ondelete="CASCADE"), sort_order=-9
        )

    identity_id: Mapped[UUID] = mapped_column(
        ForeignKey("identities.id", ondelete="CASCADE"), index=True
    )
    media_server_id: Mapped[UUID] = mapped_column(
        ForeignKey("media_servers.id", ondelete="CASCADE")
    )
    external_user_id: Mapped[str] = mapped_column(String(254))
    username: Mapped[str] = mapped_column(String(254))
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    enabled: Mapped[bool] = mapped_column(default=True)
    access_ended_at: Mapped[datetime | None]
    missing_since: Mapped[datetime | None]
    standing: Mapped[ShareStatus] = mapped_column(
        default=ShareStatus.ACCEPTED, server_default=ShareStatus.ACCEPTED.value
    )
    share_id: Mapped[str | None] = mapped_column(String(50))
    access_before: Mapped[AccessSnapshot | None] = mapped_column(
        JSON(none_as_null=True)
    )
    access_taken: Mapped[AccessSnapshot | None] = mapped_column(JSON(none_as_null=True))

    identity: Mapped[Identity] = relationship(back_populates="users", lazy="raise")
    server: Mapped[MediaServer] = relationship(lazy="raise")

    @override
    def refresh_keys(self) -> None:
        super().refresh_keys()
        session = object_session(self)
        owner = cast("UUID | None", self.identity_id)
        if session is not None and owner is not None:
            person = session.identity_map.get(identity_key(Identity, owner))
            if person is not None:
                person.refresh_keys()

    @hybrid_property
    def access_is_taken(self) -> bool:
        """Access was revoked and can be restored."""
        return self.access_taken is not None and not self.enabled

    @access_is_taken.inplace.expression
    @classmethod
    def _access_is_taken(cls) -> ColumnElement[bool]:
        return and_(cls.access_taken.is_not(None), ~cls.enabled)

    @property
    def server_name(self) -> str:
        return self.server.name

    @property
    def server_type(self) -> ServerType:
        return self.server.server_type
