"""Linking an operator's Plex account, and listing its servers."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from zondarr.accounts.guards import requires_role
from zondarr.accounts.models import Role
from zondarr.plex_accounts.linking import PlexLinking
from zondarr.plex_accounts.schemas import (
    PlexPinRequest,
    PlexPinResponse,
    PlexPinState,
    PlexServerPage,
)

AnyRequest = Request[Any, Any, Any]

NO_BODY = PlexPinRequest()


class PlexAccountController(Controller):
    path = "/api/v1/plex"
    tags = ["Servers"]
    guards = [requires_role(Role.ADMIN)]

    @post("/pin", operation_id="beginPlexSignIn")
    async def create_pin(
        self,
        linking: NamedDependency[PlexLinking],
        request: AnyRequest,
        data: JSONBody[PlexPinRequest] = NO_BODY,
    ) -> PlexPinResponse:
        """Start linking a Plex account: a PIN to approve on Plex's own page."""
        return await linking.create_pin(
            data.return_to, request_url=str(request.base_url)
        )

    @get("/pin/{pin_id:uuid}", operation_id="getPlexSignIn")
    async def check(
        self,
        pin_id: FromPath[UUID],
        linking: NamedDependency[PlexLinking],
    ) -> PlexPinState:
        """Whether the PIN was approved, and by whom; only for the account that created
        it.
        """
        return await linking.check(pin_id)

    @get("/servers", operation_id="listPlexServers")
    async def servers(
        self,
        linking: NamedDependency[PlexLinking],
        pin_id: FromQuery[UUID | None] = None,
    ) -> PlexServerPage:
        """The servers that the linked account owns, with their addresses. Without a
        PIN, the account that was linked last is used.
        """
        found = await linking.servers(pin_id)
        return PlexServerPage.whole(found)
