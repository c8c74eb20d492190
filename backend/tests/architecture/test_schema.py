"""The migrations and the tables are the same."""

import asyncio

import pytest
from sqlalchemy import Connection, inspect

from zondarr import migrations
from zondarr.core.database import Database
from zondarr.tables import Base

pytestmark = pytest.mark.own_database


async def test_migrations_leave_nothing_for_alembic_to_find(database_url: str) -> None:
    await migrations.check(database_url)


async def test_a_missing_column_would_be_found(database_url: str) -> None:
    def drop(connection: Connection) -> None:
        connection.exec_driver_sql("ALTER TABLE workspaces DROP COLUMN name")

    await migrations.alone(database_url, drop)
    with pytest.raises(Exception, match="New upgrade operations detected"):
        await migrations.check(database_url)


async def test_down_to_nothing_and_up_again_is_the_same(database_url: str) -> None:
    await migrations.downgrade(database_url, "base")
    database = Database(database_url)
    left = await database.run(lambda connection: inspect(connection).get_table_names())
    await database.close()
    assert set(left) <= {"alembic_version"}
    await migrations.upgrade(database_url)
    await migrations.check(database_url)


async def test_two_processes_may_migrate_at_once(empty_database_url: str) -> None:
    await asyncio.gather(*(migrations.upgrade(empty_database_url) for _ in range(4)))
    await migrations.check(empty_database_url)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_row_level_security_covers_every_table_with_a_workspace(
    database: Database,
) -> None:
    if not database.is_postgresql:
        return
    owned = {
        table.name
        for table in Base.metadata.tables.values()
        if "workspace_id" in table.c
    }

    def forced(connection: Connection) -> set[str]:
        rows = connection.exec_driver_sql(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        )
        return {str(row[0]) for row in rows}

    assert owned
    assert owned <= await database.run(forced)
