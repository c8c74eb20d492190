"""Taking one use of an invitation: who takes it, and the transaction that counts it."""

from dataclasses import dataclass
from uuid import UUID, uuid7

import msgspec
import structlog

from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database, Session
from zondarr.core.exceptions import RefusedError
from zondarr.invitations.exceptions import (
    InvitationNotFoundError,
    NothingToGiveError,
    RedemptionRunningError,
)
from zondarr.invitations.grants import Grant, Offer
from zondarr.invitations.guests import not_signed_in
from zondarr.invitations.join_methods import (
    NAMED,
    JoinMethod,
    join_method_of,
    keep_secret,
)
from zondarr.invitations.join_schemas import JoinRequest
from zondarr.invitations.models import Invitation, Provisioning, Redemption
from zondarr.invitations.repository import InvitationRepository, RedemptionRepository
from zondarr.invitations.rules import why_unusable
from zondarr.plex_accounts.repository import PlexSignInRepository
from zondarr.plex_accounts.service import PlexSignInService, SignedIn

log = structlog.get_logger(__name__)

DIGEST = "join request"
NAME_LENGTH = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A use that is about to be taken. `sign_in` is used up with it; `as_friend` says
    that the guest comes with a Plex account of his own."""

    redemption: Redemption
    as_friend: bool
    sign_in: UUID | None = None


class Claims:
    """Prepares claims and takes them."""

    def __init__(
        self, database: Database, keyring: Keyring, sign_ins: PlexSignInService
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.sign_ins = sign_ins

    async def prepare(
        self, offer: Offer, request: JoinRequest, *, key: str | None, holder: str
    ) -> Claim:
        """What will be written, with the guest's secrets sealed. Takes nothing yet.

        Raises `InvalidError` for a sign-in with Plex that is not the holder's.
        """
        as_friend = offer.needs.plex_sign_in
        if not (as_friend and request.plex_pin_id):
            row = self._row(offer, request, key, None)
            return Claim(redemption=row, as_friend=as_friend)
        sign_in = _id_of(request.plex_pin_id)
        signed_in = await self.sign_ins.signed_in(sign_in, holder)
        if signed_in is None:
            raise not_signed_in()
        row = self._row(offer, request, key, signed_in)
        return Claim(redemption=row, as_friend=as_friend, sign_in=sign_in)

    async def take(self, claim: Claim) -> None:
        """Take one use, use up the sign-in, and write the redemption: all or nothing.

        Raises why the invitation cannot be used, `RedemptionRunningError` where the
        same Plex account is being let in on one of the servers, and `DuplicateError`
        where the same request was faster.
        """
        redemption = claim.redemption
        try:
            async with self.database.scoped(redemption.workspace_id) as session:
                await _take_a_use(session, redemption.invitation_id)
                if claim.as_friend:
                    await _wait_for_others(session, redemption)
                await _use_up(session, claim.sign_in)
                await RedemptionRepository(session).create(redemption)
        except RefusedError as error:
            # A server of it was removed since we looked.
            raise NothingToGiveError(
                "This invitation has just changed. Look at it again."
            ) from error
        log.info(
            "guest joins",
            redemption_id=str(redemption.id),
            invitation_id=str(redemption.invitation_id),
            actor=redemption.guest.label,
        )

    def is_same(self, redemption: Redemption, request: JoinRequest) -> bool:
        """Whether the redemption was begun by this very request."""
        digest = redemption.request_digest or ""
        return self.keyring.verify(DIGEST, _text_of(request), digest)

    def _row(
        self,
        offer: Offer,
        request: JoinRequest,
        key: str | None,
        signed_in: SignedIn | None,
    ) -> Redemption:
        invitation = offer.invitation
        redemption = Redemption(
            id=uuid7(),
            workspace_id=invitation.workspace_id,
            invitation_id=invitation.id,
            guest_name=_name_of(offer, request, signed_in),
            guest_email=signed_in.email if signed_in else request.email,
            guest_plex_id=signed_in.plex_id if signed_in else None,
            idempotency_key=key,
            request_digest=self.keyring.sign(DIGEST, _text_of(request)),
            provisionings=[_part(invitation, grant, request) for grant in offer.grants],
        )
        token = signed_in.token.reveal() if signed_in else None
        given = {
            JoinMethod.ACCOUNT: request.password,
            JoinMethod.PLEX_FRIEND: token,
            JoinMethod.PLEX_HOME: request.plex_home_pin,
        }
        for method in {_method(invitation, grant) for grant in offer.grants}:
            keep_secret(self.keyring, redemption, method, given[method])
        return redemption


def _part(invitation: Invitation, grant: Grant, request: JoinRequest) -> Provisioning:
    named = _method(invitation, grant) in NAMED
    return Provisioning(
        id=uuid7(),
        workspace_id=invitation.workspace_id,
        media_server_id=grant.server.id,
        username=request.username if named else None,
        library_ids=[library.external_id for library in grant.libraries],
    )


def _method(invitation: Invitation, grant: Grant) -> JoinMethod:
    return join_method_of(grant.server.server_type, invitation.plex_user_type)


def _name_of(offer: Offer, request: JoinRequest, signed_in: SignedIn | None) -> str:
    """What he chose to be called where he had to choose, else how Plex calls him."""
    if offer.needs.username:
        return request.username or ""
    name = (signed_in.username or signed_in.email) if signed_in else request.email
    return (name or "").replace("\0", "")[:NAME_LENGTH]


def _id_of(pin: str) -> UUID:
    try:
        return UUID(pin)
    except ValueError:
        raise not_signed_in() from None


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
    check_usable(invitation)
    raise NothingToGiveError("This invitation cannot be used at the moment.")


async def _wait_for_others(session: Session, redemption: Redemption) -> None:
    """Two redemptions at once would each take the other's share for its own."""
    if await RedemptionRepository(session).is_coming(redemption):
        raise RedemptionRunningError(
            "Somebody is joining with this Plex account right now. Try again when that"
            + " has ended."
        )


async def _use_up(session: Session, sign_in: UUID | None) -> None:
    if sign_in is None:
        return
    if not await PlexSignInRepository(session).end(sign_in, now=utc_now()):
        raise not_signed_in()


def check_usable(invitation: Invitation) -> None:
    """Raise why the invitation cannot be used, if it cannot."""
    reason = why_unusable(invitation, utc_now())
    if reason is not None:
        raise reason
