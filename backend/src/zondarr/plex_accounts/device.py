"""What this installation calls itself to plex.tv."""

from uuid import uuid4

from zondarr.core.database import Database
from zondarr.plex_accounts.repository import PlexDeviceRepository


async def device_id(database: Database) -> str:
    """The same for all replicas and for good; made when it is first asked for."""
    async with database.unscoped("set-up") as session:
        return str(await PlexDeviceRepository(session).get_or_make(uuid4()))
