"""Media servers over HTTP."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED, HTTP_204_NO_CONTENT
from msgspec import UNSET

from zondarr.accounts.guards import requires_role, signed_in
from zondarr.accounts.models import Role
from zondarr.core.actor import Actor
from zondarr.core.repository import PageRequest
from zondarr.plex_accounts.linking import PlexLinking
from zondarr.servers.schemas import (
    LibraryPage,
    LibraryResponse,
    ServerCreate,
    ServerFound,
    ServerPage,
    ServerRemoval,
    ServerResponse,
    ServerTest,
    ServerTypePage,
    ServerUpdate,
    SyncStarted,
)
from zondarr.servers.service import MediaServerService, check_one_key
from zondarr.servers.sync_workflow import SyncWorkflow

ADMIN = [requires_role(Role.ADMIN)]


class ServerController(Controller):
    path = "/api/v1/servers"
    tags = ["Servers"]
    guards = [signed_in]

    @get(operation_id="listServers")
    async def list_all(
        self,
        servers: NamedDependency[MediaServerService],
        page: NamedDependency[PageRequest],
        q: FromQuery[str | None] = None,
    ) -> ServerPage:
        """List servers. `q` searches name and address; sorts: name, created_at."""
        found = await servers.find(page, q=q)
        return ServerPage.of(found, ServerResponse.from_row)

    @post(operation_id="createServer", guards=ADMIN)
    async def create(
        self,
        data: JSONBody[ServerCreate],
        servers: NamedDependency[MediaServerService],
        linking: NamedDependency[PlexLinking],
    ) -> ServerResponse:
        """Add a server. It is contacted first, and stored only if the key may manage
        it; its libraries are stored too.
        """
        check_one_key(data)
        linked = await linking.token_of(data.plex_pin_id) if data.plex_pin_id else None
        return ServerResponse.from_row(await servers.create(data, linked=linked))

    @post(
        "/test",
        operation_id="testNewServer",
        guards=ADMIN,
        status_code=HTTP_200_OK,
    )
    async def test(
        self,
        data: JSONBody[ServerTest],
        servers: NamedDependency[MediaServerService],
    ) -> ServerFound:
        """Test an address and a key; nothing is stored."""
        return ServerFound.of(await servers.test(data))

    @get("/{id:uuid}", operation_id="getServer")
    async def show(
        self, id: FromPath[UUID], servers: NamedDependency[MediaServerService]
    ) -> ServerResponse:
        return ServerResponse.from_row(await servers.get(id))

    @patch("/{id:uuid}", operation_id="updateServer", guards=ADMIN)
    async def update(
        self,
        id: FromPath[UUID],
        data: JSONBody[ServerUpdate],
        servers: NamedDependency[MediaServerService],
        linking: NamedDependency[PlexLinking],
    ) -> ServerResponse:
        """Change the fields that are sent. A new address or key is verified first; a
        new host, port or scheme needs the key again, or another sign-in with Plex.
        """
        pin_id = data.plex_pin_id
        linked = None if pin_id is UNSET else await linking.token_of(pin_id)
        return ServerResponse.from_row(await servers.update(id, data, linked=linked))

    @delete(
        "/{id:uuid}",
        operation_id="deleteServer",
        guards=ADMIN,
        responses={
            HTTP_200_OK: ResponseSpec(
                ServerRemoval,
                generate_examples=False,
                description="With dry_run: what goes with it; nothing was changed",
            )
        },
    )
    async def remove(
        self,
        id: FromPath[UUID],
        servers: NamedDependency[MediaServerService],
        dry_run: FromQuery[bool] = False,
    ) -> Response[None]:
        """Delete the server and what is known of it. The server itself is not
        contacted: accounts on it stay.
        """
        if dry_run:
            preview: Response[Any] = Response(
                ServerRemoval.of(*await servers.preview_removal(id)),
                status_code=HTTP_200_OK,
            )
            return preview
        await servers.delete(id)
        return Response(None, status_code=HTTP_204_NO_CONTENT)

    @post(
        "/{id:uuid}/test",
        operation_id="testServer",
        guards=ADMIN,
        status_code=HTTP_200_OK,
    )
    async def test_stored(
        self, id: FromPath[UUID], servers: NamedDependency[MediaServerService]
    ) -> ServerFound:
        """Test the server with its stored key, and store its state."""
        return ServerFound.of(await servers.test_stored(id))

    @post(
        "/{id:uuid}/sync",
        operation_id="syncServer",
        guards=ADMIN,
        status_code=HTTP_202_ACCEPTED,
    )
    async def sync(
        self,
        id: FromPath[UUID],
        sync_workflow: NamedDependency[SyncWorkflow],
        actor: NamedDependency[Actor],
        accept_missing: FromQuery[bool] = False,
    ) -> SyncStarted:
        """Compare the server's libraries and accounts with what is stored.

        A list that lacks too many known entries is not believed, and the run fails with
        `libraries_missing` or `accounts_missing`. `accept_missing` confirms that it is
        right.
        """
        run_id = await sync_workflow.start(id, actor, accept_missing=accept_missing)
        return SyncStarted(run_id=run_id)

    @get("/{id:uuid}/libraries", operation_id="listLibraries")
    async def libraries(
        self,
        id: FromPath[UUID],
        servers: NamedDependency[MediaServerService],
        page: NamedDependency[PageRequest],
        q: FromQuery[str | None] = None,
    ) -> LibraryPage:
        """The server's libraries, missing ones included; sorts: name, created_at."""
        found = await servers.libraries(id, page, q=q)
        return LibraryPage.of(found, LibraryResponse.from_row)


class ServerTypeController(Controller):
    path = "/api/v1/server-types"
    tags = ["Servers"]
    guards = [signed_in]

    @get(operation_id="listServerTypes")
    async def list_all(
        self, servers: NamedDependency[MediaServerService]
    ) -> ServerTypePage:
        """The types of server, and what each supports."""
        types = servers.types()
        return ServerTypePage.whole(types)
