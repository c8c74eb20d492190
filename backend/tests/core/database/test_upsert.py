"""Many rows in one call, in one workspace."""

from typing import Any
from uuid import UUID, uuid7

import pytest
from sqlalchemy import func, select

from zondarr.accounts.models import Workspace
from zondarr.core.database import Database, Session, WorkspaceMissingError
from zondarr.core.exceptions import RefusedError
from zondarr.media.types import ServerType
from zondarr.servers.models import Library, MediaServer

KEY = ("media_server_id", "external_id")


async def _server(database: Database, workspace_id: UUID) -> UUID:
    async with database.scoped(workspace_id) as session:
        server = MediaServer(
            name="x", server_type=ServerType.PLEX, url="http://x", api_key=""
        )
        session.add(server)
    return server.id


def _rows(server_id: UUID, count: int, name: str = "Films") -> list[dict[str, Any]]:
    return [
        {
            "media_server_id": server_id,
            "external_id": str(number),
            "name": name,
            "library_type": "movies",
        }
        for number in range(count)
    ]


async def _names(session: Session) -> dict[str, int]:
    counted = select(Library.name, func.count()).group_by(Library.name)
    return {row[0]: row[1] for row in await session.execute(counted)}


async def test_more_rows_than_a_statement_takes_are_written_in_one_call(
    database: Database, workspace: Workspace
) -> None:
    server = await _server(database, workspace.id)
    async with database.scoped(workspace.id) as session:
        rows = _rows(server, 22_500)
        assert await session.upsert_rows(Library, rows, key=KEY) == 22_500
    async with database.scoped(workspace.id) as session:
        rows = _rows(server, 3, "Music")
        assert await session.upsert_rows(Library, rows, key=KEY) == 3
        assert await _names(session) == {"Films": 22_497, "Music": 3}


async def test_what_is_written_again_keeps_its_id_and_has_new_values(
    database: Database, workspace: Workspace
) -> None:
    server = await _server(database, workspace.id)
    found: list[Library] = []
    for name in ("Films", "Music"):
        async with database.scoped(workspace.id) as session:
            await session.upsert_rows(Library, _rows(server, 1, name), key=KEY)
            found.append((await session.scalars(select(Library))).one())
    before, after = found
    assert after.id == before.id
    assert (after.name, after.created_at) == ("Music", before.created_at)
    assert after.updated_at > before.updated_at
    assert after.workspace_id == workspace.id


async def test_of_rows_with_the_same_key_the_last_one_counts(
    database: Database, workspace: Workspace
) -> None:
    server = await _server(database, workspace.id)
    async with database.scoped(workspace.id) as session:
        rows = _rows(server, 1, "one") + _rows(server, 1, "two")
        assert await session.upsert_rows(Library, rows, key=KEY) == 1
        assert await session.upsert_rows(Library, [], key=KEY) == 0
        assert await _names(session) == {"two": 1}


async def test_a_row_of_another_workspace_is_never_written(
    database: Database, workspace: Workspace
) -> None:
    async with database.unscoped("set-up") as session:
        neighbour = Workspace(name="next door")
        session.add(neighbour)
    server = await _server(database, neighbour.id)
    async with database.scoped(neighbour.id) as session:
        await session.upsert_rows(Library, _rows(server, 2), key=KEY)
    async with database.scoped(workspace.id) as session:
        taken = _rows(server, 1, "taken over")
        with pytest.raises(RefusedError):
            await session.upsert_rows(Library, taken, key=KEY)
        await session.rollback()
    async with database.scoped(workspace.id) as session:
        foreign = [{**taken[0], "id": uuid7(), "workspace_id": neighbour.id}]
        with pytest.raises(WorkspaceMissingError):
            await session.upsert_rows(Library, foreign, key=KEY)
        await session.rollback()
    async with database.scoped(neighbour.id) as session:
        assert await _names(session) == {"Films": 2}
    async with database.unscoped("set-up") as session:
        with pytest.raises(WorkspaceMissingError):
            await session.upsert_rows(Library, taken, key=KEY)
