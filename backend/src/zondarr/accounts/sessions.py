"""Sessions of accounts: their duration, and the account of a cookie.

The cookie holds a random token; the database stores its fingerprint. The CSRF token is
derived from the same token, so neither can be computed from the other.
"""

import base64
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from zondarr.accounts.models import (
    USER_AGENT_LENGTH,
    Account,
    AccountSession,
    Role,
)
from zondarr.accounts.repository import AccountSessionRepository, LivingSession
from zondarr.core.actor import Actor
from zondarr.core.clock import utc_now
from zondarr.core.crypto import fingerprint, new_token
from zondarr.core.database import Database
from zondarr.core.exceptions import RepositoryError

COOKIE = "zondarr_session"
IDLE = timedelta(days=30)
LONGEST = timedelta(days=90)
PROLONG_AFTER = timedelta(hours=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """The account that sent a request, in one of its sessions."""

    actor: Actor
    account_id: UUID
    role: Role
    session_id: UUID
    csrf_token: str = field(repr=False)

    @property
    def workspace_id(self) -> UUID:
        return self.actor.workspace_id


@dataclass(frozen=True, slots=True)
class Visitor:
    """The origin of a request."""

    address: str
    user_agent: str | None = None


class Sessions:
    """Looks up the account of a session's token."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def find_principal(self, token: str, /) -> Principal | None:
        """The account that is signed in with the token, in one query; extends the
        session.
        """
        now = utc_now()
        async with self.database.unscoped("sign-in", reading=True) as session:
            sessions = AccountSessionRepository(session)
            current = await sessions.find_living(fingerprint(token), now=now)
        if current is None:
            return None
        if now - current.last_seen_at >= PROLONG_AFTER:
            await self._prolong(current, now)
        actor = Actor.account(
            current.account_id, workspace_id=current.workspace_id, name=current.email
        )
        return Principal(
            actor=actor,
            account_id=current.account_id,
            role=current.role,
            session_id=current.id,
            csrf_token=csrf_token_of(token),
        )

    async def sweep(self) -> int:
        """Delete the sessions that have ended; returns their number."""
        async with self.database.unscoped("background job") as session:
            return await AccountSessionRepository(session).delete_expired(utc_now())

    async def _prolong(self, current: LivingSession, now: datetime) -> None:
        until = min(now + IDLE, current.created_at + LONGEST)
        try:
            async with self.database.scoped(current.workspace_id) as session:
                sessions = AccountSessionRepository(session)
                await sessions.prolong(current, now=now, until=until)
        except RepositoryError as error:
            # The session is valid anyway; reading must work while writing does not.
            log.warning("a session could not be prolonged", cause=repr(error.__cause__))


def new_session(
    account: Account, visitor: Visitor, *, now: datetime
) -> tuple[AccountSession, str]:
    """The row of a session, and the token for its cookie."""
    token = new_token()
    row = AccountSession(
        workspace_id=account.workspace_id,
        account_id=account.id,
        fingerprint=fingerprint(token),
        created_at=now,
        last_seen_at=now,
        expires_at=now + IDLE,
        user_agent=(visitor.user_agent or "")[:USER_AGENT_LENGTH] or None,
        address=visitor.address,
    )
    return row, token


def csrf_token_of(token: str, /) -> str:
    """The token a page must send with every change; the session's token cannot be
    derived from it.
    """
    derived = hmac.digest(token.encode(), b"zondarr csrf", "sha256")
    return base64.urlsafe_b64encode(derived).rstrip(b"=").decode()
