"""The id of this installation on plex.tv."""

from uuid import uuid4

from zondarr.core.database import Database
from zondarr.plex_accounts.repository import PlexDeviceRepository


async def device_id(database: Database) -> str:
    """The same for all replicas, permanently; created on first use."""
    async with database.unscoped("set-up") as session:
        return str(await PlexDeviceRepository(session).get_or_make(uuid4()))
