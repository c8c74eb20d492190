"""Heartbeats of replicas, and recovery of the work of dead ones.

On SQLite there is one process, so the work of an earlier one is resumed at once. On
PostgreSQL each replica writes heartbeats to the table `replicas`, and the replica that
gets the lock assigns the work of dead ones to live ones.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import structlog

from zondarr.core.clock import utc_now
from zondarr.core.database import Database
from zondarr.core.durable.engine import Engine, Left
from zondarr.core.durable.recovery import Recovery
from zondarr.core.durable.repository import ReplicaRepository
from zondarr.core.durable.timing import Timing
from zondarr.core.exceptions import RepositoryError

log: structlog.stdlib.BoundLogger = structlog.get_logger()


class Replicas:
    """This replica among the others."""

    def __init__(
        self,
        id: UUID,
        database: Database,
        engine: Engine,
        recovery: Recovery,
        timing: Timing,
    ) -> None:
        self._id = id
        self._database = database
        self._engine = engine
        self._recovery = recovery
        self._timing = timing
        self._crashed: set[str] = set()
        """Replicas that died; those that stopped in order are not among them."""

    async def join(self) -> None:
        """Called before the first workflow starts, so that no replica considers it
        dead.
        """
        async with self._rows() as rows:
            if not self._database.is_postgresql:
                self._crashed |= await rows.remove_others(self._id)
            await rows.sign(self._id)

    async def leave(self) -> None:
        """From now on, other replicas may resume our unfinished work."""
        with suppress(RepositoryError):  # then they notice the missing heartbeat
            async with self._rows() as rows:
                await rows.remove(self._id)

    async def reap(self) -> None:
        """Recover the work of replicas that are gone."""
        async with self._rows() as rows:
            if not await rows.is_reaper():
                return None
            # First the workflows, then the live replicas: one that joins in between
            # counts.
            unfinished = await self._engine.unfinished()
            if self._database.is_postgresql:
                silent = self._timing.dead_after
                self._crashed |= await rows.remove_silent(self._id, silent)
            alive = await rows.ids()
            lost = [one for one in unfinished if self._is_lost(one, alive)]
            if self._database.is_postgresql:
                # Within the transaction, which holds the reaper's lock.
                return await self._recovery.recover(lost, self._crashed)
        # SQLite has one writer at a time, and recovery writes too.
        return await self._recovery.recover(lost, self._crashed)

    def _is_lost(self, one: Left, alive: set[str]) -> bool:
        """Whether no replica will finish it. Queued work is dequeued by any replica of
        its version.
        """
        if one.is_running:
            return one.executor not in alive
        if self._engine.can_run(one):
            return False
        if not self._database.is_postgresql:
            return True
        return one.updated_at < utc_now() - self._timing.dead_after

    async def live(self) -> None:
        """Send heartbeats, and check the others; never returns."""
        while True:
            await asyncio.sleep(self._timing.heartbeat.total_seconds())
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
        # Any exception: without a heartbeat, a live replica would count as dead.
        log.exception("looking after the replicas failed")
