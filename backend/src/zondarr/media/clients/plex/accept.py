"""A guest who signed in with Plex finds the share accepted, not in his mailbox.

With his own token, and for the one share that he came for. He loses nothing if it
fails: the invitation waits in his Plex, as it does for everybody else.
"""

import asyncio
import re

from zondarr.media.clients.plex.session import PlexSession
from zondarr.media.clients.plex.shapes import Received, Share
from zondarr.media.clients.plex.shares import guest_of, share_status
from zondarr.media.clients.plex.tv import Guest, PlexTv
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.operations import log
from zondarr.media.types import ShareStatus

TOKEN = re.compile(r"[\x21-\x7e]{1,500}")
LOOKS = 3
"""An invitation was seen to reach its guest a moment after it was made."""


async def accept_for_guest(session: PlexSession, share: Share, token: str) -> Share:
    """The share as it stands afterwards: pending still, with a warning in the log, if
    it could not be accepted."""
    if share_status(share) is not ShareStatus.PENDING:
        return share
    try:
        await _accept(session, share, token)
    except MediaClientError as error:
        return await _accepted(session, share, error)
    return await _accepted(session, share, None)


async def _accept(session: PlexSession, share: Share, token: str) -> None:
    if not TOKEN.fullmatch(token):
        raise session.error(ErrorKind.INVALID, "guest_token_invalid")
    he = session.tv.with_token(token)
    for look in range(LOOKS):
        await asyncio.sleep(session.tv.tv.state.options.settle_pause * look)
        offer = await _offer(session, he, share)
        if offer is not None:
            await he.accept(offer)
            return
    raise session.error(ErrorKind.GONE, "not_offered")


async def _offer(session: PlexSession, he: PlexTv, share: Share) -> int | None:
    """What he knows our share by. Its number is expected to be the owner's; where it
    is not, server and owner tell it from what others offer him."""
    received = await he.received()
    offers = [each for one in received for each in one.shared_servers]
    if any(each.id == share.id for each in offers):
        return share.id
    here = [
        (one.owner_id or (one.owner.id if one.owner else None), each.id)
        for one in received
        if _is_for(one, guest_of(share))
        for each in one.shared_servers
        if each.machine_identifier == session.machine_id
    ]
    if not here:
        return None
    owner = (await session.tv.account()).id
    return next((offer for by, offer in here if by == owner), None)


def _is_for(received: Received, guest: Guest) -> bool:
    """Unless it says that it is for somebody else than the share is."""
    if guest.plex_id and received.invited_id:
        return guest.plex_id == str(received.invited_id)
    if guest.email and received.invited_email:
        return guest.email == received.invited_email.strip().lower()
    return True


async def _accepted(
    session: PlexSession, share: Share, failure: MediaClientError | None
) -> Share:
    """As the owner sees it: an answer that was lost may have been a yes."""
    try:
        kept = await session.accepted(share.id)
    except MediaClientError as error:
        kept, failure = None, failure or error
    if kept is not None:
        return kept
    log.warning(
        "a share was not accepted for its guest",
        machine_id=session.machine_id,
        share_id=share.id,
        code=failure.error_code if failure else "not_accepted",
    )
    return share
