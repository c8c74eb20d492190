"""Ends access on the servers when an account has expired.

The server is called first, then the row is updated, so a crash in between only repeats
the call. A server that is down or slow is retried in the next round and does not delay
the others. If the end date is changed at the same moment, access is kept.

An account that is certainly absent counts as ended, but it may come back with all its
access: so it is checked again. If the server's response is doubtful, nothing is ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import structlog

from zondarr.core.actor import Actor
from zondarr.core.clock import utc_now
from zondarr.core.counting import counted, sentence
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database, Session, UnitOfWork
from zondarr.core.durable import Every, Job, Lock, Progress
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.protocol import MediaClient
from zondarr.media.registry import ClientRegistry
from zondarr.media.throttle import wait_budget
from zondarr.media.types import ShareStatus
from zondarr.servers.connections import Connections
from zondarr.servers.models import MediaServer
from zondarr.servers.repository import MediaServerRepository
from zondarr.servers.rounds import Stop, for_each_server
from zondarr.users.access import (
    ENDING,
    Access,
    AccessOutcome,
    GrantResult,
    account_lock,
    update_standing,
)
from zondarr.users.account_index import AccountIndex
from zondarr.users.models import User
from zondarr.users.repository import IdentityRepository, UserRepository
from zondarr.users.rules import ended_by_absence, is_due, is_on_server, settle

log = structlog.get_logger(__name__)

JOB = "end_access"
INTERVAL = timedelta(minutes=1)
TIME_LIMIT = timedelta(seconds=45)
"""For one server in one round. A round ends before the next one is due."""

OF_THE_ACCOUNT = {
    ErrorKind.REFUSED,
    ErrorKind.INVALID,
    ErrorKind.FAILED,
    ErrorKind.GONE,
}
"""Failures that concern this account only."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The number of accounts whose access ended, and of servers that failed."""

    accounts: int
    servers_failed: int

    def __str__(self) -> str:
        failed = f"{counted(self.servers_failed, 'server')} failed, to be asked again"
        return sentence(
            f"ended the access of {counted(self.accounts, 'account')}",
            failed if self.servers_failed else "",
        )


class AccessEnd:
    """The job `end_access`; one object per process."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        registry: ClientRegistry,
        *,
        lock: Lock,
        time_limit: timedelta = TIME_LIMIT,
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.registry = registry
        self.lock = lock
        self.time_limit = time_limit

    def job(self) -> Job:
        return Job(
            name=JOB,
            description="Ends the access of those whose time is over.",
            every=Every(INTERVAL),
            function=self._run,
            at_start=True,
        )

    async def _run(self, progress: Progress, workspace_id: UUID | None) -> None:
        await progress.report(message=str(await self.end(utc_now(), workspace_id)))

    async def end(self, now: datetime, workspace_id: UUID | None = None) -> Ended:
        """End expired access in one workspace or all, on all servers at once."""
        ended = await for_each_server(
            self.database,
            partial(_servers_due, workspace_id, now),
            partial(self._end_on, now),
            job=JOB,
            time_limit=self.time_limit,
        )
        return Ended(accounts=sum(ended.results), servers_failed=ended.failed)

    async def _end_on(self, now: datetime, stop: Stop[None], actor: Actor) -> int:
        """The number of accounts ended on this server."""
        work = partial(self.database.scoped, stop.workspace_id)
        connections = Connections(work, self.keyring, self.registry)
        ending = ServerEnding(work, connections, self.lock, actor)
        with wait_budget(self.time_limit):
            return await ending.run(stop.server_id, now)


async def _servers_due(
    workspace_id: UUID | None, now: datetime, session: Session
) -> list[Stop[None]]:
    found = await UserRepository(session).list_servers_due(workspace_id, now=now)
    return [Stop(*ids, None) for ids in found]


class ServerEnding:
    """Ends expired access on one server, one account after the other."""

    def __init__(
        self, work: UnitOfWork, connections: Connections, lock: Lock, actor: Actor
    ) -> None:
        self.work = work
        self.connections = connections
        self.lock = lock
        self.actor = actor

    async def run(self, server_id: UUID, now: datetime) -> int:
        server, due = await self._read(server_id, now)
        if server is None or not due or not self._can_end(server):
            return 0
        async with self.connections.open(server) as client:
            access = Access(self.work, client)
            present = await _present_accounts(client, due)
            ended = [await self._end_in_turn(access, user, now) for user in present]
        return sum(ended)

    async def _read(
        self, server_id: UUID, now: datetime
    ) -> tuple[MediaServer | None, Sequence[User]]:
        async with self.work(reading=True) as session:
            server = await MediaServerRepository(session).get_by_id(server_id)
            return server, await UserRepository(session).get_due(server_id, now=now)

    def _can_end(self, server: MediaServer) -> bool:
        able = self.connections.registry.get_capabilities(server.server_type)
        return not able.isdisjoint(ENDING)

    async def _end_in_turn(self, access: Access, user: User, now: datetime) -> bool:
        async with self.lock(account_lock(user)):
            return await self._end(access, user, now)

    async def _end(self, access: Access, user: User, now: datetime) -> bool:
        """End access on the server, then in the row; an error of this account does not
        stop the others.
        """
        current = await self._current(user)
        if current is None or not is_due(current, now):
            return False
        try:
            outcome = await access.end(user.id)
        except MediaClientError as error:
            if error.kind not in OF_THE_ACCOUNT:
                raise
            log.warning("access not ended", user_id=str(user.id), code=error.error_code)
            return False
        if not await self._mark(user, outcome, now):
            await self._restore_access(access, user)
            return False
        log.info(
            "access ended",
            user_id=str(user.id),
            identity_id=str(user.identity_id),
            server_id=str(user.media_server_id),
            actor=self.actor.label,
        )
        return True

    async def _current(self, user: User) -> User | None:
        async with self.work(reading=True) as session:
            return await UserRepository(session).get_by_id(user.id)

    async def _mark(self, user: User, outcome: AccessOutcome, now: datetime) -> bool:
        """False if the account got another end date, or was deleted, meanwhile."""
        async with self.work() as session:
            identities = IdentityRepository(session)
            if await identities.get_locked(user.identity_id) is None:
                return False
            if not await UserRepository(session).end_access(user.id, now=now):
                return False
            identity = await identities.get_locked(user.identity_id)
            for row in identity.users if identity else ():
                if row.id == user.id:
                    _update_missing(row, outcome, now)
            if identity is not None:
                settle(identity)
        return True

    async def _restore_access(self, access: Access, user: User) -> None:
        """An operator was faster: grant again what was ended on the server."""
        current = await self._current(user)
        if current is None or not current.enabled or current.access_ended_at:
            return
        grant = await access.give(user.id)
        if grant.outcome is AccessOutcome.DONE:
            await self._store_grant(user, grant)

    async def _store_grant(self, user: User, grant: GrantResult) -> None:
        async with self.work() as session:
            await IdentityRepository(session).get_locked(user.identity_id)
            row = await UserRepository(session).get_by_id(user.id)
            if row is not None:
                row.access_taken = None
                update_standing(row, grant.account)


async def _present_accounts(client: MediaClient, due: Sequence[User]) -> Sequence[User]:
    """The accounts to end, without those that were absent at their end and
    still are.
    """
    if not any(map(ended_by_absence, due)):
        return due
    listed = AccountIndex(await client.list_users())
    return [
        user
        for user in due
        if not ended_by_absence(user) or is_on_server(user, listed.find(user))
    ]


def _update_missing(row: User, outcome: AccessOutcome, now: datetime) -> None:
    left = row.standing is ShareStatus.LEFT
    match outcome:
        case AccessOutcome.DONE:
            row.missing_since = None
        case AccessOutcome.GONE:
            row.missing_since = row.missing_since or now
        case AccessOutcome.NOTHING if row.share_id is not None and not left:
            row.missing_since = row.missing_since or now
        case AccessOutcome.NOTHING:
            pass
