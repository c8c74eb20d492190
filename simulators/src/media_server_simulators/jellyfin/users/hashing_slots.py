"""The two cores of the server that was recorded, which hash passwords side by side."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

HASHING = (0.008, 0.010)  # seconds; the real server takes twenty times as long


class HashingSlots:
    """They are not quite alike, as no two cores are.

    So a wrong password is judged by what its user was when a core began with it, and
    some that came in time still get a 401 after the limit was reached [recorded].
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._free: asyncio.Queue[float] = asyncio.Queue()

    @asynccontextmanager
    async def core(self) -> AsyncGenerator[float]:
        """Wait for a free one; the seconds it takes to hash a password."""
        free = self._of_this_loop()
        seconds = await free.get()
        try:
            yield seconds
        finally:
            free.put_nowait(seconds)

    def _of_this_loop(self) -> asyncio.Queue[float]:
        """A simulator may be served by one loop after another."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._free = loop, asyncio.Queue()
            for seconds in HASHING:
                self._free.put_nowait(seconds)
        return self._free
