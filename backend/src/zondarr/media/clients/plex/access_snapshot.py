"""What somebody has on this server: written down, taken away, given back.

An undo sets a share back to exactly what it was. Ending access takes away and never
adds: who narrowed it by hand meanwhile meant it. Giving back adds, never takes away:
so with a share that somebody made by hand meanwhile, and so it may be repeated.
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
    """A share as it was, and whose; libraries by plex.tv's numbers."""

    share_id: int
    all_libraries: bool
    section_ids: list[int]
    settings: Settings
    plex_id: str | None = None
    email: str | None = None


async def before(session: PlexSession, guest: Guest) -> AccessSnapshot | None:
    """What he has now, to be stored; None where he has no share."""
    share = await session.share_of(guest)
    if share is None:
        return None
    whose = guest_of(share)
    was = ShareSnapshot(
        share_id=share.id,
        all_libraries=bool(share.all_libraries),
        section_ids=sorted(section_ids(share)),
        settings=settings_of(share),
        plex_id=whose.plex_id,
        email=whose.email,
    )
    return {"share": msgspec.json.encode(was).decode()}


async def undo_additions(
    session: PlexSession, guest: Guest, remembered: AccessSnapshot
) -> bool:
    """Undo what was added to a share; whether anything was changed. It is not ended,
    whatever became of it meanwhile."""
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
    """End the share, or leave of it what is to be kept; false where there is none."""
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
    """Nothing is said of libraries where there are none, or he had those to come."""
    same = was.all_libraries or had == section_ids(share)
    left = await change_share(session, share, settings, None if same else had)
    return left is not share


async def _existing_section_ids(session: PlexSession) -> frozenset[int]:
    return frozenset((await session.section_ids_by_key()).values())


async def restore(
    session: PlexSession, guest: Guest, remembered: AccessSnapshot
) -> bool:
    """Share again what was shared, of what there still is; false where Plex knows him
    no more. Who saw all libraries sees all there are now, named one by one."""
    was = _read(session, remembered)
    guest = Guest(plex_id=guest.plex_id or was.plex_id, email=guest.email or was.email)
    there = await _existing_section_ids(session)
    libraries = there if was.all_libraries else there.intersection(was.section_ids)
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
    # An answer was lost, perhaps: then it was not yet compared with what was meant.
    await change_share(session, share, was.settings, libraries)
    return True


async def _add(
    session: PlexSession, share: Share, was: ShareSnapshot, libraries: frozenset[int]
) -> None:
    settings = widened(settings_of(share), was.settings)
    both = None if share.all_libraries else section_ids(share) | libraries
    await change_share(session, share, settings, both)


def _read(session: PlexSession, remembered: AccessSnapshot) -> ShareSnapshot:
    """What was stored comes back as it was; else it is a fault of ours, and said."""
    try:
        return msgspec.json.decode(remembered["share"], type=ShareSnapshot)
    except (KeyError, msgspec.DecodeError) as error:
        code = "remembered_unreadable"
        raise session.error(ErrorKind.FAILED, code, error) from error
