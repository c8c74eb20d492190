"""The connection to Seerr over HTTP."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED, HTTP_204_NO_CONTENT

from zondarr.accounts.guards import requires_role, signed_in
from zondarr.accounts.models import Role
from zondarr.core.actor import Actor
from zondarr.core.repository import PageRequest
from zondarr.requests.connection.schemas import (
    SeerrConnection,
    SeerrFound,
    SeerrRemoval,
    SeerrSyncStarted,
    SeerrTest,
    SeerrUpdate,
    SeerrUser,
    SeerrUserPage,
    SeerrUserUpdate,
)
from zondarr.requests.connection.service import SeerrService
from zondarr.requests.sync.tasks import SyncOptions
from zondarr.requests.sync.workflow import RequestSyncs

ADMIN = [requires_role(Role.ADMIN)]
TEST_STORED = SeerrTest()


class SeerrController(Controller):
    path = "/api/v1/integrations/seerr"
    tags = ["Seerr"]
    guards = [signed_in]

    @get(operation_id="getSeerr")
    async def show(self, seerr: NamedDependency[SeerrService]) -> SeerrConnection:
        """The connection to Seerr, Jellyseerr or Overseerr, and how fresh its requests
        are; `connected` is false while there is none."""
        return await seerr.show()

    @put(operation_id="connectSeerr", guards=ADMIN)
    async def store(
        self, data: JSONBody[SeerrUpdate], seerr: NamedDependency[SeerrService]
    ) -> SeerrConnection:
        """Connect Seerr, or change its address or key. It is contacted first, and
        stored only if the key is an administrator's. A new host, port or scheme needs
        the key again. Requests are read by a sync."""
        return await seerr.store(data)

    @delete(
        operation_id="disconnectSeerr",
        guards=ADMIN,
        responses={
            HTTP_200_OK: ResponseSpec(
                SeerrRemoval,
                generate_examples=False,
                description="With dry_run: what goes with it; nothing was changed",
            )
        },
    )
    async def remove(
        self,
        seerr: NamedDependency[SeerrService],
        dry_run: FromQuery[bool] = False,
    ) -> Response[None]:
        """Delete the connection and what is known of its requests. Seerr itself is not
        contacted: requests stay there."""
        if dry_run:
            preview: Response[Any] = Response(
                await seerr.preview_removal(), status_code=HTTP_200_OK
            )
            return preview
        await seerr.remove()
        return Response(None, status_code=HTTP_204_NO_CONTENT)

    @post(
        "/test",
        operation_id="testSeerr",
        guards=ADMIN,
        status_code=HTTP_200_OK,
    )
    async def test(
        self,
        seerr: NamedDependency[SeerrService],
        data: JSONBody[SeerrTest] = TEST_STORED,
    ) -> SeerrFound:
        """Test an address and a key, or the stored connection if there is no body;
        nothing is stored."""
        return await seerr.test(data)

    @post(
        "/sync",
        operation_id="syncSeerr",
        guards=ADMIN,
        status_code=HTTP_202_ACCEPTED,
    )
    async def sync(
        self,
        request_syncs: NamedDependency[RequestSyncs],
        actor: NamedDependency[Actor],
        full: FromQuery[bool] = False,
    ) -> SeerrSyncStarted:
        """Read the requests; all of them with `full`, else what changed. While that is
        being done, this answers the run that is there.

        If more than a fifth of the requests is gone, nothing is changed and the run
        fails with `requests_shrunken`: look, then confirm the run."""
        run_id = await request_syncs.start(actor, SyncOptions(full=full))
        return SeerrSyncStarted(run_id=run_id)

    @get("/users", operation_id="listSeerrUsers")
    async def users(
        self,
        seerr: NamedDependency[SeerrService],
        page: NamedDependency[PageRequest],
        q: FromQuery[str | None] = None,
        unlinked: FromQuery[bool] = False,
    ) -> SeerrUserPage:
        """Seerr's users and the people they are. `q` searches names and e-mail
        addresses, `unlinked` finds those that are nobody yet; sorts: name,
        request_count, created_at."""
        return await seerr.users(page, q=q, unlinked=unlinked)

    @patch("/users/{id:uuid}", operation_id="updateSeerrUser", guards=ADMIN)
    async def link(
        self,
        id: FromPath[UUID],
        data: JSONBody[SeerrUserUpdate],
        seerr: NamedDependency[SeerrService],
    ) -> SeerrUser:
        """Say which person a user of Seerr is, or null for none; this wins over what
        its ids say, from now on."""
        return await seerr.link(id, data.identity_id)
