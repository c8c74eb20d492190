"""Sessions that see one workspace.

A session is opened *for* a workspace, or `unscoped` with the reason why it may see all
of them. In a session for a workspace

- ORM statements get the criterion `workspace_id = …` for every entity in them;
- new rows get the workspace, and a row of another one cannot be added or changed;
- every statement is checked before it is sent: one that is not limited to the
workspace is refused, also on `session.connection()`. A Core statement is allowed with
an explicit criterion: `.where(session.owns(table))`. Textual SQL is not.

PostgreSQL checks the same again with row-level security.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import batched
from typing import TYPE_CHECKING, Any, Literal, cast, override
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    event,
    inspect,
    text,
)
from sqlalchemy.engine import Dialect, ExecutionContext
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, with_loader_criteria
from sqlalchemy.orm import Session as SyncSession
from sqlalchemy.orm.interfaces import ORMOption

from zondarr.core.database.bulk import BulkStatement, insert_of, update_of
from zondarr.core.database.errors import WorkspaceMissingError, translated
from zondarr.core.database.scope_check import (
    ScopeCompiler,
    belongs_to_nobody,
    check_scope,
)
from zondarr.core.database.upsert import BATCH, bulk_upsert, stamped, upsert
from zondarr.core.exceptions import RefusedError
from zondarr.core.models import Base, WorkspaceOwned
from zondarr.core.search import Searched

_SESSION = "zondarr_session"
STAMPED = {"zondarr_stamped": True}
"""The execution option of a statement whose rows were given the workspace."""

type Unscoped = Literal[
    "sign-in",
    "set-up",
    "join page",
    "background job",
    "durable work",
    "key rotation",
    "command line",
    "health",
]
"""The reasons why a session may see every workspace. The list is short on purpose."""


class _ScopedSession(SyncSession):
    """Adds the workspace to every statement and to every new row."""

    is_flushing = False
    """Whether the statements sent now are those of objects that were checked."""

    @property
    def workspace_id(self) -> UUID | None:
        return cast("UUID | None", self.info.get("workspace_id"))

    @property
    def unscoped(self) -> bool:
        return bool(self.info.get("unscoped"))

    @override
    def flush(self, objects: Sequence[Any] | None = None) -> None:
        self.is_flushing = True
        try:
            super().flush(objects)
        finally:
            self.is_flushing = False


class Session(AsyncSession):
    """An `AsyncSession` that raises `RepositoryError`s.

    SQLAlchemy's exceptions are translated here and nowhere else, so repositories need
    not do it.
    """

    sync_session_class = _ScopedSession

    @property
    def workspace_id(self) -> UUID:
        """The workspace it was opened for."""
        workspace_id = self.info.get("workspace_id")
        if not isinstance(workspace_id, UUID):
            raise WorkspaceMissingError("the session was not opened for a workspace")
        return workspace_id

    @property
    def changed_cached(self) -> bool:
        """Whether it may have written what cached answers show."""
        return bool(self.info.get("unscoped")) or any(
            map(_is_cached, _written(self.info))
        )

    @property
    def dialect_name(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.get_bind().dialect.name

    def owns(self, table: Table) -> ColumnElement[bool]:
        """The criterion that a Core statement on this table needs."""
        return table.c.workspace_id == self.workspace_id

    async def upsert_rows(
        self,
        entity: type[Base],
        rows: Sequence[Mapping[str, Any]],
        *,
        key: Sequence[str],
    ) -> int:
        """Insert many rows at once, or update those whose `key` exists.

        The rows map attributes to values, all of them the same attributes; `key` names
        the attributes of a unique constraint. Each row gets the session's workspace.
        Returns the number of rows written. Raises `RefusedError` when a key belongs to
        a row of another workspace, which is not changed.
        """
        if not rows:
            return 0
        count = 0
        for values in stamped(entity, rows, key, self.workspace_id):
            if await self._upsert(entity, list(rows[0]), key, values) != len(values):
                raise RefusedError("the key of a row belongs to another workspace")
            count += len(values)
        return count

    async def _upsert(
        self,
        entity: type[Base],
        names: Sequence[str],
        key: Sequence[str],
        values: Sequence[Mapping[str, Any]],
    ) -> int:
        """The number of rows that were written. SQLite counts them; PostgreSQL returns
        them.
        """
        if self.dialect_name == "sqlite":
            bulk = bulk_upsert(entity, tuple(names), tuple(key), self._dialect)
            rows = [tuple(row[name] for name in bulk.names) for row in values]
            return await self._send(bulk, rows)
        statement = upsert(self.dialect_name, entity, names, key)
        returning = statement.returning(statement.table.c.workspace_id)
        written = await self.scalars(returning, values, execution_options=STAMPED)
        return len(written.all())

    async def insert_rows(
        self, entity: type[Base], names: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> None:
        """Insert many new rows, given as values of the attributes `names`.

        Each gets the session's workspace. Raises `DuplicateError` when one exists.
        """
        bulk = insert_of(entity, tuple(names), self._dialect)
        for some in batched(rows, BATCH, strict=False):
            await self._send(bulk, some)

    async def update_rows(
        self, entity: type[Base], names: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> None:
        """Change many rows of the workspace, given as values of the attributes `names`;
        the first of them finds the row.
        """
        bulk = update_of(entity, tuple(names), self._dialect)
        for some in batched(rows, BATCH, strict=False):
            await self._send(bulk, some)

    @property
    def _dialect(self) -> Dialect:
        return self.get_bind().dialect

    @translated
    async def _send(self, bulk: BulkStatement, rows: Sequence[Sequence[Any]]) -> int:
        """Without a check by `guard_scope`: `BulkStatement` adds the workspace."""
        values = bulk.parameters(rows, self.workspace_id)
        _written(self.info).add(bulk.table.name)
        connection = await super().connection()
        done = await connection.exec_driver_sql(
            bulk.sql, values, execution_options=STAMPED
        )
        return done.rowcount

    @override
    async def connection(self, *args: Any, **kw: Any) -> AsyncConnection:
        """Refused for a workspace: the underlying driver accepts any statement."""
        if not self.info.get("unscoped"):
            raise WorkspaceMissingError("a connection without a workspace")
        return await super().connection(*args, **kw)

    if not TYPE_CHECKING:  # type checkers use SQLAlchemy's own signatures
        execute = translated(AsyncSession.execute)
        scalar = translated(AsyncSession.scalar)
        scalars = translated(AsyncSession.scalars)
        stream = translated(AsyncSession.stream)
        stream_scalars = translated(AsyncSession.stream_scalars)
        get = translated(AsyncSession.get)
        get_one = translated(AsyncSession.get_one)
        merge = translated(AsyncSession.merge)
        refresh = translated(AsyncSession.refresh)
        delete = translated(AsyncSession.delete)
        flush = translated(AsyncSession.flush)
        commit = translated(AsyncSession.commit)


def guard_scope(engine: Engine) -> None:
    """Check each statement that a session for a workspace sends to this engine."""
    check_scope(engine.dialect)
    event.listen(engine, "before_cursor_execute", _refuse_unscoped)


def _refuse_unscoped(
    connection: Connection,
    _cursor: DBAPICursor,
    _statement: str,
    _parameters: object,
    context: ExecutionContext | None,
    _many: bool,
) -> None:
    session = connection.get_execution_options().get(_SESSION)
    if session is None or context is None:
        return
    _note_write(session, cast("Any", context))
    if session.is_flushing:
        return
    if "zondarr_stamped" in context.execution_options:
        return
    _check(session, cast("Any", context))


def _note_write(session: _ScopedSession, context: Any) -> None:
    if context.isinsert or context.isupdate or context.isdelete:
        _written(session.info).add(context.compiled.statement.table.name)


def _written(info: dict[Any, Any]) -> set[str]:
    """The tables that a session wrote to."""
    return info.setdefault("written", set[str]())


@lru_cache(500)
def _is_cached(table: str) -> bool:
    return all(
        getattr(mapper.class_, "cached", True)
        for mapper in Base.registry.mappers
        if getattr(mapper.local_table, "name", None) == table
    )


def _check(session: _ScopedSession, context: Any) -> None:
    compiled = context.compiled
    if not isinstance(compiled, ScopeCompiler):
        raise WorkspaceMissingError("SQL in words")
    names = compiled.scope_names
    if compiled.scope_faults:
        raise WorkspaceMissingError(f"not in one workspace: {compiled.scope_faults[0]}")
    for values in context.compiled_parameters:
        for name in names:
            if values[name] != session.workspace_id:
                raise WorkspaceMissingError("a statement for another workspace")


@event.listens_for(_ScopedSession, "do_orm_execute")
def _within_workspace(state: ORMExecuteState) -> None:
    session = cast("_ScopedSession", state.session)
    if session.unscoped:
        return
    workspace_id = session.workspace_id
    if workspace_id is None:
        raise WorkspaceMissingError("a statement without a workspace")
    if state.is_orm_statement:
        state.statement = state.statement.options(_rows_of(workspace_id))


@lru_cache(1000)
def _rows_of(workspace_id: UUID) -> ORMOption:
    return with_loader_criteria(
        WorkspaceOwned,
        lambda owned: owned.workspace_id == workspace_id,
        include_aliases=True,
    )


@event.listens_for(_ScopedSession, "before_attach")
def _refuse_foreign(session: SyncSession, row: object) -> None:
    """A row that was read in another session may belong to any workspace."""
    scoped = cast("_ScopedSession", session)
    state = inspect(row, raiseerr=True)
    if scoped.unscoped or state.key is None:
        return
    if not _is_nobodys(row) and _workspaces_of(row) != {scoped.workspace_id}:
        raise WorkspaceMissingError("a row of another workspace")


@event.listens_for(_ScopedSession, "before_flush")
def _stamp_workspace(session: SyncSession, _context: object, _objects: object) -> None:
    scoped = cast("_ScopedSession", session)
    if scoped.unscoped:
        return
    for row in scoped.new:
        if (
            isinstance(row, WorkspaceOwned)
            and inspect(row).dict.get("workspace_id") is None
        ):
            row.workspace_id = cast("UUID", scoped.workspace_id)
    for row in (*scoped.new, *scoped.dirty, *scoped.deleted):
        if _is_nobodys(row):
            continue
        if _workspaces_of(row) != {scoped.workspace_id}:
            raise WorkspaceMissingError("a row of another workspace")


@event.listens_for(_ScopedSession, "before_flush")
def _refresh_keys(session: SyncSession, _context: object, _objects: object) -> None:
    for row in (*session.new, *session.dirty):
        if isinstance(row, Searched):
            row.refresh_keys()


def _is_nobodys(row: object) -> bool:
    table = inspect(row, raiseerr=True).mapper.local_table
    return belongs_to_nobody(cast("Table", table))


def _workspaces_of(row: object) -> set[UUID | None]:
    """The row's workspace; and if that was changed, the earlier one too."""
    state = inspect(row, raiseerr=True)
    now = state.dict.get("workspace_id")
    before = state.committed_state.get("workspace_id", now) if state.key else now
    return {before, now}


@event.listens_for(_ScopedSession, "after_begin")
def _begin(
    session: SyncSession, _transaction: SessionTransaction, connection: Connection
) -> None:
    scoped = cast("_ScopedSession", session)
    if connection.dialect.name == "postgresql":
        _set_row_level_security(scoped, connection)
    if not scoped.unscoped:
        connection.execution_options(**{_SESSION: scoped})


def _set_row_level_security(session: _ScopedSession, connection: Connection) -> None:
    """Row-level security reads these two settings; they last for the transaction."""
    connection.execute(
        text(
            "SELECT set_config('zondarr.workspace', :workspace, true),"
            " set_config('zondarr.unscoped', :unscoped, true)"
        ),
        {
            "workspace": str(session.workspace_id or ""),
            "unscoped": "on" if session.unscoped else "off",
        },
        execution_options=STAMPED,
    )
