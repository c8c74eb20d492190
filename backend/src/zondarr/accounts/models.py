"""Workspaces, accounts and their sessions; what the whole installation shares."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from zondarr.core.models import Base, Entity, WorkspaceOwned

EMAIL_LENGTH = 254
USER_AGENT_LENGTH = 400


class Role(StrEnum):
    """What an account may do: everything, everything but accounts, or look."""

    OWNER = "owner"
    ADMIN = "admin"
    VIEWER = "viewer"


class Installation(Base):
    """One row at most, from the moment the installation has an owner.

    Its key decides which of two simultaneous set-ups is the first.
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
    """Someone who signs in. The e-mail address is stored in lower case."""

    __tablename__ = "accounts"

    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role]
    enabled: Mapped[bool] = mapped_column(default=True)


class AccountSession(WorkspaceOwned, Entity):
    """A browser that is signed in. Of its cookie only the fingerprint is kept.

    `last_seen_at` is exact to the hour: it is written when the session is prolonged.
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
