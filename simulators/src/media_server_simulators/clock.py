"""A clock that can be set: it goes on from there at its usual pace."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from media_server_simulators.orders import Order, OrderError
from media_server_simulators.wire import JsonObject

type Clock = Callable[[], datetime]
FIELDS = frozenset(("now", "advance"))


def utc_now() -> datetime:
    return datetime.now(UTC)


def clock_at(now: datetime) -> Clock:
    offset = now - utc_now()
    return lambda: utc_now() + offset


def set_clock(order: Order, current: Clock, use: Callable[[Clock], None]) -> JsonObject:
    """`now` sets the time, null the real one; `advance` adds seconds to the current."""
    order.has_only(FIELDS)
    if not order.fields:
        raise OrderError("now or advance is missing")
    now, advance = order.moment("now"), order.number("advance")
    clock = utc_now if now is None and advance is None else clock_at(now or current())
    if advance is not None:
        clock = clock_at(clock() + timedelta(seconds=advance))
    use(clock)
    return {"now": clock().isoformat()}
