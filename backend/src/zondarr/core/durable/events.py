"""Publishes the events of a workspace to its watchers.

Events of this process are published at once. Other replicas' runs are polled each
second while somebody watches: simpler than a permanent channel, and fast enough for
people.
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
"""Events queued for a slow watcher; beyond that the oldest are dropped."""
OVERLAP = timedelta(seconds=10)
"""The tolerated difference between the clocks of two replicas."""

log: structlog.stdlib.BoundLogger = structlog.get_logger()


class RunEvent(RunResponse, kw_only=True, frozen=True, tag_field="type", tag="run"):
    """A run's progress has changed."""


type Event = RunEvent
type _Queue = asyncio.Queue[Event | None]


class Events:
    """The watchers of each workspace."""

    def __init__(self) -> None:
        self._watchers: defaultdict[UUID, set[_Queue]] = defaultdict(set)
        self._closed = False
        self._told: dict[UUID, datetime] = {}

    @property
    def workspaces(self) -> set[UUID]:
        """The workspaces that are being watched."""
        return set(self._watchers)

    @contextmanager
    def watch(self, workspace_id: UUID) -> Generator[asyncio.Queue[Event | None]]:
        """A queue that receives the workspace's events until the block ends.

        None is the last item: the process is about to stop.
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

    def publish(self, run: Run) -> None:
        """Publish a run's current state, unless that was published already."""
        if self._told.get(run.id) == run.updated_at:
            return
        self._told[run.id] = run.updated_at
        for queue in self._watchers.get(run.workspace_id, ()):
            _put(queue, RunEvent.of(run))

    def close(self) -> None:
        """Disconnect every watcher, so that the server does not wait for them."""
        self._closed = True
        for queue in chain.from_iterable(self._watchers.values()):
            _put(queue, None)

    def forget(self, before: datetime) -> None:
        """Delete the remembered state of runs without recent changes."""
        self._told = {run: at for run, at in self._told.items() if at >= before}


def _put(queue: _Queue, event: Event | None) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(event)


async def poll_other_replicas(
    events: Events, database: Database, interval: timedelta
) -> None:
    """Poll other replicas' runs in the watched workspaces; never returns."""
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
                    events.publish(run)
        except RepositoryError:
            log.warning("live progress is late: the database does not answer")
