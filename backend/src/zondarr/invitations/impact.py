"""What removing a server means for invitations; `servers` asks for it when told to."""

from collections.abc import Sequence
from uuid import UUID

from zondarr.core.database import Session
from zondarr.invitations.models import Invitation, Redemption
from zondarr.invitations.repository import InvitationRepository, RedemptionRepository
from zondarr.servers.impact import (
    SHOWN,
    Impact,
    ImpactItem,
    ImpactKind,
)


async def impact_on_invitations(session: Session, server_id: UUID) -> Impact:
    """The invitations that name the server, and what each would still give."""
    found = await InvitationRepository(session).get_by_server(server_id)
    return Impact(
        kind=ImpactKind.INVITATIONS,
        count=len(found),
        blocks=False,
        items=[_invitation_without(one, server_id) for one in found[:SHOWN]],
    )


async def impact_on_redemptions(session: Session, server_id: UUID) -> Impact:
    """The guests who are joining it right now; they must be let in or out first."""
    found = await RedemptionRepository(session).get_running_on(server_id)
    return Impact(
        kind=ImpactKind.REDEMPTIONS,
        count=len(found),
        blocks=bool(found),
        items=_guests(found[:SHOWN]),
    )


def _guests(redemptions: Sequence[Redemption]) -> list[ImpactItem]:
    return [ImpactItem(id=one.id, name=one.guest_name) for one in redemptions]


def _invitation_without(invitation: Invitation, server_id: UUID) -> ImpactItem:
    left = [server.name for server in invitation.servers if server.id != server_id]
    note = f"would still give {', '.join(left)}" if left else "would give nothing"
    name = f"{invitation.code} ({invitation.label})" if invitation.label else None
    return ImpactItem(id=invitation.id, name=name or invitation.code, note=note)
