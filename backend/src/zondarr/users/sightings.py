"""What a server says of the accounts we know on it.

Accounts that are not ours are counted and left alone. Nobody is ever removed: an
account that is not named any more is missing since then, and back when it is.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from zondarr.core.database import Session
from zondarr.media.types import ExternalUser
from zondarr.servers.sync import AccountsSeen
from zondarr.users.models import User
from zondarr.users.repository import IdentityRepository, UserRepository
from zondarr.users.rules import settle

NAME_LENGTH = 254


async def note_accounts(
    session: Session,
    server_id: UUID,
    accounts: Sequence[ExternalUser],
    asked_at: datetime,
) -> AccountsSeen:
    """Take over names and whether they are let in, in the caller's transaction.

    An empty list changes nothing: a server has at least its administrator. What we
    changed ourselves after the server was asked is known better here.
    """
    users = await UserRepository(session).get_by_server(server_id)
    if not accounts:
        return AccountsSeen(known=len(users))
    seen = {account.id: account for account in accounts}
    news = {user.identity_id for user in users if _is_news(user, seen, asked_at)}
    for identity in await IdentityRepository(session).get_all_locked(news):
        for user in identity.users:
            if user.media_server_id == server_id and _is_news(user, seen, asked_at):
                _take_over(user, seen.get(user.external_user_id), asked_at)
        settle(identity)
    await session.flush()
    ours = {user.external_user_id for user in users}
    return AccountsSeen(
        known=len(ours), missing=len(ours - set(seen)), strangers=len(set(seen) - ours)
    )


def _is_news(user: User, seen: dict[str, ExternalUser], asked_at: datetime) -> bool:
    if user.updated_at > asked_at:
        return False
    account = seen.get(user.external_user_id)
    if account is None:
        return user.missing_since is None
    known = (user.username, user.enabled, user.missing_since)
    return known != (_name(account), account.enabled, None)


def _take_over(user: User, account: ExternalUser | None, asked_at: datetime) -> None:
    if account is None:
        user.missing_since = asked_at
        return
    user.missing_since = None
    user.username = _name(account)
    user.enabled = account.enabled


def _name(account: ExternalUser) -> str:
    """As much of it as the column takes; PostgreSQL takes no NUL."""
    return account.username.replace("\0", "")[:NAME_LENGTH]
