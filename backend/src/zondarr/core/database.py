"""The database: one engine, and sessions that see one workspace only.

A session is opened *for* a workspace, or `unscoped` with the reason why it may look at
all of them. A statement on rows that belong to a workspace is an error in a session
that is neither. PostgreSQL checks the same a second time with row-level security.
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import AdaptedConnection, Connection, Engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, with_loader_criteria
from sqlalchemy.orm import Session as SyncSession
from sqlalchemy.orm.interfaces import ORMOption
from sqlalchemy.pool import ConnectionPoolEntry, PoolResetState

from zondarr.core.exceptions import DuplicateError, RefusedError, RepositoryError
from zondarr.core.models import WorkspaceOwned
from zondarr.core.one_trip import OneTripConnection, shorten_trips

BUSY_TIMEOUT_MS = 10_000
"""For a writer of another process, which is asked again and again."""
TURN_SECONDS = 30.0
"""For those of our own, who stand in line."""

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


class WorkspaceMissingError(RepositoryError):
    """A statement would have crossed workspaces; a mistake of ours, never a guest's."""


class _ScopedSession(SyncSession):
    """Adds the workspace to what is read, changed and written."""

    @property
    def workspace_id(self) -> UUID | None:
        return cast("UUID | None", self.info.get("workspace_id"))

    @property
    def unscoped(self) -> bool:
        return bool(self.info.get("unscoped"))


def _guarded[**P, R](method: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    @wraps(method)
    async def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await method(*args, **kwargs)
        except IntegrityError as error:
            if is_duplicate(error):
                raise DuplicateError("that value is there already") from error
            raise RefusedError("the database refused the change") from error
        except (SQLAlchemyError, OSError) as error:
            raise RepositoryError("the database failed") from error

    return guarded


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
        execute = _guarded(AsyncSession.execute)
        scalar = _guarded(AsyncSession.scalar)
        scalars = _guarded(AsyncSession.scalars)
        get = _guarded(AsyncSession.get)
        refresh = _guarded(AsyncSession.refresh)
        delete = _guarded(AsyncSession.delete)
        flush = _guarded(AsyncSession.flush)
        commit = _guarded(AsyncSession.commit)


class UnitOfWork(Protocol):
    """Opens a session, commits it when its block ends; `database.scoped`, bound.

    For services that call media servers: read, commit, call, write, commit. No
    transaction stays open during the call.
    """

    def __call__(
        self, *, reading: bool = False
    ) -> AbstractAsyncContextManager[Session]: ...


class Database:
    """The engine and its sessions; one per process."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.engine: AsyncEngine = create_engine(self.url)
        self._writing = _sessions(self.engine)
        self._reading = _sessions(self.engine.execution_options(**_READING))
        self.writes = 0
        """How often something was written by this process; when it has not changed,
        neither has what was read, unless another process writes too."""

    @property
    def is_postgresql(self) -> bool:
        return self.url.get_backend_name() == "postgresql"

    @asynccontextmanager
    async def scoped(
        self, workspace_id: UUID, *, reading: bool = False
    ) -> AsyncGenerator[Session]:
        """A unit of work in one workspace: committed at the end, or rolled back.

        One that is only `reading` waits for no writer on SQLite, and each of its
        statements sees what is committed by then, on both databases.
        """
        async with self._open(reading, workspace_id=workspace_id) as session:
            yield session

    @asynccontextmanager
    async def unscoped(
        self, why: Unscoped, *, reading: bool = False
    ) -> AsyncGenerator[Session]:
        """A unit of work that may look at every workspace, for a named reason."""
        async with self._open(reading, unscoped=why) as session:
            yield session

    @asynccontextmanager
    async def _open(self, reading: bool, **info: object) -> AsyncGenerator[Session]:
        sessions = self._reading if reading else self._writing
        async with sessions(info=info) as session:
            yield session
            if not reading:
                await session.commit()
                self.writes += 1

    async def ping(self) -> None:
        """Ask the database something; raises `RepositoryError` when it cannot."""
        try:
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError) as error:
            raise RepositoryError("the database does not answer") from error

    async def run[R](self, work: Callable[[Connection], R]) -> R:
        """Run synchronous SQLAlchemy code (migrations, inspection) in a transaction."""
        async with self.engine.begin() as connection:
            return await connection.run_sync(work)

    async def close(self) -> None:
        await self.engine.dispose()


_READING = {"zondarr_reading": True, "postgresql_readonly": True}


def _sessions(engine: AsyncEngine) -> async_sessionmaker[Session]:
    return async_sessionmaker(engine, class_=Session, expire_on_commit=False)


def create_engine(url: URL) -> AsyncEngine:
    """An engine with what each database needs to be safe under load."""
    if url.get_backend_name() == "sqlite":
        engine = create_async_engine(
            url,
            hide_parameters=True,
            connect_args={
                "timeout": BUSY_TIMEOUT_MS / 1000,
                "factory": OneTripConnection,
            },
            pool_reset_on_return=None,  # `_reset` below does it
        )
        _prepare_sqlite(engine.sync_engine)
        return engine
    return create_async_engine(
        url, hide_parameters=True, pool_size=10, max_overflow=10, pool_pre_ping=True
    )


class _Line:
    """Where writers wait for SQLite's one place, first come, first served.

    SQLite itself lets whoever happens to ask next go first, so that of a crowd the
    unlucky ones would wait until they are refused.
    """

    PLACE = "zondarr_place"

    def __init__(self) -> None:
        self._places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = (
            WeakKeyDictionary()
        )

    async def take(self) -> asyncio.Lock:
        loop = asyncio.get_running_loop()
        place = self._places.setdefault(loop, asyncio.Lock())
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await place.acquire()
        except TimeoutError:
            raise sqlite3.OperationalError("database is locked") from None
        return place

    def leave(self, info: dict[Any, Any]) -> None:
        """Called for every connection that is put back; not all of them wrote."""
        place = cast("asyncio.Lock | None", info.pop(self.PLACE, None))
        if place is not None:
            place.release()

    async def begin(self, driver: Any, info: dict[Any, Any]) -> None:
        info[self.PLACE] = await self.take()
        try:
            await driver.execute("BEGIN IMMEDIATE")
        except BaseException:
            self.leave(info)
            raise


def _set_up_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    shorten_trips(cast("AdaptedConnection", connection).driver_connection)
    # The driver must not begin transactions by itself: `_begin` below does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "synchronous=NORMAL",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_sqlite(engine: Engine) -> None:
    line = _Line()

    event.listen(engine, "connect", _set_up_sqlite)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A statement that reads is a transaction by itself; SQLite begins and ends it.
        if connection.get_execution_options().get("zondarr_reading"):
            return
        # Two writers wait for each other at the start instead of failing half-way.
        adapted = cast("AdaptedConnection", connection.connection.dbapi_connection)
        try:
            adapted.run_async(lambda driver: line.begin(driver, connection.info))
        except sqlite3.Error as error:
            raise OperationalError("BEGIN", None, error) from error

    @event.listens_for(engine, "reset")
    def _reset(
        connection: DBAPIConnection, record: ConnectionPoolEntry, state: PoolResetState
    ) -> None:
        # Asked here, it does not go to that thread to find that there is nothing.
        driver = cast("AdaptedConnection", connection).driver_connection
        try:
            if not state.terminate_only and driver.in_transaction:
                connection.rollback()
        finally:
            line.leave(record.info)

    @event.listens_for(engine, "invalidate")
    def _invalidate(
        _connection: DBAPIConnection,
        record: ConnectionPoolEntry,
        _error: BaseException | None,
    ) -> None:
        line.leave(record.info)


def is_duplicate(error: IntegrityError) -> bool:
    """Whether a unique constraint was what the database refused."""
    cause: BaseException | None = error.orig
    while cause is not None:
        if getattr(cause, "sqlstate", None) == "23505":
            return True
        if isinstance(cause, sqlite3.IntegrityError):
            return "UNIQUE" in str(cause)
        cause = cause.__cause__
    return False


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
