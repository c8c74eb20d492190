"""Checks, once for each compiled statement, whether it stays in one workspace.

The compiler sees what is really sent: after the ORM added its criteria, with every
subquery, CTE and join. It records for each table in a FROM clause, an UPDATE or a
DELETE

- which bound values limit its rows to a workspace (`scope_binds`), or
- why they are not limited (`scope_faults`).

A table is limited by `table.workspace_id = :value` among the conditions that all rows
must meet. A table without that column (an association table) is limited when it is
joined by a foreign key to one with it; a table with no such reference belongs to no
workspace, and needs no limit. Textual SQL cannot be analysed, so it is a fault.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import operators
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import (
    BinaryExpression,
    BindParameter,
    BooleanClauseList,
    Grouping,
)
from sqlalchemy.sql.selectable import FromClause, Join

WORKSPACES = "workspaces"
_PLAIN_WORD = re.compile(r"\*|\w+")
_PLAIN_OPERATOR = re.compile(r"[^\w\s()'\";]{1,5}|[A-Za-z]+( [A-Za-z]+)?")


type _FindFault = Callable[..., str | None]


def _noting(visitor: str, find_fault: _FindFault) -> Any:
    """Wraps a method of the compiler to record a fault first."""

    def visit(self: ScopeCompiler, *args: Any, **kw: Any) -> Any:
        fault = find_fault(self, *args, **kw)
        if fault is not None:
            self.note_fault(fault)
        return getattr(super(ScopeCompiler, self), visitor)(*args, **kw)

    return visit


def _always(fault: str) -> _FindFault:
    return lambda *_, **__: fault


def _in_table(
    compiler: ScopeCompiler, table: FromClause, asfrom: bool = False, **kw: Any
) -> str | None:
    if not asfrom:
        return None
    alias = kw.get("enclosing_alias")
    shown_as = alias if alias is not None and alias.element is table else table
    stack: list[Any] = compiler.stack
    conditions = list(_conditions(stack[-1], shown_as)) if stack else []
    bind = _workspace_bind(table, shown_as, conditions)
    if bind is not None:
        compiler.scope_binds = (*compiler.scope_binds, bind)
    elif not _is_linked(table, shown_as, conditions):
        return f"the table {getattr(table, 'name', '?')}"
    return None


def _in_column(_compiler: object, column: Any, *_: Any, **__: Any) -> str | None:
    if column.is_literal and not _PLAIN_WORD.fullmatch(column.name):
        return "a column in words"
    return None


def _in_operator(
    _compiler: object, _element: object, operator: Any, **_: Any
) -> str | None:
    if not _PLAIN_OPERATOR.fullmatch(operator.opstring):
        return "an operator in words"
    return None


class ScopeCompiler(SQLCompiler):
    """Mixed into the compiler of each dialect by `check_scope`."""

    scope_binds: tuple[BindParameter[Any], ...] = ()
    scope_faults: tuple[str, ...] = ()
    _scope_names: tuple[str, ...] | None = None

    @property
    def scope_names(self) -> tuple[str, ...]:
        """The names of the parameters that must hold the workspace's id."""
        if self._scope_names is None:
            names = [self.bind_names.get(bind) for bind in self.scope_binds]
            if None in names:
                self.note_fault("a criterion that was not sent")
            self._scope_names = tuple(name for name in names if name is not None)
        return self._scope_names

    def note_fault(self, fault: str) -> None:
        self.scope_faults = (*self.scope_faults, fault)

    visit_table = _noting("visit_table", _in_table)
    visit_column = _noting("visit_column", _in_column)
    visit_insert = _noting("visit_insert", _always("rows that are not objects"))
    visit_textclause = _noting("visit_textclause", _always("SQL in words"))
    visit_tstring = _noting("visit_tstring", _always("SQL in words"))
    visit_custom_op_binary = _noting("visit_custom_op_binary", _in_operator)
    visit_custom_op_unary_operator = _noting(
        "visit_custom_op_unary_operator", _in_operator
    )
    visit_custom_op_unary_modifier = _noting(
        "visit_custom_op_unary_modifier", _in_operator
    )
    get_statement_hint_text = _noting("get_statement_hint_text", _always("a hint"))
    format_from_hint_text = _noting("format_from_hint_text", _always("a hint"))


def check_scope(dialect: Dialect) -> None:
    """Compile the statements of this dialect's engine with the check."""
    compiler = dialect.statement_compiler
    dialect.statement_compiler = type(
        f"Scope{compiler.__name__}", (ScopeCompiler, compiler), {}
    )


def _conditions(entry: Any, shown_as: FromClause) -> Iterator[BinaryExpression[Any]]:
    """The equalities that every row of this table in this statement meets."""
    yield from _equalities(entry["selectable"].whereclause)
    for join in entry["asfrom_froms"]:
        if not isinstance(join, Join) or join.full:
            continue
        # The ON clause of an outer join limits only the rows of its right side.
        if not join.isouter or _contains(join.right, shown_as):
            yield from _equalities(join.onclause)


def _contains(joined: FromClause, shown_as: FromClause) -> bool:
    if isinstance(joined, Join):
        return _contains(joined.left, shown_as) or _contains(joined.right, shown_as)
    return _same(joined, shown_as)


def _equalities(
    condition: object,
) -> Iterator[BinaryExpression[Any]]:
    match condition:
        case Grouping():
            yield from _equalities(condition.element)
        case BooleanClauseList() if condition.operator is operators.and_:
            for each in condition.clauses:
                yield from _equalities(each)
        case BinaryExpression() if condition.operator is operators.eq:
            yield condition
        case _:
            return


def _workspace_bind(
    table: FromClause, shown_as: FromClause, conditions: list[BinaryExpression[Any]]
) -> BindParameter[Any] | None:
    """The value that one of the conditions compares the table's workspace with."""
    name = _owner_column(table)
    for each in conditions:
        column, value = each.left, each.right
        if (
            isinstance(value, BindParameter)
            and getattr(column, "name", None) == name
            and _same(getattr(column, "table", None), shown_as)
        ):
            return value
    return None


def belongs_to_nobody(table: Table) -> bool:
    """Whether its rows belong to the installation, not to a workspace."""
    return _owner_column(table) is None and not table.foreign_keys


def _owner_column(table: Any) -> str | None:
    if not isinstance(table, Table):
        return None
    if table.name == WORKSPACES:
        return "id"
    columns: Any = cast("Any", table).columns
    return "workspace_id" if "workspace_id" in columns else None


def _is_linked(
    table: FromClause, shown_as: FromClause, conditions: list[BinaryExpression[Any]]
) -> bool:
    """Whether a table without a workspace is joined by a foreign key to one with it.

    Whether that table is limited is checked where it is read.
    """
    if _owner_column(table) == "workspace_id" or not isinstance(table, Table):
        return False
    if belongs_to_nobody(cast("Any", table)):
        return True
    for each in conditions:
        for here, there in ((each.left, each.right), (each.right, each.left)):
            if _same(getattr(here, "table", None), shown_as) and _refer(here, there):
                return True
    return False


def _refer(here: Any, there: Any) -> bool:
    for one in here.base_columns:
        for other in there.base_columns:
            if not hasattr(other, "references") or not hasattr(one, "references"):
                continue
            if _owner_column(other.table) != "workspace_id":
                continue
            if one.references(other) or other.references(one):
                return True
    return False


def _same(one: FromClause | None, other: FromClause) -> bool:
    """Compares by hash: ORM statements contain annotated copies with the original's
    hash.
    """
    return one is other or (one is not None and hash(one) == hash(other))
