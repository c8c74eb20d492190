"""Saves, revokes and restores somebody's access to this server.

An undo sets a share back to exactly what it was. Ending access only removes: if the
operator narrowed the share meanwhile, that was intended. Restoring only adds, also to a
share that the operator created meanwhile, so it may be repeated.
"""

import msgspec
from msgspec import Struct

from zondarr.media.clients.plex.access import (
    change_share,
    create_or_find_share,
    end_share,
)
from zondarr.media.clients.plex.rights import reduced, settings_of, widened
from zondarr.media.clients.plex.session import PlexSession
from zondarr.media.clients.plex.shapes import Settings, Share
from zondarr.media.clients.plex.shares import guest_of, section_ids
from zondarr.media.clients.plex.tv import Guest
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.types import AccessSnapshot


class ShareSnapshot(Struct, frozen=True, kw_only=True):
    """A share as it was, and the person it belongs to; libraries by plex.tv's section
    ids.
    """

    share_id: int
    all_libraries: bool
    section_ids: list[int]
    settings: Settings
    plex_id: str | None = None
    email: str | None = None


async def before(session: PlexSession, guest: Guest) -> AccessSnapshot | None:
    """The person's current access, to be stored; None without a share."""
    share = await session.share_of(guest)
    if share is None:
        return None
    recipient = guest_of(share)
    was = ShareSnapshot(
        share_id=share.id,
        all_libraries=bool(share.all_libraries),
        section_ids=sorted(section_ids(share)),
        settings=settings_of(share),
        plex_id=recipient.plex_id,
        email=recipient.email,
    )
    return {"share": msgspec.json.encode(was).decode()}


async def undo_additions(
    session: PlexSession, guest: Guest, remembered: AccessSnapshot
) -> bool:
    """Remove what was added to a share; returns whether anything changed. The share
    itself is never ended.
    """
    was = _read(session, remembered)
    async with session.lock(guest):
        found = [each for each in await session.shares() if each.id == was.share_id]
        if not found or found[0].left_at:
            return False
        had = section_ids(found[0]).intersection(was.section_ids)
        had = had or (await _existing_section_ids(session)).intersection(
            was.section_ids
        )
        if not (was.all_libraries or had):
            return False
        return await _reduce_to(session, found[0], was, was.settings, had)


async def revoke(
    session: PlexSession, guest: Guest, keep: AccessSnapshot | None
) -> bool:
    """End the share, or reduce it to `keep`; false if there is none."""
    share = await session.share_of(guest)
    if share is None:
        await session.require_no_share(guest)
        return False
    if keep is None:
        await end_share(session, share)
        return True
    was = _read(session, keep)
    had = section_ids(share).intersection(was.section_ids)
    if section_ids(share) and not (had or was.all_libraries):
        await end_share(session, share)
        return True
    settings = reduced(settings_of(share), was.settings)
    await _reduce_to(session, share, was, settings, had)
    return True


async def _reduce_to(
    session: PlexSession,
    share: Share,
    was: ShareSnapshot,
    settings: Settings,
    had: frozenset[int],
) -> bool:
    """Libraries are not sent if there are none left, or if the share included future
    ones.
    """
    same = was.all_libraries or had == section_ids(share)
    left = await change_share(session, share, settings, None if same else had)
    return left is not share


async def _existing_section_ids(session: PlexSession) -> frozenset[int]:
    return frozenset((await session.section_ids_by_key()).values())


async def restore(
    session: PlexSession, guest: Guest, remembered: AccessSnapshot
) -> bool:
    """Share again those of the libraries that still exist; false if Plex no longer
    knows the account.

    A share of all libraries becomes one of all current libraries, listed one by one.
    """
    was = _read(session, remembered)
    guest = Guest(plex_id=guest.plex_id or was.plex_id, email=guest.email or was.email)
    known = await _existing_section_ids(session)
    libraries = known if was.all_libraries else known.intersection(was.section_ids)
    share = await session.share_of(guest)
    if share is not None:
        await _add(session, share, was, libraries)
        return True
    if not libraries:
        raise session.error(ErrorKind.REFUSED, "libraries_missing")
    try:
        share = await create_or_find_share(session, guest, libraries, was.settings)
    except MediaClientError as error:
        if error.error_code == "unknown_user":
            return False
        raise
    # A response may have been lost, and the share not been compared yet.
    await change_share(session, share, was.settings, libraries)
    return True


async def _add(
    session: PlexSession, share: Share, was: ShareSnapshot, libraries: frozenset[int]
) -> None:
    settings = widened(settings_of(share), was.settings)
    both = None if share.all_libraries else section_ids(share) | libraries
    await change_share(session, share, settings, both)


def _read(session: PlexSession, remembered: AccessSnapshot) -> ShareSnapshot:
    """Decode the stored snapshot; a failure is our own bug and raises."""
    try:
        return msgspec.json.decode(remembered["share"], type=ShareSnapshot)
    except (KeyError, msgspec.DecodeError) as error:
        code = "remembered_unreadable"
        raise session.error(ErrorKind.FAILED, code, error) from error
