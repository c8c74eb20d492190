"""The impact of removing a server on invitations; registered with `servers`."""

from uuid import UUID

from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring
from zondarr.core.database import Session
from zondarr.invitations.closing import end_waiting
from zondarr.invitations.models import (
    COMPLETE,
    UNFINISHED,
    Invitation,
    OnFailure,
    Provisioning,
    Redemption,
    RedemptionStatus,
)
from zondarr.invitations.repository import (
    InvitationRepository,
    LeftoverRepository,
    RedemptionRepository,
)
from zondarr.invitations.rules import is_in_flight
from zondarr.servers.impact import (
    SHOWN,
    Impact,
    ImpactItem,
    ImpactKind,
)

MAY_BE_LEFT = "an account may be left on the server"


async def impact_on_invitations(session: Session, server_id: UUID) -> Impact:
    """The invitations that include the server, and what each would still give."""
    found = await InvitationRepository(session).get_by_server(server_id)
    return Impact(
        kind=ImpactKind.INVITATIONS,
        count=len(found),
        blocks=False,
        items=[_invitation_without(one, server_id) for one in found[:SHOWN]],
    )


async def impact_on_redemptions(session: Session, server_id: UUID) -> Impact:
    """The redemptions that are running on it.

    Only those whose account is being created at this moment block the removal; a
    redemption that waits for a server is ended by it.
    """
    found = await RedemptionRepository(session).get_open(server_id=server_id)
    now = utc_now()
    parts = [_part_on(server_id, one) for one in found]
    return Impact(
        kind=ImpactKind.REDEMPTIONS,
        count=len(found),
        blocks=any(is_in_flight(part, now) for part in parts),
        items=[
            ImpactItem(
                id=one.id,
                name=one.guest_name,
                note=MAY_BE_LEFT if part.may_be_on_server else None,
            )
            for one, part in zip(found[:SHOWN], parts, strict=False)
        ],
    )


async def leftovers_on_server(session: Session, server_id: UUID) -> Impact:
    """Accounts of ended redemptions that may still be on it; they stay there."""
    found = await LeftoverRepository(session).get_by_server(server_id)
    return Impact(
        kind=ImpactKind.LEFTOVERS,
        count=len(found),
        blocks=False,
        items=[
            ImpactItem(id=one.id, name=one.guest_name, note=MAY_BE_LEFT)
            for one in found[:SHOWN]
        ],
    )


class EndRedemptions:
    """Before a server is removed: ends the redemptions that can no longer succeed.

    One that keeps partial results continues without the server, if it has another one.
    """

    def __init__(self, keyring: Keyring) -> None:
        self.keyring = keyring

    async def __call__(self, session: Session, server_id: UUID) -> None:
        found = await RedemptionRepository(session).get_open(server_id=server_id)
        for redemption in found:
            if redemption.status is not RedemptionStatus.RUNNING:
                continue
            if not _goes_on_without(server_id, redemption):
                await end_waiting(session, self.keyring, redemption.id)


def _goes_on_without(server_id: UUID, redemption: Redemption) -> bool:
    if redemption.invitation.on_failure is not OnFailure.KEEP:
        return False
    return any(
        part.status in COMPLETE | UNFINISHED
        for part in redemption.provisionings
        if part.media_server_id != server_id
    )


def _part_on(server_id: UUID, redemption: Redemption) -> Provisioning:
    parts = redemption.provisionings
    return next(part for part in parts if part.media_server_id == server_id)


def _invitation_without(invitation: Invitation, server_id: UUID) -> ImpactItem:
    left = [server.name for server in invitation.servers if server.id != server_id]
    note = f"would still give {', '.join(left)}" if left else "would give nothing"
    name = f"{invitation.code} ({invitation.label})" if invitation.label else None
    return ImpactItem(id=invitation.id, name=name or invitation.code, note=note)
