"""The table of settings."""

from typing import ClassVar

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from zondarr.core.models import Entity, WorkspaceOwned


class WorkspaceSetting(WorkspaceOwned, Entity):
    """A setting that was changed; the others have their default."""

    __tablename__ = "workspace_settings"
    workspace_indexed: ClassVar = False
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    name: Mapped[str] = mapped_column(String(64))
    value: Mapped[dict[str, object]] = mapped_column(JSON)
