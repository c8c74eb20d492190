"""Claims one use of an invitation: the request, and the transaction that counts it."""

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
    """A use that will be claimed. `sign_in` is consumed by it; `as_friend`: the guest
    uses their own Plex account.
    """

    redemption: Redemption
    as_friend: bool
    sign_in: UUID | None = None


class Claims:
    """Prepares and stores claims."""

    def __init__(
        self, database: Database, keyring: Keyring, sign_ins: PlexSignInService
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.sign_ins = sign_ins

    async def prepare(
        self, offer: Offer, request: JoinRequest, *, key: str | None, holder: str
    ) -> Claim:
        """The rows to be written, with the guest's secrets sealed. Writes nothing yet.

        Raises `InvalidError` for a sign-in with Plex that does not belong to the
        holder.
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

    async def store(self, claim: Claim) -> None:
        """Claim one use, consume the sign-in, and store the redemption, in one
        transaction.

        Raises why the invitation cannot be used, `RedemptionRunningError` if another
        redemption of the same Plex account is running on one of the servers, and
        `DuplicateError` if the same request was stored already.
        """
        redemption = claim.redemption
        try:
            async with self.database.scoped(redemption.workspace_id) as session:
                await _claim_use(session, redemption.invitation_id)
                if claim.as_friend:
                    await _wait_for_others(session, redemption)
                await _consume_sign_in(session, claim.sign_in)
                await RedemptionRepository(session).create(redemption)
        except RefusedError as error:
            # One of its servers was removed meanwhile.
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
        """Whether the redemption was created by this very request."""
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
    """The chosen user name, else the Plex account's name."""
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
    """The signed text. It is keyed, so that passwords cannot be guessed from the stored
    digest.
    """
    return msgspec.json.encode(request).decode()


async def _claim_use(session: Session, id: UUID) -> None:
    invitations, now = InvitationRepository(session), utc_now()
    if await invitations.increment_use_count(id, now=now):
        return
    invitation = await invitations.get_by_id(id)
    if invitation is None:
        raise InvitationNotFoundError(str(id))
    check_usable(invitation)
    raise NothingToGiveError("This invitation cannot be used at the moment.")


async def _wait_for_others(session: Session, redemption: Redemption) -> None:
    """Raise if another redemption of the Plex account is running: each would treat the
    other's share as its own.
    """
    if await RedemptionRepository(session).has_concurrent_share(redemption):
        raise RedemptionRunningError(
            "Somebody is joining with this Plex account right now. Try again when that"
            + " has ended."
        )


async def _consume_sign_in(session: Session, sign_in: UUID | None) -> None:
    if sign_in is None:
        return
    if not await PlexSignInRepository(session).end(sign_in, now=utc_now()):
        raise not_signed_in()


def check_usable(invitation: Invitation) -> None:
    """Raise the reason if the invitation cannot be used."""
    reason = why_unusable(invitation, utc_now())
    if reason is not None:
        raise reason
