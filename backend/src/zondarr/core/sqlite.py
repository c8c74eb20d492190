"""SQLite's driver, with one crossing to the connection's thread for each statement.

aiosqlite crosses four times: to make a cursor, to execute, to fetch, to close. Each is
a hand-over of the interpreter between two threads, and a write lock is held meanwhile.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self, cast, override

import aiosqlite

_CHUNK = 64
"""What `aiosqlite.connect` gives; nothing here is read in chunks."""


class Connection(aiosqlite.Connection):
    """A connection whose cursors hold all rows as soon as they have executed."""

    @override
    def cursor(self) -> Any:
        return Cursor(self)

    @override
    async def rollback(self) -> None:
        # Asked for each time a connection goes back to the pool.
        if self.in_transaction:
            await super().rollback()

    async def apart[R](self, work: Callable[[sqlite3.Connection], R]) -> R:
        """Do it in the connection's own thread."""
        return cast("R", await cast("Any", self._execute)(work, self._conn))


class Cursor:
    """As much of a cursor as SQLAlchemy asks for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> Self:
        await self._run(lambda raw: raw.execute(sql, cast("Any", parameters)))
        return self

    async def executemany(self, sql: str, parameters: Iterable[Any]) -> Self:
        await self._run(lambda raw: raw.executemany(sql, parameters))
        return self

    async def fetchall(self) -> Sequence[Any]:
        rows, self._rows = self._rows, ()
        return rows

    async def close(self) -> None:
        self._rows = ()

    async def _run(self, work: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> None:
        def whole(raw: sqlite3.Connection) -> tuple[sqlite3.Cursor, Sequence[Any]]:
            cursor = work(raw)
            rows = cursor.fetchall() if cursor.description else ()
            cursor.close()
            return cursor, rows

        cursor, self._rows = await self._connection.apart(whole)
        self.description, self.rowcount = cursor.description, cursor.rowcount
        self.lastrowid = cursor.lastrowid


def connect(*arguments: Any, **options: Any) -> Connection:
    """To be awaited; takes what `sqlite3.connect` takes."""
    connection = Connection(lambda: sqlite3.connect(*arguments, **options), _CHUNK)
    # A process that ends in the middle does not wait for its databases.
    cast("Any", connection)._thread.daemon = True
    return connection
