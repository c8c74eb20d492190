"""Counts how often the process died while a workflow was running.

DBOS's own count restarts with every process, so a workflow that crashes the process
would do so at each start. After `LIMIT` crashes it is set aside.
"""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import structlog

from zondarr.core.clock import utc_now
from zondarr.core.database import Database
from zondarr.core.durable.engine import UNFINISHED, Engine, Left
from zondarr.core.durable.models import Crash
from zondarr.core.durable.repository import CrashRepository
from zondarr.core.durable.schedule_ids import crash_key
from zondarr.core.exceptions import NotFoundError

LIMIT = 3
ALONE_AFTER = 2
"""Crashes after which a workflow is resumed alone, so that the next crash is counted
for the workflow that caused it.
"""

type FindOwner = Callable[[Left], Awaitable[UUID | None]]

log: structlog.stdlib.BoundLogger = structlog.get_logger()


class Crashes:
    """Counts crashes, and stores what was set aside."""

    def __init__(
        self, database: Database, engine: Engine, find_owner: FindOwner
    ) -> None:
        self._database = database
        self._engine = engine
        self._find_owner = find_owner
        self._counted: set[str] = set()

    async def count(self, crashed: Sequence[Left]) -> dict[str, int]:
        """Count one crash for each; returns the totals by workflow id."""
        owners = {one.id: await self._find_owner(one) for one in crashed}
        counts: dict[str, int] = {}
        async with self._database.unscoped("durable work") as session:
            rows = CrashRepository(session)
            for one in crashed:
                row = await rows.count(crash_key(one.id), one.id, one.name)
                row.owner_id, counts[one.id] = owners[one.id], row.count
                if row.count >= LIMIT:
                    row.set_aside_at = utc_now()
                self._counted.add(row.key)
        for one in crashed:
            if counts[one.id] >= LIMIT:
                log.error("workflow set aside", workflow=one.name, id=one.id)
        return counts

    async def set_aside(self) -> Sequence[Crash]:
        async with self._database.unscoped("durable work", reading=True) as session:
            return await CrashRepository(session).set_aside()

    async def is_set_aside(self, workflow_id: str) -> bool:
        async with self._database.unscoped("durable work", reading=True) as session:
            row = await CrashRepository(session).find(crash_key(workflow_id))
        return row is not None and row.set_aside_at is not None

    async def ended(self, workflow_id: str) -> None:
        """The workflow ended, so its crashes do not count any more."""
        key = crash_key(workflow_id)
        if key in self._counted:
            self._counted.discard(key)
            await self.forget(key)

    async def forget(self, key: str) -> None:
        async with self._database.unscoped("durable work") as session:
            await CrashRepository(session).remove(key)

    async def take_back(self, id: UUID, owner_id: UUID) -> str:
        """Allow a workflow that was set aside to run again; returns its id."""
        async with self._database.unscoped("durable work") as session:
            rows = CrashRepository(session)
            row = await rows.get_by_id(id)
            theirs = row is not None and row.owner_id in {None, owner_id}
            if row is None or not theirs or row.set_aside_at is None:
                raise NotFoundError("Work that was set aside", id)
            await rows.delete(row)
        return row.workflow_id

    async def tidy(self) -> None:
        """Delete the counts of workflows that have ended, here or elsewhere."""
        async with self._database.unscoped("durable work", reading=True) as session:
            rows = await CrashRepository(session).get_all()
        known = await self._engine.statuses([row.workflow_id for row in rows])
        for row in rows:
            running = known.get(row.workflow_id) in UNFINISHED
            if not running and row.set_aside_at is None:
                await self.forget(row.key)
