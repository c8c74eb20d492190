"""The join page: show an invitation, claim a use of it, follow the redemption.

These requests are anonymous. The code is looked up across workspaces, because a guest
has nothing else; everything after that happens in the invitation's workspace.
"""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from zondarr.core.crypto import Keyring
from zondarr.core.database import Database
from zondarr.core.exceptions import NotFoundError, ZondarrError
from zondarr.core.rate_limits.limit import Limit
from zondarr.core.rate_limits.limiter import Limiter, network_of
from zondarr.invitations.claim import Claims, check_usable
from zondarr.invitations.exceptions import (
    IdempotencyConflictError,
    InvitationNotFoundError,
    NothingToGiveError,
)
from zondarr.invitations.grants import Offer
from zondarr.invitations.guests import check_guest
from zondarr.invitations.join_schemas import (
    JoinAccepted,
    JoinProgress,
    JoinRequest,
)
from zondarr.invitations.models import Invitation, Redemption
from zondarr.invitations.offer_cache import OfferCache
from zondarr.invitations.provisioning import Guest, Provisioner
from zondarr.invitations.repository import RedemptionRepository
from zondarr.plex_accounts.service import PlexSignInService

TOKEN = "redemption"  # noqa: S105  the purpose of a signature, not a secret

type StartRedemption = Callable[[UUID], Awaitable[None]]
"""Starts a redemption's workflow; a second call has no effect."""


class JoinService:
    """What a guest can do with a code."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        provisioner: Provisioner,
        sign_ins: PlexSignInService,
        start: StartRedemption,
        *,
        limit: Limit,
    ) -> None:
        self.database = database
        self.offers = OfferCache(database)
        self.keyring = keyring
        self.provisioner = provisioner
        self.claims = Claims(database, keyring, sign_ins)
        self.start = start
        self.limiter = Limiter(database, "join", limit, why="join page")

    async def get_offer(self, code: str, *, address: str) -> Offer:
        """What the invitation gives and needs; raises why it cannot be used.

        An unknown code counts as an attempt of this client address.
        """
        try:
            offer = await self.offers.get(code)
        except InvitationNotFoundError:
            await self.limiter.acquire(network_of(address))
            raise
        check_usable(offer.invitation)
        return offer

    async def redeem(
        self,
        code: str,
        request: JoinRequest,
        *,
        key: str | None,
        address: str,
        holder: str = "",
    ) -> JoinAccepted:
        """Claim a use and start the redemption; a repeated request with the same key is
        one use.

        `holder` is the browser, whose sign-in with Plex the request may refer to.
        """
        await self.limiter.acquire(network_of(address))
        offer = await self.offers.read(code)
        earlier = await self._earlier(offer.invitation, key, request)
        if earlier is not None:
            return self._accepted(earlier)
        _check_offer(offer)
        check_guest(request, offer.needs)
        try:
            claim = await self.claims.prepare(offer, request, key=key, holder=holder)
            await self._check_names(claim.redemption, offer)
            await self.claims.store(claim)
        except ZondarrError:
            # The same request may have been sent twice at once, and the other was
            # faster.
            earlier = await self._earlier(offer.invitation, key, request)
            if earlier is None:
                raise
            return self._accepted(earlier)
        await self.start(claim.redemption.id)
        return self._accepted(claim.redemption.id)

    async def progress(self, id: UUID, token: str) -> JoinProgress:
        """The redemption's progress; only with its token."""
        if not self.keyring.verify(TOKEN, str(id), token):
            raise NotFoundError("Redemption", id)
        async with self.database.unscoped("join page", reading=True) as session:
            redemption = await RedemptionRepository(session).require_whole(id)
        return JoinProgress.of(redemption, self.provisioner.entrance)

    async def _check_names(self, redemption: Redemption, offer: Offer) -> None:
        """Report a taken name before a use is claimed."""
        guest = Guest.of(redemption, offer.invitation)
        servers = {grant.server.id: grant.server for grant in offer.grants}
        await asyncio.gather(
            *(
                self.provisioner.prepare(one, servers[one.media_server_id], guest)
                for one in redemption.provisionings
            )
        )

    async def _earlier(
        self, invitation: Invitation, key: str | None, request: JoinRequest
    ) -> UUID | None:
        """The redemption that this very request created before, if any."""
        if key is None:
            return None
        async with self.database.scoped(
            invitation.workspace_id, reading=True
        ) as session:
            earlier = await RedemptionRepository(session).get_by_key(invitation.id, key)
        if earlier is None:
            return None
        if not self.claims.is_same(earlier, request):
            raise IdempotencyConflictError(
                "This request was sent before with something else in it."
            )
        return earlier.id

    def _accepted(self, id: UUID) -> JoinAccepted:
        return JoinAccepted(redemption_id=id, token=self.keyring.sign(TOKEN, str(id)))


def _check_offer(offer: Offer) -> None:
    check_usable(offer.invitation)
    if not offer.grants:
        raise NothingToGiveError("This invitation gives nothing at the moment.")
