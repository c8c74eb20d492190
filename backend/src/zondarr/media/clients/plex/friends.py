"""How a server is shared with a friend, and how that is taken back.

One request shares exactly the chosen libraries; nobody sees more at any moment. That
request is not repeated blindly: plex.tv answers a second one "already sharing", and a
lost answer leaves a doubt, so we look.

Whose share it is: the plan says what stood there before (`before`, nothing for
somebody new). Plex has no room for a mark of ours, so without a stored id a share
counts as this plan's when there was none at planning and it has exactly the plan's
libraries and downloads. A share that was there before is never ended by an undo, only
set back to what it was; and a friendship is never touched.
"""

import asyncio

import msgspec
from msgspec import Struct

from zondarr.media.clients.plex.access import (
    begin_share,
    change_share,
    end_share,
    make_exact,
)
from zondarr.media.clients.plex.reach import Reach
from zondarr.media.clients.plex.shapes import Settings, Share
from zondarr.media.clients.plex.shares import (
    also_with,
    external_user,
    guest_named,
    guest_settings,
    library_keys,
    permissions_of,
    section_ids,
    settings_of,
    share_of,
)
from zondarr.media.clients.plex.tv import Guest
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.types import AccountPlan, ExternalUser, Remembered


class Before(Struct, frozen=True, kw_only=True):
    """The share as it was when the plan was made."""

    share_id: int
    all_libraries: bool
    section_ids: list[int]
    settings: Settings


def guest_of_plan(plan: AccountPlan) -> Guest:
    return Guest(plex_id=plan.plex_id, email=plan.email)


async def before(reach: Reach, guest: Guest) -> Remembered | None:
    """What an existing friend has on this server, for `AccountPlan.before`."""
    share = await reach.share_of(guest)
    if share is None:
        return None
    was = Before(
        share_id=share.id,
        all_libraries=bool(share.all_libraries),
        section_ids=sorted(section_ids(share)),
        settings=settings_of(share),
    )
    return {"share": msgspec.json.encode(was).decode()}


async def refuse_own_account(reach: Reach, guest: Guest) -> None:
    owner = await reach.tv.account()
    own = {str(owner.id), (owner.email or "").lower()} - {""}
    if own & {guest.plex_id, guest.email}:
        raise reach.error(ErrorKind.REFUSED, "own_account")


async def open_friend(reach: Reach, plan: AccountPlan) -> ExternalUser:
    """Share, or find what an earlier try of this plan shared."""
    guest = guest_of_plan(plan)
    async with reach.lock(guest):
        share = await reach.share_of(guest)
        if share is not None:
            return external_user(_must_fit(reach, plan, share))
        if plan.before is not None:
            raise reach.error(ErrorKind.GONE)
        return external_user(await _begin(reach, plan, guest))


async def _begin(reach: Reach, plan: AccountPlan, guest: Guest) -> Share:
    try:
        settings = guest_settings(plan.permissions)
        return await begin_share(reach, guest, plan.library_ids, settings)
    except MediaClientError as error:
        if not (error.in_doubt or error.kind is ErrorKind.TAKEN):
            raise
        try:
            share = await reach.share_of(guest)
        except MediaClientError as later:
            later.in_doubt = later.in_doubt or error.in_doubt
            raise
        if share is None:
            raise
        return _must_fit(reach, plan, share)


def _must_fit(reach: Reach, plan: AccountPlan, share: Share) -> Share:
    if plan.before is None and not _is_as_planned(plan, share):
        raise reach.error(ErrorKind.TAKEN, "user_already_exists")
    return share


def _is_as_planned(plan: AccountPlan, share: Share) -> bool:
    kept = permissions_of(settings_of(share))
    same = kept.can_download is plan.permissions.can_download
    return same and library_keys(share) == frozenset(plan.library_ids)


async def finish_friend(reach: Reach, plan: AccountPlan, id: str) -> ExternalUser:
    """Exactly the plan's libraries for somebody new; added ones for a friend."""
    async with reach.lock(guest_of_plan(plan)):
        share = await _find(reach, plan, id)
        if share is None:
            raise reach.error(ErrorKind.GONE)
        if plan.before is not None:
            return external_user(await _add(reach, plan, share))
        settings = guest_settings(plan.permissions)
        return external_user(await make_exact(reach, share, settings, plan.library_ids))


async def _add(reach: Reach, plan: AccountPlan, share: Share) -> Share:
    settings = also_with(settings_of(share), plan.permissions)
    if share.all_libraries:
        return await change_share(reach, share, settings)
    both = section_ids(share).union(await reach.section_ids(plan.library_ids))
    return await change_share(reach, share, settings, both)


async def discard_friend(reach: Reach, plan: AccountPlan, id: str | None) -> bool:
    """End what this plan began, or set a friend's share back to what it was."""
    if plan.before is not None:
        return await _set_back(reach, plan)
    pauses = (0.0,) if id else (0.0, reach.tv.tv.state.options.settle_pause)
    for pause in pauses:
        await asyncio.sleep(pause)
        async with reach.lock(guest_of_plan(plan)):
            share = await _find(reach, plan, id)
            if share is not None and (id or _is_as_planned(plan, share)):
                await end_share(reach, share)
                return True
    return False


async def _set_back(reach: Reach, plan: AccountPlan) -> bool:
    was = _read(plan.before or {})
    async with reach.lock(guest_of_plan(plan)):
        found = [each for each in await reach.shares() if each.id == was.share_id]
        if not found or found[0].left_at:
            return False
        return await _make_as_it_was(reach, found[0], was)


def _read(remembered: Remembered) -> Before:
    return msgspec.json.decode(remembered["share"], type=Before)


async def _make_as_it_was(reach: Reach, share: Share, was: Before) -> bool:
    """Whether anything had to be changed."""
    same_libraries = was.all_libraries or section_ids(share) == frozenset(
        was.section_ids
    )
    if same_libraries and settings_of(share) == was.settings:
        return False
    sections = None if same_libraries else was.section_ids
    await change_share(reach, share, was.settings, sections)
    return True


async def take_away(reach: Reach, guest: Guest, keep: Remembered | None) -> bool:
    """End the share, or leave of it what is to be kept; false where there is none."""
    share = await reach.share_of(guest)
    if share is None:
        return False
    if keep is None:
        await end_share(reach, share)
    else:
        await _make_as_it_was(reach, share, _read(keep))
    return True


async def give_back(reach: Reach, guest: Guest, remembered: Remembered) -> bool:
    """Share what was shared. All libraries come back as those there were."""
    was = _read(remembered)
    share = await reach.share_of(guest)
    if share is not None:
        await _make_as_it_was(reach, share, was)
        return True
    await reach.tv.invite(reach.machine_id, guest, was.section_ids, was.settings)
    made = await reach.share_of(guest)
    if made is None:
        raise reach.error(ErrorKind.FAILED, "policy_not_kept")
    await _make_as_it_was(reach, made, was)
    return True


async def _find(reach: Reach, plan: AccountPlan, id: str | None) -> Share | None:
    """By the stored id; by the plan too, since an address becomes a number."""
    shares = await reach.shares()
    found = share_of(shares, guest_named(id)) if id else None
    return found or share_of(shares, guest_of_plan(plan))
