"""Recovers the workflows of a process that is gone.

- Workflows of another version, or without a registered function, cannot continue: they
end as interrupted, and their starter starts them again.
- Those that crashed the process several times are set aside.
- The others are resumed from their last finished step.
"""

import asyncio
from collections.abc import Sequence

import structlog

from zondarr.core.durable.crashes import ALONE_AFTER, LIMIT, Crashes
from zondarr.core.durable.engine import Engine, Left
from zondarr.core.durable.runs import INTERRUPTED, SET_ASIDE, Runs

log: structlog.stdlib.BoundLogger = structlog.get_logger()


class Recovery:
    """Resumes, ends or sets aside unfinished workflows."""

    def __init__(self, engine: Engine, runs: Runs, crashes: Crashes) -> None:
        self._engine = engine
        self._runs = runs
        self._crashes = crashes
        self._waiting: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    async def recover(self, lost: Sequence[Left], crashed: set[str]) -> None:
        """`crashed` are the executors that died; others stopped in order."""
        lost = [one for one in lost if one.id not in self._waiting]
        able = [one for one in lost if self._engine.can_run(one)]
        await self._interrupt([one for one in lost if one not in able])
        counts = await self._count([one for one in able if one.executor in crashed])
        aside = [key for key, count in counts.items() if count >= LIMIT]
        await self._engine.cancel(aside)
        await self._runs.end_of(aside, SET_ASIDE)
        alone = [key for key, count in counts.items() if ALONE_AFTER <= count < LIMIT]
        rest = {one.id for one in able} - {*aside, *alone}
        await self._engine.resume(sorted(rest))
        self._resume_in_turn(alone)
        if able:
            log.info("work of an ended process resumed", workflows=len(rest))

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _count(self, crashed: Sequence[Left]) -> dict[str, int]:
        return await self._crashes.count(crashed) if crashed else {}

    async def _interrupt(self, lost: Sequence[Left]) -> None:
        ids = [one.id for one in lost]
        await self._engine.discard(ids)
        await self._runs.end_of(ids, INTERRUPTED)
        for one in lost:
            log.warning(
                "work of another version ended",
                workflow=one.name,
                id=one.id,
                version=one.version,
            )

    def _resume_in_turn(self, ids: Sequence[str]) -> None:
        self._waiting |= set(ids)
        if ids:
            self._task = asyncio.create_task(self._each_alone(ids, self._task))

    async def _each_alone(
        self, ids: Sequence[str], before: asyncio.Task[None] | None
    ) -> None:
        if before is not None:
            await before
        for each in ids:
            await self._engine.resume([each])
            await self._engine.wait(each)
            self._waiting.discard(each)
