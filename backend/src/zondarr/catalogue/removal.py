"""Updates the catalogue when a server is removed."""

from uuid import UUID

from zondarr.catalogue.publishing import refresh_titles
from zondarr.catalogue.repository import ItemRepository, TitleRepository
from zondarr.core.clock import utc_now
from zondarr.core.database import Session


async def forget_catalogue(session: Session, server_id: UUID) -> None:
    """Delete its items; titles that no other server has are missing from now on."""
    titles = await TitleRepository(session).of_server(server_id)
    await ItemRepository(session).remove_of_server(server_id)
    await refresh_titles(session, titles, publishing=None, now=utc_now())
