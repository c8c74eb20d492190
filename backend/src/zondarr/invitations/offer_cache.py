"""Caches what a code offers until the next write.

The join page is the only page that many strangers may request at the same time.
"""

from zondarr.core.database import Database
from zondarr.core.database.cache import UntilWrite
from zondarr.invitations.codes import normal_form
from zondarr.invitations.exceptions import InvitationNotFoundError
from zondarr.invitations.grants import Offer, grants_of
from zondarr.invitations.repository import InvitationRepository
from zondarr.servers.repository import LibraryRepository

MAX_CACHED = 1_000


class OfferCache:
    """Finds offers by code, across workspaces: a guest has nothing but the code."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._cached: UntilWrite[str, Offer] = UntilWrite(database, size=MAX_CACHED)

    async def get(self, code: str) -> Offer:
        """The offer at the last write of this process."""
        return await self._cached.get(code, lambda: self.read(code))

    async def read(self, code: str) -> Offer:
        """The current offer; raises `InvitationNotFoundError`."""
        async with self.database.unscoped("join page", reading=True) as session:
            invitations = InvitationRepository(session)
            invitation = await invitations.get_by_code(normal_form(code))
            if invitation is None:
                raise InvitationNotFoundError(code)
            there = await LibraryRepository(session).get_by_servers(
                [server.id for server in invitation.servers]
            )
        return Offer(invitation, grants_of(invitation, there))
