"""Whether a column's value is among many given ones.

`column.in_(values)` has a parameter for each value, which SQLAlchemy renders and
converts anew for each statement. Here all values are one parameter: an array on
PostgreSQL, JSON on SQLite.
"""

import json
from collections.abc import Iterable
from typing import Any, cast, override

from sqlalchemy import BindParameter, ColumnElement, Dialect, Text, Uuid, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine


class _Many(TypeDecorator[list[Any]]):
    """Texts or ids as one value."""

    impl = Text
    cache_ok = True

    def __init__(self, *, of_ids: bool) -> None:
        super().__init__()
        self.of_ids = of_ids

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            item: TypeEngine[Any] = Uuid() if self.of_ids else Text()
            return dialect.type_descriptor(ARRAY(item))
        return dialect.type_descriptor(Text())

    @override
    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return json.dumps([each.hex for each in value] if self.of_ids else value)


class _Among(FunctionElement[bool]):
    """A column and the values. As a Boolean, it would be compared with 1 on SQLite, and
    no index be used.
    """

    inherit_cache = True
    type = cast("TypeEngine[bool]", NullType())


def among(column: Any, values: Iterable[Any], /) -> ColumnElement[bool]:
    """Like `column.in_(values)`, for a column of texts or ids."""
    return _Among(column, _many(column, values))


class _NotAmong(_Among):
    inherit_cache = True


def not_among(column: Any, values: Iterable[Any], /) -> ColumnElement[bool]:
    """Like `column.not_in(values)`; there may be very many."""
    return _NotAmong(column, _many(column, values))


def _many(column: Any, values: Iterable[Any]) -> BindParameter[Any]:
    of_ids = isinstance(column.type, Uuid)
    return bindparam(None, list(values), type_=_Many(of_ids=of_ids), unique=True)


@compiles(_Among)
def _in_array(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, many = (compiler.process(one, **options) for one in element.clauses)
    return f"({column} = ANY ({many}))"


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, many = (compiler.process(one, **options) for one in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({many})))"  # noqa: S608


@compiles(_NotAmong)
def _not_in_array(element: _NotAmong, compiler: SQLCompiler, **options: Any) -> str:
    column, many = (compiler.process(one, **options) for one in element.clauses)
    return f"({column} NOT IN (SELECT unnest({many})))"


@compiles(_NotAmong, "sqlite")
def _not_in_json(element: _NotAmong, compiler: SQLCompiler, **options: Any) -> str:
    column, many = (compiler.process(one, **options) for one in element.clauses)
    return f"({column} NOT IN (SELECT value FROM json_each({many})))"  # noqa: S608
