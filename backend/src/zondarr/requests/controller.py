"""Requests over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, QueryParameter

from zondarr.accounts.guards import signed_in
from zondarr.catalogue.models import TitleKind
from zondarr.core.repository import PageRequest
from zondarr.requests.overrides import request_overrides
from zondarr.requests.repository import RequestFilter
from zondarr.requests.schemas import RequestPage, RequestResponse
from zondarr.requests.service import RequestService
from zondarr.requests.states import RequestState

States = Annotated[
    list[RequestState] | None, QueryParameter(name="state", max_items=20)
]


def request_filter(  # noqa: PLR0913, PLR0917 — each is a filter
    q: Annotated[str | None, QueryParameter(max_length=500)] = None,
    requested_by: FromQuery[UUID | None] = None,
    title_id: FromQuery[UUID | None] = None,
    identity_id: FromQuery[UUID | None] = None,
    type: FromQuery[TitleKind | None] = None,
    server_id: FromQuery[UUID | None] = None,
    library_id: FromQuery[UUID | None] = None,
) -> RequestFilter:
    return RequestFilter(
        q=q,
        requested_by=requested_by,
        title_id=title_id,
        identity_id=identity_id,
        kind=type,
        server_id=server_id,
        library_id=library_id,
    )


class RequestController(Controller):
    path = "/api/v1/requests"
    tags = ["Requests"]
    guards = [signed_in]
    dependencies = {
        "overrides": Provide(request_overrides, sync_to_thread=False),
        "wanted": Provide(request_filter, sync_to_thread=False),
    }

    @get(operation_id="listRequests")
    async def list_all(
        self,
        requests: NamedDependency[RequestService],
        page: NamedDependency[PageRequest],
        wanted: NamedDependency[RequestFilter],
        overrides: NamedDependency[dict[str, Any]],
        states: States = None,
    ) -> RequestPage:
        """What people requested in Seerr, the newest first, each with its state and the
        reason.

        `state` may be given several times. `requested_by` is a requester, `identity_id`
        a person; `server_id` and `library_id` find those whose title has a copy there;
        `q` searches titles and requesters. Sorts: requested, modified, title,
        requester. Any policy value that is given replaces the workspace's for this
        response."""
        return await requests.find(page, wanted, states or (), overrides)

    @get("/{id:uuid}", operation_id="getRequest")
    async def show(
        self,
        id: FromPath[UUID],
        requests: NamedDependency[RequestService],
        overrides: NamedDependency[dict[str, Any]],
    ) -> RequestResponse:
        """One request."""
        return await requests.show(id, overrides)
