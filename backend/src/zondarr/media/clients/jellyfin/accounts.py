"""How an account is made and taken back, so that no crash leaves one behind.

Jellyfin makes a user let in and with every library; rights and password come after.
Between any two requests our process may be killed, and any answer may get lost after
the server did what it was asked. These are the states, and how each shows whose the
account is:

    planned   the plan is stored, sealed, with a random provisional password
       │ open: POST Users/New (that password)
    fresh     let in, all libraries, and nobody knows the password. The id may not be
       │      known: the answer got lost, or we were killed. *Proof: signing in with
       │      the provisional password works*
       │      ── the redemption stores the id here, before finish ──
       │ finish: POST Policy (disabled, exact libraries and rights)
    shut      disabled: a sign-in answers 403 whatever the password, so it can prove
       │      nothing. *Proof from here on: the stored id*, which only our own creation
       │      (or the proof above) can have told us
       │ POST Password (the guest's)
       │ GET, equal in every key
    filled    disabled, exact rights, the guest's password
       │ POST Policy (let in), GET, equal in every key
    done      complete

Nobody but us can enter before `done`: first nobody knows the password, then the
account is disabled. It is never let in again with wide rights to prove anything.

`open` again in `fresh`: the server says 400, we look, the password proves it ours.
`finish` again in any state: every request in it may be repeated, it begins by
disabling. `discard` in any state where the id is stored: by id. In `fresh` without an
id: look, prove, remove; but removing begins by disabling, after which the password
proves nothing and the id is still not stored. So that post leaves a mark that can be
read: a library that does not exist, whose id follows from the provisional password
(Jellyfin keeps such an id, shows it, and it matches nothing). In `planned`: look twice,
since a creation whose answer never came may still be under way.

A name that is there and does not prove ours is someone else's and is not touched; it
is not even asked for the password if it could be locked out by that.
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
    """Make the account, or find the one that an earlier try made."""
    in_doubt = False
    async with api.state.write_lock(f"name {plan.username.upper()}"):
        for tries_left in reversed(range(OPEN_TRIES)):
            try:
                return external_user(await _create_or_find(api, plan))
            except MediaClientError as error:
                # A doubt of the first try is not resolved by a second that failed.
                error.in_doubt = in_doubt = error.in_doubt or in_doubt
                if not (in_doubt and tries_left) or error.kind is ErrorKind.TAKEN:
                    raise
            await asyncio.sleep(api.state.options.retry_pause)
    raise AssertionError("unreachable")  # pragma: no cover


async def _create_or_find(api: JellyfinApi, plan: AccountPlan) -> User:
    """A 400 is for a taken name and for an invalid one alike, and no answer is no
    answer: so look. Not found after a doubtful answer, the doubt is raised.
    """
    try:
        return await api.create(plan.username, plan.provisional_password)
    except MediaClientError as error:
        if not (error.in_doubt or error.kind is ErrorKind.INVALID):
            raise
        try:
            candidates = await _users_named(api, plan.username)
            ours = await _find_ours(api, candidates, plan)
        except MediaClientError as later:
            later.in_doubt = later.in_doubt or error.in_doubt
            raise
        if ours is not None:
            return ours
        if candidates:
            raise api.error(ErrorKind.TAKEN, "username_taken", error) from error
        if error.kind is ErrorKind.INVALID:
            raise api.error(ErrorKind.INVALID, "invalid_username", error) from error
        raise


async def finish_account(
    api: JellyfinApi, plan: AccountPlan, id: str, password: str
) -> ExternalUser:
    """Deny first: nobody is let in before the rights have been read back."""
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
    """Remove what this plan made, and only that."""
    if id is not None:
        return await remove(api, id)
    mark = _mark(plan)
    for pause in (0.0, api.state.options.settle_pause):
        await asyncio.sleep(pause)
        candidates = await _users_named(api, plan.username)
        marked = [user for user in candidates if is_marked(user.policy, mark)]
        ours = marked[0] if marked else await _find_ours(api, candidates, plan)
        if ours is not None:
            return await remove(
                api, ours.id, lambda policy: marked_policy(policy, mark)
            )
        if candidates:
            # With the name taken, no late creation of ours can succeed any more.
            return False
    return False


def _mark(plan: AccountPlan) -> str:
    """An id that only who knows the plan can name."""
    secret = plan.provisional_password.encode()
    return hashlib.blake2b(secret, digest_size=16, person=b"zondarr undo").hexdigest()


async def remove(
    api: JellyfinApi, id: str, shut: Callable[[Policy], Policy] = disabled_policy
) -> bool:
    """Disable, wait, delete; false if there is no such user.

    Jellyfin ended as a whole when a user was deleted right after his play state had
    changed; and its guard against deleting the last administrator acts only after his
    tokens are revoked. So he is disabled first, and an administrator is left alone.
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
            # Someone else was faster, or our own first try whose answer was lost.
            if error.kind is not ErrorKind.GONE:
                raise
        if await api.user(user_id) is not None:
            raise api.error(ErrorKind.FAILED, "not_deleted")
        return True


async def is_taken(api: JellyfinApi, name: str) -> bool:
    return bool(await _users_named(api, name))


async def _users_named(api: JellyfinApi, name: str) -> list[User]:
    """Whom the server takes for this name: 10.10 lets two users differ in case only."""
    found = [user for user in await api.users() if same_name(user.name, name)]
    return sorted(found, key=lambda user: user.name != name)


async def _find_ours(
    api: JellyfinApi, candidates: list[User], plan: AccountPlan
) -> User | None:
    """The one that this plan made: the provisional password opens it."""
    for user in candidates:
        if is_untouched(user.policy) and await _password_opens(api, user, plan):
            return user
    return None


async def _password_opens(api: JellyfinApi, user: User, plan: AccountPlan) -> bool:
    device = uuid4().hex
    signed_in = await api.sign_in(user.name, plan.provisional_password, device)
    if signed_in is None:
        return False
    # Disabling will end the session in any case.
    with suppress(MediaClientError):
        await api.sign_out(signed_in.access_token, device)
    return normalized_id(signed_in.user.id) == normalized_id(user.id)


async def verify_policy(api: JellyfinApi, id: str, wanted: Policy) -> User:
    """The user as he is now, with exactly the rights he was given."""
    user = await api.user(id)
    if user is None:
        raise api.error(ErrorKind.GONE)
    if differences(wanted, user.policy):
        raise api.error(ErrorKind.FAILED, "policy_not_kept")
    return user


def refuse_administrators(api: JellyfinApi, user: User) -> None:
    if is_administrator(user.policy):
        raise api.error(ErrorKind.REFUSED, "administrator")
