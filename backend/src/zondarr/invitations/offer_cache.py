"""What a code offers, remembered for as long as nothing has changed.

The join page is the one page that strangers ask for, perhaps many at once. On SQLite
all writes pass through this process, so what was read holds until its next write; with
other replicas on PostgreSQL that cannot be known, and nothing is remembered.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from zondarr.core.database import Database
from zondarr.invitations.codes import normal_form
from zondarr.invitations.exceptions import InvitationNotFoundError
from zondarr.invitations.grants import Grant, grants_of
from zondarr.invitations.join_schemas import JoinPage
from zondarr.invitations.models import Invitation
from zondarr.invitations.repository import InvitationRepository
from zondarr.servers.repository import LibraryRepository

MOST_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation, what it gives at this moment, and how that is shown."""

    invitation: Invitation
    grants: Sequence[Grant]
    page: JoinPage


class OfferCache:
    """Finds offers by their codes, across workspaces: the code is all a guest has."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._known: dict[str, Offer] = {}
        self._as_of = -1

    async def look(self, code: str) -> Offer:
        """The offer as it was when anything was last written."""
        if self._as_of != self.database.writes or len(self._known) >= MOST_REMEMBERED:
            self._known, self._as_of = {}, self.database.writes
        known = self._known.get(code)
        if known is not None:
            return known
        as_of = self._as_of
        offer = await self.read(code)
        if as_of == self.database.writes and not self.database.is_postgresql:
            self._known[code] = offer
        return offer

    async def read(self, code: str) -> Offer:
        """The offer as it is; raises `InvitationNotFoundError`."""
        async with self.database.unscoped("join page", reading=True) as session:
            invitations = InvitationRepository(session)
            invitation = await invitations.get_by_code(normal_form(code))
            if invitation is None:
                raise InvitationNotFoundError(code)
            there = await LibraryRepository(session).get_by_servers(
                [server.id for server in invitation.servers]
            )
        grants = grants_of(invitation, there)
        return Offer(invitation, grants, JoinPage.of(invitation, grants))
