"""The join page: look at an invitation, claim a use of it, follow the redemption.

Nobody is signed in here. The code is looked up across workspaces, for it is all a guest
has; everything after that happens in the invitation's own workspace.
"""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid7

import msgspec

from zondarr.accounts.limits import Limiter, network_of
from zondarr.config import Limit
from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring, place_of
from zondarr.core.database import Database, Session
from zondarr.core.exceptions import (
    DuplicateError,
    GoneError,
    NotFoundError,
    RefusedError,
)
from zondarr.invitations.exceptions import (
    IdempotencyConflictError,
    InvitationNotFoundError,
    NothingToGiveError,
    UsernameTakenError,
)
from zondarr.invitations.guests import check_guest
from zondarr.invitations.join_schemas import (
    JoinAccepted,
    JoinPage,
    JoinProgress,
    JoinRequest,
)
from zondarr.invitations.models import Invitation, Provisioning, Redemption
from zondarr.invitations.offers import Offer, Offers
from zondarr.invitations.provisioning import Guest, Provisioner
from zondarr.invitations.repository import InvitationRepository, RedemptionRepository
from zondarr.invitations.rules import why_unusable

TOKEN = "redemption"  # noqa: S105  the purpose of a signature, not a secret
DIGEST = "join request"

type Begin = Callable[[UUID], Awaitable[None]]
"""Starts a redemption's workflow; twice is once."""


class JoinService:
    """What a guest can do with a code."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        provisioner: Provisioner,
        begin: Begin,
        *,
        limit: Limit,
    ) -> None:
        self.database = database
        self.offers = Offers(database)
        self.keyring = keyring
        self.provisioner = provisioner
        self.begin = begin
        self.limiter = Limiter(database, "join", limit, why="join page")

    async def look(self, code: str, *, address: str) -> JoinPage:
        """What the invitation gives and asks for; raises why it cannot be used.

        An unknown code counts as a try of this client address.
        """
        try:
            offer = await self.offers.look(code)
        except InvitationNotFoundError:
            await self.limiter.take(network_of(address))
            raise
        _check_usable(offer.invitation)
        return offer.page

    async def redeem(
        self, code: str, request: JoinRequest, *, key: str | None, address: str
    ) -> JoinAccepted:
        """Claim a use and begin; the same request under the same key is one use."""
        await self.limiter.take(network_of(address))
        offer = await self.offers.read(code)
        earlier = await self._earlier(offer.invitation, key, request)
        if earlier is not None:
            return self._accepted(earlier)
        _check_usable(offer.invitation)
        if not offer.grants:
            raise NothingToGiveError("This invitation gives nothing at the moment.")
        check_guest(request, offer.page.needs)
        redemption = self._redemption_of(offer, request, key)
        try:
            await self._prepare(redemption, offer)
            await self._claim(redemption)
        except UsernameTakenError, GoneError, DuplicateError:
            # The same request may have come twice at once, and the other was faster.
            earlier = await self._earlier(offer.invitation, key, request)
            if earlier is None:
                raise
            return self._accepted(earlier)
        await self.begin(redemption.id)
        return self._accepted(redemption.id)

    async def progress(self, id: UUID, token: str) -> JoinProgress:
        """How far it is; only for whoever holds the token."""
        if not self.keyring.verify(TOKEN, str(id), token):
            raise NotFoundError("Redemption", id)
        async with self.database.unscoped("join page", reading=True) as session:
            redemption = await RedemptionRepository(session).get_whole(id)
        if redemption is None:
            raise NotFoundError("Redemption", id)
        return JoinProgress.of(redemption)

    def _redemption_of(
        self, offer: Offer, request: JoinRequest, key: str | None
    ) -> Redemption:
        new_id = uuid7()
        invitation = offer.invitation
        password = request.password or ""
        place = place_of("redemptions", "guest_password", new_id)
        return Redemption(
            id=new_id,
            workspace_id=invitation.workspace_id,
            invitation_id=invitation.id,
            guest_name=request.username or request.email or "",
            guest_email=request.email,
            guest_password=self.keyring.seal(password, place=place),
            idempotency_key=key,
            request_digest=self.keyring.sign(DIGEST, _text_of(request)),
            provisionings=[
                Provisioning(
                    id=uuid7(),
                    workspace_id=invitation.workspace_id,
                    media_server_id=grant.server.id,
                    username=request.username,
                    library_ids=[library.external_id for library in grant.libraries],
                )
                for grant in offer.grants
            ],
        )

    async def _prepare(self, redemption: Redemption, offer: Offer) -> None:
        """A taken name is best told before a use is claimed."""
        guest = Guest.of(redemption, offer.invitation)
        servers = {grant.server.id: grant.server for grant in offer.grants}
        await asyncio.gather(
            *(
                self.provisioner.prepare(one, servers[one.media_server_id], guest)
                for one in redemption.provisionings
            )
        )

    async def _claim(self, redemption: Redemption) -> None:
        """Take one use and write the redemption, in one transaction."""
        try:
            async with self.database.scoped(redemption.workspace_id) as session:
                await _take_a_use(session, redemption.invitation_id)
                await RedemptionRepository(session).create(redemption)
        except RefusedError as error:
            # A server of it was removed since we looked.
            raise NothingToGiveError(
                "This invitation has just changed. Look at it again."
            ) from error

    async def _earlier(
        self, invitation: Invitation, key: str | None, request: JoinRequest
    ) -> UUID | None:
        """The redemption that this very request began before, if there is one."""
        if key is None:
            return None
        async with self.database.scoped(
            invitation.workspace_id, reading=True
        ) as session:
            earlier = await RedemptionRepository(session).get_by_key(invitation.id, key)
        if earlier is None:
            return None
        digest = earlier.request_digest or ""
        if not self.keyring.verify(DIGEST, _text_of(request), digest):
            raise IdempotencyConflictError(
                "This request was sent before with something else in it."
            )
        return earlier.id

    def _accepted(self, id: UUID) -> JoinAccepted:
        return JoinAccepted(redemption_id=id, token=self.keyring.sign(TOKEN, str(id)))


def _text_of(request: JoinRequest) -> str:
    """What is signed, so that nobody who reads the table can try passwords on it."""
    return msgspec.json.encode(request).decode()


async def _take_a_use(session: Session, id: UUID) -> None:
    invitations, now = InvitationRepository(session), utc_now()
    if await invitations.increment_use_count(id, now=now):
        return
    invitation = await invitations.get_by_id(id)
    if invitation is None:
        raise InvitationNotFoundError(str(id))
    _check_usable(invitation)
    raise NothingToGiveError("This invitation cannot be used at the moment.")


def _check_usable(invitation: Invitation) -> None:
    reason = why_unusable(invitation, utc_now())
    if reason is not None:
        raise reason
