"""Rounds: a job visits many servers at the same time, each with its own time limit.

A slow server delays no other one. A failure is logged and counted; the next round
visits that server again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from logging import DEBUG, WARNING
from uuid import UUID

import structlog

from zondarr.core.actor import Actor
from zondarr.core.database import Database, Session
from zondarr.core.exceptions import ZondarrError

log = structlog.get_logger(__name__)

AT_ONCE = 100
"""How many servers are visited at the same time; the others wait for a free slot."""
TIMED_OUT = "server_timeout"


@dataclass(frozen=True, slots=True)
class Stop[T]:
    """A server to visit, with what the query already knows about the visit."""

    workspace_id: UUID
    server_id: UUID
    task: T


@dataclass(frozen=True, slots=True)
class Round[R]:
    """The results of the visits that succeeded, and how many failed."""

    results: Sequence[R]
    failed: int

    @property
    def visited(self) -> int:
        return len(self.results) + self.failed


type Query[T] = Callable[[Session], Awaitable[Sequence[Stop[T]]]]
type Visit[T, R] = Callable[[Stop[T], Actor], Awaitable[R]]


async def for_each_server[T, R](
    database: Database,
    query: Query[T],
    visit: Visit[T, R],
    *,
    job: str,
    time_limit: timedelta,
) -> Round[R]:
    """Visit every server that `query` finds, on behalf of the job of this name.

    The query reads across workspaces in a session of its own, which is closed before
    the first visit.
    """
    async with database.unscoped("background job", reading=True) as session:
        stops = await query(session)
    slots = asyncio.Semaphore(AT_ONCE)

    async def attempt(stop: Stop[T]) -> tuple[R] | None:
        actor = Actor.job(job, workspace_id=stop.workspace_id)
        try:
            async with slots, asyncio.timeout(time_limit.total_seconds()):
                return (await visit(stop, actor),)
        except TimeoutError:
            level, code = WARNING, TIMED_OUT
        except ZondarrError as error:
            # The failed call was logged by the client.
            level, code = DEBUG, error.error_code
        log.log(
            level,
            "server visit failed",
            server_id=str(stop.server_id),
            actor=actor.label,
            code=code,
        )
        return None

    ended = await asyncio.gather(*map(attempt, stops))
    results = [one[0] for one in ended if one is not None]
    return Round(results, failed=len(ended) - len(results))
