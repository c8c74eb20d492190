"""Whether Plex has an account on a server; see also `PlexSession.has_no_share`."""

from zondarr.media.clients.plex import home
from zondarr.media.clients.plex.session import PlexSession
from zondarr.media.clients.plex.tv import Guest
from zondarr.media.types import Presence


async def presence_of(session: PlexSession, guest: Guest) -> Presence:
    """A managed user of the Home has an account on the server even without a share."""
    if guest.plex_id:
        member = await home.member_of(session, guest.plex_id)
        if member is not None and member.is_managed:
            return Presence.PRESENT
    if await session.share_of(guest) is not None:
        return Presence.PRESENT
    certain = await session.has_no_share(guest)
    return Presence.GONE if certain else Presence.UNKNOWN
