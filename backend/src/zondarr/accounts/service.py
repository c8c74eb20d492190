"""Sign-in, sessions, and an account's own settings.

Checking a password is slow, so it is never done inside a transaction: read, commit,
check, write, commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from zondarr.accounts.exceptions import CredentialsWrongError, PasswordWrongError
from zondarr.accounts.models import Account, AccountSession, Role, Workspace
from zondarr.accounts.passwords import Passwords
from zondarr.accounts.repository import (
    AccountRepository,
    AccountSessionRepository,
    InstallationRepository,
    WorkspaceRepository,
)
from zondarr.accounts.sessions import Principal, Visitor, csrf_token_of, new_session
from zondarr.accounts.workspaces import add_account, add_workspace, normal_email
from zondarr.core.actor import Actor
from zondarr.core.clock import utc_now
from zondarr.core.crypto import fingerprint
from zondarr.core.database import Database, Session
from zondarr.core.exceptions import NotFoundError, UnauthorizedError
from zondarr.core.rate_limits.limit import Limit
from zondarr.core.rate_limits.limiter import Limiter, network_of
from zondarr.core.repository import PageRequest, Slice

log = structlog.get_logger(__name__)

WRONG_PASSWORDS = Limit(20, 15 * 60)
"""Attempts per account, from addresses at which it is not signed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A new session, and the token for its cookie."""

    account: Account
    workspace: Workspace
    token: str = field(repr=False)

    @property
    def csrf_token(self) -> str:
        return csrf_token_of(self.token)


class AccountService:
    """Accounts and their sessions; one per process.

    sign_in_limit  for one client address
    """

    def __init__(
        self, database: Database, passwords: Passwords, *, sign_in_limit: Limit
    ) -> None:
        self.database = database
        self.passwords = passwords
        self._by_address = Limiter(database, "sign-in", sign_in_limit, why="sign-in")
        self._by_account = Limiter(database, "account", WRONG_PASSWORDS, why="sign-in")

    async def sign_in(
        self,
        email: str,
        password: str,
        visitor: Visitor,
        *,
        instead_of: str | None = None,
    ) -> SignedIn:
        """Start a session; the one with the token `instead_of` ends.

        Raises `CredentialsWrongError`, which does not reveal what was wrong, also not
        by its timing, or `TooManyRequestsError`.
        """
        await self._by_address.acquire(network_of(visitor.address))
        email = normal_email(email)
        account, addresses = await self._look_up(email)
        # Attempts from other addresses must not lock the owner out.
        stranger = network_of(visitor.address) not in map(network_of, addresses)
        if stranger:
            await self._by_account.acquire(email)
        known = account.password_hash if account and account.enabled else None
        right, renewed = await self.passwords.verify(password, known)
        if account is None or not right:
            log.info("sign-in refused", address=visitor.address)
            raise CredentialsWrongError
        signed_in = await self._begin(account, visitor, renewed, instead_of)
        if stranger:
            await self._by_account.give_back(email)
        actor = Actor.account(account.id, workspace_id=account.workspace_id)
        log.info("signed in", actor=actor.label, address=visitor.address)
        return signed_in

    async def _look_up(self, email: str) -> tuple[Account | None, Sequence[str]]:
        async with self.database.unscoped("sign-in", reading=True) as session:
            account = await AccountRepository(session).find_by_email(email)
            sessions = AccountSessionRepository(session)
            return account, await sessions.addresses_of(email, now=utc_now())

    async def _begin(
        self,
        account: Account,
        visitor: Visitor,
        renewed_hash: str | None,
        instead_of: str | None,
    ) -> SignedIn:
        async with self.database.unscoped("sign-in") as session:
            accounts = AccountRepository(session)
            if not await accounts.hold(account):
                raise CredentialsWrongError
            if renewed_hash is not None:
                await accounts.set_password_hash(account.id, renewed_hash)
            if instead_of is not None:
                sessions = AccountSessionRepository(session)
                await sessions.end_by_fingerprint(fingerprint(instead_of))
            return await begin_session(session, account, visitor)

    async def sign_out(self, principal: Principal) -> None:
        await self.end_session(principal, principal.session_id)

    async def who_is(self, principal: Principal) -> tuple[Account, Workspace]:
        async with self.database.scoped(
            principal.workspace_id, reading=True
        ) as session:
            return await _with_workspace(session, principal.account_id)

    async def list_sessions(
        self, principal: Principal, page: PageRequest
    ) -> Slice[AccountSession]:
        async with self.database.scoped(
            principal.workspace_id, reading=True
        ) as session:
            sessions = AccountSessionRepository(session)
            return await sessions.find(principal.account_id, page, now=utc_now())

    async def end_session(self, principal: Principal, id: UUID) -> None:
        """End one of the account's own sessions; another account's is not found."""
        async with self.database.scoped(principal.workspace_id) as session:
            if not await AccountSessionRepository(session).end(
                principal.account_id, id
            ):
                raise NotFoundError("Session", id)
        log.info("session ended", session_id=str(id), actor=principal.actor.label)

    async def change_password(
        self, principal: Principal, current: str, new: str
    ) -> None:
        """Change the account's password, and end all its other sessions."""
        await self._by_account.acquire(str(principal.account_id))
        async with self.database.scoped(
            principal.workspace_id, reading=True
        ) as session:
            account, _ = await _with_workspace(session, principal.account_id)
        right, _ = await self.passwords.verify(current, account.password_hash)
        if not right:
            raise PasswordWrongError
        changed = await self.passwords.hash(new)
        async with self.database.scoped(principal.workspace_id) as session:
            accounts = AccountRepository(session)
            if not await accounts.hold(account):
                raise PasswordWrongError
            await accounts.set_password_hash(account.id, changed)
            sessions = AccountSessionRepository(session)
            await sessions.end_all(account.id, but=principal.session_id)
        await self._by_account.give_back(str(principal.account_id))
        log.info("password changed", actor=principal.actor.label)

    async def create_workspace(
        self, name: str, /, *, email: str, password: str
    ) -> Account:
        """Create a workspace and its owner; the first one completes set-up."""
        password_hash = await self.passwords.hash(password)
        async with self.database.unscoped("command line") as session:
            await InstallationRepository(session).claim(now=utc_now())
            _, owner = await add_workspace(
                session, name, email=email, password_hash=password_hash
            )
        _log_by_command("workspace made", owner)
        return owner

    async def list_workspaces(self) -> Sequence[Workspace]:
        async with self.database.unscoped("command line", reading=True) as session:
            return await WorkspaceRepository(session).get_all()

    async def create_account(
        self, workspace_id: UUID, /, *, email: str, password: str, role: Role
    ) -> Account:
        """Add an account to a workspace; raises `EmailTakenError`."""
        password_hash = await self.passwords.hash(password)
        async with self.database.scoped(workspace_id) as session:
            account = await add_account(
                session,
                workspace_id,
                email=email,
                password_hash=password_hash,
                role=role,
            )
        _log_by_command("account made", account)
        return account

    async def reset_password(self, email: str, password: str, /) -> None:
        """Set a new password for an account, and end all its sessions."""
        password_hash = await self.passwords.hash(password)
        async with self.database.unscoped("command line") as session:
            accounts = AccountRepository(session)
            account = await accounts.find_by_email(normal_email(email))
            if account is None:
                raise NotFoundError("Account", email)
            await accounts.set_password_hash(account.id, password_hash)
            await AccountSessionRepository(session).end_all(account.id)
        _log_by_command("password reset", account)


def _log_by_command(event: str, account: Account) -> None:
    actor = Actor.job("command_line", workspace_id=account.workspace_id)
    log.info(event, account_id=str(account.id), actor=actor.label)


async def begin_session(
    session: Session, account: Account, visitor: Visitor
) -> SignedIn:
    """Sign an account in after its owner was authenticated."""
    row, token = new_session(account, visitor, now=utc_now())
    await AccountSessionRepository(session).create(row)
    account, workspace = await _with_workspace(session, account.id)
    return SignedIn(account=account, workspace=workspace, token=token)


async def _with_workspace(session: Session, id: UUID) -> tuple[Account, Workspace]:
    found = await AccountRepository(session).get_with_workspace(id)
    if found is None:  # deleted since the request was authorized
        raise UnauthorizedError("Sign in first.")
    return found
