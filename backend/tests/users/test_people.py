"""People, as far as no media server has to be asked."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid7

import pytest
from sqlalchemy import delete, event, update
from tests.actors import people_of

from zondarr.accounts.models import Workspace
from zondarr.core.clock import utc_now
from zondarr.core.database import Database, UnitOfWork
from zondarr.core.exceptions import NotFoundError
from zondarr.core.repository import PageRequest
from zondarr.media.types import ServerType
from zondarr.servers.impact import ImpactKind
from zondarr.servers.models import MediaServer
from zondarr.users.enrolment import Enrolment, enrol
from zondarr.users.impact import impact_on_accounts, impact_on_people
from zondarr.users.models import Identity, User
from zondarr.users.schemas import IdentityUpdate

END = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
async def two(work: UnitOfWork) -> Sequence[MediaServer]:
    """Two servers that nobody asks anything."""
    async with work() as session:
        servers = [
            MediaServer(
                name=name,
                server_type=ServerType.JELLYFIN,
                url="http://127.0.0.1:1",
                api_key="sealed",
            )
            for name in ("Living room", "Attic")
        ]
        session.add_all(servers)
    return servers


async def _admit(
    work: UnitOfWork,
    name: str,
    on: Sequence[MediaServer],
    expires_at: datetime | None = None,
) -> Identity:
    enrolments = [
        Enrolment(
            media_server_id=server.id,
            external_user_id=f"{name}'s account",
            username=name.lower(),
        )
        for server in on
    ]
    async with work() as session:
        return await enrol(
            session,
            display_name=name,
            email=f"{name.lower()}@example.org",
            expires_at=expires_at,
            enrolments=enrolments,
        )


async def _names(
    work: UnitOfWork, sort: str | None = None, **filters: Any
) -> list[str]:
    async with work(reading=True) as session:
        people = people_of(session)
        found = await people.find(PageRequest(sort=sort), **filters)
    assert found.total == len(found.items)
    return [one.display_name for one in found.items]


async def _update(work: UnitOfWork, id: UUID, data: IdentityUpdate) -> Identity:
    async with work() as session:
        return await people_of(session).update(id, data)


async def test_the_same_accounts_are_the_same_person(
    work: UnitOfWork, two: Sequence[MediaServer]
) -> None:
    ada = await _admit(work, "Ada", two[:1], END)
    again = await _admit(work, "Ada", two, END)
    assert again.id == ada.id
    assert len(again.users) == 2
    assert again.expires_at == END
    assert await _names(work) == ["Ada"]


async def test_people_are_searched_and_filtered(
    work: UnitOfWork, two: Sequence[MediaServer]
) -> None:
    await _admit(work, "Ada", two[:1], END)
    await _admit(work, "Bob", two[1:], END + timedelta(days=9))
    await _admit(work, "Cem", two, None)
    assert await _names(work) == ["Ada", "Bob", "Cem"]
    assert await _names(work, "-display_name") == ["Cem", "Bob", "Ada"]
    assert await _names(work, "expires_at") == ["Ada", "Bob", "Cem"]
    assert await _names(work, "-created_at") == ["Cem", "Bob", "Ada"]
    assert await _names(work, q="BOB@") == ["Bob"]
    assert await _names(work, q="%") == []
    assert await _names(work, server_id=two[0].id) == ["Ada", "Cem"]
    assert await _names(work, expiring_before=END) == ["Ada"]
    assert await _names(work, enabled=False) == []


async def test_pages_by_end_of_access_show_everyone_once(
    work: UnitOfWork, two: Sequence[MediaServer]
) -> None:
    for number in range(7):
        end = None if number % 3 == 0 else END + timedelta(days=number % 2)
        await _admit(work, f"Guest {number}", two[:1], end)
    for sort in ("expires_at", "-expires_at"):
        seen: list[UUID] = []
        cursor = None
        while True:
            request = PageRequest(limit=2, sort=sort, cursor=cursor)
            async with work(reading=True) as session:
                found = await people_of(session).find(request)
            seen += [one.id for one in found.items]
            cursor = found.next_cursor
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 7


async def test_people_are_in_the_order_of_their_names_in_any_case(
    work: UnitOfWork, two: Sequence[MediaServer]
) -> None:
    for name in ("bob", "Ada", "ada 2", "Bea"):
        await _admit(work, name, two[:1], END)
    assert await _names(work) == ["Ada", "ada 2", "Bea", "bob"]
    assert await _names(work, "-display_name") == ["bob", "Bea", "ada 2", "Ada"]


async def test_a_page_behind_the_last_one_still_tells_how_many_there_are(
    work: UnitOfWork, two: Sequence[MediaServer]
) -> None:
    for name in ("Ada", "Bob"):
        await _admit(work, name, two[:1], END)
    async with work(reading=True) as session:
        first = await people_of(session).find(PageRequest(limit=1))
    async with work() as session:
        await session.execute(delete(Identity).where(Identity.display_name == "Bob"))
    async with work(reading=True) as session:
        cursor = first.next_cursor
        found = await people_of(session).find(PageRequest(limit=1, cursor=cursor))
    assert (found.items, found.next_cursor, found.total) == ([], None, 1)


async def test_a_list_takes_as_many_questions_for_fifty_people_as_for_two(
    work: UnitOfWork, two: Sequence[MediaServer], database: Database
) -> None:
    counts: list[int] = []
    for people in (2, 50):
        for _ in range(people):
            await _admit(work, str(uuid7()), two)
        async with _counted(database) as statements, work(reading=True) as session:
            found = await people_of(session).find(PageRequest(limit=people))
            assert all(len(one.users) == 2 for one in found.items)
            counts.append(len(statements))
    assert 0 < counts[0] == counts[1] <= 4


async def test_another_end_is_given_to_all_accounts(
    work: UnitOfWork, two: Sequence[MediaServer]
) -> None:
    ada = await _admit(work, "Ada", two, END)
    changed = await _update(work, ada.id, IdentityUpdate(expires_at=None))
    assert changed.expires_at is None
    assert {user.expires_at for user in changed.users} == {None}
    later = utc_now() + timedelta(days=3)
    changed = await _update(work, ada.id, IdentityUpdate(expires_at=later, email=None))
    assert {user.expires_at for user in changed.users} == {later}
    assert (changed.expires_at, changed.email) == (later, None)
    assert changed.display_name == "Ada"


async def test_nobody_of_another_workspace_is_seen(
    work: UnitOfWork, two: Sequence[MediaServer], database: Database
) -> None:
    ada = await _admit(work, "Ada", two)
    async with database.scoped(uuid7()) as session:
        people = people_of(session)
        assert (await people.find(PageRequest())).total == 0
        with pytest.raises(NotFoundError):
            await people.get(ada.id)
        with pytest.raises(NotFoundError):
            await people.update(ada.id, IdentityUpdate(display_name="Eve"))
        with pytest.raises(NotFoundError):
            await people.get_user(ada.users[0].id)


async def test_nothing_of_another_workspace_is_joined_to_what_is_listed(
    work: UnitOfWork, two: Sequence[MediaServer], database: Database
) -> None:
    """Even where the rows themselves have been mixed up."""
    ada = await _admit(work, "Ada", two)
    next_door = Workspace(name="Next door")
    async with database.unscoped("command line") as session:
        session.add(next_door)
        await session.flush()
        for table, row in ((User, ada.users[0]), (MediaServer, two[1])):
            moved = update(table).where(table.id == row.id)
            await session.execute(moved.values(workspace_id=next_door.id))
    async with work(reading=True) as session:
        people = people_of(session)
        [person] = (await people.find(PageRequest())).items
        [account] = (await people.find_users(PageRequest())).items
        assert (await people.find(PageRequest(), server_id=two[0].id)).total == 0
        assert (await people.find_users(PageRequest(), q="ada")).total == 1
    assert (person.id, [user.id for user in person.users]) == (ada.id, [account.id])
    assert account.id == ada.users[1].id
    assert account.server_name is None


async def test_what_the_end_of_a_server_means_for_people(
    work: UnitOfWork, two: Sequence[MediaServer]
) -> None:
    await _admit(work, "Ada", two)
    bob = await _admit(work, "Bob", two[1:])
    async with work(reading=True) as session:
        accounts = await impact_on_accounts(session, two[1].id)
        people = await impact_on_people(session, two[1].id)
    assert (accounts.kind, accounts.count) == (ImpactKind.USERS, 2)
    assert [item.id for item in people.items] == [bob.id]
    assert not accounts.blocks
    assert not people.blocks


@asynccontextmanager
async def _counted(database: Database) -> AsyncGenerator[list[str]]:
    statements: list[str] = []

    def note(*given: Any) -> None:
        statements.append(str(given[2]))

    engine = database.reader.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
