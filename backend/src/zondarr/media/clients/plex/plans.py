"""Validates a plan, and dispatches its steps to the two kinds of account."""

import re

import msgspec

from zondarr.media.clients.plex import friends, home
from zondarr.media.clients.plex.access_snapshot import before
from zondarr.media.clients.plex.session import PlexSession
from zondarr.media.clients.plex.shares import is_plex_id
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.names import is_acceptable_name
from zondarr.media.types import AccountPlan, ExternalUser, PlexUserType

ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")


def invalid_reason(plan: AccountPlan) -> str | None:
    """The error code of a plan that cannot work, found without a request."""
    if is_home_plan(plan):
        return None if is_acceptable_name(plan.username) else "invalid_username"
    if plan.plex_id is not None:
        reason = None if is_plex_id(plan.plex_id) else "unknown_user"
    elif plan.email is None:
        reason = "email_required"
    else:
        reason = None if ADDRESS.fullmatch(plan.email) else "invalid_email"
    return reason or (None if plan.library_ids else "library_required")


async def with_snapshot(session: PlexSession, plan: AccountPlan) -> AccountPlan:
    """The plan with the access that exists already.

    A friend's share is read with the request that needs it; a managed user must not
    exist yet.
    """
    if not is_home_plan(plan):
        had = await before(session, friends.guest_of_plan(plan))
        return msgspec.structs.replace(plan, before=had)
    await session.section_ids(plan.library_ids)
    await home.require_room(session, plan.username)
    return plan


async def open_account(session: PlexSession, plan: AccountPlan) -> ExternalUser:
    step = home.open_member if is_home_plan(plan) else friends.open_friend
    return await step(session, plan)


async def finish_account(
    session: PlexSession, plan: AccountPlan, id: str, secret: str
) -> ExternalUser:
    step = home.finish_member if is_home_plan(plan) else friends.finish_friend
    return await step(session, plan, id, secret)


async def discard_account(
    session: PlexSession, plan: AccountPlan, id: str | None
) -> bool:
    step = home.discard_member if is_home_plan(plan) else friends.discard_friend
    return await step(session, plan, id)


def is_home_plan(plan: AccountPlan) -> bool:
    return plan.plex_user_type is PlexUserType.HOME


def require_pin(session: PlexSession, plan: AccountPlan, secret: str) -> None:
    if is_home_plan(plan):
        home.require_pin_or_none(session, secret)


def is_taken(error: BaseException) -> bool:
    return isinstance(error, MediaClientError) and error.kind is ErrorKind.TAKEN
