"""What a server says of the accounts we know on it.

Accounts that are not ours are counted and left alone. Nobody is ever removed: an
account that is not named any more is missing since then, and back when it is. One that
was invited by address gets its number as soon as the server tells it; if that number
has a row already, the two are one account, and the address's row goes into the other.

A list that lacks too much of what is known is doubtful (`media.presence`): then nothing
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
NOBODY_ASKED: Mapping[UUID, Presence] = MappingProxyType({})


class AccountState(NamedTuple):
    """What a server can tell of an account; the names are those of `User`."""

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

    def put_into(self, user: User) -> None:
        for field, value in zip(self._fields, self, strict=True):
            setattr(user, field, value)


def sight(user: User, account: ExternalUser | None, asked_at: datetime) -> AccountState:
    """How the row should be, now that the server was asked."""
    known = AccountState.of(user)
    if account is None:
        if user.access_taken is not None:
            # It is not missed where we sent it away.
            return known._replace(enabled=False)
        return known._replace(missing_since=user.missing_since or asked_at)
    return AccountState(
        external_user_id=account.id,
        username=_name(account),
        enabled=_is_let_in(user, account),
        missing_since=None,
        standing=account.standing,
        share_id=account.share_id,
        access_taken=None if _was_shared_again(user, account) else user.access_taken,
        access_ended_at=(
            None if _has_access_again(user, account) else user.access_ended_at
        ),
    )


def _has_access_again(user: User, account: ExternalUser) -> bool:
    """Somebody whose access had ended has it, and nobody gave it to them: the account
    was not there when it ended, or the very share that we had ended still is. Then the
    job ends it again."""
    if user.enabled or user.access_ended_at is None:
        return False
    if account.standing is ShareStatus.LEFT or not is_on_server(user, account):
        return False
    return user.missing_since is not None or _is_same_share(user, account)


def _is_same_share(user: User, account: ExternalUser) -> bool:
    """The share that we ended. One that is given again by hand is another share; who
    had a share before us keeps that one."""
    same = user.share_id is not None and account.share_id == user.share_id
    return same and user.access_before is None


def _is_let_in(user: User, account: ExternalUser) -> bool:
    """Where access was taken, only what is shared counts: the account itself stays."""
    if user.access_taken is None:
        return account.enabled
    if not _has_share(account):
        return False
    return user.enabled or _was_shared_again(user, account)


def _was_shared_again(user: User, account: ExternalUser) -> bool:
    """By hand, after we had taken it. While we are still about to take it (`enabled`),
    and of who keeps what he had before us, a share says nothing."""
    taken = user.access_taken is not None and not user.enabled
    return taken and user.access_before is None and _has_share(account)


def _has_share(account: ExternalUser) -> bool:
    return account.enabled and account.share_id is not None


async def mark_all_missing(session: Session, server_id: UUID, now: datetime) -> None:
    """Another server has taken the place of this one: its accounts are kept."""
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
    presence: Mapping[UUID, Presence] = NOBODY_ASKED,
) -> AccountsSeen:
    """Take over what the server says of our accounts, in the caller's transaction.

    `presence` is what the server said of single rows when it was asked for them; it
    counts more than the list. With `accept_missing` an operator has confirmed a list
    that would be doubtful. What we changed ourselves after the server was asked is
    known better here.
    """
    users = await UserRepository(session).get_by_server(server_id)
    found = AccountIndex(accounts)
    doubted = _doubted(users, found, presence, accept_missing=accept_missing)
    clear = [user for user in users if user.id not in doubted]
    whose = _whose(users, found)
    people = await _locked_people(session, clear, found, whose, asked_at)
    rows = [
        user
        for person in people
        for user in person.users
        if user.media_server_id == server_id
        and user.id not in doubted
        and _is_as_asked(user, asked_at)
    ]
    for user in rows:
        account = found.find(user)
        if account is None or whose[account.id] == user.id:
            sight(user, account, asked_at).put_into(user)
    for user in rows:
        account = found.find(user)
        if account is not None and whose[account.id] != user.id:
            await _merge(session, people, user, whose[account.id], asked_at)
    for person in people:
        settle(person)
    await session.flush()
    seen = _counted(clear, found)
    return replace(seen, known=len(users), doubtful=len(doubted))


def _doubted(
    users: Sequence[User],
    found: AccountIndex,
    presence: Mapping[UUID, Presence],
    *,
    accept_missing: bool,
) -> Collection[UUID]:
    """The rows whose absence from the list proves nothing.

    Shares and accounts without a share come from different lists of a server, so each
    kind is judged by its own.
    """
    doubted: set[UUID] = set()
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
        doubted |= {one for one in absent if _is_doubted(presence.get(one), in_doubt)}
    return doubted


def _is_doubted(answer: Presence | None, in_doubt: bool) -> bool:
    return in_doubt if answer is None else answer is not Presence.GONE


def _is_expected(user: User) -> bool:
    """Whether the server has the account as far as we know."""
    there = user.missing_since is None and user.access_taken is None
    return there and user.standing is not ShareStatus.LEFT


def _is_listed(user: User, account: ExternalUser | None) -> bool:
    """With its share, if it had one."""
    if account is None:
        return False
    return user.share_id is None or account.share_id is not None


def _is_as_asked(user: User, asked_at: datetime) -> bool:
    """Whether we have not changed the row since the server was asked. A change from
    the future was written by a clock that ran ahead, and is older."""
    return not asked_at < user.updated_at <= utc_now()


def _whose(users: Sequence[User], found: AccountIndex) -> Mapping[str, UUID]:
    """Which row an account belongs to: the one that has its id, else the oldest that
    it can be."""
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
    whose: Mapping[str, UUID],
    asked_at: datetime,
) -> Sequence[Identity]:
    """Those of whom there is news."""
    concerned: set[UUID] = set()
    person_of = {user.id: user.identity_id for user in users}
    for user in users:
        account = found.find(user)
        is_news = sight(user, account, asked_at) != AccountState.of(user)
        if is_news and _is_as_asked(user, asked_at):
            owner = whose[account.id] if account else user.id
            concerned |= {user.identity_id, person_of[owner]}
    return await IdentityRepository(session).get_all_locked(concerned)


async def _merge(
    session: Session,
    people: Sequence[Identity],
    user: User,
    into: UUID,
    asked_at: datetime,
) -> None:
    """Two rows of one account become one. It keeps the later end of the two, and what
    it had before the first of them; a person who is left without an account stays."""
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
    log.info("two rows of one account became one", user_id=str(other.id))


def _counted(users: Sequence[User], found: AccountIndex) -> AccountsSeen:
    """Who has left is no account of the server any more, and whom we sent away is not
    missing there."""
    ours = {user.id: found.find(user) for user in users}
    named = {account.id for account in ours.values() if account}
    there = {one.id for one in found.accounts if one.standing is not ShareStatus.LEFT}
    missing = [u for u in users if ours[u.id] is None and u.access_taken is None]
    return AccountsSeen(
        known=len(users), missing=len(missing), strangers=len(there - named)
    )


def _name(account: ExternalUser) -> str:
    """As much of it as the column takes; PostgreSQL takes no NUL."""
    return account.username.replace("\0", "")[:NAME_LENGTH]
