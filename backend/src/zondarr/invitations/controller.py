"""Invitations over HTTP, for operators."""

import io
from uuid import UUID

import segno
from litestar import Controller, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_200_OK

from zondarr.accounts.guards import requires_role, signed_in
from zondarr.accounts.models import Role
from zondarr.core.repository import PageRequest
from zondarr.invitations.links import Links
from zondarr.invitations.models import RedemptionStatus
from zondarr.invitations.redemption_service import RedemptionService
from zondarr.invitations.rules import InvitationStatus
from zondarr.invitations.schemas import (
    InvitationCreate,
    InvitationPage,
    InvitationResponse,
    InvitationUpdate,
    LeftoverPage,
    LeftoverResponse,
    RedemptionPage,
    RedemptionResponse,
)
from zondarr.invitations.service import InvitationService


class InvitationController(Controller):
    path = "/api/v1/invitations"
    tags = ["Invitations"]
    guards = [signed_in]

    @get(operation_id="listInvitations")
    async def list_all(
        self,
        invitations: NamedDependency[InvitationService],
        links: NamedDependency[Links],
        page: NamedDependency[PageRequest],
        q: FromQuery[str | None] = None,
        status: FromQuery[InvitationStatus | None] = None,
        server_id: FromQuery[UUID | None] = None,
    ) -> InvitationPage:
        """List invitations. `q` searches code and label."""
        found = await invitations.find(page, q=q, status=status, server_id=server_id)
        shown = await invitations.show(found.items, links)
        return InvitationPage.of_items(shown, found)

    @post(operation_id="createInvitation", guards=[requires_role(Role.ADMIN)])
    async def create(
        self,
        data: JSONBody[InvitationCreate],
        invitations: NamedDependency[InvitationService],
        links: NamedDependency[Links],
    ) -> InvitationResponse:
        """Create an invitation; without a code it gets a random one."""
        invitation = await invitations.create(data)
        return await invitations.show_one(invitation, links)

    @get("/{id:uuid}", operation_id="getInvitation")
    async def show(
        self,
        id: FromPath[UUID],
        invitations: NamedDependency[InvitationService],
        links: NamedDependency[Links],
    ) -> InvitationResponse:
        return await invitations.show_one(await invitations.get(id), links)

    @patch(
        "/{id:uuid}",
        operation_id="updateInvitation",
        guards=[requires_role(Role.ADMIN)],
    )
    async def update(
        self,
        id: FromPath[UUID],
        data: JSONBody[InvitationUpdate],
        invitations: NamedDependency[InvitationService],
        links: NamedDependency[Links],
    ) -> InvitationResponse:
        """Change the fields that are sent. Redemptions that have started are not
        affected.
        """
        return await invitations.show_one(await invitations.update(id, data), links)

    @delete(
        "/{id:uuid}",
        operation_id="deleteInvitation",
        guards=[requires_role(Role.ADMIN)],
    )
    async def remove(
        self, id: FromPath[UUID], invitations: NamedDependency[InvitationService]
    ) -> None:
        """Delete the invitation; the people who used it stay."""
        await invitations.delete(id)

    @get(
        "/{id:uuid}/qr.svg", operation_id="getInvitationQr", media_type="image/svg+xml"
    )
    async def qr(
        self,
        id: FromPath[UUID],
        invitations: NamedDependency[InvitationService],
        links: NamedDependency[Links],
    ) -> Response[bytes]:
        """The join link as a QR code."""
        invitation = await invitations.get(id)
        return Response(qr_svg(links.join(invitation.code)), media_type="image/svg+xml")

    @get("/{id:uuid}/redemptions", operation_id="listRedemptions")
    async def redemptions(
        self,
        id: FromPath[UUID],
        invitations: NamedDependency[InvitationService],
        page: NamedDependency[PageRequest],
    ) -> RedemptionPage:
        """The redemptions of the invitation, with the result on each server."""
        found = await invitations.list_redemptions(id, page)
        return RedemptionPage.of(found, RedemptionResponse.of)


class RedemptionController(Controller):
    path = "/api/v1/redemptions"
    tags = ["Invitations"]
    guards = [signed_in]

    @get(operation_id="listAllRedemptions")
    async def list_all(
        self,
        redemptions: NamedDependency[RedemptionService],
        page: NamedDependency[PageRequest],
        status: FromQuery[list[RedemptionStatus] | None] = None,
    ) -> RedemptionPage:
        """Redemptions of all invitations; `status` may be given several times; sorts:
        created_at."""
        found = await redemptions.find(page, statuses=status)
        return RedemptionPage.of(found, RedemptionResponse.of)

    @post(
        "/{id:uuid}/end",
        operation_id="endRedemption",
        guards=[requires_role(Role.ADMIN)],
        status_code=HTTP_200_OK,
    )
    async def end(
        self, id: FromPath[UUID], redemptions: NamedDependency[RedemptionService]
    ) -> RedemptionResponse:
        """End a redemption that waits for a server. If it is running, its use is given
        back. What may be left on a server is removed when the server responds.
        """
        return RedemptionResponse.of(await redemptions.end(id))


class LeftoverController(Controller):
    path = "/api/v1/leftovers"
    tags = ["Invitations"]
    guards = [signed_in]

    @get(operation_id="listLeftovers")
    async def list_all(
        self,
        redemptions: NamedDependency[RedemptionService],
        page: NamedDependency[PageRequest],
    ) -> LeftoverPage:
        """Accounts that ended redemptions may have left on servers that did not
        respond; sorts: created_at.
        """
        found = await redemptions.leftovers(page)
        return LeftoverPage.of(found, LeftoverResponse.of)

    @delete(
        "/{id:uuid}",
        operation_id="dismissLeftover",
        guards=[requires_role(Role.ADMIN)],
    )
    async def dismiss(
        self, id: FromPath[UUID], redemptions: NamedDependency[RedemptionService]
    ) -> None:
        """Forget the account: its removal is not retried any more."""
        await redemptions.dismiss(id)


def qr_svg(text: str) -> bytes:
    """Black on white in every theme, for cameras; scales to its frame."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(
        drawn, kind="svg", border=4, dark="#000", light="#fff", omitsize=True
    )
    return drawn.getvalue()
