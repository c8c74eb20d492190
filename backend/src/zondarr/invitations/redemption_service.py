"""Redemptions for operators: lists, and ending those that wait."""

from collections.abc import Collection
from uuid import UUID

import structlog

from zondarr.core.actor import Actor
from zondarr.core.crypto import Keyring
from zondarr.core.database import Session
from zondarr.core.repository import PageRequest, Slice
from zondarr.invitations.closing import end_waiting
from zondarr.invitations.exceptions import RedemptionEndedError
from zondarr.invitations.models import Leftover, Redemption, RedemptionStatus
from zondarr.invitations.repository import LeftoverRepository, RedemptionRepository

log = structlog.get_logger(__name__)


class RedemptionService:
    """The redemptions of one workspace. Calls no media server."""

    def __init__(self, session: Session, actor: Actor, keyring: Keyring) -> None:
        self.session = session
        self.actor = actor
        self.keyring = keyring
        self.redemptions = RedemptionRepository(session)
        self.leftover_accounts = LeftoverRepository(session)

    async def find(
        self, request: PageRequest, *, statuses: Collection[RedemptionStatus] | None
    ) -> Slice[Redemption]:
        return await self.redemptions.find(request, statuses=statuses)

    async def end(self, id: UUID, /) -> Redemption:
        """End a redemption that waits for a server.

        A running one is closed and its use given back; a partial one is not retried any
        more. Raises `RedemptionEndedError` when it does not wait for anything.
        """
        if not await end_waiting(self.session, self.keyring, id):
            await self.redemptions.require_whole(id)
            raise RedemptionEndedError("This redemption has come to its end already.")
        await self.session.flush()
        log.info("redemption ended", redemption_id=str(id), actor=self.actor.label)
        self.session.expire_all()
        return await self.redemptions.require_whole(id)

    async def leftovers(self, request: PageRequest) -> Slice[Leftover]:
        """Accounts that ended redemptions may have left on servers."""
        return await self.leftover_accounts.find(request)

    async def dismiss(self, id: UUID, /) -> None:
        """Forget such an account: its removal is not retried any more."""
        leftover = await self.leftover_accounts.require(id)
        await self.leftover_accounts.delete(leftover)
        log.info("leftover dismissed", leftover_id=str(id), actor=self.actor.label)
