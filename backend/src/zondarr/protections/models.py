"""The table of protections."""

from datetime import datetime
from typing import Any, ClassVar, override
from uuid import UUID

from sqlalchemy import (
    Dialect,
    ForeignKey,
    Index,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from zondarr.core.models import Entity, WorkspaceOwned
from zondarr.core.search import Searched

ALL_INSIGHTS = ""
"""The stored `insight` of a protection from every insight. It is no null, since nulls
are never equal in a unique constraint."""


class LanguageTags(TypeDecorator[list[str]]):
    """Language tags, stored as one text, so that SQL can compare and group them."""

    impl = String(800)
    cache_ok = True

    @override
    def process_bind_param(
        self, value: list[str] | None, dialect: Dialect
    ) -> str | None:
        return None if value is None else ",".join(value)

    @override
    def process_result_value(
        self, value: Any | None, dialect: Dialect
    ) -> list[str] | None:
        return None if value is None else [tag for tag in value.split(",") if tag]


class Protection(WorkspaceOwned, Searched, Entity):
    """What is protected, from which insight, until when, and by whom.

    `scope_key` names what is protected in one text, for the unique constraint; the ids
    are what queries use. A season has `title_id` and `season`, an episode also
    `number`. `library_id` is no foreign key: a protection outlives its library. While
    the library is gone, the protection applies to one of the same name or folders on
    the same server, by `library_name`, `library_location_key` and `server_machine_id`.

    `audio` and `subtitles` replace the language policy for the title, null leaves a
    part of it as it is. Such a protection does not hide anything by itself.

    It is active until `expires_at`, by the clock at the time of the question.
    """

    __tablename__ = "protections"
    workspace_indexed: ClassVar = False
    __table_args__ = (
        UniqueConstraint("workspace_id", "scope_key", "insight"),
        Index(None, "workspace_id", "created_at", "id"),
        Index(None, "workspace_id", "library_id"),
        Index(None, "title_id"),
    )
    search_fields: ClassVar = ("library_name", "note", "author_name")

    scope_key: Mapped[str] = mapped_column(String(120))
    title_id: Mapped[UUID | None] = mapped_column(ForeignKey("titles.id"))
    season: Mapped[int | None]
    number: Mapped[int | None]
    library_id: Mapped[UUID | None]
    library_name: Mapped[str | None] = mapped_column(String(300))
    library_location_key: Mapped[str | None] = mapped_column(String(32))
    server_machine_id: Mapped[str | None] = mapped_column(String(100))
    request_id: Mapped[UUID | None]
    insight: Mapped[str] = mapped_column(String(20), default=ALL_INSIGHTS)
    audio: Mapped[list[str] | None] = mapped_column(LanguageTags())
    subtitles: Mapped[list[str] | None] = mapped_column(LanguageTags())
    preset: Mapped[str | None] = mapped_column(String(40))
    note: Mapped[str | None] = mapped_column(Text)
    author_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL")
    )
    author_name: Mapped[str] = mapped_column(String(254), default="")
    expires_at: Mapped[datetime | None]

    stand_ins = frozenset[UUID]()
    """Libraries that stand in for a gone one; set by the repository."""

    @property
    def library_ids(self) -> frozenset[UUID]:
        """Its library, and those that stand in for it while it is gone."""
        own = () if self.library_id is None else (self.library_id,)
        return frozenset((*own, *self.stand_ins))
