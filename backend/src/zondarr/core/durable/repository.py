"""Queries on the tables of durable work."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, text, update

from zondarr.core.clock import utc_now
from zondarr.core.database import Session
from zondarr.core.durable.models import ONGOING, Crash, Replica, Run, RunStatus, Tick
from zondarr.core.exceptions import DuplicateError
from zondarr.core.repository import PageRequest, Repository, Slice

CLOCKS_DIFFER = timedelta(seconds=10)
"""The tolerated difference between the clocks of two replicas."""
REAPER = 0x7A6F6E64_72656170
"""The advisory lock of the replica that reaps."""


class ReplicaRepository:
    """Heartbeats by the database's clock: those of the hosts may differ."""

    def __init__(self, session: Session, /, *, postgresql: bool) -> None:
        self.session = session
        self._postgresql = postgresql

    async def sign(self, id: UUID) -> None:
        """Write a heartbeat. A replica that was only slow and is considered dead joins
        again.
        """
        now: Any = func.now() if self._postgresql else utc_now()
        mine = update(Replica).where(Replica.id == id).values(seen_at=now)
        if await self.session.scalar(mine.returning(Replica.id)) is None:
            self.session.add(Replica(id=id, seen_at=now))
            await self.session.flush()

    async def remove(self, id: UUID) -> None:
        await self.session.execute(delete(Replica).where(Replica.id == id))

    async def remove_silent(self, id: UUID, patience: timedelta) -> set[str]:
        """Remove other replicas without a recent heartbeat."""
        return await self._remove(id, Replica.seen_at < func.now() - patience)

    async def remove_others(self, id: UUID) -> set[str]:
        """On SQLite: those that did not stop in order."""
        return await self._remove(id)

    async def _remove(self, id: UUID, *which: ColumnElement[bool]) -> set[str]:
        gone = delete(Replica).where(Replica.id != id, *which).returning(Replica.id)
        return {str(one) for one in await self.session.scalars(gone)}

    async def ids(self) -> set[str]:
        return {str(one) for one in await self.session.scalars(select(Replica.id))}

    async def is_reaper(self) -> bool:
        """Take the reaper's lock until the transaction ends; false if another replica
        has it.
        """
        if not self._postgresql:
            return True
        take = text("SELECT pg_try_advisory_xact_lock(:key)")
        return bool(await self.session.scalar(take, {"key": REAPER}))


class RunRepository(Repository[Run]):
    entity = Run
    sorts = {"created_at": Run.created_at, "name": Run.name}

    async def find(
        self,
        request: PageRequest,
        *,
        name: str | None = None,
        status: RunStatus | None = None,
    ) -> Slice[Run]:
        rows = select(Run)
        if name is not None:
            rows = rows.where(Run.name == name)
        if status is not None:
            rows = rows.where(Run.status == status)
        return await self.page(rows, request)

    async def ongoing(self, name: str, subject_id: UUID | None = None) -> Run | None:
        """The newest that goes on: of any subject, or of this one."""
        rows = select(Run).where(Run.name == name, Run.status.in_(ONGOING))
        if subject_id is not None:
            rows = rows.where(Run.subject_id == subject_id)
        return await self.session.scalar(rows.order_by(Run.id.desc()).limit(1))

    async def last_of_each(self) -> dict[str, Run]:
        """The newest run of each name; those made while the clock was ahead are
        older.
        """
        ahead = Run.created_at > utc_now() + CLOCKS_DIFFER
        order = ahead, Run.id.desc()
        place = func.row_number().over(partition_by=Run.name, order_by=order)
        ranked = select(Run.id, place.label("place")).subquery()
        newest = select(ranked.c.id).where(ranked.c.place == 1)
        runs = await self.session.scalars(select(Run).where(Run.id.in_(newest)))
        return {run.name: run for run in runs}

    async def change(
        self, id: UUID, *unless: ColumnElement[bool], **values: Any
    ) -> Run | None:
        """Update a run and return it; None if it is gone."""
        changed = (
            update(Run).where(Run.id == id, *unless).values(**values).returning(Run)
        )
        return await self.session.scalar(
            changed, execution_options={"populate_existing": True}
        )

    async def changed_since(
        self, moment: datetime, workspaces: set[UUID]
    ) -> Sequence[Run]:
        rows = select(Run).where(
            Run.updated_at >= moment, Run.workspace_id.in_(workspaces)
        )
        return (await self.session.scalars(rows.order_by(Run.updated_at))).all()

    async def untouched_since(self, moment: datetime) -> Sequence[Run]:
        """Unfinished runs without an update since this time."""
        rows = select(Run).where(Run.status.in_(ONGOING), Run.updated_at < moment)
        return (await self.session.scalars(rows)).all()

    async def ongoing_of(self, workflow_ids: Collection[str]) -> Sequence[Run]:
        rows = select(Run).where(
            Run.status.in_(ONGOING), Run.workflow_id.in_(workflow_ids)
        )
        return (await self.session.scalars(rows)).all()

    async def reopen(self, workflow_id: str) -> None:
        change = update(Run).where(Run.workflow_id == workflow_id)
        change = change.values(
            status=RunStatus.QUEUED, finished_at=None, error_code=None
        )
        await self.session.execute(change)

    async def remove_ended_before(self, moment: datetime) -> None:
        old = Run.status.not_in(ONGOING), Run.created_at < moment
        await self.session.execute(delete(Run).where(*old))


class CrashRepository(Repository[Crash]):
    entity = Crash

    async def find(self, key: str) -> Crash | None:
        return await self.session.scalar(select(Crash).where(Crash.key == key))

    async def count(self, key: str, workflow_id: str, name: str) -> Crash:
        row = await self.find(key)
        if row is None:
            row = await self.create(Crash(key=key, workflow_id=workflow_id, name=name))
        row.workflow_id, row.count = workflow_id, row.count + 1
        return row

    async def set_aside(self) -> Sequence[Crash]:
        rows = select(Crash).where(Crash.set_aside_at.is_not(None))
        return (await self.session.scalars(rows.order_by(Crash.set_aside_at))).all()

    async def remove(self, key: str) -> None:
        await self.session.execute(delete(Crash).where(Crash.key == key))


class TickRepository(Repository[Tick]):
    entity = Tick

    async def by_name(self) -> dict[str, Tick]:
        return {tick.name: tick for tick in await self.get_all()}

    async def claim(
        self, name: str, due_at: datetime, workflow_id: str, *, ended: str | None
    ) -> bool:
        """Claim a tick, unless a later one was claimed or the one before is still
        running.

        A tick in the future was claimed while the clock was ahead, and is ignored. The
        same workflow may claim its own tick again: it was interrupted and resumed.
        `ended` is a workflow that is not running any more, whatever its tick says.
        """
        free = (
            (Tick.status != RunStatus.RUNNING)
            & ((Tick.due_at < due_at) | (Tick.due_at > utc_now() + CLOCKS_DIFFER))
            | (Tick.workflow_id == workflow_id)
            | (Tick.workflow_id == ended)
        )
        values = {
            "due_at": due_at,
            "workflow_id": workflow_id,
            "status": RunStatus.RUNNING,
            "started_at": utc_now(),
            "finished_at": None,
            "error_code": None,
        }
        take = update(Tick).where(Tick.name == name, free).values(**values)
        if await self.session.scalar(take.returning(Tick.id)) is not None:
            return True
        if await self.session.scalar(select(Tick.id).where(Tick.name == name)):
            return False
        with suppress(DuplicateError):
            async with self.session.begin_nested():
                await self.create(Tick(name=name, **values))
            return True
        return False

    async def end(
        self, workflow_id: str, status: RunStatus, error_code: str | None
    ) -> None:
        end = update(Tick).where(Tick.workflow_id == workflow_id)
        values = {"status": status, "finished_at": utc_now(), "error_code": error_code}
        await self.session.execute(end.values(**values))
