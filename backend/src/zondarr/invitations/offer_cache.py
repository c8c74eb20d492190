"""What a code offers, cached until the next write.

The join page is the one page that many strangers may request at the same time. On
SQLite all writes pass through this process, so a cached offer is valid until its next
write. On PostgreSQL other replicas write too, so nothing is cached.
"""

from zondarr.core.database import Database
from zondarr.invitations.codes import normal_form
from zondarr.invitations.exceptions import InvitationNotFoundError
from zondarr.invitations.grants import Offer, grants_of
from zondarr.invitations.repository import InvitationRepository
from zondarr.servers.repository import LibraryRepository

MAX_CACHED = 1_000


class OfferCache:
    """Finds offers by their codes, across workspaces: the code is all a guest has."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._cached: dict[str, Offer] = {}
        self._as_of = -1

    async def get(self, code: str) -> Offer:
        """The offer as it was at the last write of this process."""
        if self._as_of != self.database.writes or len(self._cached) >= MAX_CACHED:
            self._cached, self._as_of = {}, self.database.writes
        cached = self._cached.get(code)
        if cached is not None:
            return cached
        as_of = self._as_of
        offer = await self.read(code)
        if as_of == self.database.writes and not self.database.is_postgresql:
            self._cached[code] = offer
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
        return Offer(invitation, grants_of(invitation, there))
