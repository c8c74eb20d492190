"""Media servers and their libraries."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from zondarr.core.models import Base, Entity, WorkspaceOwned
from zondarr.media.types import ServerType


class ServerState(StrEnum):
    """How the server was when it was last asked."""

    OK = "ok"
    STARTING = "starting"
    UNREACHABLE = "unreachable"
    UNAUTHORIZED = "unauthorized"
    UNKNOWN = "unknown"


class MediaServer(WorkspaceOwned, Entity):
    """A Jellyfin or Plex server. `api_key` is sealed; `machine_id` is its own id."""

    __tablename__ = "media_servers"

    name: Mapped[str] = mapped_column(String(100))
    server_type: Mapped[ServerType]
    url: Mapped[str] = mapped_column(String(500))
    api_key: Mapped[str] = mapped_column(info={"sealed": True})
    enabled: Mapped[bool] = mapped_column(default=True)
    state: Mapped[ServerState] = mapped_column(default=ServerState.UNKNOWN)
    checked_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    version: Mapped[str | None] = mapped_column(String(50))
    machine_id: Mapped[str | None] = mapped_column(String(100))
    libraries_synced_at: Mapped[datetime | None]


class Library(WorkspaceOwned, Entity):
    """A content collection on a server; `missing_since` when the server lost it."""

    __tablename__ = "libraries"
    __table_args__ = (UniqueConstraint("media_server_id", "external_id"),)

    media_server_id: Mapped[UUID] = mapped_column(
        ForeignKey("media_servers.id", ondelete="CASCADE")
    )
    external_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(300))
    library_type: Mapped[str] = mapped_column(String(50))
    missing_since: Mapped[datetime | None]


class PlexDevice(Base):
    """What this installation calls itself to plex.tv: one row, never changed, for
    plex.tv slows down those who share a name."""

    __tablename__ = "plex_device"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    client_id: Mapped[UUID]


class PlexSignIn(Entity):
    """Somebody on his way through Plex's sign-in page, and back.

    It belongs to whoever began it, of whom `holder` is the fingerprint: a guest's
    browser or an account. `pin` is plex.tv's number and never leaves us, `token` is
    sealed; `asked_at` is when plex.tv was asked last.
    """

    __tablename__ = "plex_sign_ins"

    holder: Mapped[str] = mapped_column(String(64))
    pin: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    asked_at: Mapped[datetime | None]
    token: Mapped[str | None] = mapped_column(info={"sealed": True})
    plex_id: Mapped[str | None] = mapped_column(String(50))
    email: Mapped[str | None] = mapped_column(String(254))
    username: Mapped[str | None] = mapped_column(String(254))
    error: Mapped[str | None] = mapped_column(String(20))
