"""What a transaction on SQLite leaves behind, and how one that cannot begin says so."""

import asyncio
from typing import Any, cast

import pytest
from sqlalchemy import CursorResult, text

from zondarr.core.database import Database
from zondarr.core.database import sqlite as module
from zondarr.core.exceptions import RepositoryError

pytestmark = pytest.mark.own_database

_WAITING = text("SELECT count(*) FROM rate_limits")

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


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
            await writer.execute(text("INSERT INTO rate_limits VALUES ('one', 1, 0)"))
            assert await reader.scalar(_WAITING) == 0
        assert await reader.scalar(_WAITING) == 1
        driver = raw.driver_connection
        assert driver is not None
        assert not driver.in_transaction


async def test_a_statement_takes_one_trip_to_the_drivers_thread(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.unscoped("health", reading=True) as session:
        await session.execute(_WAITING)  # connects
    trips: list[object] = []
    loop = asyncio.get_running_loop()
    come_back = loop.call_soon_threadsafe

    def note(*told: Any, **more: Any) -> asyncio.Handle:
        trips.append(told)
        return come_back(*told, **more)

    monkeypatch.setattr(loop, "call_soon_threadsafe", note)
    async with database.unscoped("health", reading=True) as session:
        assert (await session.execute(text("SELECT 1 WHERE 0"))).keys()
    assert len(trips) == 1
    async with database.unscoped("health") as session:
        insert = text("INSERT INTO rate_limits VALUES (:key, 1, 0)")
        await session.execute(insert, [{"key": "one"}, {"key": "two"}])
        changed = await session.execute(text("UPDATE rate_limits SET tries = 2"))
        assert cast("CursorResult[Any]", changed).rowcount == 2
    begin, commit = 1, 1
    assert len(trips) == 1 + begin + 2 + commit


async def test_a_writer_that_waited_in_vain_is_told_by_our_own_error(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_TIMEOUT_MS", 20)
    first, second = Database(database_url), Database(database_url)
    async with first.unscoped("health") as session:
        await session.connection()
        with pytest.raises(RepositoryError):
            async with second.unscoped("health") as other:
                await other.execute(text("SELECT 1"))
        async with second.unscoped("health", reading=True) as reader:
            assert await reader.scalar(text("SELECT 1")) == 1
    async with second.unscoped("health") as session:
        assert await session.scalar(text("SELECT 1")) == 1
    await first.close()
    await second.close()


async def test_of_a_crowd_of_writers_each_has_its_turn(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_TIMEOUT_MS", 1)
    written: list[int] = []

    async def write(number: int) -> None:
        async with database.unscoped("health") as session:
            await session.execute(text("SELECT 1"))
            written.append(number)
            await asyncio.sleep(0.002)

    await asyncio.gather(*map(write, range(100)))
    assert sorted(written) == list(range(100))
    # Connections are opened side by side, which moves some a few places.
    assert max(abs(place - one) for place, one in enumerate(written)) < 30


async def test_a_writer_that_is_called_off_holds_up_nobody(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TURN_SECONDS", 0.2)

    async def write(seconds: float) -> None:
        async with database.unscoped("health") as session:
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
