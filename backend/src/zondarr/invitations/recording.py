"""The results of a redemption: the accounts, their owner, and their end date."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from zondarr.core.database import Session
from zondarr.invitations.join_methods import SECRETS, join_method_of
from zondarr.invitations.models import (
    COMPLETE,
    Provisioning,
    ProvisioningStatus,
    Redemption,
)
from zondarr.invitations.repository import RedemptionRepository
from zondarr.media.types import ShareStatus
from zondarr.users.enrolment import Enrolment


async def get_redemption(session: Session, id: UUID) -> Redemption:
    """The redemption with its provisionings, their servers, and the invitation."""
    return await RedemptionRepository(session).require_whole(id)


def enrolments_of(parts: Sequence[Provisioning]) -> list[Enrolment]:
    """The accounts that are complete."""
    return [
        Enrolment(
            media_server_id=part.media_server_id,
            external_user_id=part.external_user_id,
            username=part.username or part.external_user_id,
            standing=_standing(part),
            share_id=part.share_id,
            access_before=part.access_before,
        )
        for part in parts
        if part.status in COMPLETE and part.external_user_id is not None
    ]


def _standing(part: Provisioning) -> ShareStatus:
    pending = part.status is ProvisioningStatus.PENDING
    return ShareStatus.PENDING if pending else ShareStatus.ACCEPTED


def end_of_access(redemption: Redemption, began: datetime) -> datetime | None:
    """The end of access that starts at this time."""
    days = redemption.invitation.duration_days
    return None if days is None else began + timedelta(days=days)


def secret_for(part: Provisioning, redemption: Redemption) -> str:
    """The redemption's column that a retry of this provisioning needs."""
    kind = redemption.invitation.plex_user_type
    return SECRETS[join_method_of(part.server.server_type, kind)]
