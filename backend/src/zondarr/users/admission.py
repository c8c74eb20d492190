"""How a guest becomes a person we know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zondarr.core.database import Session
from zondarr.users.models import Identity, User
from zondarr.users.repository import IdentityRepository, UserRepository
from zondarr.users.rules import settle


@dataclass(frozen=True, kw_only=True, slots=True)
class Admission:
    """An account that was made for a guest on one server."""

    media_server_id: UUID
    external_user_id: str
    username: str


async def admit(
    session: Session,
    *,
    display_name: str,
    email: str | None,
    expires_at: datetime | None,
    admissions: Sequence[Admission],
) -> Identity:
    """Record a person with these accounts, in the caller's transaction.

    Asked again with the same accounts, it answers the same person and adds what is
    missing. Two callers at the very same moment: one gets `DuplicateError`, and may
    ask again.
    """
    users = UserRepository(session)
    known = [
        await users.get_by_external_id(one.media_server_id, one.external_user_id)
        for one in admissions
    ]
    identity = await _identity_of(session, [user for user in known if user])
    if identity is None:
        identity = Identity(display_name=display_name, email=email, users=[])
        await IdentityRepository(session).create(identity)
    for admission, user in zip(admissions, known, strict=True):
        if user is None:
            identity.users.append(_account(admission, expires_at))
    identity.expires_at = expires_at
    settle(identity)
    await session.flush()
    return identity


async def _identity_of(session: Session, known: Sequence[User]) -> Identity | None:
    if not known:
        return None
    return await IdentityRepository(session).get_locked(known[0].identity_id)


def _account(admission: Admission, expires_at: datetime | None) -> User:
    return User(
        media_server_id=admission.media_server_id,
        external_user_id=admission.external_user_id,
        username=admission.username,
        expires_at=expires_at,
        enabled=True,
    )
