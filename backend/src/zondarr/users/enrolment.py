"""Stores a guest as a new person or adds to an existing one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zondarr.core.clock import in_utc, utc_now
from zondarr.core.database import Session
from zondarr.media.types import AccessSnapshot, ShareStatus
from zondarr.users.models import Identity, User
from zondarr.users.repository import IdentityRepository, UserRepository
from zondarr.users.rules import is_provisional, later, set_end, settle


@dataclass(frozen=True, kw_only=True, slots=True)
class Enrolment:
    """An account on one server that was created for a guest, or given more access.

    `access_before` is the access it had before this enrolment (`AccountPlan.before`).
    """

    media_server_id: UUID
    external_user_id: str
    username: str
    standing: ShareStatus = ShareStatus.ACCEPTED
    share_id: str | None = None
    access_before: AccessSnapshot | None = None


async def enrol(  # noqa: PLR0913 — the fields of a guest
    session: Session,
    *,
    display_name: str,
    email: str | None,
    expires_at: datetime | None,
    enrolments: Sequence[Enrolment],
    plex_id: str | None = None,
    identity_id: UUID | None = None,
) -> Identity:
    """Store a person with these accounts, in the caller's transaction.

    The person is the one with `identity_id`, or the owner of one of these accounts, or
    the owner of the same plex.tv account (`plex_id`) on any Plex server; otherwise a
    new one. An existing person keeps the name, and the other accounts keep their end
    dates.

    An existing account keeps its end date if that is later; if its access had ended, it
    is enabled until `expires_at`. Repeating the call changes nothing, but it enables
    the account: call it once each time that access was granted. If two callers run at
    the same moment, one gets `DuplicateError` and may retry.
    """
    end = in_utc(expires_at) if expires_at else None
    people = await _candidates(session, enrolments, plex_id, identity_id)
    if not people:
        person = Identity(
            display_name=display_name, email=email, expires_at=end, users=[]
        )
        people = [await IdentityRepository(session).create(person)]
    person = people[0]
    person.email = person.email or email
    users = UserRepository(session)
    for enrolment in enrolments:
        # Read again under the lock: it may have been deleted.
        user = await users.get_enrolled(*_keys(enrolment))
        if user is None:
            person.users.append(_account(enrolment, end))
        else:
            _update_account(user, enrolment, end)
    for one in people:
        settle(one)
    await session.flush()
    return person


async def _candidates(
    session: Session,
    enrolments: Sequence[Enrolment],
    plex_id: str | None,
    identity_id: UUID | None,
) -> Sequence[Identity]:
    """The people it may be, locked; the best match comes first."""
    users = UserRepository(session)
    found = [await users.get_enrolled(*_keys(one)) for one in enrolments]
    on_plex = await users.find_identity_on_plex(plex_id) if plex_id else None
    candidates = [identity_id, *(user.identity_id for user in found if user), on_plex]
    ids = [one for one in candidates if one is not None]
    people = await IdentityRepository(session).get_all_locked(set(ids))
    return sorted(people, key=lambda person: ids.index(person.id))


def _keys(enrolment: Enrolment) -> tuple[UUID, str, str | None]:
    return enrolment.media_server_id, enrolment.external_user_id, enrolment.share_id


def _account(enrolment: Enrolment, expires_at: datetime | None) -> User:
    return User(
        media_server_id=enrolment.media_server_id,
        external_user_id=enrolment.external_user_id,
        username=enrolment.username,
        expires_at=expires_at,
        enabled=True,
        standing=enrolment.standing,
        share_id=enrolment.share_id,
        access_before=enrolment.access_before,
    )


def _update_account(
    user: User, enrolment: Enrolment, expires_at: datetime | None
) -> None:
    """Update an existing account. `access_before` is kept from the first enrolment: it
    is one share, whoever extended it.
    """
    had_access = user.enabled and user.missing_since is None
    if not had_access:
        user.access_before = enrolment.access_before
    set_end(
        user,
        later(user.expires_at, expires_at) if had_access else expires_at,
        now=utc_now(),
    )
    if is_provisional(user.external_user_id):
        user.external_user_id = enrolment.external_user_id
    user.enabled, user.missing_since, user.access_taken = True, None, None
    user.standing = enrolment.standing
    user.share_id = enrolment.share_id or user.share_id
