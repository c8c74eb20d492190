"""Accepts a share on behalf of a guest who signed in with Plex.

It uses the guest's own token, for the one share that the invitation created. If it
fails nothing is lost: the share stays pending in the guest's Plex account, as for
anybody else.
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
ATTEMPTS = 3
"""Attempts: an invitation was seen to reach its guest a moment after it was created."""


async def accept_for_guest(session: PlexSession, share: Share, token: str) -> Share:
    """The share after accepting it; still pending, with a warning in the log, if that
    failed.
    """
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
    recipient = session.tv.with_token(token)
    for attempt in range(ATTEMPTS):
        await asyncio.sleep(session.tv.tv.state.options.settle_pause * attempt)
        offer = await _offer(session, recipient, share)
        if offer is not None:
            await recipient.accept(offer)
            return
    raise session.error(ErrorKind.GONE, "not_offered")


async def _offer(session: PlexSession, recipient: PlexTv, share: Share) -> int | None:
    """The number of our share in the guest's list.

    It is expected to equal the owner's number. Where it does not, server and owner
    distinguish it from other shares offered to the guest.
    """
    received = await recipient.received()
    offers = [each for one in received for each in one.shared_servers]
    if any(each.id == share.id for each in offers):
        return share.id
    candidates = [
        (one.owner_id or (one.owner.id if one.owner else None), each.id)
        for one in received
        if _is_for(one, guest_of(share))
        for each in one.shared_servers
        if each.machine_identifier == session.machine_id
    ]
    if not candidates:
        return None
    owner = (await session.tv.account()).id
    return next((offer for by, offer in candidates if by == owner), None)


def _is_for(received: Received, guest: Guest) -> bool:
    """False only if the invitation names another recipient than the share does."""
    if guest.plex_id and received.invited_id:
        return guest.plex_id == str(received.invited_id)
    if guest.email and received.invited_email:
        return guest.email == received.invited_email.strip().lower()
    return True


async def _accepted(
    session: PlexSession, share: Share, failure: MediaClientError | None
) -> Share:
    """The share as the owner sees it: the request may have succeeded although its
    response was lost.
    """
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
