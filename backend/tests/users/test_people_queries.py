"""How many queries a list of people takes."""

from collections.abc import Generator
from contextlib import contextmanager
from uuid import UUID, uuid7

import pytest
from sqlalchemy import event, insert
from tests.actors import people_of

from zondarr.accounts.models import Workspace
from zondarr.core.clock import utc_now
from zondarr.core.database import Database
from zondarr.core.repository import PageRequest
from zondarr.media.types import ServerType
from zondarr.servers.models import MediaServer
from zondarr.users.models import Identity, User

LIMIT = 50
FEW, MANY = 100, 10_000


@pytest.fixture
async def server_id(database: Database, workspace: Workspace) -> UUID:
    server = MediaServer(
        name="Attic",
        server_type=ServerType.JELLYFIN,
        url="http://127.0.0.1:1",
        api_key="sealed",
    )
    async with database.scoped(workspace.id) as session:
        session.add(server)
    return server.id


@pytest.mark.parametrize("sort", ["display_name", "-created_at", "expires_at"])
@pytest.mark.parametrize("q", [None, "guest"])
async def test_a_page_takes_as_many_queries_whatever_the_number_of_people(
    database: Database,
    workspace: Workspace,
    server_id: UUID,
    sort: str,
    q: str | None,
) -> None:
    counted: list[int] = []
    for begin, end in ((0, FEW), (FEW, MANY)):
        await move_in(database, workspace.id, server_id, range(begin, end))
        with queries(database) as seen:
            async with database.scoped(workspace.id, reading=True) as session:
                request = PageRequest(limit=LIMIT, sort=sort)
                found = await people_of(session).find(request, q=q)
        assert (len(found.items), found.total) == (LIMIT, end)
        assert all(one.users[0].server_name == "Attic" for one in found.items)
        counted.append(len(seen))
    assert counted == [1, 1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("sort", "index"),
    [
        ("display_name", "ix_identities_by_name"),
        ("-created_at", "ix_identities_workspace_id_created_at_id"),
        ("expires_at", "ix_identities_by_end"),
    ],
)
async def test_people_are_read_in_order_and_not_sorted(
    database: Database, workspace: Workspace, sort: str, index: str
) -> None:
    async with database.scoped(workspace.id, reading=True) as session:
        with queries(database) as seen:
            await people_of(session).find(PageRequest(sort=sort))
    async with database.engine.connect() as connection:
        plan = await connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {seen[0]}", (0,) * seen[0].count("?")
        )
    assert f"SEARCH identities USING INDEX {index} (workspace_id=?)" in {
        step[-1].replace("COVERING ", "") for step in plan
    }


async def move_in(
    database: Database, workspace_id: UUID, server_id: UUID, numbers: range
) -> None:
    """People with an account each."""
    now = utc_now()
    same = {"workspace_id": workspace_id, "created_at": now, "updated_at": now}
    people = [
        {**same, "id": uuid7(), "display_name": f"guest {number:05}", "enabled": True}
        for number in numbers
    ]
    accounts = [
        {
            **same,
            "id": uuid7(),
            "identity_id": person["id"],
            "media_server_id": server_id,
            "external_user_id": str(person["id"]),
            "username": person["display_name"],
            "enabled": True,
        }
        for person in people
    ]
    async with database.unscoped("command line") as session:
        await session.execute(insert(Identity), people)
        await session.execute(insert(User), accounts)


@contextmanager
def queries(database: Database) -> Generator[list[str]]:
    """What is asked of the database meanwhile, but for what frames a transaction."""
    seen: list[str] = []

    def see(*reported: object) -> None:
        statement = str(reported[2])
        if not statement.startswith("BEGIN") and "set_config" not in statement:
            seen.append(statement)

    engine = database.reader.sync_engine
    event.listen(engine, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", see)
