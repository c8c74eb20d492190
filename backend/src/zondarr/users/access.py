"""Letting one account in and keeping it out, in the way its server can.

A server that can disable accounts is told to. Elsewhere access is taken: what the
account may see and do is remembered, written down, and only then revoked; to let it in
again is to give that back. Whoever had access before us keeps what he had.

Every step may be repeated, and between two of them we may be killed: what was taken is
always written somewhere, on the server or in the row. Callers hold the account's lock
and afterwards write into the row whether it is let in.
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
"""One of them is enough to end access, and to give it again."""


def account_lock(user: User) -> str:
    """The name of the lock for changes to this account, held across replicas.

    A server replaces all rights of an account at once. Of two callers who read, change
    and write them at the same time, one would undo the other's change.
    """
    return f"account:{user.id}"


class AccessOutcome(Enum):
    DONE = auto()
    GONE = auto()
    """The server has no such account any more."""
    NOTHING = auto()
    """There was no access to take, or none is remembered that could be given."""


@dataclass(frozen=True, slots=True)
class GrantResult:
    """`account` is how it stands on the server now, where that could be learned."""

    became: AccessOutcome
    account: ExternalUser | None = None


class Access:
    """The access of the accounts of one server, during one conversation with it."""

    def __init__(self, work: UnitOfWork, client: MediaClient) -> None:
        self.work = work
        self.client = client

    @property
    def can_disable(self) -> bool:
        return Capability.ENABLE_DISABLE_USER in self.client.capabilities()

    async def end(self, id: UUID) -> AccessOutcome:
        """Keep the account out; `GONE` too where we have no such account any more."""
        user = await self._now(id)
        if user is None:
            return AccessOutcome.GONE
        if self.can_disable:
            return await self._set_enabled(user, False)
        had = await self.client.snapshot_access(user.external_user_id)
        if had is None:
            return AccessOutcome.DONE if user.access_taken else AccessOutcome.NOTHING
        await self._write_down(user, had)
        await self.client.revoke_access(user.external_user_id, keep=user.access_before)
        return AccessOutcome.DONE

    async def give(self, id: UUID) -> GrantResult:
        """Let the account in again, with what was taken from it."""
        user = await self._now(id)
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
        return GrantResult(AccessOutcome.DONE, await self._look(user))

    async def _set_enabled(self, user: User, enabled: bool) -> AccessOutcome:
        done = await self.client.set_user_enabled(user.external_user_id, enabled)
        return AccessOutcome.DONE if done else AccessOutcome.GONE

    async def _look(self, user: User) -> ExternalUser | None:
        """An invitation may have to be accepted again. Not to know it undoes nothing:
        the next sync tells."""
        with suppress(MediaClientError):
            return AccountIndex(await self.client.list_users()).find(user)
        return None

    async def _now(self, id: UUID) -> User | None:
        async with self.work(reading=True) as session:
            return await UserRepository(session).get_by_id(id)

    async def _write_down(self, user: User, had: AccessSnapshot) -> None:
        """Unless it is written already, and part of it may be taken since."""
        async with self.work() as session:
            await IdentityRepository(session).get_locked(user.identity_id)
            row = await UserRepository(session).get_by_id(user.id)
            if row is not None and may_be_written(row):
                row.access_taken = had


def may_be_written(user: User) -> bool:
    """Whether what the server has now is all that there is to remember.

    What an earlier try wrote is outdated if nothing was taken after it. That is sure
    only where all would have been taken: of a share that is left as it was before us
    nobody can tell whether it was narrowed already.
    """
    untouched = user.enabled and user.access_before is None
    return user.access_taken is None or untouched


def note_standing(user: User, account: ExternalUser | None) -> None:
    """How its invitation stands, where that is known."""
    if account is not None:
        user.standing, user.share_id = account.standing, account.share_id
