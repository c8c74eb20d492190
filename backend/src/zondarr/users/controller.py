"""People and their accounts over HTTP."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from zondarr.accounts.guards import requires_role, signed_in
from zondarr.accounts.models import Role
from zondarr.core.exceptions import InvalidError
from zondarr.core.repository import PageRequest
from zondarr.core.types import Timestamp
from zondarr.users.actions import PeopleActions
from zondarr.users.deletion_preview import preview_deletion
from zondarr.users.schemas import (
    DeletionPreview,
    IdentityActionResponse,
    IdentityPage,
    IdentityResponse,
    IdentityUpdate,
    UserPage,
    UserResponse,
)
from zondarr.users.service import PeopleService

ADMIN = [requires_role(Role.ADMIN)]

Moment = Annotated[
    str | None, QueryParameter(max_length=40, schema_extra={"format": "date-time"})
]
"""Parsed by us: as a `datetime`, Litestar would also accept a number of seconds."""


class IdentityController(Controller):
    path = "/api/v1/identities"
    tags = ["People"]
    guards = [signed_in]

    @get(operation_id="listIdentities")
    async def list_all(  # noqa: PLR0913, PLR0917 — the query's parameters
        self,
        people: NamedDependency[PeopleService],
        page: NamedDependency[PageRequest],
        q: FromQuery[str | None] = None,
        enabled: FromQuery[bool | None] = None,
        server_id: FromQuery[UUID | None] = None,
        expiring_before: Moment = None,
        ended_early: FromQuery[bool] = False,
    ) -> IdentityPage:
        """List people with their accounts. `q` searches names and e-mail addresses;
        `expiring_before` finds those with an account whose access ends by then,
        `ended_early` those whose access was ended while the clock was wrong and whose
        time lies ahead; sorts: display_name, created_at, expires_at."""
        found = await people.find(
            page,
            q=q,
            enabled=enabled,
            server_id=server_id,
            expiring_before=_read(expiring_before),
            ended_early=ended_early,
        )
        return IdentityPage.of_items(found.items, found)

    @get("/{id:uuid}", operation_id="getIdentity")
    async def show(
        self, id: FromPath[UUID], people: NamedDependency[PeopleService]
    ) -> IdentityResponse:
        return IdentityResponse.of(await people.get(id))

    @patch("/{id:uuid}", operation_id="updateIdentity", guards=ADMIN)
    async def update(
        self,
        id: FromPath[UUID],
        data: JSONBody[IdentityUpdate],
        people: NamedDependency[PeopleService],
    ) -> IdentityResponse:
        """Change the fields that are sent. A new `expires_at` applies to all accounts;
        it does not enable anybody who was disabled.
        """
        return IdentityResponse.of(await people.update(id, data))

    @delete(
        "/{id:uuid}",
        operation_id="deleteIdentity",
        guards=ADMIN,
        responses={
            HTTP_200_OK: ResponseSpec(
                DeletionPreview,
                generate_examples=False,
                description="With dry_run: what would happen; nothing was changed",
            )
        },
    )
    async def remove(
        self,
        id: FromPath[UUID],
        actions: NamedDependency[PeopleActions],
        dry_run: FromQuery[bool] = False,
    ) -> Response[None]:
        """Delete the person's accounts on their servers, then the person. Where a
        server fails, its account and the person stay, and it can be tried again."""
        if dry_run:
            preview: Response[Any] = Response(
                await preview_deletion(actions, id), status_code=HTTP_200_OK
            )
            return preview
        await actions.delete(id)
        return Response(None, status_code=HTTP_204_NO_CONTENT)

    @post(
        "/{id:uuid}/enable",
        operation_id="enableIdentity",
        guards=ADMIN,
        status_code=HTTP_200_OK,
    )
    async def enable(
        self, id: FromPath[UUID], actions: NamedDependency[PeopleActions]
    ) -> IdentityActionResponse:
        """Enable the person on all their servers; each has its own result."""
        return IdentityActionResponse.of(*await actions.set_enabled(id, True))

    @post(
        "/{id:uuid}/disable",
        operation_id="disableIdentity",
        guards=ADMIN,
        status_code=HTTP_200_OK,
    )
    async def disable(
        self, id: FromPath[UUID], actions: NamedDependency[PeopleActions]
    ) -> IdentityActionResponse:
        """Disable the person on all their servers; each has its own result."""
        return IdentityActionResponse.of(*await actions.set_enabled(id, False))


class UserController(Controller):
    path = "/api/v1/users"
    tags = ["People"]
    guards = [signed_in]

    @get(operation_id="listUsers")
    async def list_all(
        self,
        people: NamedDependency[PeopleService],
        page: NamedDependency[PageRequest],
        q: FromQuery[str | None] = None,
        server_id: FromQuery[UUID | None] = None,
        identity_id: FromQuery[UUID | None] = None,
    ) -> UserPage:
        """List accounts. `q` searches their names; sorts: username, created_at."""
        found = await people.find_users(
            page, q=q, server_id=server_id, identity_id=identity_id
        )
        return UserPage.of_items(found.items, found)

    @get("/{id:uuid}", operation_id="getUser")
    async def show(
        self, id: FromPath[UUID], people: NamedDependency[PeopleService]
    ) -> UserResponse:
        return UserResponse.of(await people.get_user(id))

    @delete("/{id:uuid}", operation_id="deleteUser", guards=ADMIN)
    async def remove(
        self, id: FromPath[UUID], actions: NamedDependency[PeopleActions]
    ) -> None:
        """Delete the account on its server, then here; the person stays."""
        await actions.delete_user(id)


def _read(moment: str | None) -> datetime | None:
    try:
        return None if moment is None else msgspec.convert(moment, Timestamp)
    except msgspec.ValidationError as error:
        why = "must be a moment with its zone, such as 2030-01-31T18:00:00Z"
        raise InvalidError("That is no moment.", expiring_before=why) from error
