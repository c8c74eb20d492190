"""The stored state of retries: whether one is wanted, and its result.

The person is locked before the redemption, in the same order as when the person is
deleted or disabled.
"""

from datetime import datetime
from uuid import UUID

import structlog

from zondarr.core.actor import Actor
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database, Session
from zondarr.invitations.closing import stop_retrying
from zondarr.invitations.join_methods import SECRETS, JoinMethod, join_method_of
from zondarr.invitations.models import (
    COMPLETE,
    Provisioning,
    Redemption,
    RedemptionStatus,
)
from zondarr.invitations.recording import (
    end_of_access,
    enrolments_of,
    get_redemption,
)
from zondarr.invitations.repository import ProvisioningRepository, RedemptionRepository
from zondarr.users.enrolment import enrol
from zondarr.users.models import Identity
from zondarr.users.repository import IdentityRepository
from zondarr.users.rules import later

log = structlog.get_logger(__name__)


class RetryRecords:
    """Stores the state of retries; each method is a transaction."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self.database = database
        self.keyring = keyring

    async def find(self, part_id: UUID) -> Provisioning | None:
        """The provisioning with its server, its redemption and the invitation."""
        async with self.database.unscoped("background job", reading=True) as session:
            return await ProvisioningRepository(session).get_whole(part_id)

    async def is_wanted(self, redemption: Redemption, now: datetime) -> bool:
        """False after `retry_until`, or if the person was deleted or disabled."""
        async with self.database.scoped(
            redemption.workspace_id, reading=True
        ) as session:
            return await _is_wanted(session, redemption, now)

    async def take_up(self, part: Provisioning) -> bool:
        """Start an attempt; not while another redemption of the same Plex account is
        running.
        """
        kind = part.redemption.invitation.plex_user_type
        as_friend = (
            join_method_of(part.server.server_type, kind) is JoinMethod.PLEX_FRIEND
        )
        async with self.database.scoped(part.workspace_id) as session:
            redemption = await get_redemption(session, part.redemption_id)
            if as_friend and await RedemptionRepository(session).has_concurrent_share(
                redemption
            ):
                return False
            return await ProvisioningRepository(session).take_up(part.id)

    async def record(self, part: Provisioning) -> bool:
        """Add the account to its person, with the end date of their other accounts.

        False if the person was deleted or disabled meanwhile: then the account must be
        removed.
        """
        async with self.database.scoped(part.workspace_id) as session:
            person = await _person_of(session, part.redemption)
            if person is None or not person.enabled:
                return False
            if not await ProvisioningRepository(session).settle(part.id):
                return True
            redemption = await get_redemption(session, part.redemption_id)
            await enrol(
                session,
                identity_id=person.id,
                display_name=redemption.guest_name,
                email=redemption.guest_email,
                expires_at=_same_end(person, redemption),
                enrolments=enrolments_of(
                    [one for one in redemption.provisionings if one.id == part.id]
                ),
                plex_id=redemption.guest_plex_id,
            )
        return True

    async def end(self, redemption: Redemption, now: datetime, actor: Actor) -> None:
        """End the redemption if nothing is left to retry, and erase secrets that are
        not needed.
        """
        async with self.database.scoped(redemption.workspace_id) as session:
            found = await RedemptionRepository(session).get_retrying_locked(
                redemption.id
            )
            if found is None:
                return
            left = [one for one in found.provisionings if not one.is_settled]
            if left and await _is_wanted(session, found, now):
                return
            if left:
                stop_retrying(session, self.keyring, found)
                log.warning("redemption stays partial", **_named(found, actor))
                return
            found.retry_until = None
            for column in SECRETS.values():
                setattr(found, column, None)
            found.status, found.finished_at = RedemptionStatus.SUCCEEDED, now
            log.info("redemption complete after all", **_named(found, actor))


def _named(redemption: Redemption, actor: Actor) -> dict[str, str]:
    return {"redemption_id": str(redemption.id), "actor": actor.label}


async def _is_wanted(session: Session, redemption: Redemption, now: datetime) -> bool:
    until, person = redemption.retry_until, redemption.identity_id
    if until is None or until <= now or person is None:
        return False
    identity = await IdentityRepository(session).get_by_id(person)
    return identity is not None and identity.enabled


async def _person_of(session: Session, redemption: Redemption) -> Identity | None:
    if redemption.identity_id is None:
        return None
    return await IdentityRepository(session).get_locked(redemption.identity_id)


def _same_end(person: Identity, redemption: Redemption) -> datetime | None:
    """The end date of the accounts of this redemption: an operator may have
    changed it.
    """
    made = [
        user.expires_at
        for user in person.users
        if user.created_at >= redemption.created_at
        and any(_is_of(user.media_server_id, one) for one in redemption.provisionings)
    ]
    if not made:
        began = redemption.finished_at or redemption.created_at
        return end_of_access(redemption, began)
    end = made[0]
    for other in made:
        end = later(end, other)
    return end


def _is_of(server_id: UUID, part: Provisioning) -> bool:
    return part.media_server_id == server_id and part.status in COMPLETE
