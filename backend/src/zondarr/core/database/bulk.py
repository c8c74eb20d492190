"""Many rows at a time, as the driver takes them.

SQLAlchemy spends more time on a row than SQLite does. Here it compiles a statement and
names the conversion of each column, once. The rows are converted column by column and
go to the driver as tuples; each gets the workspace of its session.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Column, Enum, Table, Uuid, bindparam, update
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.types import DateTime, TypeDecorator, TypeEngine

from zondarr.core.clock import utc_now
from zondarr.core.models import Base
from zondarr.core.search import Named, Searched, name_key_of, search_text_of

type Convert = Callable[[Any], Any]
type Values = Sequence[Any]
type Columns = Mapping[str, Values]

WORKSPACE = "workspace_id"
KEPT = 4096
"""Converted values that are remembered for each column: times and enums repeat."""
_ROW = "row_"
"""Begins the names of the parameters that find a row."""


class BulkStatement:
    """A compiled statement for rows that have values for the columns `names`."""

    def __init__(
        self,
        entity: type[Base],
        statement: UpdateBase,
        names: Sequence[str],
        *,
        dialect: Dialect,
        inserts: bool,
    ) -> None:
        self.entity = entity
        self.table = cast("Table", entity.__table__)
        self.names = tuple(names)
        self.derived = _derived(entity, names) if inserts else {}
        given = {*names, *self.derived, WORKSPACE}
        self.defaults = [
            column.name
            for column in self.table.columns
            if column.name not in given
            and (column.default if inserts else column.onupdate) is not None
        ]
        columns = [*names, *self.derived, *self.defaults, WORKSPACE]
        if not inserts:
            # What finds the row stays.
            columns = [*names[1:], *self.defaults]
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        self.sql = str(compiled)
        self.order = [
            name.removeprefix(_ROW)
            for name in cast("Sequence[str]", getattr(compiled, "positiontup", ()))
        ]
        self.conversions = {
            name: _conversion(self.table.c[name], dialect) for name in set(self.order)
        }

    def parameters(
        self, rows: Iterable[Values], workspace_id: UUID
    ) -> list[tuple[Any, ...]]:
        """The rows as the driver takes them, in the order of the statement."""
        columns: dict[str, Values] = dict(
            zip(self.names, zip(*rows, strict=True), strict=True)
        )
        count = len(columns[self.names[0]])
        for name, derive in self.derived.items():
            columns[name] = tuple(derive(columns, count))
        for name in self.defaults:
            columns[name] = self._default(name, count)
        columns[WORKSPACE] = [workspace_id] * count
        ready = (self._converted(name, columns[name]) for name in self.order)
        return list(zip(*ready, strict=True))

    def _converted(self, name: str, values: Values) -> Iterable[Any]:
        convert = self.conversions[name]
        if convert is None:
            return values
        if name == WORKSPACE:
            return repeat(convert(values[0]), len(values))
        return map(convert, values)

    def _default(self, name: str, count: int) -> Values:
        column = self.table.c[name]
        if isinstance(_plain(column.type), DateTime):
            return [utc_now()] * count
        default: Any = column.default
        if default.is_scalar:
            return [default.arg] * count
        return [default.arg(None) for _ in range(count)]


@lru_cache(100)
def insert_of(
    entity: type[Base], names: Sequence[str], dialect: Dialect
) -> BulkStatement:
    statement = cast("Table", entity.__table__).insert()
    return BulkStatement(entity, statement, names, dialect=dialect, inserts=True)


@lru_cache(100)
def update_of(
    entity: type[Base], names: Sequence[str], dialect: Dialect
) -> BulkStatement:
    """The first of `names` finds the row, and the workspace; the others change."""
    table = cast("Table", entity.__table__)
    found = [
        column == bindparam(_ROW + column.name, type_=column.type)
        for column in (table.c[names[0]], table.c[WORKSPACE])
    ]
    statement = update(table).where(*found)
    return BulkStatement(entity, statement, names, dialect=dialect, inserts=False)


def _derived(
    entity: type[Base], names: Sequence[str]
) -> dict[str, Callable[[Columns, int], Iterable[str]]]:
    """The keys of a table whose rows are found by their names."""
    if not issubclass(entity, Searched):
        return {}
    fields = [name for name in entity.search_fields if name in names]

    def texts(columns: Columns, count: int) -> Iterable[str]:
        if not fields:
            return repeat("", count)
        return map(
            search_text_of, zip(*(columns[name] for name in fields), strict=True)
        )

    def keys(columns: Columns, count: int) -> Iterable[str]:
        first = entity.search_fields[0]
        named = columns[first] if first in names else repeat(None, count)
        return (name_key_of([name]) for name in named)

    derived = {"search_text": texts}
    return derived | {"name_key": keys} if issubclass(entity, Named) else derived


def _plain(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    return type_.impl_instance if isinstance(type_, TypeDecorator) else type_


def _conversion(column: Column[Any], dialect: Dialect) -> Convert | None:
    convert = column.type.dialect_impl(dialect).bind_processor(dialect)
    if convert is None:
        return None
    plain = _plain(column.type)
    if isinstance(plain, Uuid) and dialect.name == "sqlite":
        return _hex
    if isinstance(plain, Enum | DateTime):
        return lru_cache(KEPT)(convert)
    return convert


def _hex(value: UUID | None) -> str | None:
    return None if value is None else value.hex
