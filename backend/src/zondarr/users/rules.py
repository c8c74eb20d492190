"""What is true of a person because of their accounts. Pure."""

from datetime import datetime

from zondarr.media.types import ExternalUser
from zondarr.users.models import Identity, User


def settle(identity: Identity) -> None:
    """Bring the person in line with their accounts, which must all be loaded.

    A person without any keeps what was said of them last.
    """
    if not identity.users:
        return
    identity.enabled = any(user.enabled for user in identity.users)
    ends = [user.expires_at for user in identity.users]
    latest = [end for end in ends if end is not None]
    identity.expires_at = max(latest) if len(latest) == len(ends) else None


def set_end(user: User, expires_at: datetime | None, *, now: datetime) -> None:
    """Give an account another end. One that lies ahead will be kept, also where an
    earlier one had come: that access is ended once more then."""
    user.expires_at = expires_at
    if expires_at is None or expires_at > now:
        user.access_ended_at = None


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two ends; None, no end at all, is the latest."""
    return None if one is None or other is None else max(one, other)


def is_provisional(external_user_id: str) -> bool:
    """Whether it is an address that stands for an account until its number is told;
    no server's own ids look like one."""
    return "@" in external_user_id


def is_due(user: User, now: datetime) -> bool:
    """Whether its access is to be ended now.

    Also of an account that was not on its server when its time was over: it may come
    back. `repository.UserRepository` asks the same in SQL.
    """
    if user.expires_at is None or user.expires_at > now:
        return False
    return user.access_ended_at is None or ended_by_absence(user)


def ended_by_absence(user: User) -> bool:
    """Whether its end was taken for done because the account was not there."""
    ended = user.access_ended_at is not None and user.missing_since is not None
    return ended and not user.enabled


def is_on_server(user: User, account: ExternalUser | None) -> bool:
    """Whether the account, as its server lists it, lets somebody in."""
    if account is None or not account.enabled:
        return False
    return user.share_id is None or account.share_id is not None


def ended_early(
    *,
    enabled: bool,
    access_ended_at: datetime | None,
    expires_at: datetime | None,
    now: datetime,
) -> bool:
    """Whether access was ended though its time lies ahead: the clock was wrong then.

    It is not given back by itself, for somebody else may have meant it; an operator
    enables the person.
    """
    if enabled or access_ended_at is None or expires_at is None:
        return False
    return expires_at > now
