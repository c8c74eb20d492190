"""Argon2id password hashes, computed off the event loop.

One takes about a tenth of a second and 64 MiB: on the event loop it would block the
server, and without a limit a flood of sign-ins would use up the memory.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Any

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from zondarr.accounts.exceptions import BusyError

THREADS = 2
WAITING = 30
RETRY_AFTER_BUSY = timedelta(seconds=2)


class Passwords:
    """Hashes and checks passwords; one per process.

    `hasher` decides the cost of new hashes; older ones are renewed when they match.
    Raises `BusyError` when more than `waiting` passwords are queued.
    """

    def __init__(
        self,
        hasher: Argon2Hasher | None = None,
        *,
        threads: int = THREADS,
        waiting: int = WAITING,
    ) -> None:
        self._hash = PasswordHash((hasher or Argon2Hasher(),))
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="passwords")
        self._places = BoundedSemaphore(threads + waiting)
        self.computed = 0
        """How many passwords were hashed or checked so far."""

    async def hash(self, password: str, /) -> str:
        return await self._run(lambda: self._hash.hash(password))

    async def verify(
        self, password: str, known: str | None, /
    ) -> tuple[bool, str | None]:
        """Whether the password is correct, and its new hash if the stored one is
        outdated.

        Without a stored hash the same work is done anyway, so that the time does not
        reveal which accounts exist.
        """
        if known is None:
            await self.hash(password)
            return False, None
        return await self._run(lambda: self._hash.verify_and_update(password, known))

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _run[R](self, work: Callable[[], R]) -> R:
        if not self._places.acquire(blocking=False):
            raise BusyError(RETRY_AFTER_BUSY.total_seconds())
        self.computed += 1
        computing = self._pool.submit(work)
        computing.add_done_callback(self._leave)
        return await asyncio.wrap_future(computing)

    def _leave(self, _done: Future[Any]) -> None:
        # Not released when the caller is cancelled: the hash is still being computed.
        self._places.release()
