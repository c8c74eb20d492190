"""Signs of life, and the work of those who gave none for too long.

On SQLite there is one process, so whatever an earlier one left is resumed at once. On
PostgreSQL each replica tells the table `replicas` that it lives, and whoever gets the
lock first hands the work of dead ones to the living.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from uuid import UUID

import structlog

from zondarr.core.database import Database
from zondarr.core.durable.engine import Engine
from zondarr.core.durable.repository import ReplicaRepository
from zondarr.core.durable.timing import Timing
from zondarr.core.exceptions import RepositoryError

log: structlog.stdlib.BoundLogger = structlog.get_logger()


class Replicas:
    """This replica among the others."""

    def __init__(
        self, id: UUID, database: Database, engine: Engine, timing: Timing
    ) -> None:
        self._id = id
        self._database = database
        self._engine = engine
        self._timing = timing

    async def join(self) -> None:
        """Before the first workflow begins: no one may take it for a dead one's."""
        async with self._rows() as rows:
            if not self._database.is_postgresql:
                await rows.remove_others(self._id)
            await rows.sign(self._id)

    async def leave(self) -> None:
        """What is left of our work may be resumed by others from now on."""
        with suppress(RepositoryError):  # then they find out by our silence
            async with self._rows() as rows:
                await rows.remove(self._id)

    async def reap(self) -> None:
        """Resume what was begun by those who are not there any more."""
        async with self._rows() as rows:
            if not await rows.is_reaper():
                return
            # First who works, then who lives: one who joins in between is not missed.
            pending = await self._engine.pending()
            if self._database.is_postgresql:
                await rows.remove_silent(timedelta(seconds=self._timing.dead_after))
            alive = await rows.ids()
            lost = [one for one, executor in pending.items() if executor not in alive]
            await self._engine.resume(lost)
        if lost:
            log.info("work of an ended process resumed", workflows=len(lost))

    async def live(self) -> None:
        """Give signs of life, and look after the others; never returns."""
        while True:
            await asyncio.sleep(self._timing.heartbeat)
            await _despite_failures(self._sign)
            await _despite_failures(self.reap)

    async def _sign(self) -> None:
        async with self._rows() as rows:
            await rows.sign(self._id)

    @asynccontextmanager
    async def _rows(self) -> AsyncGenerator[ReplicaRepository]:
        async with self._database.unscoped("durable work") as session:
            yield ReplicaRepository(session, postgresql=self._database.is_postgresql)


async def _despite_failures(work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except RepositoryError:
        log.warning("no sign of life: the database does not answer")
    except Exception:
        # Of whatever kind: with the beat gone, a living replica would count as dead.
        log.exception("looking after the replicas failed")
