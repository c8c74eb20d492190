"""Inserts that handle existing rows."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import batched
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, inspect
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapper

from zondarr.core.database.bulk import BulkStatement
from zondarr.core.database.errors import WorkspaceMissingError
from zondarr.core.models import Base

BATCH = 250
"""Rows per statement; SQLAlchemy splits it further where a driver accepts fewer
parameters. Between batches, other tasks run.
"""

_DERIVED = ("updated_at", "search_text", "name_key")
"""Attributes that the insert computes from the others."""

type Row = Mapping[str, Any]


def insert(dialect: str, entity: type[Base]) -> Insert:
    """An insert with `on_conflict_…`, which both databases spell alike."""
    rows = cast("Table", entity.__table__)
    if dialect == "postgresql":
        return postgresql_insert(rows)
    return cast("Insert", cast("object", sqlite_insert(rows)))


def upsert(
    dialect: str, entity: type[Base], names: Sequence[str], key: Sequence[str]
) -> Insert:
    """Writes rows of one workspace: new ones, and those whose key exists.

    `names` are the attributes of the rows, `key` those of a unique constraint. If the
    key belongs to a row of another workspace, nothing is written.
    """
    columns = _columns(entity)
    statement = insert(dialect, entity)
    changed = [name for name in names if name not in {*key, "workspace_id"}]
    changed += [name for name in _DERIVED if name in columns]
    values = {columns[name]: statement.excluded[columns[name]] for name in changed}
    return statement.on_conflict_do_update(
        index_elements=[columns[name] for name in key],
        set_=values or {"workspace_id": statement.excluded["workspace_id"]},
        where=statement.table.c.workspace_id == statement.excluded["workspace_id"],
    )


@lru_cache(100)
def bulk_upsert(
    entity: type[Base], names: Sequence[str], key: Sequence[str], dialect: Dialect
) -> BulkStatement:
    """The same for a driver that counts the rows it wrote, as SQLite's does."""
    columns = [_columns(entity)[name] for name in names]
    statement = upsert(dialect.name, entity, names, key)
    return BulkStatement(entity, statement, columns, dialect=dialect, inserts=True)


def stamped(
    entity: type[Base], rows: Sequence[Row], key: Sequence[str], workspace_id: UUID
) -> Iterator[list[dict[str, Any]]]:
    """The rows in batches, by column names, with their workspace.

    Of several rows with the same key the last one counts.
    """
    columns = _columns(entity)
    single = {tuple(row[name] for name in key): row for row in rows}
    for batch in batched(single.values(), BATCH, strict=False):
        values = [{columns[name]: row[name] for name in row} for row in batch]
        for each in values:
            if each.setdefault("workspace_id", workspace_id) != workspace_id:
                raise WorkspaceMissingError("a row of another workspace")
        yield values


def _columns(entity: type[Base]) -> dict[str, str]:
    """The table's column for each attribute."""
    mapper = cast("Mapper[Any]", inspect(entity))
    return {each.key: each.columns[0].name for each in mapper.column_attrs}
