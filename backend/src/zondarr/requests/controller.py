"""Requests over HTTP."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Stream
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from zondarr.accounts.guards import requires_role, signed_in
from zondarr.accounts.models import Role
from zondarr.catalogue.models import TitleKind
from zondarr.core.repository import PageRequest
from zondarr.requests.action_schemas import (
    RequestActionResponse,
    RequestBulk,
    RequestBulkResponse,
)
from zondarr.requests.actions import RequestActions
from zondarr.requests.export import RequestExport
from zondarr.requests.overrides import request_overrides
from zondarr.requests.people import PeopleRequestService
from zondarr.requests.people_schemas import PersonRequestPage
from zondarr.requests.repository import Place, RequestFilter
from zondarr.requests.schemas import RequestAction, RequestPage, RequestResponse
from zondarr.requests.service import RequestService
from zondarr.requests.states import RequestState

ADMIN = [requires_role(Role.ADMIN)]

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
        place=Place(server_id, library_id),
    )


def csv_file(name: str, lines: AsyncGenerator[str]) -> Stream:
    """A file to download."""
    return Stream(
        lines,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
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

    @get("/export.csv", operation_id="exportRequests", media_type="text/csv")
    async def export(
        self,
        request_export: NamedDependency[RequestExport],
        wanted: NamedDependency[RequestFilter],
        overrides: NamedDependency[dict[str, Any]],
        states: States = None,
        sort: Annotated[str | None, QueryParameter(max_length=50)] = None,
    ) -> Stream:
        """The whole list as CSV, with the same filters."""
        lines = await request_export.lines(
            wanted, states or (), sort=sort, overrides=overrides
        )
        return csv_file("requests", lines)

    @get("/{id:uuid}", operation_id="getRequest")
    async def show(
        self,
        id: FromPath[UUID],
        requests: NamedDependency[RequestService],
        overrides: NamedDependency[dict[str, Any]],
    ) -> RequestResponse:
        """One request."""
        return await requests.show(id, overrides)

    @post("/bulk", operation_id="changeRequests", guards=ADMIN, status_code=HTTP_200_OK)
    async def change_many(
        self,
        data: JSONBody[RequestBulk],
        request_actions: NamedDependency[RequestActions],
        dry_run: FromQuery[bool] = False,
    ) -> RequestBulkResponse:
        """Do the same with up to 100 requests. The answer has an item for each; one
        that fails does not stop the others, and can be sent again."""
        return await request_actions.run_many(data, dry_run=dry_run)

    @post(
        "/{id:uuid}/approve",
        operation_id="approveRequest",
        guards=ADMIN,
        status_code=HTTP_200_OK,
    )
    async def approve(
        self,
        id: FromPath[UUID],
        request_actions: NamedDependency[RequestActions],
        dry_run: FromQuery[bool] = False,
    ) -> RequestActionResponse:
        """Approve the request in Seerr. With `dry_run`: what that would do."""
        return await request_actions.run(RequestAction.APPROVE, id, dry_run=dry_run)

    @post(
        "/{id:uuid}/decline",
        operation_id="declineRequest",
        guards=ADMIN,
        status_code=HTTP_200_OK,
    )
    async def decline(
        self,
        id: FromPath[UUID],
        request_actions: NamedDependency[RequestActions],
        dry_run: FromQuery[bool] = False,
    ) -> RequestActionResponse:
        """Decline the request in Seerr. With `dry_run`: what that would do."""
        return await request_actions.run(RequestAction.DECLINE, id, dry_run=dry_run)

    @post(
        "/{id:uuid}/retry",
        operation_id="retryRequest",
        guards=ADMIN,
        status_code=HTTP_200_OK,
    )
    async def retry(
        self,
        id: FromPath[UUID],
        request_actions: NamedDependency[RequestActions],
        dry_run: FromQuery[bool] = False,
    ) -> RequestActionResponse:
        """Have Seerr pass the request on once more. With `dry_run`: what that would
        do."""
        return await request_actions.run(RequestAction.RETRY, id, dry_run=dry_run)

    @delete(
        "/{id:uuid}",
        operation_id="deleteRequest",
        guards=ADMIN,
        responses={
            HTTP_200_OK: ResponseSpec(
                RequestActionResponse,
                generate_examples=False,
                description="With dry_run: what would happen; nothing was changed",
            )
        },
    )
    async def remove(
        self,
        id: FromPath[UUID],
        request_actions: NamedDependency[RequestActions],
        dry_run: FromQuery[bool] = False,
    ) -> Response[None]:
        """Delete the request in Seerr. The title and its files stay."""
        done = await request_actions.run(RequestAction.DELETE, id, dry_run=dry_run)
        if dry_run:
            preview: Response[Any] = Response(done, status_code=HTTP_200_OK)
            return preview
        return Response(None, status_code=HTTP_204_NO_CONTENT)


class PersonRequestController(Controller):
    path = "/api/v1/identities"
    tags = ["Requests"]
    guards = [signed_in]
    dependencies = {"overrides": Provide(request_overrides, sync_to_thread=False)}

    @get("/{id:uuid}/requests", operation_id="listRequestsOfIdentity")
    async def list_all(
        self,
        id: FromPath[UUID],
        people_requests: NamedDependency[PeopleRequestService],
        page: NamedDependency[PageRequest],
        overrides: NamedDependency[dict[str, Any]],
    ) -> PersonRequestPage:
        """What a person requested, whether it is here, and whether they watched it; the
        newest first. Sorts: requested, modified, title."""
        return await people_requests.of_person(id, page, overrides)
