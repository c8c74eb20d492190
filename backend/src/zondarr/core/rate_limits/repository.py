"""Counts attempts."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, delete, or_, select, update

from zondarr.core.database import Session
from zondarr.core.database.upsert import insert
from zondarr.core.rate_limits.limit import Limit
from zondarr.core.rate_limits.models import RateLimit

CLOCKS_DIFFER = timedelta(minutes=1)


class RateLimitRepository:
    """Counts attempts in windows that start with the first one."""

    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def find_end(self, key: str, limit: Limit, /, *, now: datetime) -> datetime:
        """The time of the next allowed attempt; `now` if it is allowed already."""
        used_up = RateLimit.tries >= limit.count
        rows = select(RateLimit.ends_at).where(
            RateLimit.key == key, used_up, ~_is_over(limit, now)
        )
        return await self.session.scalar(rows) or now

    async def acquire(self, key: str, limit: Limit, /, *, now: datetime) -> bool:
        """Count one attempt, unless the limit is reached."""
        over = _is_over(limit, now)
        ends_at = now + timedelta(seconds=limit.seconds)
        first = insert(self.session.dialect_name, RateLimit)
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
        """Do not count one attempt."""
        change = update(RateLimit).where(RateLimit.key == key, RateLimit.tries > 0)
        await self.session.execute(change.values(tries=RateLimit.tries - 1))

    async def delete_over(self, now: datetime, /) -> int:
        gone = delete(RateLimit).where(RateLimit.ends_at <= now)
        return len((await self.session.scalars(gone.returning(RateLimit.key))).all())


def _is_over(limit: Limit, now: datetime) -> ColumnElement[bool]:
    """Whether a window has ended, or ends later than any window that starts now.

    In the latter case the clock was set back, or the limit was changed. Concurrent
    attempts arrive out of order, and the clocks of replicas differ a little: that alone
    ends no window.
    """
    latest = now + timedelta(seconds=limit.seconds) + CLOCKS_DIFFER
    return or_(RateLimit.ends_at <= now, RateLimit.ends_at > latest)
