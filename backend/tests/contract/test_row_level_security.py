"""PostgreSQL's own wall: what is asked past our ORM stays within the workspace too."""

from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID, uuid7

import pytest
from sqlalchemy import (
    Executable,
    Insert,
    Table,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.contract.neighbours import (
    Home,
    Street,
    belongs_to,
    open_street,
    owned_tables,
    rows_of,
)

from zondarr.config import Settings
from zondarr.tables import Base

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
REFUSED = "42501"
"""PostgreSQL's error for a row that a policy rejects."""
DUPLICATE = "23505"


@pytest.fixture
async def street(settings: Settings) -> AsyncGenerator[Street]:
    async with open_street(settings) as street:
        yield street


@pytest.fixture
async def connection(street: Street) -> AsyncGenerator[AsyncConnection]:
    """A bare connection, as a session for the workspace here begins it."""
    begin = (
        "SELECT set_config('zondarr.workspace', :workspace, true),"
        " set_config('zondarr.unscoped', 'off', true)"
    )
    async with street.container.database.engine.connect() as connection:
        await connection.execute(
            text(begin), {"workspace": str(street.here.workspace_id)}
        )
        yield connection
        await connection.rollback()


async def test_the_tests_do_not_connect_as_someone_whom_no_policy_binds(
    connection: AsyncConnection,
) -> None:
    ask = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    assert await connection.scalar(text(ask)) is False


async def test_reading_everything_reads_what_is_here(
    street: Street, connection: AsyncConnection
) -> None:
    database = street.container.database
    ours = await rows_of(database, street.here.workspace_id)
    theirs = await rows_of(database, street.next_door.workspace_id)
    for table in owned_tables():
        found = await connection.execute(select(table))
        assert sorted(repr(tuple(row)) for row in found) == ours[table.name]
        counted = text(f"SELECT count(*) FROM {table.name}")  # noqa: S608
        assert await connection.scalar(counted) == len(ours[table.name])
    # Where there is nothing to see, this would prove nothing.
    assert all(theirs.values())


async def test_a_connection_that_says_nothing_sees_nothing(street: Street) -> None:
    async with street.container.database.engine.connect() as connection:
        for table in owned_tables():
            count = select(func.count()).select_from(table)
            assert await connection.scalar(count) == 0, table.name


async def test_changing_and_deleting_everything_leaves_next_door_alone(
    street: Street, connection: AsyncConnection
) -> None:
    database, here = street.container.database, street.here.workspace_id
    before = await rows_of(database, street.next_door.workspace_id)
    for table in reversed(owned_tables()):
        column = next(iter(table.c))
        await connection.execute(update(table).values({column: column}))
        await connection.execute(delete(table))
    await connection.commit()
    assert not any((await rows_of(database, here)).values())
    assert await rows_of(database, street.next_door.workspace_id) == before


async def test_no_row_is_written_for_next_door(
    street: Street, connection: AsyncConnection
) -> None:
    written = 0
    for table in owned_tables():
        for row in await _rows_next_door(street, table):
            copied = {**row, "id": uuid7()} if "id" in row else row
            refusal = await _refusal(connection, insert(table).values(copied))
            assert refusal == REFUSED, table.name
            written += 1
    assert written >= len(owned_tables())


async def test_no_row_moves_next_door(
    street: Street, connection: AsyncConnection
) -> None:
    for table in owned_tables():
        if "workspace_id" in table.c:
            moved = update(table).values(workspace_id=street.next_door.workspace_id)
            assert await _refusal(connection, moved) == REFUSED, table.name


@pytest.mark.parametrize(
    ("pair", "column", "kind"),
    [
        ("invitation_servers", "media_server_id", "servers"),
        ("invitation_libraries", "library_id", "libraries"),
    ],
)
async def test_an_invitation_is_not_joined_with_what_is_next_door(
    street: Street, connection: AsyncConnection, pair: str, column: str, kind: str
) -> None:
    def join(invites: Home, gives: Home) -> Insert:
        given = gives.libraries[0] if kind == "libraries" else gives.ids[kind]
        values = {"invitation_id": UUID(invites.ids["invitations"])}
        return insert(Base.metadata.tables[pair]).values(
            {**values, column: UUID(given)}
        )

    here, there = street.here, street.next_door
    assert await _refusal(connection, join(here, there)) == REFUSED
    assert await _refusal(connection, join(there, here)) == REFUSED
    assert await _refusal(connection, join(here, here)) in {None, DUPLICATE}


async def _rows_next_door(street: Street, table: Table) -> list[dict[str, Any]]:
    theirs = belongs_to(table, street.next_door.workspace_id)
    database = street.container.database
    async with database.unscoped("command line", reading=True) as session:
        found = await session.execute(select(table).where(theirs))
        return [dict(row) for row in found.mappings()]


async def _refusal(connection: AsyncConnection, statement: Executable) -> str | None:
    """PostgreSQL's code for why it does not do it; what it does is taken back."""
    attempt = await connection.begin_nested()
    try:
        await connection.execute(statement)
    except DBAPIError as error:
        return str(getattr(error.orig, "sqlstate", ""))
    finally:
        await attempt.rollback()
    return None
