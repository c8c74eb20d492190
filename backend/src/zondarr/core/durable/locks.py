"""Named locks: an `asyncio.Lock` in the process, an advisory lock across replicas."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from zondarr.core.database import Database
from zondarr.core.exceptions import RepositoryError

CONNECTIONS = 20
"""How many locks one replica can hold at once; others wait."""

type Lock = Callable[[str], AbstractAsyncContextManager[None]]
"""`Durable.lock`: holders of the same name wait for each other."""


class Locks:
    """When a replica dies, its locks are released with its connection."""

    def __init__(self, database: Database) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}
        self._engine = _engine(database) if database.is_postgresql else None

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncGenerator[None]:
        lock, users = self._locks.get(name, (asyncio.Lock(), 0))
        self._locks[name] = lock, users + 1
        try:
            async with lock:
                if self._engine is None:
                    yield
                else:
                    async with _locked(self._engine, name):
                        yield
        finally:
            lock, users = self._locks.pop(name)
            if users > 1:
                self._locks[name] = lock, users - 1

    async def close(self) -> None:
        if self._engine is not None:
            await self._engine.dispose()


def _engine(database: Database) -> AsyncEngine:
    # Each holds a connection, so these are separate from those of requests. No
    # transaction is open: the lock belongs to the database session.
    return create_async_engine(
        database.url,
        pool_size=1,
        max_overflow=CONNECTIONS - 1,
        pool_timeout=600,
        pool_pre_ping=True,
        isolation_level="AUTOCOMMIT",
    )


@asynccontextmanager
async def _locked(engine: AsyncEngine, name: str) -> AsyncGenerator[None]:
    key = {"key": _key(name)}
    connection = await _connect(engine)
    try:
        await _ask(connection, "SELECT pg_advisory_lock(:key)", key)
        try:
            yield
        finally:
            await _ask(connection, "SELECT pg_advisory_unlock(:key)", key)
    finally:
        await connection.close()


async def _connect(engine: AsyncEngine) -> AsyncConnection:
    try:
        return await engine.connect()
    except (SQLAlchemyError, OSError) as error:
        raise RepositoryError("the database failed") from error


async def _ask(connection: AsyncConnection, sql: str, key: dict[str, int]) -> None:
    try:
        await connection.execute(text(sql), key)
    except BaseException as error:
        # Cancelled half-way: only closing the connection certainly unlocks.
        await connection.invalidate()
        if isinstance(error, SQLAlchemyError | OSError):
            raise RepositoryError("the database failed") from error
        raise


def _key(name: str) -> int:
    digest = hashlib.blake2b(f"zondarr lock {name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
