"""Shares a server with a friend, and undoes that.

One request shares exactly the chosen libraries; at no moment are more visible. The
request is not repeated blindly: plex.tv answers a second one with "already sharing",
and after a lost response the lists are read to find out what happened.

Whether a share was created by this plan: the plan records the share that existed at
planning (`before`; None for a new guest). Plex offers no place for a mark of ours, so
without a stored id a share counts as this plan's if there was none at planning and it
has exactly the plan's libraries and downloads. An undo never ends a share that existed
before, it only sets it back; friendships are never changed.
"""

import asyncio

from zondarr.media.clients.plex.accept import accept_for_guest
from zondarr.media.clients.plex.access import (
    change_share,
    create_or_find_share,
    end_share,
    set_exact_access,
)
from zondarr.media.clients.plex.access_snapshot import undo_additions
from zondarr.media.clients.plex.rights import (
    guest_settings,
    permissions_of,
    settings_of,
    with_added_permissions,
)
from zondarr.media.clients.plex.session import PlexSession
from zondarr.media.clients.plex.shapes import Share
from zondarr.media.clients.plex.shares import (
    external_user,
    guest_from_id,
    library_keys,
    section_ids,
)
from zondarr.media.clients.plex.tv import Guest
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.types import AccountPlan, ExternalUser

UNSPECIFIC = frozenset({ErrorKind.INVALID.value, ErrorKind.REFUSED.value})


def guest_of_plan(plan: AccountPlan) -> Guest:
    return Guest(plex_id=plan.plex_id, email=plan.email)


async def open_friend(session: PlexSession, plan: AccountPlan) -> ExternalUser:
    """Create the share, or find the one that an earlier attempt of this plan
    created.
    """
    guest = guest_of_plan(plan)
    async with session.lock(guest):
        share = await session.share_of(guest)
        if share is not None:
            return external_user(_require_as_planned(session, plan, share))
        if plan.before is not None:
            raise session.error(ErrorKind.GONE)
        return external_user(await _begin(session, plan, guest))


async def _begin(session: PlexSession, plan: AccountPlan, guest: Guest) -> Share:
    sections = await session.section_ids(plan.library_ids)
    settings = guest_settings(plan.permissions)
    try:
        share = await create_or_find_share(session, guest, sections, settings)
    except MediaClientError as error:
        if error.error_code in UNSPECIFIC:
            await _refuse_own_account(session, guest, error)
        raise
    return _require_as_planned(session, plan, share)


async def _refuse_own_account(
    session: PlexSession, guest: Guest, refusal: MediaClientError
) -> None:
    """plex.tv does not share a server with its owner; its sentence for that may change,
    so the id is compared.
    """
    owner = await session.tv.account()
    own = {str(owner.id), (owner.email or "").lower()} - {""}
    if own & {guest.plex_id, guest.email}:
        raise session.error(ErrorKind.REFUSED, "own_account", refusal) from refusal


def _require_as_planned(session: PlexSession, plan: AccountPlan, share: Share) -> Share:
    if plan.before is None and not _is_as_planned(plan, share):
        raise session.error(ErrorKind.TAKEN, "user_already_exists")
    return share


def _is_as_planned(plan: AccountPlan, share: Share) -> bool:
    kept = permissions_of(settings_of(share))
    same = kept.can_download is plan.permissions.can_download
    return same and library_keys(share) == frozenset(plan.library_ids)


async def finish_friend(
    session: PlexSession, plan: AccountPlan, id: str, token: str
) -> ExternalUser:
    """Set exactly the plan's libraries for a new guest, or add them for a friend; then
    accept the share if there is a token.
    """
    async with session.lock(guest_of_plan(plan)):
        share = await _find(session, plan, id)
        if share is None:
            raise session.error(ErrorKind.GONE)
        share = await _as_planned(session, plan, share)
        if token:
            share = await accept_for_guest(session, share, token)
        return external_user(share)


async def _as_planned(session: PlexSession, plan: AccountPlan, share: Share) -> Share:
    if plan.before is not None:
        return await _add(session, plan, share)
    settings = guest_settings(plan.permissions)
    return await set_exact_access(session, share, settings, plan.library_ids)


async def _add(session: PlexSession, plan: AccountPlan, share: Share) -> Share:
    settings = with_added_permissions(settings_of(share), plan.permissions)
    if share.all_libraries:
        return await change_share(session, share, settings)
    both = section_ids(share).union(await session.section_ids(plan.library_ids))
    return await change_share(session, share, settings, both)


async def discard_friend(
    session: PlexSession, plan: AccountPlan, id: str | None
) -> bool:
    """End the share that this plan created, or set an existing one back."""
    if plan.before is not None:
        return await undo_additions(session, guest_of_plan(plan), plan.before)
    share: Share | None = None
    pauses = (0.0,) if id else (0.0, session.tv.tv.state.options.settle_pause)
    for pause in pauses:
        await asyncio.sleep(pause)
        async with session.lock(guest_of_plan(plan)):
            share = await _find(session, plan, id)
            if share is not None and (id or _is_as_planned(plan, share)):
                await end_share(session, share)
                return True
    if share is None:
        await session.require_no_share(*_names(plan, id))
    return False


async def _find(
    session: PlexSession, plan: AccountPlan, id: str | None
) -> Share | None:
    """Find the share by the stored id, and by the plan too: a guest invited by address
    gets an id later.
    """
    return await session.share_of(*_names(plan, id))


def _names(plan: AccountPlan, id: str | None) -> list[Guest]:
    return [*([guest_from_id(id)] if id else []), guest_of_plan(plan)]
