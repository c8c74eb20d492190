"""SQLite: its pragmas, how its transactions begin, and the queue of its writers."""

import asyncio
import sqlite3
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import AdaptedConnection, Connection, Engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolResetState

from zondarr.core.database.sqlite_cursor import OneTripConnection, shorten_trips

BUSY_TIMEOUT_MS = 10_000
"""How long a writer of another process is waited for."""
TURN_SECONDS = 30.0
"""How long a writer of this process waits for the ones before it."""


def create_sqlite_engine(url: URL) -> AsyncEngine:
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
