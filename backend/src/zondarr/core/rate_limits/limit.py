"""A number of attempts per period."""

import msgspec


class Limit(msgspec.Struct, frozen=True):
    """At most `count` tries in `seconds`, written `10/minute`."""

    count: int
    seconds: int
