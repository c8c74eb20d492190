"""Removes accounts that ended redemptions may have left on servers.

A server that was down when a redemption ended is tried again after a minute, then after
as much time as the account has waited so far, at most an hour. This ends when the
account is gone, the server is removed here, or an operator dismisses the entry.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from uuid import UUID

import msgspec
import structlog

from zondarr.core.actor import Actor
from zondarr.core.clock import utc_now
from zondarr.core.counting import counted, sentence
from zondarr.core.crypto import Keyring, SealError, place_of
from zondarr.core.database import Database, Session
from zondarr.core.durable import Every, Job, Progress
from zondarr.invitations.models import Leftover
from zondarr.invitations.repository import LeftoverRepository
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.registry import ClientRegistry
from zondarr.media.throttle import wait_budget
from zondarr.media.types import AccountPlan
from zondarr.servers.connections import Connections
from zondarr.servers.rounds import TIMED_OUT, Stop, for_each_server

log = structlog.get_logger(__name__)

OUTAGE = {ErrorKind.UNREACHABLE, ErrorKind.STARTING}
"""Failures after which a server is asked for nothing else in a round."""

JOB = "remove_leftovers"
INTERVAL = timedelta(minutes=1)
TIME_LIMIT = timedelta(seconds=45)
"""For one account, retries included."""
ROUND_TIME = timedelta(seconds=45)
"""No further account is begun on a server after this; the next round goes on."""
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
SETTLED_AFTER = timedelta(minutes=15)
"""An interrupted request may still create the account within this time, so until then
an account that is not found is not certainly absent.
"""


def is_due(leftover: Leftover, now: datetime) -> bool:
    """Whether to try again; a time in the future was noted while the clock was ahead,
    and is ignored.
    """
    tried = leftover.tried_at
    if tried is None or tried > now:
        return True
    waited = max(tried - leftover.created_at, FIRST_PAUSE)
    return tried + min(waited, LONGEST_PAUSE) <= now


@dataclass(frozen=True, slots=True)
class Removed:
    due: int
    removed: int

    def __str__(self) -> str:
        if not self.due:
            return "There was nothing to remove."
        return sentence(f"removed {self.removed} of {counted(self.due, 'account')}")


class Leftovers:
    """The job `remove_leftovers`; one object per process."""

    def __init__(
        self, database: Database, keyring: Keyring, registry: ClientRegistry
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.registry = registry

    def job(self) -> Job:
        return Job(
            name=JOB,
            description="Removes accounts of redemptions that ended while their server"
            + " did not answer.",
            every=Every(INTERVAL),
            function=self._run,
            at_start=True,
        )

    async def _run(self, progress: Progress, workspace_id: UUID | None) -> None:
        await progress.report(message=str(await self.remove(utc_now(), workspace_id)))

    async def remove(self, now: datetime, workspace_id: UUID | None = None) -> Removed:
        """One round. If it was requested for one workspace, everything there is
        due.
        """
        ended = await for_each_server(
            self.database,
            partial(_due, workspace_id, now),
            partial(self._on_server, now),
            job=JOB,
            time_limit=ROUND_TIME + 2 * TIME_LIMIT,
        )
        return Removed(
            due=sum(due for due, _ in ended.results),
            removed=sum(removed for _, removed in ended.results),
        )

    async def _on_server(
        self, now: datetime, stop: Stop[Sequence[Leftover]], actor: Actor
    ) -> tuple[int, int]:
        """Remove accounts from one server, one after the other; returns how many were
        due and how many were removed.
        """
        began, removed = monotonic(), 0
        for leftover in stop.task:
            if monotonic() - began > ROUND_TIME.total_seconds():
                break
            try:
                async with asyncio.timeout(TIME_LIMIT.total_seconds()):
                    removed += await self._remove(leftover, now, actor)
            except TimeoutError:
                await self._note(leftover, TIMED_OUT, now)
                break
            except SealError as error:
                await self._note(leftover, error.error_code, now)
            except MediaClientError as error:
                await self._note(leftover, error.error_code, now)
                if error.kind in OUTAGE:
                    break
        return len(stop.task), removed

    async def _remove(self, leftover: Leftover, now: datetime, actor: Actor) -> bool:
        plan = self._plan_of(leftover)
        work = partial(self.database.scoped, leftover.workspace_id)
        connections = Connections(work, self.keyring, self.registry)
        try:
            with wait_budget(TIME_LIMIT):
                async with connections.open(leftover.server) as client:
                    found = await client.discard_account(
                        plan, leftover.external_user_id
                    )
        except MediaClientError as error:
            # An operator made the guest an administrator: the account is kept.
            if error.kind is not ErrorKind.REFUSED:
                raise
            found = True
        if not found and now - leftover.created_at < SETTLED_AFTER:
            await self._note(leftover, None, now)
            return False
        async with work() as session:
            row = await LeftoverRepository(session).get_by_id(leftover.id)
            if row is not None:
                await LeftoverRepository(session).delete(row)
        log.info(
            "leftover account removed",
            leftover_id=str(leftover.id),
            found=found,
            actor=actor.label,
        )
        return True

    def _plan_of(self, leftover: Leftover) -> AccountPlan:
        place = place_of("leftovers", "plan", leftover.id)
        opened = self.keyring.open(leftover.plan, place=place)
        return msgspec.json.decode(opened, type=AccountPlan)

    async def _note(
        self, leftover: Leftover, error_code: str | None, now: datetime
    ) -> None:
        async with self.database.scoped(leftover.workspace_id) as session:
            row = await LeftoverRepository(session).get_by_id(leftover.id)
            if row is not None:
                row.tried_at, row.error_code = now, error_code


async def _due(
    workspace_id: UUID | None, now: datetime, session: Session
) -> list[Stop[Sequence[Leftover]]]:
    found: dict[tuple[UUID, UUID], list[Leftover]] = {}
    for leftover in await LeftoverRepository(session).list_all(workspace_id):
        if workspace_id is not None or is_due(leftover, now):
            on = leftover.workspace_id, leftover.media_server_id
            found.setdefault(on, []).append(leftover)
    return [Stop(*ids, task) for ids, task in found.items()]
