"""The one clock. Rules take `now` as an argument; this is where it comes from."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
