"""Queries about workspaces, accounts and sessions."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update

from zondarr.accounts.models import (
    Account,
    AccountSession,
    Installation,
    Role,
    Workspace,
)
from zondarr.core.database import Session
from zondarr.core.database.upsert import insert
from zondarr.core.repository import PageRequest, Repository, Slice


class InstallationRepository:
    """Whether the installation has an owner."""

    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def is_set_up(self) -> bool:
        return await self.session.scalar(select(Installation.id)) is not None

    async def claim(self, *, now: datetime) -> bool:
        """Claim the installation; of several concurrent callers one gets true."""
        claim = insert(self.session.dialect_name, Installation).values(
            id=1, set_up_at=now
        )
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
        """Lock the account; false if it is disabled or its password hash changed.

        Nothing was locked between reading the hash and comparing it, and the password
        may have changed.
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
    """The fields of a live session that each request needs."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    account_id: UUID
    workspace_id: UUID
    role: Role
    email: str


# Used by every request: built once, and it returns columns instead of objects.
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
        """The session, if it has not ended and its account is enabled."""
        asked = {"fingerprint": fingerprint, "now": now}
        found = (await self.session.execute(_LIVING, asked)).one_or_none()
        return None if found is None else LivingSession(*found)

    async def addresses_of(self, email: str, /, *, now: datetime) -> Sequence[str]:
        """The network addresses at which this account is signed in."""
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
        """Extend the session; of several concurrent requests one does it."""
        change = update(AccountSession).where(
            AccountSession.id == row.id,
            AccountSession.last_seen_at == row.last_seen_at,
        )
        await self.session.execute(change.values(last_seen_at=now, expires_at=until))

    async def end(self, account_id: UUID, id: UUID, /) -> bool:
        """End this session if it belongs to the account."""
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
