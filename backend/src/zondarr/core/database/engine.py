"""The database of the process, and how its sessions are opened."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol
from uuid import UUID

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine

from zondarr.core.database.scope import Session, Unscoped, guard_scope
from zondarr.core.database.sqlite import create_reader, create_writer, learn_sizes
from zondarr.core.database.url import for_asyncpg
from zondarr.core.exceptions import RepositoryError

log = structlog.get_logger(__name__)


class UnitOfWork(Protocol):
    """Opens a session, commits it when its block ends; `database.scoped`, bound.

    For services that call media servers: read, commit, call, write, commit. No
    transaction stays open during the call.
    """

    def __call__(
        self, *, reading: bool = False
    ) -> AbstractAsyncContextManager[Session]: ...


class Database:
    """The engines and their sessions; one per process."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.engine = create_engine(self.url)
        self.reader = _create_reader(self.engine)
        """On SQLite with connections of its own: no reader waits for a writer."""
        self._writing = _sessions(self.engine)
        self._reading = _sessions(self.reader)
        self.writes = 0
        """How often this process wrote what cached answers may show; when it has not
        changed, neither have they, unless another process writes too."""

    @property
    def is_postgresql(self) -> bool:
        return self.url.get_backend_name() == "postgresql"

    @asynccontextmanager
    async def scoped(
        self, workspace_id: UUID, *, reading: bool = False
    ) -> AsyncGenerator[Session]:
        """A unit of work in one workspace: committed at the end, or rolled back.

        With `reading` it cannot write, and on SQLite waits for no writer. Each of its
        statements sees what is committed by then, on both databases.
        """
        async with self._open(reading, workspace_id=workspace_id) as session:
            yield session

    @asynccontextmanager
    async def unscoped(
        self, why: Unscoped, *, reading: bool = False
    ) -> AsyncGenerator[Session]:
        """A unit of work across all workspaces, for a named reason."""
        async with self._open(reading, unscoped=why) as session:
            yield session

    @asynccontextmanager
    async def _open(self, reading: bool, **info: object) -> AsyncGenerator[Session]:
        sessions = self._reading if reading else self._writing
        async with sessions(info=info) as session:
            yield session
            if not reading:
                await session.commit()
                self.writes += session.changed_cached

    async def ping(self) -> None:
        """Run a trivial statement; raises `RepositoryError` when that fails."""
        try:
            async with self.reader.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError) as error:
            raise RepositoryError("the database does not answer") from error

    async def run[R](self, work: Callable[[Connection], R]) -> R:
        """Run synchronous SQLAlchemy code (migrations, inspection) in a transaction."""
        async with self.engine.begin() as connection:
            return await connection.run_sync(work)

    async def learn_sizes(self) -> None:
        """Let SQLite's planner know how large the tables are, where that has changed.

        Without it, it takes all tables for equally large, and may go through all titles
        to find fifty by their ids. PostgreSQL learns by itself. Never raises for a
        failure of the database: who calls this has done its work already.
        """
        if self.is_postgresql:
            return
        try:
            async with self.engine.begin() as connection:
                learned = await connection.run_sync(learn_sizes)
        except SQLAlchemyError as error:
            log.warning("the sizes of tables are not known", cause=type(error).__name__)
            return
        if learned:
            # A connection keeps to what was known when it was opened.
            await self.reader.dispose()

    async def close(self) -> None:
        await self.reader.dispose()
        await self.engine.dispose()


def _sessions(engine: AsyncEngine) -> async_sessionmaker[Session]:
    return async_sessionmaker(engine, class_=Session, expire_on_commit=False)


def create_engine(url: URL) -> AsyncEngine:
    """The engine for writing, configured for each database to be safe under load."""
    sqlite = url.get_backend_name() == "sqlite"
    engine = create_writer(url) if sqlite else _create_postgresql_engine(url)
    guard_scope(engine.sync_engine)
    return engine


def _create_reader(writer: AsyncEngine) -> AsyncEngine:
    if writer.dialect.name == "postgresql":
        return writer.execution_options(postgresql_readonly=True)
    engine = create_reader(writer.url)
    guard_scope(engine.sync_engine)
    return engine


def _create_postgresql_engine(url: URL) -> AsyncEngine:
    address, arguments = for_asyncpg(url)
    return create_async_engine(
        address,
        hide_parameters=True,
        connect_args=arguments,
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
    )
