"""A workspace with a server, its libraries, and an invitation to it."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from tests.simulated import plex, plex_browser, registry

from zondarr.accounts.models import Workspace
from zondarr.core.database import Database
from zondarr.invitations.models import Invitation
from zondarr.media.types import ServerType
from zondarr.servers.models import Library, MediaServer

__all__ = ["plex", "plex_browser", "registry"]

type Invite = Callable[..., Awaitable[Invitation]]


@pytest.fixture
async def workspace(database: Database) -> Workspace:
    async with database.unscoped("set-up") as session:
        workspace = Workspace(name="Home")
        session.add(workspace)
    return workspace


@pytest.fixture
async def server(database: Database, workspace: Workspace) -> MediaServer:
    async with database.scoped(workspace.id) as session:
        server = MediaServer(
            name="Living room",
            server_type=ServerType.JELLYFIN,
            url="http://127.0.0.1:1",
            api_key="sealed",
        )
        session.add(server)
    return server


@pytest.fixture
async def libraries(database: Database, server: MediaServer) -> list[Library]:
    async with database.scoped(server.workspace_id) as session:
        libraries = [
            Library(
                media_server_id=server.id,
                external_id=name.lower(),
                name=name,
                library_type="movies",
            )
            for name in ("Films", "Shows")
        ]
        session.add_all(libraries)
    return libraries


@pytest.fixture
def invite(database: Database, server: MediaServer, libraries: list[Library]) -> Invite:
    """Make an invitation to the first library."""

    async def make(code: str = "MOVIE-NIGHT", **limits: object) -> Invitation:
        async with database.scoped(server.workspace_id) as session:
            invitation = Invitation(code=code, **limits)
            invitation.servers = [server]
            invitation.libraries = libraries[:1]
            session.add(invitation)
        return invitation

    return make


@pytest.fixture
async def stranger(database: Database) -> UUID:
    """Another workspace's id."""
    async with database.unscoped("set-up") as session:
        workspace = Workspace(name="Next door")
        session.add(workspace)
    return workspace.id
