"""The only clock. Rules take `now` as an argument, which comes from here."""

from datetime import MINYEAR, UTC, datetime

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def utc_now() -> datetime:
    """The current time in UTC, with time zone."""
    return datetime.now(UTC)


def in_utc(moment: datetime, /) -> datetime:
    """The same time in UTC. A time outside the supported range is set to its limit."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return FIRST if moment.year == MINYEAR else LAST
