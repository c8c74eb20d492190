"""Media servers and their libraries."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from zondarr.core.models import Entity, WorkspaceOwned
from zondarr.core.search import Named
from zondarr.media.types import ServerType


class ServerState(StrEnum):
    """The server's state at the last check."""

    OK = "ok"
    STARTING = "starting"
    UNREACHABLE = "unreachable"
    UNAUTHORIZED = "unauthorized"
    IDENTITY_CHANGED = "identity_changed"
    """Another server responds there: its data is not about the stored one."""
    UNKNOWN = "unknown"


class MediaServer(WorkspaceOwned, Named, Entity):
    """A Jellyfin or Plex server. `api_key` is sealed; `machine_id` is its own id.

    `url` is where we reach it, `public_url` the address for guests if that is
    different.
    """

    __tablename__ = "media_servers"
    search_fields = ("name", "url", "public_url")

    name: Mapped[str] = mapped_column(String(100))
    server_type: Mapped[ServerType]
    url: Mapped[str] = mapped_column(String(500))
    public_url: Mapped[str | None] = mapped_column(String(500))
    api_key: Mapped[str] = mapped_column(info={"sealed": True})
    enabled: Mapped[bool] = mapped_column(default=True)
    state: Mapped[ServerState] = mapped_column(default=ServerState.UNKNOWN)
    checked_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    version: Mapped[str | None] = mapped_column(String(50))
    machine_id: Mapped[str | None] = mapped_column(String(100))
    libraries_synced_at: Mapped[datetime | None]

    @property
    def api_key_set(self) -> bool:
        return bool(self.api_key)


class Library(WorkspaceOwned, Named, Entity):
    """A library on a server; `missing_since` is set while the server lacks it.

    `location_key` is a hash of its folders, null if the server did not report them.
    """

    __tablename__ = "libraries"
    __table_args__ = (UniqueConstraint("media_server_id", "external_id"),)
    search_fields = ("name",)

    media_server_id: Mapped[UUID] = mapped_column(
        ForeignKey("media_servers.id", ondelete="CASCADE")
    )
    external_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(300))
    library_type: Mapped[str] = mapped_column(String(50))
    location_key: Mapped[str | None] = mapped_column(String(32))
    missing_since: Mapped[datetime | None]
