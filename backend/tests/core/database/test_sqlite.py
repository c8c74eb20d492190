"""SQLite: who waits for whom, what a transaction leaves behind, and what a trip is."""

import asyncio
import gc
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import CursorResult, text

from zondarr.core.database import Database
from zondarr.core.database import sqlite as module
from zondarr.core.exceptions import RepositoryError

pytestmark = [
    pytest.mark.own_database,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

_WAITING = text("SELECT count(*) FROM rate_limits")
_INSERT = text("INSERT INTO rate_limits VALUES (:key, 1, 0)")
_LAST_ROW_FAILS = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
    " SELECT CASE i WHEN 5000 THEN abs(-1 << 63) ELSE i END FROM n"
)
"""Who fetches all of its rows gets an error, as the least number has no absolute."""


@pytest.fixture
async def impatient(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Database]:
    """A database whose writers wait a moment for each other, and for no process."""
    monkeypatch.setattr(module, "BUSY_TIMEOUT", timedelta(milliseconds=1))
    monkeypatch.setattr(module, "QUEUE_TIMEOUT", timedelta(seconds=0.2))
    database = Database(database_url)
    yield database
    await database.close()


async def test_a_connection_that_comes_back_in_a_transaction_is_rolled_back(
    database: Database,
) -> None:
    async with database.engine.connect() as connection:
        raw = await connection.get_raw_connection()
        driver = raw.driver_connection
        assert driver is not None
        await driver.execute("BEGIN IMMEDIATE")
        await driver.execute("CREATE TABLE left_behind (id INTEGER)")
    assert not driver.in_transaction
    async with database.unscoped("health") as session:
        rows = await session.execute(
            text("SELECT name FROM sqlite_master WHERE name = 'left_behind'")
        )
        assert rows.all() == []


async def test_who_only_reads_sees_what_is_committed_and_holds_nothing(
    database: Database,
) -> None:
    async with database.unscoped("health", reading=True) as reader:
        assert await reader.scalar(_WAITING) == 0
        raw = await (await reader.connection()).get_raw_connection()
        async with database.unscoped("health") as writer:
            await writer.execute(_INSERT, {"key": "one"})
            assert await reader.scalar(_WAITING) == 0
        assert await reader.scalar(_WAITING) == 1
        driver = raw.driver_connection
        assert driver is not None
        assert not driver.in_transaction


async def test_who_only_reads_cannot_write(database: Database) -> None:
    async with database.unscoped("health", reading=True) as reader:
        with pytest.raises(RepositoryError):
            await reader.execute(_INSERT, {"key": "one"})
    async with database.unscoped("health", reading=True) as reader:
        assert await reader.scalar(_WAITING) == 0


async def test_a_statement_takes_one_trip_to_the_drivers_thread(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for reading in (True, False):
        async with database.unscoped("health", reading=reading) as session:
            await session.execute(_WAITING)  # connects
    trips: list[object] = []
    loop = asyncio.get_running_loop()
    come_back = loop.call_soon_threadsafe

    def note(*args: Any, **options: Any) -> asyncio.Handle:
        trips.append(args)
        return come_back(*args, **options)

    monkeypatch.setattr(loop, "call_soon_threadsafe", note)
    async with database.unscoped("health", reading=True) as session:
        assert (await session.execute(text("SELECT 1 WHERE 0"))).keys()
    assert len(trips) == 1
    async with database.unscoped("health") as session:
        await session.execute(_INSERT, [{"key": "one"}, {"key": "two"}])
        changed = await session.execute(text("UPDATE rate_limits SET tries = 2"))
        assert cast("CursorResult[Any]", changed).rowcount == 2
    begin, commit = 1, 1
    assert len(trips) == 1 + begin + 2 + commit


async def test_what_is_streamed_is_fetched_as_it_is_read(database: Database) -> None:
    async with database.unscoped("health", reading=True) as session:
        found = await session.stream_scalars(_LAST_ROW_FAILS)
        assert await found.fetchmany(3) == [1, 2, 3]
        await found.close()
        with pytest.raises(RepositoryError):
            await session.execute(_LAST_ROW_FAILS)


async def test_a_writer_that_waits_in_vain_for_another_process_gets_our_own_error(
    database: Database, impatient: Database
) -> None:
    async with database.unscoped("health") as session:
        await session.connection()
        with pytest.raises(RepositoryError):
            async with impatient.unscoped("health") as other:
                await other.execute(text("SELECT 1"))
        async with impatient.unscoped("health", reading=True) as reader:
            assert await reader.scalar(text("SELECT 1")) == 1
    async with impatient.unscoped("health") as session:
        assert await session.scalar(text("SELECT 1")) == 1


async def test_of_a_crowd_of_writers_each_has_its_turn_and_readers_do_not_wait(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_TIMEOUT", timedelta(milliseconds=1))
    database = Database(database_url)
    written: list[int] = []
    read_after: list[int] = []

    async def write(number: int) -> None:
        async with database.unscoped("health") as session:
            await session.execute(text("SELECT 1"))
            written.append(number)
            await asyncio.sleep(0.002)

    async def read() -> None:
        async with database.unscoped("health", reading=True) as session:
            assert await session.scalar(_WAITING) == 0
            read_after.append(len(written))

    await asyncio.gather(*map(write, range(100)), read())
    assert written == list(range(100))
    assert read_after[0] < 90
    await database.close()


async def test_a_writer_that_is_cancelled_holds_up_nobody(impatient: Database) -> None:
    async def write(seconds: float) -> None:
        async with impatient.unscoped("health") as session:
            await session.execute(text("SELECT 1"))
            await asyncio.sleep(seconds)

    first, second = (asyncio.create_task(write(60)) for _ in range(2))
    await asyncio.sleep(0.1)
    with pytest.raises(RepositoryError):
        await write(0)
    for task in (second, first):
        task.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    await write(0)


@pytest.mark.parametrize("reading", [True, False], ids=["reader", "writer"])
async def test_a_task_that_is_cancelled_while_it_connects_leaves_nothing_open(
    database_url: str, reading: bool
) -> None:
    async def use(database: Database) -> None:
        async with database.unscoped("health", reading=reading) as session:
            await session.execute(text("SELECT 1"))

    for steps in range(8):  # of the event loop, within which it opens its connection
        database = Database(database_url)
        task = asyncio.create_task(use(database))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await use(database)
        await database.close()
    gc.collect()  # what was left open warns now, and a warning is an error


async def test_the_planner_learns_which_tables_are_large(database: Database) -> None:
    found = text(
        "EXPLAIN QUERY PLAN SELECT t.id FROM titles t"
        " WHERE t.workspace_id = 'w' AND t.id IN ('a', 'b')"
    )
    fill = text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
        " INSERT INTO titles (id, workspace_id, kind, name, year, listed, size,"
        " largest, largest_sum, sizes_known, added_at, arrived_at, active_at,"
        " undated_play, favourite, search_text, name_key, created_at, updated_at)"
        " SELECT 'i' || i, w.id, 'MOVIE', 'A', 0, 1, 0, 0, 0, 1, '', '', '', 0, 0,"
        " '', '', '', ''"
        " FROM n, workspaces w"
    )
    async with database.engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO workspaces (id, name, created_at, updated_at)"
                " VALUES ('w', 'W', '', '')"
            )
        )
        await connection.execute(fill)
    await database.learn_sizes()
    async with database.reader.connect() as connection:
        plan = str((await connection.execute(found)).all())
    assert "id=?" in plan
    assert "workspace_id=?" not in plan


async def test_what_the_planner_learns_fails_nobody(impatient: Database) -> None:
    async with impatient.engine.connect() as other:
        await other.execute(_INSERT, {"key": "held"})
        await impatient.learn_sizes()
        await other.rollback()


async def test_the_planner_learns_of_rows_that_come_into_an_index_later(
    database: Database,
) -> None:
    plan = text("EXPLAIN QUERY PLAN SELECT * FROM kept WHERE shown = 1 AND id = 7")
    async with database.unscoped("set-up") as session:
        for words in (
            "CREATE TABLE kept (id INTEGER, shown INTEGER, kind INTEGER)",
            "CREATE INDEX ix_kept_shown ON kept (shown) WHERE shown = 1",
            "CREATE INDEX ix_kept_id ON kept (id)",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
            " WHERE i < 5000) INSERT INTO kept SELECT i % 500, 0, 1 FROM n",
        ):
            await session.execute(text(words))
    await database.learn_sizes()
    async with database.unscoped("set-up") as session:
        await session.execute(text("UPDATE kept SET shown = 1"))
    await database.learn_sizes()
    async with database.unscoped("health", reading=True) as session:
        found = " ".join(row[-1] for row in await session.execute(plan))
    assert "ix_kept_id" in found
