"""Passwords as argon2id hashes, computed away from the event loop.

One takes about a tenth of a second and 64 MiB: on the loop it would stop the server,
and without a bound a flood of sign-ins would take all memory.
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
    Raises `BusyError` when more than `waiting` passwords stand in line.
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
        """Whether it is the password, and its new hash if the known one is outdated.

        Without a known hash the same work is done for nothing, so that the time it
        takes does not tell who has an account.
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
        # Not when the caller leaves: a hash that is being computed still takes a place.
        self._places.release()
