"""Many rows as tuples, and comparing with many values, in one workspace."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid7

import pytest
from sqlalchemy import func, select

from zondarr.accounts.models import Workspace
from zondarr.catalogue.models import LibrarySize
from zondarr.core.database import (
    Database,
    WorkspaceMissingError,
    among,
    not_among,
)
from zondarr.core.exceptions import DuplicateError
from zondarr.core.search import name_key_of, search_text_of
from zondarr.media.types import ServerType
from zondarr.servers.models import Library, MediaServer

NAMES = ("id", "media_server_id", "external_id", "name", "library_type")


@dataclass
class House:
    workspace_id: UUID
    server_id: UUID
    rows: list[tuple[UUID, UUID, str, str, str]]


async def _house(database: Database, name: str, count: int = 3) -> House:
    async with database.unscoped("set-up") as session:
        workspace = Workspace(name=name)
        session.add(workspace)
    async with database.scoped(workspace.id) as session:
        server = MediaServer(
            name="x", server_type=ServerType.PLEX, url="http://x", api_key=""
        )
        session.add(server)
        await session.flush()
        rows = [
            (uuid7(), server.id, f"{name}{number}", f"Ünlü {number}", "movies")
            for number in range(count)
        ]
        await session.insert_rows(Library, NAMES, rows)
    return House(workspace.id, server.id, rows)


@pytest.fixture
async def houses(database: Database) -> tuple[House, House]:
    return await _house(database, "mine"), await _house(database, "theirs")


async def test_inserted_rows_are_those_that_objects_would_make(
    database: Database, houses: tuple[House, House]
) -> None:
    mine, _ = houses
    before = datetime.now(UTC)
    async with database.scoped(mine.workspace_id) as session:
        found = (await session.scalars(select(Library).order_by(Library.id))).all()
        made = [(e.id, e.media_server_id, e.external_id, e.name) for e in found]
        assert made == [row[:4] for row in mine.rows]
        assert {each.workspace_id for each in found} == {mine.workspace_id}
        for each in found:
            assert each.name_key == name_key_of([each.name])
            assert each.search_text == search_text_of([each.name])
            assert each.created_at.tzinfo is not None
            assert abs(before - each.created_at).total_seconds() < 3600
        session.expunge_all()
        other = Library(
            media_server_id=mine.server_id,
            external_id="z",
            name="Ünlü 0",
            library_type="movies",
        )
        session.add(other)
        await session.flush()
        columns = set(Library.__table__.columns.keys()) - {"id", "external_id"}
        times = {"created_at", "updated_at"}
        for name in columns - times:
            assert getattr(other, name) == getattr(found[0], name), name


async def test_a_row_that_is_there_is_refused(
    database: Database, houses: tuple[House, House]
) -> None:
    mine, _ = houses
    async with database.scoped(mine.workspace_id) as session:
        with pytest.raises(DuplicateError):
            await session.insert_rows(Library, NAMES, mine.rows[:1])
        await session.rollback()


async def test_a_change_of_many_rows_stays_in_the_workspace(
    database: Database, houses: tuple[House, House]
) -> None:
    mine, theirs = houses
    changes = [(row[0], "changed") for row in (*mine.rows[:2], *theirs.rows)]
    async with database.scoped(mine.workspace_id) as session:
        await session.update_rows(Library, ("id", "library_type"), changes)
    for house, count in (mine, 2), (theirs, 0):
        async with database.scoped(house.workspace_id) as session:
            rows = select(func.count()).where(Library.library_type == "changed")
            assert await session.scalar(rows) == count
            again = select(Library).where(Library.library_type == "changed")
            for each in await session.scalars(again):
                assert each.updated_at > each.created_at


async def test_rows_need_a_workspace(
    database: Database, houses: tuple[House, House]
) -> None:
    mine, _ = houses
    async with database.unscoped("set-up") as session:
        with pytest.raises(WorkspaceMissingError):
            await session.insert_rows(Library, NAMES, mine.rows)
        with pytest.raises(WorkspaceMissingError):
            await session.update_rows(Library, ("id", "name"), [(uuid7(), "x")])


async def test_values_are_among_many_or_not_and_in_one_workspace(
    database: Database, houses: tuple[House, House]
) -> None:
    mine, theirs = houses
    ids = [row[0] for row in (*mine.rows[:2], *theirs.rows)]
    texts = [mine.rows[0][2], 'quo"te', "ünlü", *(row[2] for row in theirs.rows)]
    async with database.scoped(mine.workspace_id) as session:
        for condition, expected in (
            (among(Library.id, ids), mine.rows[:2]),
            (not_among(Library.id, ids), mine.rows[2:]),
            (among(Library.external_id, texts), mine.rows[:1]),
            (not_among(Library.external_id, texts), mine.rows[1:]),
            (among(Library.id, []), []),
            (not_among(Library.id, []), mine.rows),
        ):
            rows = select(Library.id).where(condition).order_by(Library.id)
            assert list(await session.scalars(rows)) == [row[0] for row in expected]


async def test_writing_a_catalogue_leaves_cached_answers_valid(
    database: Database, houses: tuple[House, House]
) -> None:
    mine, _ = houses
    library = mine.rows[0][0]
    before = database.writes
    async with database.scoped(mine.workspace_id) as session:
        size = (library, datetime.now(UTC).date(), 1, 2)
        names = ("library_id", "day", "titles", "bytes")
        await session.insert_rows(LibrarySize, names, [size])
    async with database.scoped(mine.workspace_id) as session:
        row = (await session.scalars(select(LibrarySize))).one()
        row.titles = 2
    assert database.writes == before
    async with database.scoped(mine.workspace_id) as session:
        changes = [(library, "shows")]
        await session.update_rows(Library, ("id", "library_type"), changes)
    assert database.writes == before + 1
    async with database.scoped(mine.workspace_id) as session:
        changed = await session.get_one(Library, library)
        changed.library_type = "movies"
    assert database.writes == before + 2
