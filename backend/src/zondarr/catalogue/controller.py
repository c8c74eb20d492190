"""The catalogue over HTTP."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import (
    FromPath,
    FromQuery,
    HeaderParameter,
    JSONBody,
    QueryParameter,
)
from litestar.status_codes import HTTP_202_ACCEPTED, HTTP_304_NOT_MODIFIED

from zondarr.accounts.guards import requires_role, signed_in
from zondarr.accounts.models import Role
from zondarr.catalogue.growth import GrowthService
from zondarr.catalogue.models import TitleKind
from zondarr.catalogue.posters import PosterService, PosterSize
from zondarr.catalogue.repository import TitleFilter
from zondarr.catalogue.schemas import (
    CatalogueStatePage,
    CatalogueSyncRequest,
    CatalogueSyncStarted,
    Growth,
    TitleDetail,
    TitlePage,
)
from zondarr.catalogue.service import CatalogueService
from zondarr.catalogue.sync_workflow import CatalogueSyncs, SyncOptions
from zondarr.core.actor import Actor
from zondarr.core.repository import PageRequest

ADMIN = [requires_role(Role.ADMIN)]
POSTER_CACHE = "private, max-age=86400"


class TitleController(Controller):
    path = "/api/v1/titles"
    tags = ["Catalogue"]
    guards = [signed_in]

    @get(operation_id="listTitles")
    async def list_all(  # noqa: PLR0913, PLR0917 — each is a filter
        self,
        catalogue: NamedDependency[CatalogueService],
        page: NamedDependency[PageRequest],
        q: FromQuery[str | None] = None,
        type: FromQuery[TitleKind | None] = None,
        watched: FromQuery[bool | None] = None,
        server_id: FromQuery[UUID | None] = None,
        library_id: FromQuery[UUID | None] = None,
    ) -> TitlePage:
        """List films and shows. `q` searches their names; sorts: name, year, size,
        added, last_activity; the largest first by default."""
        wanted = TitleFilter(
            q=q,
            kind=type,
            watched=watched,
            server_id=server_id,
            library_id=library_id,
        )
        return await catalogue.find(page, wanted)

    @get("/{id:uuid}", operation_id="getTitle")
    async def show(
        self, id: FromPath[UUID], catalogue: NamedDependency[CatalogueService]
    ) -> TitleDetail:
        """One title with its copies, files and tracks, and who watched it."""
        return await catalogue.show(id)

    @get(
        "/{id:uuid}/poster",
        operation_id="getTitlePoster",
        media_type="image/*",
    )
    async def poster(
        self,
        id: FromPath[UUID],
        posters: NamedDependency[PosterService],
        actor: NamedDependency[Actor],
        size: FromQuery[PosterSize] = PosterSize.SMALL,
        if_none_match: Annotated[
            str | None, HeaderParameter(name="If-None-Match")
        ] = None,
    ) -> Response[bytes]:
        """The poster, from one of the servers that have the title; 404 if it has none,
        or no server responds. It is a JPEG, PNG, WebP, AVIF or GIF."""
        found = await posters.get(actor.workspace_id, id, size)
        headers = {"ETag": found.etag, "Cache-Control": POSTER_CACHE}
        if found.etag in (if_none_match or ""):
            return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=headers)
        return Response(found.data, media_type=found.media_type, headers=headers)


class CatalogueController(Controller):
    path = "/api/v1/catalogue"
    tags = ["Catalogue"]
    guards = [signed_in]

    @get(operation_id="getCatalogueState")
    async def state(
        self, catalogue: NamedDependency[CatalogueService]
    ) -> CatalogueStatePage:
        """How far the catalogue of each server is known, and what its accounts
        watched."""
        return await catalogue.state()

    @post(
        "/sync",
        operation_id="syncCatalogue",
        guards=ADMIN,
        status_code=HTTP_202_ACCEPTED,
    )
    async def sync(
        self,
        data: JSONBody[CatalogueSyncRequest],
        catalogue_syncs: NamedDependency[CatalogueSyncs],
        actor: NamedDependency[Actor],
    ) -> CatalogueSyncStarted:
        """Read what the servers hold and who watched it. While that is being done, this
        answers the run that is there.

        A library that lost more than a fifth of its titles is left as it was, and its
        part of the run fails with `library_shrunken`: look, then confirm the run."""
        options = SyncOptions(full=data.full, dry_run=data.dry_run)
        run_id = await catalogue_syncs.start(actor, data.server_ids, options)
        return CatalogueSyncStarted(run_id=run_id)


class GrowthController(Controller):
    path = "/api/v1/insights/growth"
    tags = ["Insights"]
    guards = [signed_in]

    @get(operation_id="getGrowth")
    async def show(
        self,
        growth: NamedDependency[GrowthService],
        days: Annotated[int, QueryParameter(ge=1, le=3660)] = 365,
    ) -> Growth:
        """How many titles and bytes the libraries held, day by day."""
        return await growth.show(days)


class ConfirmationController(Controller):
    path = "/api/v1/runs"
    tags = ["Catalogue"]
    guards = [signed_in]

    @post(
        "/{id:uuid}/confirm",
        operation_id="confirmRun",
        guards=ADMIN,
        status_code=HTTP_202_ACCEPTED,
    )
    async def confirm(
        self,
        id: FromPath[UUID],
        catalogue_syncs: NamedDependency[CatalogueSyncs],
        actor: NamedDependency[Actor],
    ) -> CatalogueSyncStarted:
        """Answer a sync that stopped because libraries lost much: it is right, take it
        over. Begins another run for those servers."""
        return CatalogueSyncStarted(run_id=await catalogue_syncs.confirm(id, actor))
