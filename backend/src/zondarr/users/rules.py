"""What is true of a person because of their accounts. Pure."""

from datetime import datetime

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
    """Whether its access is to be ended now. `repository.UserRepository` asks the
    same in SQL."""
    at = user.expires_at
    return at is not None and at <= now and user.access_ended_at is None
