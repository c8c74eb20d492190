"""A statement on SQLite in one trip to its thread and back.

aiosqlite goes there for a cursor, for the statement, for its rows, and to close it.
SQLAlchemy wants all rows at once, so one trip will do.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any, Self, override

import aiosqlite


class OneTripConnection(sqlite3.Connection):
    """To be given to `connect` as its `factory`; `shorten_trips` is the other half."""

    @override
    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        return self.cursor(_Cursor).execute(sql, parameters)


def shorten_trips(driver: aiosqlite.Connection) -> None:
    """Let this connection's cursors make one trip, and have it roll back nothing
    without a trip."""
    roll_back = driver.rollback

    async def roll_back_if_begun() -> None:
        if driver.in_transaction:
            await roll_back()

    vars(driver).update(cursor=partial(_Trip, driver), rollback=roll_back_if_begun)


class _Cursor(sqlite3.Cursor):
    @override
    def fetchall(self) -> _Rows:
        return _Rows(super().fetchall(), self)


class _Rows(list[Any]):
    """All rows, and what the cursor that had them says: it stays behind."""

    def __init__(self, rows: Iterable[Any], cursor: sqlite3.Cursor) -> None:
        super().__init__(rows)
        self.description = cursor.description
        self.rowcount = cursor.rowcount
        self.lastrowid = cursor.lastrowid


class _Trip:
    """The cursor that SQLAlchemy asks for."""

    arraysize = 1

    def __init__(self, driver: aiosqlite.Connection) -> None:
        self._driver = driver
        self._told: Any = None
        self._rest: Iterator[Any] = iter(())

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Any = ()) -> None:
        rows = await self._driver.execute_fetchall(statement, parameters)
        self._told = rows
        self._rest = iter(rows)

    async def executemany(self, statement: str, many: Sequence[Any]) -> None:
        self._told = await self._driver.executemany(statement, many)

    async def fetchall(self) -> Iterable[Any]:
        return list(self._rest)

    async def fetchone(self) -> Any:
        """For `AsyncSession.stream`: the rows are here already, one after the other."""
        return next(self._rest, None)

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        return list(islice(self._rest, size or self.arraysize))

    async def close(self) -> None:
        """It is closed: all its rows were taken."""

    @property
    def description(self) -> Any:
        return self._told.description

    @property
    def rowcount(self) -> int:
        return self._told.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._told.lastrowid
