"""The one clock. Rules take `now` as an argument; this is where it comes from."""

from datetime import MINYEAR, UTC, datetime

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def in_utc(moment: datetime, /) -> datetime:
    """The same moment in UTC; what lies before the first day or after the last one
    there is, as a moment of another zone can, becomes that day."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return FIRST if moment.year == MINYEAR else LAST
