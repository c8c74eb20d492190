"""People, accounts, servers and invitations are found and sorted alike on each
database, and what they are found by follows their names."""

from unicodedata import normalize

import pytest
from sqlalchemy import select

from zondarr import migrations
from zondarr.accounts.models import Workspace
from zondarr.core.clock import utc_now
from zondarr.core.database import Database, Session
from zondarr.core.repository import PageRequest
from zondarr.core.search import Searched
from zondarr.invitations.models import Invitation
from zondarr.invitations.repository import InvitationRepository
from zondarr.media.types import ServerType
from zondarr.servers.models import Library, MediaServer
from zondarr.servers.repository import LibraryRepository, MediaServerRepository
from zondarr.tables import Base
from zondarr.users.models import Identity, User
from zondarr.users.repository import IdentityRepository, UserRepository

ORDERED = ["Åke", "anna", "İnci", "Łukasz", "Özlem", "Straße", "zed", "Жанна"]


@pytest.fixture(autouse=True)
async def _household(database: Database, workspace: Workspace) -> None:
    """For each name a server with a library, a person with an account, an invitation;
    the last of them first."""
    async with database.scoped(workspace.id) as session:
        for number, name in enumerate(reversed(ORDERED)):
            server = MediaServer(
                name=name,
                server_type=ServerType.JELLYFIN,
                url=f"http://{number}",
                api_key="",
            )
            session.add(server)
            await session.flush()
            session.add(
                Library(
                    media_server_id=server.id,
                    external_id="1",
                    name=name,
                    library_type="movies",
                )
            )
            user = User(
                media_server_id=server.id,
                external_user_id=str(number),
                username=f"{name} @home",
            )
            session.add(Identity(display_name=name, email=f"{number}@x", users=[user]))
            session.add(Invitation(code=f"CODE-{number}", label=name))


async def people(session: Session, q: str | None = None) -> list[str]:
    found = await IdentityRepository(session).find(PageRequest(), q=q)
    return [one.display_name for one in found.items]


async def test_people_are_found_and_sorted(
    database: Database, workspace: Workspace
) -> None:
    async with database.scoped(workspace.id, reading=True) as session:
        assert await people(session) == ORDERED
        assert await people(session, "ÖZLEM") == ["Özlem"]
        assert await people(session, normalize("NFD", "özl")) == ["Özlem"]
        assert await people(session, "STRASSE") == ["Straße"]
        assert await people(session, "inci") == ["İnci"]
        assert await people(session, "жан") == ["Жанна"]
        assert await people(session, "0@X") == ["Жанна"]
        assert await people(session, "zlem @HOME") == ["Özlem"]
        assert await people(session, "%") == []
        page = await IdentityRepository(session).find(PageRequest(limit=3))
        page = await IdentityRepository(session).find(
            PageRequest(limit=9, cursor=page.next_cursor)
        )
        assert [one.display_name for one in page.items] == ORDERED[3:]


async def test_servers_libraries_accounts_and_invitations_are_too(
    database: Database, workspace: Workspace
) -> None:
    async with database.scoped(workspace.id, reading=True) as session:
        servers = MediaServerRepository(session)
        all_of_them = (await servers.find(PageRequest(), q=None)).items
        assert [one.name for one in all_of_them] == ORDERED
        [server] = (await servers.find(PageRequest(), q="özlem")).items
        [library] = (
            await LibraryRepository(session).find(server.id, PageRequest(), q="ÖZ")
        ).items
        assert library.media_server_id == server.id
        users = UserRepository(session)
        named = [one.username for one in (await users.find(PageRequest())).items]
        assert named == [f"{name} @home" for name in ORDERED]
        [account] = (await users.find(PageRequest(), q="ÅKE")).items
        assert account.username == "Åke @home"
        invitations = InvitationRepository(session)
        found = await _invitations(invitations, "strasse")
        assert found == await _invitations(invitations, "code-2") == ["Straße"]


async def _invitations(repository: InvitationRepository, q: str) -> list[str | None]:
    page = await repository.find(
        PageRequest(), q=q, status=None, server_id=None, now=utc_now()
    )
    return [one.label for one in page.items]


async def test_whoever_gets_another_name_is_found_by_that(
    database: Database, workspace: Workspace
) -> None:
    async with database.scoped(workspace.id) as session:
        [zed] = (await IdentityRepository(session).find(PageRequest(), q="zed")).items
        person = await IdentityRepository(session).get_locked(zed.id)
        assert person is not None
        person.display_name = "Ängel"
        person.users[0].username = "Émile"
    async with database.scoped(workspace.id) as session:
        assert (await people(session))[:3] == ["Åke", "Ängel", "anna"]
        assert await people(session, "ängel") == ["Ängel"]
        assert await people(session, "émile") == ["Ängel"]
        assert await people(session, "zed") == []
        person = await IdentityRepository(session).get_locked(zed.id)
        assert person is not None
        await UserRepository(session).delete(person.users.pop())
    async with database.scoped(workspace.id, reading=True) as session:
        assert await people(session, "émile") == []


async def test_the_migration_makes_the_same_keys(
    database: Database, database_url: str
) -> None:
    before = await keys(database)
    await migrations.downgrade(database_url, "0003")
    await migrations.upgrade(database_url)
    assert before
    assert await keys(database) == before


async def keys(database: Database) -> set[tuple[str, ...]]:
    """All keys there are."""
    names = ("id", "search_text", "name_key")
    async with database.unscoped("command line", reading=True) as session:
        return {
            tuple(str(value) for value in row)
            for mapper in Base.registry.mappers
            if issubclass(mapper.class_, Searched)
            for row in await session.execute(
                select(*(mapper.c[name] for name in names if name in mapper.c))
            )
        }
