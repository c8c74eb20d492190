"""Changing what somebody sees and may: sent, read back, compared."""

from collections.abc import Collection

from zondarr.media.clients.plex.rights import (
    guest_settings,
    same_settings,
    settings_of,
    was_kept,
)
from zondarr.media.clients.plex.session import PlexSession
from zondarr.media.clients.plex.shapes import Settings, Share
from zondarr.media.clients.plex.shares import guest_of, library_keys, section_ids
from zondarr.media.clients.plex.tv import Guest
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.types import GUEST_PERMISSIONS


async def create_share(
    session: PlexSession, guest: Guest, sections: Collection[int], settings: Settings
) -> Share:
    """Exactly these libraries (plex.tv's numbers) from the first request on. Raises if
    it was not kept."""
    await session.tv.invite(session.machine_id, guest, sorted(sections), settings)
    try:
        return await _read_back_created(session, guest, sections, settings)
    except MediaClientError as error:
        # The invitation went out, whatever became of reading it back.
        error.in_doubt = True
        raise


async def _read_back_created(
    session: PlexSession, guest: Guest, sections: Collection[int], settings: Settings
) -> Share:
    made = await session.share_of(guest)
    if made is None:
        raise session.error(ErrorKind.FAILED, "policy_not_kept")
    exact = section_ids(made) == frozenset(sections)
    if not (exact and was_kept(settings, settings_of(made))):
        # Rather nothing than something else than was meant.
        await end_share(session, made)
        raise session.error(ErrorKind.FAILED, "policy_not_kept")
    return made


async def create_or_find_share(
    session: PlexSession, guest: Guest, sections: Collection[int], settings: Settings
) -> Share:
    """The same where an earlier try may have got through: then what stands there."""
    try:
        return await create_share(session, guest, sections, settings)
    except MediaClientError as error:
        if not (error.in_doubt or error.kind is ErrorKind.TAKEN):
            raise
        try:
            share = await session.share_of(guest)
        except MediaClientError as later:
            later.in_doubt = later.in_doubt or error.in_doubt
            raise
        if share is None:
            raise
        return share


async def change_share(
    session: PlexSession,
    share: Share,
    settings: Settings,
    sections: Collection[int] | None = None,
) -> Share:
    """These rights, and these libraries (plex.tv's numbers); None leaves them.

    Who sees all libraries keeps those to come, so nothing is said of libraries then.
    """
    wanted = section_ids(share) if sections is None else frozenset(sections)
    keeps_all = sections is None and share.all_libraries
    narrows_all = sections is not None and share.all_libraries
    there = settings_of(share)
    same = same_settings(settings, there) and wanted == section_ids(share)
    if same and not narrows_all:
        return share
    told = None if keeps_all else sorted(wanted)
    await session.tv.update(share.id, told or None, settings)
    kept = await session.reload(share)
    if section_ids(kept) != wanted or not was_kept(settings, settings_of(kept)):
        raise session.error(ErrorKind.FAILED, "policy_not_kept")
    return kept


async def set_exact_access(
    session: PlexSession, share: Share, settings: Settings, library_ids: Collection[str]
) -> Share:
    """A share of ours, with exactly this; nothing is sent where it is so already."""
    if library_keys(share) == frozenset(library_ids):
        return await change_share(session, share, settings)
    sections = await session.section_ids(library_ids)
    return await change_share(session, share, settings, sections)


async def end_share(session: PlexSession, share: Share) -> None:
    await session.tv.revoke(session.machine_id, share.id)
    left = await session.shares()
    if any(each.id == share.id for each in left if not each.left_at):
        raise session.error(ErrorKind.FAILED, "not_deleted")
    if not left:
        # An empty list is what plex.tv answers when it fails, too.
        await session.require_no_share(guest_of(share))


async def set_libraries(
    session: PlexSession, guest: Guest, library_ids: Collection[str]
) -> bool:
    """Exactly these; none of them ends the share, since plex.tv takes none for all."""
    share = await session.share_of(guest)
    if share is None:
        return await _share_again(session, guest, library_ids)
    if not library_ids:
        await end_share(session, share)
        return True
    ids = await session.section_ids(library_ids)
    await change_share(session, share, settings_of(share), ids)
    return True


async def _share_again(
    session: PlexSession, guest: Guest, library_ids: Collection[str]
) -> bool:
    """A friend or a member of the Home without a share of this server gets one."""
    await session.require_no_share(guest)
    known = {each.id for each in await session.tv.friends() if not each.is_admin}
    if guest.plex_id not in known:
        return False
    if library_ids:
        sections = await session.section_ids(library_ids)
        settings = guest_settings(GUEST_PERMISSIONS)
        await create_share(session, guest, sections, settings)
    return True
