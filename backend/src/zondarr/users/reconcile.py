"""Updates our accounts with a server's list.

Accounts that are not ours are counted and left alone. Rows are never deleted: an
account that is not listed any more gets `missing_since`, which is cleared when it is
listed again. An account that was invited by address gets its id as soon as the server
reports it; if that id has a row already, the two are one account, and the row of the
address is merged into the other.

A list that lacks too many known accounts is doubtful (`media.presence`): then nothing
is concluded about the accounts that it lacks.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, Self
from uuid import UUID

import structlog

from zondarr.core.clock import utc_now
from zondarr.core.database import Session
from zondarr.media.presence import is_doubtful
from zondarr.media.types import AccessSnapshot, ExternalUser, Presence, ShareStatus
from zondarr.servers.sync import AccountsSeen
from zondarr.users.account_index import AccountIndex
from zondarr.users.models import Identity, User
from zondarr.users.repository import IdentityRepository, UserRepository
from zondarr.users.rules import is_on_server, later, set_end, settle

log = structlog.get_logger(__name__)

NAME_LENGTH = 254
NO_PRESENCE: Mapping[UUID, Presence] = MappingProxyType({})


class AccountState(NamedTuple):
    """The fields of `User` that a server's list determines."""

    external_user_id: str
    username: str
    enabled: bool
    missing_since: datetime | None
    standing: ShareStatus
    share_id: str | None
    access_taken: AccessSnapshot | None
    access_ended_at: datetime | None

    @classmethod
    def of(cls, user: User) -> Self:
        return cls(*(getattr(user, field) for field in cls._fields))

    def apply_to(self, user: User) -> None:
        for field, value in zip(self._fields, self, strict=True):
            setattr(user, field, value)


def observed_state(
    user: User, account: ExternalUser | None, asked_at: datetime
) -> AccountState:
    """The state that the row should have according to the server's list."""
    known = AccountState.of(user)
    if account is None:
        if user.access_taken is not None:
            # Access was revoked, so it is expected to be absent.
            return known._replace(enabled=False)
        return known._replace(missing_since=user.missing_since or asked_at)
    return AccountState(
        external_user_id=account.id,
        username=_name(account),
        enabled=_has_access(user, account),
        missing_since=None,
        standing=account.standing,
        share_id=account.share_id,
        access_taken=None if _is_shared_again(user, account) else user.access_taken,
        access_ended_at=(
            None if _has_access_again(user, account) else user.access_ended_at
        ),
    )


def _has_access_again(user: User, account: ExternalUser) -> bool:
    """Whether an account whose access had ended has it again without a grant.

    The account was absent when its access ended, or the share that was ended still
    exists. Then the job ends it again.
    """
    if user.enabled or user.access_ended_at is None:
        return False
    if account.standing is ShareStatus.LEFT or not is_on_server(user, account):
        return False
    return user.missing_since is not None or _is_same_share(user, account)


def _is_same_share(user: User, account: ExternalUser) -> bool:
    """Whether it is the share that was ended.

    A share that the operator created again has another id; a share from before us is
    kept.
    """
    same = user.share_id is not None and account.share_id == user.share_id
    return same and user.access_before is None


def _has_access(user: User, account: ExternalUser) -> bool:
    """If access was revoked, only the share counts: the account itself stays."""
    if user.access_taken is None:
        return account.enabled
    if not _has_share(account):
        return False
    return user.enabled or _is_shared_again(user, account)


def _is_shared_again(user: User, account: ExternalUser) -> bool:
    """Whether the operator shared again by hand after access was revoked.

    While revoking is still pending (`enabled`), and if the account keeps access from
    before us, a share proves nothing.
    """
    taken = user.access_taken is not None and not user.enabled
    return taken and user.access_before is None and _has_share(account)


def _has_share(account: ExternalUser) -> bool:
    return account.enabled and account.share_id is not None


async def mark_all_missing(session: Session, server_id: UUID, now: datetime) -> None:
    """Mark all accounts of a server as missing, because another server replaced it."""
    users = await UserRepository(session).get_by_server(server_id)
    owners = {user.identity_id for user in users}
    for person in await IdentityRepository(session).get_all_locked(owners):
        for user in person.users:
            if user.media_server_id == server_id:
                user.missing_since = user.missing_since or now
    await session.flush()


async def reconcile_accounts(
    session: Session,
    server_id: UUID,
    accounts: Sequence[ExternalUser],
    asked_at: datetime,
    *,
    accept_missing: bool = False,
    presence: Mapping[UUID, Presence] = NO_PRESENCE,
) -> AccountsSeen:
    """Update our accounts from the server's list, in the caller's transaction.

    `presence` is the result of checking single accounts; it counts more than the list.
    With `accept_missing` an operator has confirmed a list that would be doubtful. Rows
    that were changed here after the server was read are not touched.
    """
    users = await UserRepository(session).get_by_server(server_id)
    found = AccountIndex(accounts)
    doubtful = _doubtful_absences(users, found, presence, accept_missing=accept_missing)
    certain = [user for user in users if user.id not in doubtful]
    row_of = _rows_by_account(users, found)
    people = await _locked_people(session, certain, found, row_of, asked_at)
    rows = [
        user
        for person in people
        for user in person.users
        if user.media_server_id == server_id
        and user.id not in doubtful
        and _is_unchanged_since(user, asked_at)
    ]
    for user in rows:
        account = found.find(user)
        if account is None or row_of[account.id] == user.id:
            observed_state(user, account, asked_at).apply_to(user)
    for user in rows:
        account = found.find(user)
        if account is not None and row_of[account.id] != user.id:
            await _merge(session, people, user, row_of[account.id], asked_at)
    for person in people:
        settle(person)
    await session.flush()
    seen = _summary(certain, found)
    return replace(seen, known=len(users), doubtful=len(doubtful))


def _doubtful_absences(
    users: Sequence[User],
    found: AccountIndex,
    presence: Mapping[UUID, Presence],
    *,
    accept_missing: bool,
) -> Collection[UUID]:
    """The rows whose absence from the list proves nothing.

    Shares and accounts without a share come from different lists of a server, so each
    kind is judged separately.
    """
    doubtful: set[UUID] = set()
    for with_share in (True, False):
        mine = [one for one in users if (one.share_id is not None) is with_share]
        listed = [
            one for one in found.accounts if one.share_id is not None or not with_share
        ]
        absent = {one.id for one in mine if not _is_listed(one, found.find(one))}
        expected = {one.id for one in mine if _is_expected(one)}
        in_doubt = not accept_missing and is_doubtful(
            listed=len(listed),
            known=len(expected),
            still_listed=len(expected - absent),
        )
        doubtful |= {
            one for one in absent if _is_doubtful_absence(presence.get(one), in_doubt)
        }
    return doubtful


def _is_doubtful_absence(answer: Presence | None, in_doubt: bool) -> bool:
    return in_doubt if answer is None else answer is not Presence.GONE


def _is_expected(user: User) -> bool:
    """Whether the server should have the account, as far as we know."""
    expected = user.missing_since is None and user.access_taken is None
    return expected and user.standing is not ShareStatus.LEFT


def _is_listed(user: User, account: ExternalUser | None) -> bool:
    """Listed with its share, if it had one."""
    if account is None:
        return False
    return user.share_id is None or account.share_id is not None


def _is_unchanged_since(user: User, asked_at: datetime) -> bool:
    """Whether the row was not changed since the server was read.

    A change with a time in the future was made while the clock was ahead, and is older.
    """
    return not asked_at < user.updated_at <= utc_now()


def _rows_by_account(users: Sequence[User], found: AccountIndex) -> Mapping[str, UUID]:
    """The row of each account: the one with its id, else the oldest that matches."""
    owners = {user.external_user_id: user.id for user in users}
    for user in sorted(users, key=lambda user: user.id):
        account = found.find(user)
        if account is not None:
            owners.setdefault(account.id, user.id)
    return owners


async def _locked_people(
    session: Session,
    users: Sequence[User],
    found: AccountIndex,
    row_of: Mapping[str, UUID],
    asked_at: datetime,
) -> Sequence[Identity]:
    """The people whose accounts change, locked."""
    concerned: set[UUID] = set()
    person_of = {user.id: user.identity_id for user in users}
    for user in users:
        account = found.find(user)
        changes = observed_state(user, account, asked_at) != AccountState.of(user)
        if changes and _is_unchanged_since(user, asked_at):
            owner = row_of[account.id] if account else user.id
            concerned |= {user.identity_id, person_of[owner]}
    return await IdentityRepository(session).get_all_locked(concerned)


async def _merge(
    session: Session,
    people: Sequence[Identity],
    user: User,
    into: UUID,
    asked_at: datetime,
) -> None:
    """Merge two rows of one account.

    The later end date and the older `access_before` are kept; a person who is left
    without an account stays.
    """
    rows = {row.id: row for person in people for row in person.users}
    other = rows.get(into)
    if other is None:
        return
    first = min(user, other, key=lambda row: row.id)
    other.access_before = first.access_before
    set_end(other, later(user.expires_at, other.expires_at), now=asked_at)
    owner = next(person for person in people if person.id == user.identity_id)
    owner.users.remove(user)
    await UserRepository(session).delete(user)
    log.info("two rows of one account outcome one", user_id=str(other.id))


def _summary(users: Sequence[User], found: AccountIndex) -> AccountsSeen:
    """Accounts that left are not counted as the server's, nor revoked ones
    as missing.
    """
    accounts = {user.id: found.find(user) for user in users}
    named = {account.id for account in accounts.values() if account}
    listed = {one.id for one in found.accounts if one.standing is not ShareStatus.LEFT}
    missing = [u for u in users if accounts[u.id] is None and u.access_taken is None]
    return AccountsSeen(
        known=len(users), missing=len(missing), strangers=len(listed - named)
    )


def _name(account: ExternalUser) -> str:
    """Truncated to the column's length, without NUL, which PostgreSQL refuses."""
    return account.username.replace("\0", "")[:NAME_LENGTH]
