"""The columns shared by all tables: keys, times, and the workspace."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, override
from uuid import UUID, uuid7

from sqlalchemy import (
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    MetaData,
    TypeDecorator,
    Uuid,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import JSON

from zondarr.core.clock import in_utc, utc_now
from zondarr.core.types import JsonValue

type MaybeJson = dict[str, JsonValue] | None
"""An object or None; None is stored as NULL, so that SQL can test it."""


class UTCDateTime(TypeDecorator[datetime]):
    """Aware UTC in Python on both databases; SQLite stores no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return in_utc(value)

    @override
    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def only_on(dialect: str, index: Index) -> Index:
    """An index on one kind of database only."""
    index.ddl_if(dialect=dialect)
    index.info["only_on"] = dialect
    return index


def _words_of(words: type[StrEnum]) -> list[str]:
    return [word.value for word in words]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: Any = {
        # Text in the table, an enum in Python; a new value needs no migration.
        StrEnum: Enum(StrEnum, native_enum=False, length=20, values_callable=_words_of),
        datetime: UTCDateTime,
        UUID: Uuid,
        JsonValue: JSON,
        MaybeJson: JSON(none_as_null=True),
        dict[str, JsonValue]: JSON,
        list[str]: JSON,
    }


class Entity(Base):
    """A row with a key that sorts by creation, and the times of creation
    and change.
    """

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, sort_order=-10)
    created_at: Mapped[datetime] = mapped_column(default=utc_now, sort_order=90)
    updated_at: Mapped[datetime] = mapped_column(
        default=utc_now, onupdate=utc_now, sort_order=91
    )


class WorkspaceOwned:
    """A row of one workspace; `core.database` hides it from all others.

    A table whose rows are found by something else has no index on the workspace. No
    cached answer (`core.database.cache`) has anything of a table that is not `cached`,
    so writing to it leaves them valid.
    """

    workspace_indexed: ClassVar[bool] = True
    cached: ClassVar[bool] = True

    @declared_attr
    def workspace_id(self) -> Mapped[UUID]:
        return mapped_column(
            ForeignKey("workspaces.id", ondelete="CASCADE"),
            index=self.workspace_indexed,
            sort_order=-9,
        )
