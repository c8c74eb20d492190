"""Down the history of the schema and up again, with data in it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, insert, inspect, select
from tests.contract.entities import moments, values_in

from zondarr import migrations
from zondarr.core.database import Database
from zondarr.migrations.history import configuration
from zondarr.tables import Base

pytestmark = pytest.mark.own_database

type Row = Mapping[str, Any]
type Content = dict[str, Row]
"""A row of each table."""
type Schema = Mapping[str, set[str]]
"""The columns of each table."""

TABLES = Base.metadata.sorted_tables
SINGLE = {"installation", "plex_device"}
"""Tables of one row, whose key is 1."""
KEYS = {table.name: UUID(int=number) for number, table in enumerate(TABLES, 1)}


def a_row(table: Table) -> st.SearchStrategy[Row]:
    own: dict[str, st.SearchStrategy[Any]] = {
        "id": st.just(1 if table.name in SINGLE else KEYS[table.name]),
        "workspace_id": st.just(KEYS["workspaces"]),
        "updated_at": moments,
    }
    return st.fixed_dictionaries(
        {
            name: own[name] if name in own else values_in(column, KEYS)
            for name, column in table.columns.items()
        }
    )


contents = st.fixed_dictionaries({table.name: a_row(table) for table in TABLES})


a_hundred = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@a_hundred
@given(content=contents, steps=st.integers(0, 99))
async def test_down_and_up_again_keeps_what_the_lower_schema_can_hold(
    database_url: str, content: Content, steps: int
) -> None:
    await assert_kept(database_url, content, steps)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@settings(a_hundred, max_examples=30)
@given(content=contents, steps=st.integers(0, 99))
async def test_on_postgresql_it_keeps_the_same(
    database_url: str, content: Content, steps: int
) -> None:
    await assert_kept(database_url, content, steps)


async def assert_kept(database_url: str, content: Content, steps: int) -> None:
    database = Database(database_url)
    try:
        # Where an example before this one failed, it left something.
        await migrations.upgrade(database_url)
        await clear(database)
        below = revisions_below_the_newest()
        await write(database, content)
        assert await read(database, schema_of_now()) == content
        await migrations.downgrade(database_url, below[steps % len(below)])
        left = await database.run(schema_of)
        kept = within(content, left)
        assert await read(database, left) == kept
        await migrations.upgrade(database_url)
        assert await read(database, left) == kept
        assert await database.run(schema_of) == schema_of_now()
        await clear(database)
    finally:
        await database.close()


def revisions_below_the_newest() -> list[str]:
    """From the one before it down to nothing."""
    history = ScriptDirectory.from_config(configuration()).walk_revisions()
    _newest, *older = (one.revision for one in history)
    return [*older, "base"]


def schema_of(connection: Connection) -> Schema:
    found = inspect(connection)
    return {
        name: {column["name"] for column in found.get_columns(name)}
        for name in found.get_table_names()
        if name != "alembic_version"
    }


def schema_of_now() -> Schema:
    return {table.name: {column.name for column in table.c} for table in TABLES}


def within(content: Content, schema: Schema) -> Content:
    return {
        table: {name: value for name, value in row.items() if name in schema[table]}
        for table, row in content.items()
        if table in schema
    }


async def write(database: Database, content: Content) -> None:
    async with database.unscoped("command line") as session:
        connection = await session.connection()
        for table in TABLES:
            await connection.execute(insert(table).values(content[table.name]))


async def read(database: Database, schema: Schema) -> Content:
    found: Content = {}
    async with database.unscoped("command line", reading=True) as session:
        connection = await session.connection()
        for table in TABLES:
            columns = [one for one in table.c if one.name in schema.get(table.name, ())]
            if columns:
                rows = await connection.execute(select(*columns))
                for row in rows.mappings():
                    found[table.name] = dict(row)
    return found


async def clear(database: Database) -> None:
    async with database.unscoped("command line") as session:
        connection = await session.connection()
        for table in reversed(TABLES):
            await connection.execute(table.delete())
