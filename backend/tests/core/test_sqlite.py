"""Our driver for SQLite, below SQLAlchemy."""

import sqlite3
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from threading import get_ident

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from zondarr.core import sqlite
from zondarr.core.database import create_engine


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncGenerator[sqlite.Connection]:
    connection = sqlite.connect(str(tmp_path / "one.db"), isolation_level=None)
    await connection
    yield connection
    await connection.close()


@pytest.fixture
def crossings(
    connection: sqlite.Connection, monkeypatch: pytest.MonkeyPatch
) -> list[int]:
    """The threads that statements were carried out in, one for each crossing."""
    seen: list[int] = []
    apart = connection.apart

    async def counted[R](work: Callable[[sqlite3.Connection], R]) -> R:
        seen.append(await apart(lambda _raw: get_ident()))
        return await apart(work)

    monkeypatch.setattr(connection, "apart", counted)
    return seen


async def test_a_statement_crosses_to_another_thread_once(
    connection: sqlite.Connection, crossings: list[int]
) -> None:
    cursor = connection.cursor()
    await cursor.execute("SELECT 1 AS one UNION SELECT 2")
    assert await cursor.fetchall() == [(1,), (2,)]
    assert cursor.description[0][0] == "one"
    await cursor.close()
    assert len(crossings) == 1
    assert crossings[0] != get_ident()


async def test_what_a_change_did_is_told(connection: sqlite.Connection) -> None:
    cursor = connection.cursor()
    await cursor.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)")
    assert cursor.description is None
    await cursor.executemany("INSERT INTO t (name) VALUES (?)", [("a",), ("b",)])
    assert cursor.rowcount == 2
    await cursor.execute("INSERT INTO t (name) VALUES (?)", ("c",))
    assert cursor.lastrowid == 3
    await cursor.execute("UPDATE t SET name = 'd' WHERE id > 1 RETURNING id")
    assert sorted(await cursor.fetchall()) == [(2,), (3,)]
    assert cursor.rowcount == 2


async def test_a_rollback_undoes_what_was_begun_and_else_does_nothing(
    connection: sqlite.Connection,
) -> None:
    cursor = connection.cursor()
    await cursor.execute("CREATE TABLE t (id INTEGER)")
    await connection.rollback()
    await cursor.execute("BEGIN")
    await cursor.execute("INSERT INTO t VALUES (1)")
    await connection.rollback()
    await cursor.execute("SELECT count(*) FROM t")
    assert await cursor.fetchall() == [(0,)]


async def test_failures_are_the_drivers_own(connection: sqlite.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await connection.cursor().execute("SELECT * FROM t")


async def test_parameters_of_the_address_reach_it(tmp_path: Path) -> None:
    file = tmp_path / "there.db"
    sqlite3.connect(file).close()
    engine = create_engine(make_url(f"sqlite+aiosqlite:///file:{file}?uri=true"))
    async with engine.connect() as connection:
        name = await connection.scalar(text("SELECT file FROM pragma_database_list"))
    await engine.dispose()
    assert name == str(file)
