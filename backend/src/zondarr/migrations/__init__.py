"""The history of the schema, and how it is walked: up, down, or compared.

It lies inside the package, so that an installed wheel can migrate when it starts. A
walk is one transaction, and one process at a time takes it: on PostgreSQL by an
advisory lock, on SQLite by a lock file next to the database.
"""

import asyncio
import fcntl
import io
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from zondarr.core.database import create_engine
from zondarr.core.exceptions import ConfigurationError

FOLDER = Path(__file__).parent
_ADVISORY_LOCK = 0x7A6F6E64
"""Any number will do, as long as all replicas ask for the same one."""


async def upgrade(url: str, to: str = "head") -> None:
    """Bring the schema up to a revision; nothing happens if it is there already."""
    await _walk(url, lambda config: command.upgrade(config, to))


async def downgrade(url: str, to: str) -> None:
    """Bring the schema down to a revision (`-1`: by one, `base`: to nothing)."""
    await _walk(url, lambda config: command.downgrade(config, to))


async def check(url: str) -> None:
    """Compare the schema with the tables; raises Alembic's `CommandError` if unlike."""
    await _walk(url, command.check)


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration; a file has no say in where the database is."""
    config = Config(attributes={"connection": connection}, stdout=io.StringIO())
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config


async def _walk(url: str, step: Callable[[Config], None]) -> None:
    try:
        await alone(url, lambda connection: step(configuration(connection)))
    except CommandError as error:
        if "Can't locate revision" in str(error):
            raise ConfigurationError(
                "The database belongs to another version of Zondarr, probably a newer"
                + " one."
            ) from error
        raise


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
    lock = Path(f"{url.database}.migrating")
    lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with await asyncio.to_thread(lock.open, "w") as file:
        await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
        yield
