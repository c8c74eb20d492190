"""Workspaces, accounts and sessions; these tables are shared by the installation."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from zondarr.core.models import Base, Entity, WorkspaceOwned

EMAIL_LENGTH = 254
USER_AGENT_LENGTH = 400


class Role(StrEnum):
    """What an account may do: everything, everything but accounts, or only read."""

    OWNER = "owner"
    ADMIN = "admin"
    VIEWER = "viewer"


class Installation(Base):
    """At most one row, which exists once the installation has an owner.

    Its primary key decides which of two simultaneous set-ups succeeds.
    """

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    set_up_at: Mapped[datetime]


class Workspace(Entity):
    """Everything one operator owns."""

    __tablename__ = "workspaces"

    name: Mapped[str] = mapped_column(String(100))


class Account(WorkspaceOwned, Entity):
    """A person who signs in. The e-mail address is stored in lower case."""

    __tablename__ = "accounts"

    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role]
    enabled: Mapped[bool] = mapped_column(default=True)


class AccountSession(WorkspaceOwned, Entity):
    """A signed-in browser. Only the fingerprint of its cookie is stored.

    `last_seen_at` is exact to the hour: it is written when the session is extended.
    """

    __tablename__ = "account_sessions"

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    user_agent: Mapped[str | None] = mapped_column(String(USER_AGENT_LENGTH))
    address: Mapped[str] = mapped_column(String(50))
