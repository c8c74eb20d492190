"""How many tries in what time."""

import msgspec


class Limit(msgspec.Struct, frozen=True):
    """At most `count` tries in `seconds`, written `10/minute`."""

    count: int
    seconds: int
