"""What a code offers."""

from tests.invitations.conftest import Invite

from zondarr.core.database import Database
from zondarr.invitations.offer_cache import OfferCache
from zondarr.invitations.repository import InvitationRepository


async def test_an_offer_is_as_new_as_the_last_write(
    database: Database, invite: Invite
) -> None:
    invitation = await invite()
    offers = OfferCache(database)
    assert (await offers.get("movie-night")).invitation.enabled
    async with database.scoped(invitation.workspace_id) as session:
        await InvitationRepository(session).disable(invitation.id)
    assert not (await offers.get("movie-night")).invitation.enabled


async def test_nothing_is_read_twice_while_nothing_is_written(
    database: Database, invite: Invite
) -> None:
    await invite()
    offers = OfferCache(database)
    first, second = [await offers.get("MOVIE-NIGHT") for _ in range(2)]
    assert (first is second) == (not database.is_postgresql)
