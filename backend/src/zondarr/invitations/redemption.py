"""A redemption from its claim to its end, as durable work.

    start ── provision each server, in parallel ──┬─ all done ──────────── record
                                                  ├─ some, and "keep" ──── undo the
                                                  │    failed ones, record ┄ retry
                                                  └─ else ── undo all, close

A pending share counts as done. After a crash the workflow continues from its last
finished step, and each step checks what exists already. It ends in exactly one of
`record` and `close`, each of which is one transaction: people are stored and the use
stays counted, or the use is given back. Retries after `record` are not part of it: see
`retry`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from itertools import count
from time import monotonic
from uuid import UUID

import structlog
from msgspec import Struct

from zondarr.core.clock import utc_now
from zondarr.core.crypto import SealError
from zondarr.core.database import Database
from zondarr.core.durable import (
    Durable,
    Every,
    Job,
    Progress,
    Retry,
    StepFailedError,
)
from zondarr.core.exceptions import NotFoundError, RepositoryError
from zondarr.invitations.closing import close
from zondarr.invitations.library_check import LIBRARY_UNKNOWN
from zondarr.invitations.models import (
    COMPLETE,
    OnFailure,
    Provisioning,
    RedemptionStatus,
)
from zondarr.invitations.provisioning import Provisioner
from zondarr.invitations.recording import (
    end_of_access,
    enrolments_of,
    get_redemption,
    secret_for,
)
from zondarr.invitations.repository import RedemptionRepository
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.users.enrolment import enrol

log = structlog.get_logger(__name__)


def _is_ours(error: Exception) -> bool:
    return isinstance(error, RepositoryError)


PASSING = {ErrorKind.UNREACHABLE, ErrorKind.STARTING, ErrorKind.BUSY}
"""Failures that may be over in a moment; they are retried for a few seconds while the
guest waits.
"""

PROVISION_TRIES = 3
SWEEP_INTERVAL = timedelta(minutes=1)
KEYS_KEPT = timedelta(days=1)
LONGEST_WAIT = timedelta(seconds=10)
UNDO_FOR = timedelta(minutes=10)
"""How long an undo waits for a server before the redemption is closed without it."""
RETRY_FOR = timedelta(days=1)
QUEUE_FOR = timedelta(minutes=15)
"""How long a guest waits at most for the rate limit."""
LONGEST_UNDO_PAUSE = timedelta(minutes=10)

PATIENT = Retry(attempts=1_000, pause=0.5, when=_is_ours)
"""While our own database fails nothing can be decided, so wait for it."""


MADE, NOT_MADE, LEFT_OUT = True, False, None
"""What became of one provisioning. Left out: its server has none of the libraries."""


class Plan(Struct, frozen=True):
    """The provisionings of a redemption, and what to do when one of them fails."""

    parts: list[UUID]
    keep: bool


class RedemptionFlow:
    """The workflow of redemptions; one per process.

    `pace` shortens the pauses between attempts in tests.
    """

    def __init__(
        self,
        database: Database,
        durable: Durable,
        provisioner: Provisioner,
        *,
        pace: float = 1.0,
    ) -> None:
        self.database = database
        self.durable = durable
        self.provisioner = provisioner
        self.pace = pace
        self.workflow = durable.workflow(
            "invitations.redeem", self.redeem, owner=self._workspace_of
        )

    async def start(self, id: UUID) -> None:
        """Start the redemption's workflow; one that was started is left alone."""
        await self.workflow.start(id, id=id)

    def job(self) -> Job:
        """Starts, on schedule and at process start, what was not started."""

        async def start_missing(_progress: Progress, _id: UUID | None) -> None:
            await self.start_missing()

        return Job(
            name="begin_redemptions",
            description="Begins redemptions that were claimed and never started.",
            every=Every(SWEEP_INTERVAL),
            function=start_missing,
            at_start=True,
        )

    async def _workspace_of(self, workflow_id: str) -> UUID | None:
        async with self.database.unscoped("durable work", reading=True) as session:
            found = await RedemptionRepository(session).get_by_id(UUID(workflow_id))
        return None if found is None else found.workspace_id

    async def forget_keys(self) -> None:
        """Delete idempotency keys that are older than a day."""
        async with self.database.unscoped("background job") as session:
            await RedemptionRepository(session).forget_keys(utc_now() - KEYS_KEPT)

    async def start_missing(self) -> None:
        """Start redemptions that were claimed when the process died before their start,
        and restart those that failed because of an error of ours.
        """
        async with self.database.unscoped("durable work", reading=True) as session:
            running = await RedemptionRepository(session).list_running()
        for redemption_id in running:
            await self.workflow.restart(redemption_id, id=redemption_id)

    async def redeem(self, id: UUID) -> None:
        """The workflow."""
        plan = await self._step("plan", self._plan, id)
        results = await self._each("provision", self._provision, plan.parts)
        made = [part for part, result in results.items() if result is MADE]
        left_out = [part for part, result in results.items() if result is LEFT_OUT]
        failed = [part for part in plan.parts if part not in {*made, *left_out}]
        if made and not failed:
            await self._step("record", self._record, id)
        elif made and plan.keep:
            await self._each("undo", self._undo, failed)
            await self._step("record", self._record, id)
        else:
            await self._take_back(plan.parts)
            await self._step("close", self._close, id)

    def _step[*A, R](
        self, name: str, function: Callable[[*A], Awaitable[R]], *args: *A
    ) -> Awaitable[R]:
        return self.durable.step(name, function, *args, retry=PATIENT)

    async def _each[R](
        self,
        name: str,
        function: Callable[[UUID], Awaitable[R]],
        parts: Sequence[UUID],
    ) -> Mapping[UUID, R | StepFailedError]:
        """Run a step for each provisioning, in parallel."""
        results = await self.durable.together(
            *(self._step(name, function, part) for part in parts)
        )
        return dict(zip(parts, results, strict=True))

    async def _take_back(self, parts: Sequence[UUID]) -> None:
        """Undo on each server; one that is down is waited for, within a limit."""
        waited = timedelta()
        for attempt in count():
            results = await self._each("undo", self._undo, parts)
            parts = [part for part, done in results.items() if done is not True]
            if not parts or waited > UNDO_FOR:
                return
            pause = min(timedelta(seconds=2 ** min(attempt, 10)), LONGEST_UNDO_PAUSE)
            await self.durable.sleep(pause.total_seconds() * self.pace)
            waited += pause

    async def _plan(self, id: UUID) -> Plan:
        """None if an operator deleted the invitation meanwhile."""
        async with self.database.unscoped("durable work", reading=True) as session:
            redemption = await RedemptionRepository(session).get_whole(id)
        if redemption is None:
            return Plan(parts=[], keep=False)
        return Plan(
            parts=[provisioning.id for provisioning in redemption.provisionings],
            keep=redemption.invitation.on_failure is OnFailure.KEEP,
        )

    async def _provision(self, part: UUID) -> bool | None:
        """Create the account and return the result."""
        began, tries_left = monotonic(), PROVISION_TRIES
        while True:
            try:
                await self.provisioner.provision(part)
            except MediaClientError as error:
                in_queue = (
                    _is_queueing(error)
                    and monotonic() - began < QUEUE_FOR.total_seconds()
                )
                tries_left -= not in_queue
                if tries_left and error.kind in PASSING:
                    await self.provisioner.record_attempt(part, error.error_code)
                    pause = _pause_after(error, tries_left)
                    await asyncio.sleep(pause * self.pace)
                    continue
                await self.provisioner.fail(part, error.error_code)
                return LEFT_OUT if error.error_code == LIBRARY_UNKNOWN else NOT_MADE
            except SealError:
                await self.provisioner.fail(part, SealError.code)
                return NOT_MADE
            except NotFoundError:
                return NOT_MADE  # an operator ended it, or removed the server
            return MADE

    async def _undo(self, part: UUID) -> bool:
        """True when nothing of ours is left; false to retry later."""
        try:
            await self.provisioner.take_back(part)
        except MediaClientError as error:
            # An operator made the guest an administrator: the account is kept.
            return error.kind is ErrorKind.REFUSED
        except NotFoundError, SealError:
            return True
        return True

    async def _record(self, id: UUID) -> None:
        """Store the people and end the redemption, in one transaction."""
        now = utc_now()
        async with self.database.unscoped("durable work", reading=True) as session:
            redemption = await RedemptionRepository(session).get_whole(id)
        if redemption is None:
            return
        left = [one for one in redemption.provisionings if _is_to_be_retried(one)]
        async with self.database.scoped(redemption.workspace_id) as session:
            if not await RedemptionRepository(session).finish(
                id,
                RedemptionStatus.PARTIAL if left else RedemptionStatus.SUCCEEDED,
                now=now,
                retry_until=now + RETRY_FOR if left else None,
                kept={secret_for(one, redemption) for one in left},
            ):
                return
            redemption = await get_redemption(session, id)
            identity = await enrol(
                session,
                display_name=redemption.guest_name,
                email=redemption.guest_email,
                expires_at=end_of_access(redemption, now),
                enrolments=enrolments_of(redemption.provisionings),
                plex_id=redemption.guest_plex_id,
            )
            redemption.identity_id = identity.id
        log.info(
            "redemption ended well",
            redemption_id=str(id),
            left=len(left),
            actor=redemption.guest.label,
        )

    async def _close(self, id: UUID) -> None:
        """Give the use back and end the redemption, in one transaction."""
        async with self.database.unscoped("durable work", reading=True) as session:
            redemption = await RedemptionRepository(session).get_whole(id)
        if redemption is None:
            return
        async with self.database.scoped(redemption.workspace_id) as session:
            await close(session, self.provisioner.keyring, id)
        log.warning(
            "redemption ended without success",
            redemption_id=str(id),
            actor=redemption.guest.label,
        )


def _is_to_be_retried(part: Provisioning) -> bool:
    left_out = part.error_code == LIBRARY_UNKNOWN
    return part.status not in COMPLETE and not left_out


def _is_queueing(error: MediaClientError) -> bool:
    """Whether the only problem was the rate limit."""
    return error.kind is ErrorKind.BUSY and error.error_code == "rate_limited"


def _pause_after(error: MediaClientError, tries_left: int) -> float:
    longest = LONGEST_WAIT.total_seconds()
    return min(error.retry_after or 2.0 / max(tries_left, 1), longest)
