"""A cache that is valid until the next write.

On SQLite all writes pass through this process, so what was read stays true until its
next write; those to tables that no cached answer reads do not count (`cached` of a
model). On PostgreSQL other replicas write too, so nothing is cached.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from datetime import UTC, datetime, timedelta
from typing import Any

from zondarr.core.database.engine import Database

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UntilWrite[K: Hashable, V]:
    """Holds at most `size` values, which must not be modified."""

    def __init__(self, database: Database, *, size: int) -> None:
        self.database = database
        self.size = size
        self._kept: dict[K, V] = {}
        self._as_of = -1

    async def get(self, key: K, read: Callable[[], Awaitable[V]]) -> V:
        """The value at the last write of this process."""
        if self._as_of != self.database.writes:
            self._kept, self._as_of = {}, self.database.writes
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        as_of = self._as_of
        answer = await read()
        if as_of == self.database.writes and not self.database.is_postgresql:
            if len(self._kept) >= self.size:
                self._kept = {}
            self._kept[key] = answer
        return answer


class AtRevision:
    """Holds the values of the last `size` keys, which must not be modified.

    A value is returned as long as its key has the same revision, which the caller
    reads, on either database; and at most for `at_most`.
    """

    def __init__(self, *, size: int, at_most: timedelta) -> None:
        self.size = size
        self.at_most = at_most
        self._kept: OrderedDict[Hashable, tuple[Hashable, Any]] = OrderedDict()

    async def get[V](
        self,
        key: Hashable,
        revision: Hashable,
        now: datetime,
        read: Callable[[], Awaitable[V]],
    ) -> V:
        current = (revision, (now - EPOCH) // self.at_most)
        kept = self._kept.get(key)
        if kept is None or kept[0] != current:
            kept = current, await read()
            self._kept[key] = kept
        self._kept.move_to_end(key)
        if len(self._kept) > self.size:
            self._kept.popitem(last=False)
        return kept[1]
