"""SQLite: one connection that writes, several that read, and how each is configured.

SQLite lets one transaction write at a time. Of those that wait, whichever happens to
retry next goes first, so in a crowd some would wait until they are refused. So the
writers of this process wait in the queue of a pool with one connection.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import AdaptedConnection, Connection, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.util import await_, greenlet_spawn

from zondarr.core.database.sqlite_cursor import (
    OneTripConnection,
    Reader,
    Writer,
    single_trip,
)

BUSY_TIMEOUT = timedelta(seconds=10)
"""How long to wait for a writer of another process."""
ROWS_ANALYSED = 1000
"""Of each index; the planner needs to know the order of magnitude."""
QUEUE_TIMEOUT = timedelta(seconds=30)
"""How long a writer of this process waits for earlier ones."""


def create_writer(url: URL) -> AsyncEngine:
    """Its transactions start in write mode, so that none fails half-way."""
    engine = _create(
        url,
        Writer,
        pool_size=1,
        max_overflow=0,
        pool_timeout=QUEUE_TIMEOUT.total_seconds(),
    )
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def create_reader(url: URL) -> AsyncEngine:
    """Its connections cannot write. Each statement is its own transaction."""
    return _create(url, Reader)


def _create(
    url: URL, factory: Callable[..., OneTripConnection], **pool: Any
) -> AsyncEngine:
    engine = create_async_engine(
        url,
        hide_parameters=True,
        connect_args={
            "timeout": BUSY_TIMEOUT.total_seconds(),
            "isolation_level": None,  # the driver starts no transaction
            "factory": factory,
        },
        **pool,
    )
    event.listen(engine.sync_engine, "do_connect", _connect)
    return engine


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _connect(
    dialect: Dialect,
    _record: ConnectionPoolEntry,
    arguments: list[Any],
    options: dict[str, Any],
) -> AdaptedConnection:
    return await_(_open(dialect, arguments, options))


async def _open(
    dialect: Dialect, arguments: list[Any], options: dict[str, Any]
) -> AdaptedConnection:
    """Open completely: aiosqlite forgets a connection if opening it is cancelled."""
    connecting = greenlet_spawn(dialect.connect, *arguments, **options)
    opening = asyncio.ensure_future(connecting)
    try:
        return single_trip(await asyncio.shield(opening))
    except asyncio.CancelledError:
        opened = await opening
        await greenlet_spawn(opened.close)
        raise


def learn_sizes(connection: Connection) -> bool:
    """Analyse the tables that have grown; returns whether anything new was learned.

    `PRAGMA optimize` looks at tables as a whole: an index of some rows only, of which
    there were none yet, would be taken for empty ever after.
    """
    before = _known_sizes(connection)
    connection.exec_driver_sql("PRAGMA optimize=0x10002")
    sizes = _known_sizes(connection)
    partial = connection.exec_driver_sql(
        "SELECT name, tbl_name FROM sqlite_master"
        " WHERE type = 'index' AND sql LIKE '% WHERE %'"
    )
    unknown = {
        table for name, table in partial if sizes.get(name, "0 ").startswith("0 ")
    }
    connection.exec_driver_sql(f"PRAGMA analysis_limit={ROWS_ANALYSED}")
    for table in unknown:
        connection.exec_driver_sql(f'ANALYZE "{table}"')
    return _known_sizes(connection) != before


def _known_sizes(connection: Connection) -> dict[str, str]:
    """By the index."""
    there = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'"
    if connection.exec_driver_sql(there).first() is None:
        return {}
    rows = connection.exec_driver_sql("SELECT idx, stat FROM sqlite_stat1")
    return {row[0]: row[1] for row in rows if row[0] is not None}
