"""A statement on SQLite in one trip to its thread and back.

aiosqlite goes there for a cursor, for the statement, for its rows, and to close it.
SQLAlchemy wants all rows at once, so one trip will do. Where it fetches as it goes
(`AsyncSession.stream`), aiosqlite's own cursor is used.
"""

import sqlite3
from collections.abc import Iterable
from typing import Any, ClassVar, Self, cast, override

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
)
from sqlalchemy.engine.interfaces import DBAPIConnection


def single_trip(connection: DBAPIConnection) -> AdaptedOneTrip:
    """The connection of SQLAlchemy's dialect, with cursors that make one trip."""
    plain = cast("AsyncAdapt_aiosqlite_connection", connection)
    return AdaptedOneTrip(plain.dbapi, plain.driver_connection)


class OneTripConnection(sqlite3.Connection):
    """SQLite's own connection, in its thread; what `connect` takes as `factory`."""

    pragmas: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for pragma in self.pragmas:
            super().execute(f"PRAGMA {pragma}")

    @override
    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        return self.cursor(_FullCursor).execute(sql, parameters)


class Writer(OneTripConnection):
    pragmas = (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=NORMAL",
        "cache_size=-4000",
    )


class Reader(OneTripConnection):
    pragmas = ("query_only=ON",)


class _FullCursor(sqlite3.Cursor):
    @override
    def fetchall(self) -> _Rows:
        return _Rows(super().fetchall(), self)


class _Rows(list[Any]):
    """All rows, with the facts of their cursor, which stays in the thread."""

    def __init__(self, rows: Iterable[Any], cursor: sqlite3.Cursor) -> None:
        super().__init__(rows)
        self.description = cursor.description
        self.rowcount = cursor.rowcount
        self.lastrowid = cursor.lastrowid


class _OneTripCursor:
    """Stands in for aiosqlite's cursor where SQLAlchemy takes all rows at once."""

    arraysize = 1

    def __init__(self, driver: aiosqlite.Connection) -> None:
        self._driver = driver
        self._result: Any = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Any = ()) -> None:
        self._result = await self._driver.execute_fetchall(statement, parameters)

    async def executemany(self, statement: str, many: Any) -> None:
        self._result = await self._driver.executemany(statement, many)

    async def fetchall(self) -> Iterable[Any]:
        return self._result

    async def close(self) -> None:
        """It is closed: all its rows were taken."""

    @property
    def description(self) -> Any:
        return self._result.description

    @property
    def rowcount(self) -> int:
        return self._result.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._result.lastrowid


class _AdaptedCursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ()

    @override
    def _make_new_cursor(self, connection: Any) -> Any:
        return _OneTripCursor(connection)


class AdaptedOneTrip(AsyncAdapt_aiosqlite_connection):
    """What SQLAlchemy takes for the connection."""

    __slots__ = ()
    _cursor_cls = _AdaptedCursor

    @override
    def create_function(self, *args: Any, **options: Any) -> None:
        """Without a trip: SQLAlchemy adds functions to each new connection, which is
        still idle, and a cancellation in between would leave it open."""
        self._connection._conn.create_function(*args, **options)

    @override
    def rollback(self) -> None:
        """Asked here, so that there is no trip to find nothing to roll back."""
        if self._connection._connection and self._connection.in_transaction:
            super().rollback()
