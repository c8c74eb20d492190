"""Grants and ends the access of one account, in the way its server supports.

If the server can disable accounts, the account is enabled or disabled. Otherwise the
access itself is revoked: a snapshot of it is stored, then it is revoked; granting
access again restores the snapshot. Access that the account had before us is kept.

Every step may be repeated, and a crash may happen between two of them: what was revoked
is always stored, on the server or in the row. Callers hold the account's lock and then
update the row's `enabled`.
"""

from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from uuid import UUID

from zondarr.core.database import UnitOfWork
from zondarr.media.exceptions import MediaClientError
from zondarr.media.protocol import MediaClient
from zondarr.media.types import AccessSnapshot, Capability, ExternalUser
from zondarr.users.account_index import AccountIndex
from zondarr.users.models import User
from zondarr.users.repository import IdentityRepository, UserRepository

ENDING = frozenset({Capability.ENABLE_DISABLE_USER, Capability.LIBRARY_ACCESS})
"""Either capability is enough to end and grant access."""


def account_lock(user: User) -> str:
    """The name of the lock for changes to this account, held across replicas.

    A server replaces all permissions of an account at once. If two callers read, change
    and write them at the same time, one would overwrite the other's change.
    """
    return f"account:{user.id}"


class AccessOutcome(Enum):
    DONE = auto()
    GONE = auto()
    """The server has no such account any more."""
    NOTHING = auto()
    """There was no access to revoke, or no snapshot to restore."""


@dataclass(frozen=True, slots=True)
class GrantResult:
    """`account` is the account on the server afterwards, if it could be read."""

    outcome: AccessOutcome
    account: ExternalUser | None = None


class Access:
    """Ends and grants access on one server, with one open client."""

    def __init__(self, work: UnitOfWork, client: MediaClient) -> None:
        self.work = work
        self.client = client

    @property
    def can_disable(self) -> bool:
        return Capability.ENABLE_DISABLE_USER in self.client.capabilities()

    async def end(self, id: UUID) -> AccessOutcome:
        """End the account's access; `GONE` also if it is not in our database
        any more.
        """
        user = await self._current(id)
        if user is None:
            return AccessOutcome.GONE
        if self.can_disable:
            return await self._set_enabled(user, False)
        snapshot = await self.client.snapshot_access(user.external_user_id)
        if snapshot is None:
            return AccessOutcome.DONE if user.access_taken else AccessOutcome.NOTHING
        await self._store_snapshot(user, snapshot)
        await self.client.revoke_access(user.external_user_id, keep=user.access_before)
        return AccessOutcome.DONE

    async def give(self, id: UUID) -> GrantResult:
        """Grant access again, with what was revoked."""
        user = await self._current(id)
        if user is None:
            return GrantResult(AccessOutcome.GONE)
        if self.can_disable:
            return GrantResult(await self._set_enabled(user, True))
        name = user.external_user_id
        if user.access_taken is not None:
            if not await self.client.restore_access(name, user.access_taken):
                return GrantResult(AccessOutcome.GONE)
        elif await self.client.snapshot_access(name) is None:
            return GrantResult(AccessOutcome.NOTHING)
        return GrantResult(AccessOutcome.DONE, await self._find_account(user))

    async def _set_enabled(self, user: User, enabled: bool) -> AccessOutcome:
        done = await self.client.set_user_enabled(user.external_user_id, enabled)
        return AccessOutcome.DONE if done else AccessOutcome.GONE

    async def _find_account(self, user: User) -> ExternalUser | None:
        """The account's current state; its invitation may have to be accepted again.

        A failure is ignored: the next sync updates the row.
        """
        with suppress(MediaClientError):
            return AccountIndex(await self.client.list_users()).find(user)
        return None

    async def _current(self, id: UUID) -> User | None:
        async with self.work(reading=True) as session:
            return await UserRepository(session).get_by_id(id)

    async def _store_snapshot(self, user: User, snapshot: AccessSnapshot) -> None:
        """Store the snapshot, unless one is stored whose access may be partly
        revoked.
        """
        async with self.work() as session:
            await IdentityRepository(session).get_locked(user.identity_id)
            row = await UserRepository(session).get_by_id(user.id)
            if row is not None and may_store_snapshot(row):
                row.access_taken = snapshot


def may_store_snapshot(user: User) -> bool:
    """Whether a new snapshot may replace the stored one.

    An earlier attempt's snapshot is outdated if nothing was revoked after it. That is
    certain only if all access would have been revoked: a share that is reduced to its
    state before us may have been reduced already.
    """
    untouched = user.enabled and user.access_before is None
    return user.access_taken is None or untouched


def update_standing(user: User, account: ExternalUser | None) -> None:
    """Update the row's share status, if the account could be read."""
    if account is not None:
        user.standing, user.share_id = account.standing, account.share_id
