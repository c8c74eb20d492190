"""Pure functions on a person and their accounts."""

from datetime import datetime

from zondarr.media.types import ExternalUser
from zondarr.users.models import Identity, User


def settle(identity: Identity) -> None:
    """Update the person from their accounts, which must all be loaded.

    A person without accounts keeps the last values.
    """
    if not identity.users:
        return
    identity.enabled = any(user.enabled for user in identity.users)
    ends = [user.expires_at for user in identity.users]
    latest = [end for end in ends if end is not None]
    identity.expires_at = max(latest) if len(latest) == len(ends) else None


def set_end(user: User, expires_at: datetime | None, *, now: datetime) -> None:
    """Set an account's end date. If it lies in the future, access will be ended then,
    also if it had ended before.
    """
    user.expires_at = expires_at
    if expires_at is None or expires_at > now:
        user.access_ended_at = None


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two end dates; None means no end and is the latest."""
    return None if one is None or other is None else max(one, other)


def is_provisional(external_user_id: str) -> bool:
    """Whether it is an address that stands for an account until its id is known;
    servers' own ids never look like one.
    """
    return "@" in external_user_id


def is_due(user: User, now: datetime) -> bool:
    """Whether its access must be ended now.

    This includes an account that was absent when it expired: it may come back.
    `repository.UserRepository` has the same rule in SQL.
    """
    if user.expires_at is None or user.expires_at > now:
        return False
    return user.access_ended_at is None or ended_by_absence(user)


def ended_by_absence(user: User) -> bool:
    """Whether its access counted as ended because the account was absent."""
    ended = user.access_ended_at is not None and user.missing_since is not None
    return ended and not user.enabled


def is_on_server(user: User, account: ExternalUser | None) -> bool:
    """Whether the account, as listed by its server, has access."""
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
    """Whether access was ended although its end lies ahead: the clock was wrong then.

    It is not restored automatically, because somebody else may have ended it on
    purpose; an operator enables the person.
    """
    if enabled or access_ended_at is None or expires_at is None:
        return False
    return expires_at > now
