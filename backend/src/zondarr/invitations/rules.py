"""Whether an invitation can be used, and whether a redemption is in progress.

Pure functions: no database, no clock of their own.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from zondarr.core.exceptions import GoneError
from zondarr.invitations.exceptions import (
    InvitationDisabledError,
    InvitationExhaustedError,
    InvitationExpiredError,
)
from zondarr.invitations.models import (
    UNFINISHED,
    Invitation,
    Provisioning,
)

IN_FLIGHT_FOR = timedelta(seconds=15)
"""A server that has not responded for so long does not block anything
else any more.
"""


class InvitationStatus(StrEnum):
    ACTIVE = "active"
    EXPIRED = "expired"
    EXHAUSTED = "exhausted"
    DISABLED = "disabled"


def status_of(invitation: Invitation, now: datetime) -> InvitationStatus:
    """The first limit that is reached: disabled, expired, exhausted."""
    if not invitation.enabled:
        return InvitationStatus.DISABLED
    if invitation.expires_at is not None and invitation.expires_at <= now:
        return InvitationStatus.EXPIRED
    if invitation.max_uses is not None and invitation.use_count >= invitation.max_uses:
        return InvitationStatus.EXHAUSTED
    return InvitationStatus.ACTIVE


def why_unusable(invitation: Invitation, now: datetime) -> GoneError | None:
    """The error to show to the guest, or None if the invitation can be used."""
    match status_of(invitation, now):
        case InvitationStatus.ACTIVE:
            return None
        case InvitationStatus.DISABLED:
            return InvitationDisabledError("This invitation was switched off.")
        case InvitationStatus.EXPIRED:
            return InvitationExpiredError("This invitation has expired.")
        case InvitationStatus.EXHAUSTED:
            return InvitationExhaustedError("This invitation has been used up.")


def is_in_flight(part: Provisioning, now: datetime) -> bool:
    """Whether its server is being called right now, as far as known: no attempt has
    failed yet, and none takes unusually long.
    """
    if part.status not in UNFINISHED or part.error_code is not None:
        return False
    return timedelta() <= now - part.updated_at < IN_FLIGHT_FOR
