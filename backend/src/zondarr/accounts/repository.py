"""Questions about workspaces, accounts, sessions and limits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Table,
    bindparam,
    case,
    delete,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from zondarr.accounts.models import (
    Account,
    AccountSession,
    Installation,
    RateLimit,
    Role,
    Workspace,
)
from zondarr.config import Limit
from zondarr.core.database import Session
from zondarr.core.repository import PageRequest, Repository, Slice

CLOCKS_DIFFER = timedelta(minutes=1)


class InstallationRepository:
    """Whether the installation has an owner."""

    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def is_set_up(self) -> bool:
        return await self.session.scalar(select(Installation.id)) is not None

    async def claim(self, *, now: datetime) -> bool:
        """Take it; of several at once, one is told yes."""
        claim = _insert(self.session, Installation).values(id=1, set_up_at=now)
        claim = claim.on_conflict_do_nothing().returning(Installation.id)
        return await self.session.scalar(claim) is not None


class WorkspaceRepository(Repository[Workspace]):
    entity = Workspace
    sorts: ClassVar = {"created_at": Workspace.created_at}


class AccountRepository(Repository[Account]):
    entity = Account
    sorts: ClassVar = {"created_at": Account.created_at}

    async def find_by_email(self, email: str, /) -> Account | None:
        """By the address in lower case."""
        return await self.session.scalar(select(Account).where(Account.email == email))

    async def get_with_workspace(self, id: UUID, /) -> tuple[Account, Workspace] | None:
        rows = select(Account, Workspace).where(Account.id == id)
        rows = rows.join(Workspace, Workspace.id == Account.workspace_id)
        found = (await self.session.execute(rows)).one_or_none()
        return None if found is None else (found[0], found[1])

    async def hold(self, account: Account, /) -> bool:
        """Whether it is enabled and has still that password; so until we commit.

        Between reading the hash and comparing it nothing was held, and the password
        may have been changed.
        """
        rows = select(Account.id).where(
            Account.id == account.id,
            Account.enabled,
            Account.password_hash == account.password_hash,
        )
        return await self.session.scalar(rows.with_for_update()) is not None

    async def set_password_hash(self, id: UUID, password_hash: str, /) -> None:
        change = update(Account).where(Account.id == id)
        await self.session.execute(change.values(password_hash=password_hash))


class LivingSession(NamedTuple):
    """What each request needs to know of a session that has not ended."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    account_id: UUID
    workspace_id: UUID
    role: Role
    email: str


# Asked by every request: built once, and no objects are made of its row.
_LIVING = (
    select(
        AccountSession.id,
        AccountSession.created_at,
        AccountSession.last_seen_at,
        Account.id,
        Account.workspace_id,
        Account.role,
        Account.email,
    )
    .join(Account, Account.id == AccountSession.account_id)
    .where(
        AccountSession.fingerprint == bindparam("fingerprint"),
        AccountSession.expires_at > bindparam("now"),
        Account.enabled,
    )
)


class AccountSessionRepository(Repository[AccountSession]):
    entity = AccountSession
    sorts: ClassVar = {
        "created_at": AccountSession.created_at,
        "last_seen_at": AccountSession.last_seen_at,
    }
    default_sort = "-last_seen_at"

    async def find_living(
        self, fingerprint: str, /, *, now: datetime
    ) -> LivingSession | None:
        """The session that has not ended, if its account is enabled."""
        asked = {"fingerprint": fingerprint, "now": now}
        found = (await self.session.execute(_LIVING, asked)).one_or_none()
        return None if found is None else LivingSession(*found)

    async def addresses_of(self, email: str, /, *, now: datetime) -> Sequence[str]:
        """Where the account with this address is signed in at present."""
        rows = select(AccountSession.address).where(
            Account.email == email, AccountSession.expires_at > now
        )
        rows = rows.join(Account, Account.id == AccountSession.account_id)
        return (await self.session.scalars(rows.distinct())).all()

    async def find(
        self, account_id: UUID, request: PageRequest, /, *, now: datetime
    ) -> Slice[AccountSession]:
        rows = select(AccountSession).where(
            AccountSession.account_id == account_id, AccountSession.expires_at > now
        )
        return await self.page(rows, request)

    async def prolong(
        self, row: LivingSession, /, *, now: datetime, until: datetime
    ) -> None:
        """Of several requests at once one does it."""
        change = update(AccountSession).where(
            AccountSession.id == row.id,
            AccountSession.last_seen_at == row.last_seen_at,
        )
        await self.session.execute(change.values(last_seen_at=now, expires_at=until))

    async def end(self, account_id: UUID, id: UUID, /) -> bool:
        """End this session if it is the account's."""
        gone = delete(AccountSession).where(
            AccountSession.id == id, AccountSession.account_id == account_id
        )
        found = await self.session.scalar(gone.returning(AccountSession.id))
        return found is not None

    async def end_by_fingerprint(self, fingerprint: str, /) -> None:
        gone = delete(AccountSession).where(AccountSession.fingerprint == fingerprint)
        await self.session.execute(gone)

    async def end_all(self, account_id: UUID, /, *, but: UUID | None = None) -> None:
        gone = delete(AccountSession).where(AccountSession.account_id == account_id)
        if but is not None:
            gone = gone.where(AccountSession.id != but)
        await self.session.execute(gone)

    async def delete_expired(self, now: datetime, /) -> int:
        gone = delete(AccountSession).where(AccountSession.expires_at <= now)
        ended = await self.session.scalars(gone.returning(AccountSession.id))
        return len(ended.all())


class RateLimitRepository:
    """Counts tries in windows that begin with the first one."""

    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def find_end(self, key: str, limit: Limit, /, *, now: datetime) -> datetime:
        """When a try is possible again; `now` if it is already."""
        used_up = RateLimit.tries >= limit.count
        rows = select(RateLimit.ends_at).where(
            RateLimit.key == key, used_up, ~_is_over(limit, now)
        )
        return await self.session.scalar(rows) or now

    async def take(self, key: str, limit: Limit, /, *, now: datetime) -> bool:
        """Count one try, unless there were as many as there may be."""
        over = _is_over(limit, now)
        ends_at = now + timedelta(seconds=limit.seconds)
        first = _insert(self.session, RateLimit)
        first = first.values(key=key, tries=1, ends_at=ends_at)
        either = first.on_conflict_do_update(
            index_elements=[RateLimit.key],
            set_={
                "tries": case((over, 1), else_=RateLimit.tries + 1),
                "ends_at": case((over, ends_at), else_=RateLimit.ends_at),
            },
            where=or_(over, RateLimit.tries < limit.count),
        )
        counted = either.returning(RateLimit.tries)
        return await self.session.scalar(counted) is not None

    async def give_back(self, key: str, /) -> None:
        """Take one try back, which turned out not to count."""
        change = update(RateLimit).where(RateLimit.key == key, RateLimit.tries > 0)
        await self.session.execute(change.values(tries=RateLimit.tries - 1))

    async def delete_over(self, now: datetime, /) -> int:
        gone = delete(RateLimit).where(RateLimit.ends_at <= now)
        return len((await self.session.scalars(gone.returning(RateLimit.key))).all())


def _is_over(limit: Limit, now: datetime) -> ColumnElement[bool]:
    """Whether a window has ended, or ends later than any that began by now can: the
    clock was set back, or the limit was changed. Tries that come at once arrive out of
    order, and the clocks of replicas differ a little: that alone ends no window."""
    latest = now + timedelta(seconds=limit.seconds) + CLOCKS_DIFFER
    return or_(RateLimit.ends_at <= now, RateLimit.ends_at > latest)


def _insert(session: Session, table: type[Installation | RateLimit]) -> Insert:
    """An insert that can meet a conflict; both databases have it, in the same words."""
    rows = cast("Table", table.__table__)
    if session.get_bind().dialect.name == "postgresql":
        return postgresql_insert(rows)
    return cast("Insert", cast("object", sqlite_insert(rows)))
