"""Changes what somebody can see and do: sends the change, reads it back, compares."""

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
    """Share exactly these libraries (plex.tv's section ids). Raises if plex.tv stored
    something else.
    """
    await session.tv.invite(session.machine_id, guest, sorted(sections), settings)
    try:
        return await _read_back_created(session, guest, sections, settings)
    except MediaClientError as error:
        # The invitation was sent, whether or not reading it back succeeds.
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
        # End the share rather than leave a wrong one.
        await end_share(session, made)
        raise session.error(ErrorKind.FAILED, "policy_not_kept")
    return made


async def create_or_find_share(
    session: PlexSession, guest: Guest, sections: Collection[int], settings: Settings
) -> Share:
    """As `create_share`, but keep a share that an earlier attempt may have created."""
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
    """Set these permissions and these libraries (plex.tv's section ids; None keeps
    them).

    A share of all libraries includes future ones, so its libraries are not sent.
    """
    wanted = section_ids(share) if sections is None else frozenset(sections)
    keeps_all = sections is None and share.all_libraries
    narrows_all = sections is not None and share.all_libraries
    current = settings_of(share)
    same = same_settings(settings, current) and wanted == section_ids(share)
    if same and not narrows_all:
        return share
    sent = None if keeps_all else sorted(wanted)
    await session.tv.update(share.id, sent or None, settings)
    kept = await session.reload(share)
    if section_ids(kept) != wanted or not was_kept(settings, settings_of(kept)):
        raise session.error(ErrorKind.FAILED, "policy_not_kept")
    return kept


async def set_exact_access(
    session: PlexSession, share: Share, settings: Settings, library_ids: Collection[str]
) -> Share:
    """Give our share exactly these permissions and libraries; sends nothing if it has
    them already.
    """
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
        # plex.tv also returns an empty list when it fails.
        await session.require_no_share(guest_of(share))


async def set_libraries(
    session: PlexSession, guest: Guest, library_ids: Collection[str]
) -> bool:
    """Share exactly these libraries. An empty list ends the share, since plex.tv takes
    it to mean all.
    """
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
    """Create a share for a friend or Home member who has none of this server."""
    await session.require_no_share(guest)
    known = {each.id for each in await session.tv.friends() if not each.is_admin}
    if guest.plex_id not in known:
        return False
    if library_ids:
        sections = await session.section_ids(library_ids)
        settings = guest_settings(GUEST_PERMISSIONS)
        await create_share(session, guest, sections, settings)
    return True
