"""Sessions that see one workspace.

A session is opened *for* a workspace, or `unscoped` with the reason why it may see all
of them. A statement on rows that belong to a workspace is an error in a session that is
neither. PostgreSQL checks the same a second time with row-level security.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, cast
from uuid import UUID

from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, with_loader_criteria
from sqlalchemy.orm import Session as SyncSession
from sqlalchemy.orm.interfaces import ORMOption

from zondarr.core.database.errors import WorkspaceMissingError, translated
from zondarr.core.models import WorkspaceOwned
from zondarr.core.search import Searched

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
"""Why a session may see every workspace. The list is short on purpose."""


class _ScopedSession(SyncSession):
    """Adds the workspace to every statement and to every new row."""

    @property
    def workspace_id(self) -> UUID | None:
        return cast("UUID | None", self.info.get("workspace_id"))

    @property
    def unscoped(self) -> bool:
        return bool(self.info.get("unscoped"))


class Session(AsyncSession):
    """An `AsyncSession` whose failures are `RepositoryError`s.

    This is the one place where SQLAlchemy's exceptions are translated, so that no
    repository has to remember it.
    """

    sync_session_class = _ScopedSession

    @property
    def workspace_id(self) -> UUID:
        """The workspace it was opened for."""
        workspace_id = self.info.get("workspace_id")
        if not isinstance(workspace_id, UUID):
            raise WorkspaceMissingError("the session was not opened for a workspace")
        return workspace_id

    if not TYPE_CHECKING:  # a checker keeps to SQLAlchemy's own signatures
        execute = translated(AsyncSession.execute)
        scalar = translated(AsyncSession.scalar)
        scalars = translated(AsyncSession.scalars)
        get = translated(AsyncSession.get)
        refresh = translated(AsyncSession.refresh)
        delete = translated(AsyncSession.delete)
        flush = translated(AsyncSession.flush)
        commit = translated(AsyncSession.commit)


@event.listens_for(_ScopedSession, "do_orm_execute")
def _within_workspace(state: ORMExecuteState) -> None:
    session = cast("_ScopedSession", state.session)
    if session.unscoped:
        return
    workspace_id = session.workspace_id
    if workspace_id is None:
        raise WorkspaceMissingError("a statement without a workspace")
    if state.is_insert:
        raise WorkspaceMissingError("rows are added as objects, not by a statement")
    state.statement = state.statement.options(_rows_of(workspace_id))


@lru_cache(1000)
def _rows_of(workspace_id: UUID) -> ORMOption:
    return with_loader_criteria(
        WorkspaceOwned,
        lambda owned: owned.workspace_id == workspace_id,
        include_aliases=True,
    )


@event.listens_for(_ScopedSession, "before_flush")
def _stamp_workspace(session: SyncSession, _context: object, _objects: object) -> None:
    scoped = cast("_ScopedSession", session)
    for row in scoped.new:
        if not isinstance(row, WorkspaceOwned):
            continue
        stamped = cast("UUID | None", row.workspace_id)
        if stamped is None:
            row.workspace_id = scoped.workspace_id
        elif not scoped.unscoped and stamped != scoped.workspace_id:
            raise WorkspaceMissingError("a row of another workspace")


@event.listens_for(_ScopedSession, "before_flush")
def _refresh_keys(session: SyncSession, _context: object, _objects: object) -> None:
    for row in (*session.new, *session.dirty):
        if isinstance(row, Searched):
            row.refresh_keys()


@event.listens_for(_ScopedSession, "after_begin")
def _tell_postgresql(
    session: SyncSession, _transaction: SessionTransaction, connection: Connection
) -> None:
    """Row-level security reads these two settings; they last for the transaction."""
    if connection.dialect.name != "postgresql":
        return
    scoped = cast("_ScopedSession", session)
    connection.execute(
        text(
            "SELECT set_config('zondarr.workspace', :workspace, true),"
            " set_config('zondarr.unscoped', :unscoped, true)"
        ),
        {
            "workspace": str(scoped.workspace_id or ""),
            "unscoped": "on" if scoped.unscoped else "off",
        },
    )
