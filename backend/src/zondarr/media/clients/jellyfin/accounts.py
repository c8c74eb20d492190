"""Creating and removing accounts so that no crash leaves one behind.

Jellyfin creates a user enabled and with access to every library; permissions and
password are set afterwards. The process may be killed between any two requests, and a
response may be lost after the server has acted. These are the states, and what proves
in each that the account was created by this plan:

    planned   the plan is stored, sealed, with a random provisional password
       │ open: POST Users/New (with that password)
    fresh     enabled, all libraries, and nobody knows the password. The id may be
       │      unknown: the response was lost, or the process was killed.
       │      *Proof: signing in with the provisional password works*
       │      ── the redemption stores the id here, before finish ──
       │ finish: POST Policy (disabled, exact libraries and permissions)
    shut      disabled: a sign-in returns 403 whatever the password, so it proves
       │      nothing. *Proof from here on: the stored id*, which is only ever known
       │      from our own creation (or from the proof above)
       │ POST Password (the guest's)
       │ GET, every key is equal
    filled    disabled, exact permissions, the guest's password
       │ POST Policy (enabled), GET, every key is equal
    done      complete

No other person can sign in before `done`: first nobody knows the password, then the
account is disabled. It is never enabled again with wide permissions to prove anything.

`open` repeated in `fresh`: the server returns 400, the user is looked up, and the
password proves that it is ours. `finish` repeated in any state: every request in it may
be repeated, and it begins by disabling. `discard` in any state with a stored id: by id.
In `fresh` without an id: look up, prove, remove. Removing begins by disabling, after
which the password proves nothing and the id is still not stored; so that request also
leaves a readable mark, the id of a library that does not exist, derived from the
provisional password (Jellyfin stores and returns such an id, and it matches nothing).
In `planned`: look up twice, because a creation without a response may still be running.

An existing user that does not prove to be ours belongs to someone else and is not
changed. Its password is not even tried if that could lock the account.
"""

import asyncio
import hashlib
from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

from zondarr.media.clients.jellyfin.api import JellyfinApi
from zondarr.media.clients.jellyfin.policy import (
    differences,
    disabled_policy,
    enabled_policy,
    external_user,
    guest_policy,
    is_administrator,
    is_disabled,
    is_marked,
    is_untouched,
    marked_policy,
    normalized_id,
)
from zondarr.media.clients.jellyfin.presence import require_gone
from zondarr.media.clients.jellyfin.shapes import Policy, User
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.names import same_name
from zondarr.media.types import AccountPlan, ExternalUser

OPEN_TRIES = 3


async def open_account(api: JellyfinApi, plan: AccountPlan) -> ExternalUser:
    """Create the account, or find the one that an earlier attempt created.

    CreateUserByName, GetUsers, AuthenticateUserByName; scenarios `users_create`,
    `auth_sign_in`.
    """
    in_doubt = False
    async with api.state.write_lock(f"name {plan.username.upper()}"):
        for tries_left in reversed(range(OPEN_TRIES)):
            try:
                return external_user(await _create_or_find(api, plan))
            except MediaClientError as error:
                # A failed second attempt does not settle whether the first one
                # succeeded.
                error.in_doubt = in_doubt = error.in_doubt or in_doubt
                if not (in_doubt and tries_left) or error.kind is ErrorKind.TAKEN:
                    raise
            await asyncio.sleep(api.state.options.retry_pause)
    raise AssertionError("unreachable")  # pragma: no cover


async def _create_or_find(api: JellyfinApi, plan: AccountPlan) -> User:
    """Create the user; on a 400 or without a response, look it up.

    A 400 means a taken name or an invalid one. If the user is not found after a
    doubtful response, that failure is raised again.
    """
    try:
        return await api.create(plan.username, plan.provisional_password)
    except MediaClientError as error:
        if not (error.in_doubt or error.kind is ErrorKind.INVALID):
            raise
        try:
            candidates = await _users_named(api, plan.username)
            found = await _find_created(api, candidates, plan)
        except MediaClientError as later:
            later.in_doubt = later.in_doubt or error.in_doubt
            raise
        if found is not None:
            return found
        if candidates:
            raise api.error(ErrorKind.TAKEN, "username_taken", error) from error
        if error.kind is ErrorKind.INVALID:
            raise api.error(ErrorKind.INVALID, "invalid_username", error) from error
        raise


async def finish_account(
    api: JellyfinApi, plan: AccountPlan, id: str, password: str
) -> ExternalUser:
    """Set password and permissions while disabled, read them back, then enable.

    UpdateUserPolicy, UpdateUserPassword, GetUserById; scenarios `policy_round_trip`,
    `password_by_key`.
    """
    user_id = normalized_id(id)
    async with api.state.write_lock(user_id):
        user = await api.user(user_id)
        if user is None:
            raise api.error(ErrorKind.GONE)
        refuse_administrators(api, user)
        wanted = guest_policy(user.policy, plan.library_ids, plan.permissions)
        await api.set_policy(user_id, wanted)
        await api.set_password(user_id, password)
        await verify_policy(api, user_id, wanted)
        wanted = enabled_policy(wanted)
        await api.set_policy(user_id, wanted)
        return external_user(await verify_policy(api, user_id, wanted))


async def discard_account(api: JellyfinApi, plan: AccountPlan, id: str | None) -> bool:
    """Remove what this plan created, and nothing else.

    GetUsers, AuthenticateUserByName, UpdateUserPolicy, DeleteUser; scenario
    `user_delete`.
    """
    if id is not None:
        return await remove(api, id)
    mark = _mark(plan)
    for pause in (0.0, api.state.options.settle_pause):
        await asyncio.sleep(pause)
        candidates = await _users_named(api, plan.username)
        marked = [user for user in candidates if is_marked(user.policy, mark)]
        found = marked[0] if marked else await _find_created(api, candidates, plan)
        if found is not None:
            return await remove(
                api, found.id, lambda policy: marked_policy(policy, mark)
            )
        if candidates:
            # With the name taken, a delayed creation of ours can no longer succeed.
            return False
    return False


def _mark(plan: AccountPlan) -> str:
    """A library id that can only be derived from the plan."""
    secret = plan.provisional_password.encode()
    return hashlib.blake2b(secret, digest_size=16, person=b"zondarr undo").hexdigest()


async def remove(
    api: JellyfinApi, id: str, shut: Callable[[Policy], Policy] = disabled_policy
) -> bool:
    """Disable, wait, delete. False if there is no such user.

    UpdateUserPolicy, DeleteUser; scenario `user_delete`. Jellyfin was seen to crash
    when a user was deleted right after their playback state had changed. Its own guard
    against deleting the last administrator acts only after their tokens are revoked. So
    the user is disabled first, and administrators are refused.
    """
    user_id = normalized_id(id)
    async with api.state.write_lock(user_id):
        user = await api.user(user_id)
        if user is None:
            await require_gone(api, user_id)
            return False
        refuse_administrators(api, user)
        try:
            if not is_disabled(user.policy):
                await api.set_policy(user_id, shut(user.policy))
            await asyncio.sleep(api.state.options.delete_pause)
            await api.delete(user_id)
        except MediaClientError as error:
            # Someone else was faster, or an earlier attempt of ours whose response was
            # lost.
            if error.kind is not ErrorKind.GONE:
                raise
        if await api.user(user_id) is not None:
            raise api.error(ErrorKind.FAILED, "not_deleted")
        return True


async def is_taken(api: JellyfinApi, name: str) -> bool:
    return bool(await _users_named(api, name))


async def _users_named(api: JellyfinApi, name: str) -> list[User]:
    """The users the server may take for this name: in 10.10 two names may differ in
    case only.
    """
    found = [user for user in await api.users() if same_name(user.name, name)]
    return sorted(found, key=lambda user: user.name != name)


async def _find_created(
    api: JellyfinApi, candidates: list[User], plan: AccountPlan
) -> User | None:
    """The user that this plan created: the provisional password signs them in."""
    for user in candidates:
        if is_untouched(user.policy) and await _password_opens(api, user, plan):
            return user
    return None


async def _password_opens(api: JellyfinApi, user: User, plan: AccountPlan) -> bool:
    device = uuid4().hex
    signed_in = await api.sign_in(user.name, plan.provisional_password, device)
    if signed_in is None:
        return False
    # Disabling ends the session anyway.
    with suppress(MediaClientError):
        await api.sign_out(signed_in.access_token, device)
    return normalized_id(signed_in.user.id) == normalized_id(user.id)


async def verify_policy(api: JellyfinApi, id: str, wanted: Policy) -> User:
    """Read the user back and raise unless the policy is exactly the one that was set.

    GetUserById; scenario `policy_round_trip`.
    """
    user = await api.user(id)
    if user is None:
        raise api.error(ErrorKind.GONE)
    if differences(wanted, user.policy):
        raise api.error(ErrorKind.FAILED, "policy_not_kept")
    return user


def refuse_administrators(api: JellyfinApi, user: User) -> None:
    if is_administrator(user.policy):
        raise api.error(ErrorKind.REFUSED, "administrator")
