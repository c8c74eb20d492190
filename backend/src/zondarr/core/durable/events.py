"""What happens in a workspace, told live to whoever watches.

Within the process it is told at once. What other replicas do to runs is looked up each
second, and only while somebody watches: simpler than a channel that must be kept open,
and quick enough for eyes.
"""

import asyncio
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

import structlog

from zondarr.core.clock import utc_now
from zondarr.core.database import Database
from zondarr.core.durable.models import Run
from zondarr.core.durable.repository import RunRepository
from zondarr.core.durable.schemas import RunResponse
from zondarr.core.exceptions import RepositoryError

UNREAD = 100
"""Events kept for a watcher who is slow; beyond that the oldest are dropped."""
OVERLAP = timedelta(seconds=10)
"""How far the clocks of two replicas may be apart."""

log: structlog.stdlib.BoundLogger = structlog.get_logger()


class RunEvent(RunResponse, kw_only=True, frozen=True, tag_field="type", tag="run"):
    """A run that has come further."""


type Event = RunEvent
type _Queue = asyncio.Queue[Event | None]


class Events:
    """Who watches which workspace."""

    def __init__(self) -> None:
        self._watchers: defaultdict[UUID, set[_Queue]] = defaultdict(set)
        self._closed = False
        self._told: dict[UUID, datetime] = {}

    @property
    def workspaces(self) -> set[UUID]:
        """Those that are watched."""
        return set(self._watchers)

    @contextmanager
    def watch(self, workspace_id: UUID) -> Generator[asyncio.Queue[Event | None]]:
        """A queue that gets the workspace's events, until the block ends.

        None is the last: the process is about to stop.
        """
        queue: _Queue = asyncio.Queue(UNREAD)
        self._watchers[workspace_id].add(queue)
        if self._closed:
            queue.put_nowait(None)
        try:
            yield queue
        finally:
            self._watchers[workspace_id].discard(queue)
            if not self._watchers[workspace_id]:
                del self._watchers[workspace_id]

    def tell(self, run: Run) -> None:
        """Tell of a run as it is now, unless that was told already."""
        if self._told.get(run.id) == run.updated_at:
            return
        self._told[run.id] = run.updated_at
        for queue in self._watchers.get(run.workspace_id, ()):
            _put(queue, RunEvent.of(run))

    def close(self) -> None:
        """Send every watcher away, so that a server need not wait for them to go."""
        self._closed = True
        for queue in chain.from_iterable(self._watchers.values()):
            _put(queue, None)

    def forget(self, before: datetime) -> None:
        """Drop what was remembered of runs that have been quiet since."""
        self._told = {run: at for run, at in self._told.items() if at >= before}


def _put(queue: _Queue, event: Event | None) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(event)


async def tell_of_others(
    events: Events, database: Database, interval: timedelta
) -> None:
    """Watch what other replicas do to the runs of watched workspaces; never returns."""
    while True:
        await asyncio.sleep(interval.total_seconds())
        since = utc_now() - OVERLAP
        events.forget(since - OVERLAP)
        if not events.workspaces:
            continue
        try:
            async with database.unscoped("durable work", reading=True) as session:
                runs = RunRepository(session)
                for run in await runs.changed_since(since, events.workspaces):
                    events.tell(run)
        except RepositoryError:
            log.warning("live progress is late: the database does not answer")
