"""Ends a redemption, also if its accounts cannot be removed yet.

In one transaction the use is given back and the redemption closed. What may be left on
a server becomes a `Leftover`, which a job removes when the server responds again. So
neither a dead server nor a waiting undo prevents changes or deletions.
"""

from collections.abc import Iterable
from uuid import UUID

import structlog

from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring, SealError, place_of
from zondarr.core.database import Session
from zondarr.invitations.join_methods import SECRETS
from zondarr.invitations.models import (
    Leftover,
    Provisioning,
    ProvisioningStatus,
    Redemption,
    RedemptionStatus,
)
from zondarr.invitations.repository import InvitationRepository, RedemptionRepository

log = structlog.get_logger(__name__)

NOT_REMOVED = "account_not_removed"


async def end_waiting(session: Session, keyring: Keyring, id: UUID) -> bool:
    """End a redemption that is not finished; false if it is.

    A running one is closed and its use given back. A partial one is not retried any
    more; the accounts that exist stay.
    """
    redemption = await RedemptionRepository(session).get_locked(id)
    if redemption is None:
        return False
    if redemption.status is RedemptionStatus.RUNNING:
        await _close(session, keyring, redemption)
        return True
    if redemption.retry_until is None:
        return False
    stop_retrying(session, keyring, redemption)
    return True


async def close(session: Session, keyring: Keyring, id: UUID) -> bool:
    """End a running redemption without success; false if it had ended."""
    redemption = await RedemptionRepository(session).get_locked(id)
    if redemption is None or redemption.status is not RedemptionStatus.RUNNING:
        return False
    await _close(session, keyring, redemption)
    return True


async def _close(session: Session, keyring: Keyring, redemption: Redemption) -> None:
    touched = any(part.touched for part in redemption.provisionings)
    create_leftovers(session, keyring, redemption, redemption.provisionings)
    await session.flush()
    status = RedemptionStatus.UNDONE if touched else RedemptionStatus.FAILED
    await RedemptionRepository(session).finish(redemption.id, status, now=utc_now())
    await InvitationRepository(session).give_use_back(redemption.invitation_id)


def stop_retrying(session: Session, keyring: Keyring, redemption: Redemption) -> None:
    """End a partial redemption as it is."""
    redemption.retry_until = None
    for column in SECRETS.values():
        setattr(redemption, column, None)
    unfinished = [part for part in redemption.provisionings if not part.is_settled]
    create_leftovers(session, keyring, redemption, unfinished)


def create_leftovers(
    session: Session,
    keyring: Keyring,
    redemption: Redemption,
    parts: Iterable[Provisioning],
) -> None:
    """Create leftovers for what these provisionings may have left on their servers."""
    for part in parts:
        plan, part.plan = part.plan, None
        if plan is None or not part.touched:
            continue
        part.status = ProvisioningStatus.FAILED
        part.error_code = part.error_code or NOT_REMOVED
        leftover = _leftover(keyring, redemption, part, plan)
        if leftover is not None:
            session.add(leftover)


def _leftover(
    keyring: Keyring, redemption: Redemption, part: Provisioning, plan: str
) -> Leftover | None:
    try:
        opened = keyring.open(plan, place=place_of("provisionings", "plan", part.id))
    except SealError:
        log.warning("an account may be left behind", provisioning_id=str(part.id))
        return None
    # At most one per provisioning, so it has the same id.
    place = place_of("leftovers", "plan", part.id)
    return Leftover(
        id=part.id,
        media_server_id=part.media_server_id,
        guest_name=redemption.guest_name,
        external_user_id=part.external_user_id,
        plan=keyring.seal(opened, place=place),
    )
