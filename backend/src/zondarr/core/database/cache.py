"""A cache that is valid until the next write.

On SQLite all writes pass through this process, so what was read stays true until its
next write. On PostgreSQL other replicas write too, so nothing is cached.
"""

from collections.abc import Awaitable, Callable, Hashable

from zondarr.core.database.engine import Database


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
