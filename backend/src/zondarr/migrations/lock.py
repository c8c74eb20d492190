"""One process at a time, in one transaction, with the checks SQLite needs around it."""

import asyncio
import fcntl
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from sqlalchemy import Connection, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from zondarr.core.database import create_engine
from zondarr.core.database.url import sqlite_file

_ADVISORY_LOCK = 0x7A6F6E64
"""Any number will do, as long as all replicas ask for the same one."""


async def alone(url: str, work: Callable[[Connection], None]) -> None:
    """Run `work` in a transaction, while no other process is in here."""
    target = make_url(url)
    async with _lock_file(target):
        engine = create_engine(target)
        if target.get_backend_name() == "sqlite":
            event.listen(engine.sync_engine, "connect", _release_foreign_keys)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(_prepare)
                await connection.run_sync(work)
                await connection.run_sync(_inspect)
        finally:
            await engine.dispose()


def _prepare(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
        # Row-level security binds the owner too; a migration sees every row.
        connection.execute(text("SELECT set_config('zondarr.unscoped', 'on', true)"))


def _inspect(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).first()
        if broken is not None:
            raise RuntimeError(f"a migration broke a reference of table {broken[0]}")


def _release_foreign_keys(
    connection: DBAPIConnection, _record: ConnectionPoolEntry
) -> None:
    """To change a table, SQLite has to make it anew; dropping the old one would
    cascade into all that refers to it. References are checked at the end instead."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.close()


@asynccontextmanager
async def _lock_file(url: URL) -> AsyncGenerator[None]:
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    file = sqlite_file(url)
    lock = file.with_name(f"{file.name}.migrating")
    lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with await asyncio.to_thread(lock.open, "w") as file:
        await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
        yield
