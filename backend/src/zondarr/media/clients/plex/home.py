"""Creates and removes a managed user of the owner's Plex Home.

The user is created without libraries and then gets exactly the chosen ones in one
request. Plex offers no place for a mark of ours: until the id is stored, the user is
recognised by the title, by being managed, by having no share, and by the fact that
nobody had this title when the plan was made.
"""

import asyncio
import re

from zondarr.media.clients.plex.access import create_share, set_exact_access
from zondarr.media.clients.plex.rights import guest_settings
from zondarr.media.clients.plex.session import PlexSession
from zondarr.media.clients.plex.shapes import Member
from zondarr.media.clients.plex.shares import external_member
from zondarr.media.clients.plex.tv import Guest
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.names import same_name
from zondarr.media.types import AccountPlan, ExternalUser

PIN = re.compile(r"[0-9]{4}")


def require_pin_or_none(session: PlexSession, password: str) -> None:
    """The PIN replaces a password; without one, anybody in the Home can switch to this
    user.
    """
    if password and not PIN.fullmatch(password):
        raise session.error(ErrorKind.INVALID, "home_pin_invalid")


async def require_room(session: PlexSession, title: str) -> None:
    """Raise if the title is taken or the Home is full."""
    members = await session.tv.home()
    if any(same_name(each.title, title) for each in members):
        raise session.error(ErrorKind.TAKEN, "username_taken")
    largest = (await session.tv.account()).max_home_size
    if largest is not None and len(members) >= largest:
        raise session.error(ErrorKind.REFUSED, "home_full")


async def open_member(session: PlexSession, plan: AccountPlan) -> ExternalUser:
    """Create the user, or find the one that an earlier attempt created."""
    async with session.lock(Guest(email=f"home {plan.username.upper()}")):
        found = await _member_titled(session, plan.username)
        if found is None:
            found = await _create_or_find(session, plan)
        elif not await _is_fresh(session, found):
            raise session.error(ErrorKind.TAKEN, "username_taken")
        return external_member(found, None)


async def _create_or_find(session: PlexSession, plan: AccountPlan) -> Member:
    try:
        return await session.tv.create_member(plan.username)
    except MediaClientError as error:
        if not error.in_doubt:
            raise
        try:
            found = await _member_titled(session, plan.username)
        except MediaClientError as later:
            later.in_doubt = True
            raise
        if found is None:
            raise
        return found


async def finish_member(
    session: PlexSession, plan: AccountPlan, id: str, password: str
) -> ExternalUser:
    """Set the PIN first, so that nobody can enter without it; then the libraries."""
    guest = Guest(plex_id=id)
    async with session.lock(guest):
        if password:
            await session.tv.set_pin(id, password)
        member = await _member_by_id(session, id)
        if member is None:
            raise session.error(ErrorKind.GONE)
        if password and not member.is_protected:
            raise session.error(ErrorKind.FAILED, "policy_not_kept")
        share = await session.share_of(guest)
        settings = guest_settings(plan.permissions)
        if share is not None:
            share = await set_exact_access(session, share, settings, plan.library_ids)
        elif plan.library_ids:
            sections = await session.section_ids(plan.library_ids)
            share = await create_share(session, guest, sections, settings)
        return external_member(member, share)


async def discard_member(
    session: PlexSession, plan: AccountPlan, id: str | None
) -> bool:
    if id is not None:
        member = await _member_by_id(session, id)
        return member is not None and await remove_member(session, member)
    for pause in (0.0, session.tv.tv.state.options.settle_pause):
        await asyncio.sleep(pause)
        found = await _member_titled(session, plan.username)
        if found is not None and await _is_fresh(session, found):
            return await remove_member(session, found)
    return False


async def remove_member(session: PlexSession, member: Member) -> bool:
    """Delete a managed user. Other members are refused."""
    if not member.is_managed or member.is_admin:
        raise session.error(ErrorKind.REFUSED, "administrator")
    await session.tv.remove_member(member.id)
    if await member_of(session, member.id) is not None:
        raise session.error(ErrorKind.FAILED, "not_deleted")
    return True


async def member_of(session: PlexSession, id: str) -> Member | None:
    return next((each for each in await session.tv.home() if each.id == id), None)


async def _member_by_id(session: PlexSession, id: str) -> Member | None:
    """The member with this id, if any. An empty Home is doubtful: it contains at least
    its owner.
    """
    members = await session.tv.home()
    if not members:
        raise session.error(ErrorKind.FAILED, "bad_answer")
    return next((each for each in members if each.id == id), None)


async def _member_titled(session: PlexSession, title: str) -> Member | None:
    members = await session.tv.home()
    return next((each for each in members if same_name(each.title, title)), None)


async def _is_fresh(session: PlexSession, member: Member) -> bool:
    """Managed, and without a share of this server."""
    share = await session.share_of(Guest(plex_id=member.id))
    return member.is_managed and share is None
