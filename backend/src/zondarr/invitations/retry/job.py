"""The job `retry_redemptions`: retries failed servers of redemptions for a day.

    failed ── due ── take up ── undo what an earlier attempt left ── create the account
      ▲                                                               │          │
      └──────────────── undo, as far as the server allows ───────── fails    record it,
                                                                             settled

No state is kept in a workflow: what is due follows from the rows, so an interrupted
attempt is found again in the next round. The pause between two attempts is as long as
the time since the first, at most an hour. Retrying ends when nothing is left to do,
when the day is over, or when the person was deleted or disabled meanwhile; what may be
left on a server is then removed by the job of `leftovers`.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from uuid import UUID

import structlog

from zondarr.core.actor import Actor
from zondarr.core.clock import utc_now
from zondarr.core.counting import sentence
from zondarr.core.crypto import SealError
from zondarr.core.database import Database, Session
from zondarr.core.durable import Every, Job, Lock, Progress
from zondarr.core.exceptions import NotFoundError, RepositoryError
from zondarr.invitations.models import (
    COMPLETE,
    Provisioning,
    ProvisioningStatus,
    Redemption,
)
from zondarr.invitations.provisioning import Provisioner
from zondarr.invitations.repository import RedemptionRepository
from zondarr.invitations.retry.records import RetryRecords
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.servers.rounds import Stop, for_each_server

log = structlog.get_logger(__name__)

JOB = "retry_redemptions"
INTERVAL = timedelta(minutes=1)
TIME_LIMIT = timedelta(seconds=40)
"""For one attempt. A server that hangs is not asked again in that round."""
ROUND_TIME = timedelta(seconds=30)
"""After this time a round starts no further attempt on a server."""
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)

OUTAGE = {ErrorKind.UNREACHABLE, ErrorKind.STARTING, ErrorKind.BUSY}


def is_due(part: Provisioning, redemption: Redemption, now: datetime) -> bool:
    """Whether another attempt is due."""
    if part.status in COMPLETE:
        return part.plan is not None
    if part.status is ProvisioningStatus.WORKING:
        return True
    began = redemption.finished_at or redemption.created_at
    tried = part.updated_at
    if tried > now:
        return True  # noted while the clock was ahead
    return tried + min(max(tried - began, FIRST_PAUSE), LONGEST_PAUSE) <= now


@dataclass(frozen=True, slots=True)
class RetrySummary:
    """The number of provisionings that were due, and of those that succeeded."""

    due: int
    well: int

    def __str__(self) -> str:
        if not self.due:
            return "There was nothing to try again."
        return sentence(f"tried {self.due} again", f"{self.well} worked")


class RetryJob:
    """The job `retry_redemptions`; one object per process."""

    def __init__(
        self,
        database: Database,
        provisioner: Provisioner,
        *,
        lock: Lock,
        time_limit: timedelta = TIME_LIMIT,
    ) -> None:
        self.database = database
        self.provisioner = provisioner
        self.records = RetryRecords(database, provisioner.keyring)
        self.lock = lock
        self.time_limit = time_limit

    def job(self) -> Job:
        return Job(
            name=JOB,
            description="Tries again what could not be done for guests who were let in"
            + " elsewhere, for a day.",
            every=Every(INTERVAL),
            function=self._run,
            at_start=True,
        )

    async def _run(self, progress: Progress, workspace_id: UUID | None) -> None:
        await progress.report(message=str(await self.retry(utc_now(), workspace_id)))

    async def retry(
        self, now: datetime, workspace_id: UUID | None = None
    ) -> RetrySummary:
        """One round, in one workspace or all, on all servers at once."""
        async with self.database.unscoped("background job") as session:
            await RedemptionRepository(session).forget_secrets(now=now)
        ended = await for_each_server(
            self.database,
            partial(_due_parts, workspace_id, now),
            partial(self._on_server, now),
            job=JOB,
            time_limit=ROUND_TIME + 3 * self.time_limit,
        )
        await self._end_settled(workspace_id, now)
        return RetrySummary(
            due=sum(due for due, _ in ended.results),
            well=sum(well for _, well in ended.results),
        )

    async def _end_settled(self, workspace_id: UUID | None, now: datetime) -> None:
        async with self.database.unscoped("background job", reading=True) as session:
            found = await RedemptionRepository(session).list_retrying(workspace_id)
        for redemption in found:
            actor = Actor.job(JOB, workspace_id=redemption.workspace_id)
            await self.records.end(redemption, now, actor)

    async def _on_server(
        self, now: datetime, stop: Stop[Sequence[UUID]], actor: Actor
    ) -> tuple[int, int]:
        """Retry on one server, one guest after the other; returns how many were due and
        how many succeeded.
        """
        began, well = monotonic(), 0
        for part in stop.task:
            if monotonic() - began > ROUND_TIME.total_seconds():
                break
            async with self.lock(f"provisioning:{part}"):
                try:
                    async with asyncio.timeout(self.time_limit.total_seconds()):
                        well += await self._try(part, now, actor)
                except NotFoundError:
                    continue  # an operator removed the server, or the invitation
                except RepositoryError:
                    log.warning("not recorded; the next round will", part=str(part))
                except (MediaClientError, SealError, TimeoutError) as error:
                    if await self._failed(part, error, actor):
                        break
        return len(stop.task), well

    async def _try(self, id: UUID, now: datetime, actor: Actor) -> bool:
        """Whether the account is created and recorded; raises why it is not."""
        part = await self.records.find(id)
        if part is None or not is_due(part, part.redemption, now):
            return False
        if not await self.records.is_wanted(part.redemption, now):
            await self._clear(id, actor)
            return False
        if part.status not in COMPLETE:
            if not await self.records.take_up(part):
                return False
            if part.status is not ProvisioningStatus.WORKING:
                await self._clear(id, actor)
        await self.provisioner.provision(id, by=actor)
        if not await self.records.record(part):
            await self._clear(id, actor)
            return False
        await self.records.end(part.redemption, now, actor)
        return True

    async def _clear(self, id: UUID, actor: Actor) -> None:
        """Remove what is left of an earlier attempt, unless an operator took it
        over.
        """
        try:
            await self.provisioner.take_back(id, by=actor)
        except MediaClientError as error:
            if error.kind is not ErrorKind.REFUSED:
                raise
        await self.provisioner.forget(id)

    async def _failed(self, id: UUID, error: Exception, actor: Actor) -> bool:
        """Store the error and clean up; returns whether the whole server is
        failing.
        """
        if isinstance(error, TimeoutError):
            await self.provisioner.fail(id, "server_timeout")
            return True
        media = error if isinstance(error, MediaClientError) else None
        await self.provisioner.fail(id, media.error_code if media else SealError.code)
        if media is not None and media.kind in OUTAGE:
            return True
        with suppress(MediaClientError, SealError, NotFoundError, TimeoutError):
            async with asyncio.timeout(self.time_limit.total_seconds()):
                await self.provisioner.take_back(id, by=actor)
        return False


async def _due_parts(
    workspace_id: UUID | None, now: datetime, session: Session
) -> list[Stop[Sequence[UUID]]]:
    found = await RedemptionRepository(session).list_retrying(workspace_id)
    return _by_server(found, now)


def _by_server(
    redemptions: Iterable[Redemption], now: datetime
) -> list[Stop[Sequence[UUID]]]:
    """The due provisionings of each enabled server, the longest untried first."""
    parts = [
        part
        for redemption in redemptions
        for part in redemption.provisionings
        if part.server.enabled and is_due(part, redemption, now)
    ]
    found: dict[tuple[UUID, UUID], list[UUID]] = {}
    for part in sorted(parts, key=lambda part: part.updated_at):
        found.setdefault((part.workspace_id, part.media_server_id), []).append(part.id)
    return [Stop(*ids, task) for ids, task in found.items()]
