"""The job `follow_shares`: checks whether guests accepted their Plex invitation.

Only servers with a pending share are polled, all at the same time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

import structlog

from zondarr.core.actor import Actor
from zondarr.core.clock import utc_now
from zondarr.core.counting import counted, sentence
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database, Session
from zondarr.core.durable import Every, Job, Progress
from zondarr.invitations.repository import ProvisioningRepository
from zondarr.media.protocol import MediaClient
from zondarr.media.registry import ClientRegistry
from zondarr.media.throttle import wait_budget
from zondarr.media.types import ExternalUser, Presence
from zondarr.servers.connections import Connections
from zondarr.servers.repository import MediaServerRepository
from zondarr.servers.rounds import Stop, for_each_server
from zondarr.users.account_index import AccountIndex
from zondarr.users.models import User
from zondarr.users.reconcile import reconcile_accounts
from zondarr.users.repository import UserRepository

log = structlog.get_logger(__name__)

JOB = "follow_shares"
INTERVAL = timedelta(minutes=3)
TIME_LIMIT = timedelta(seconds=90)
"""For one server in one round. A round ends before the next one is due."""
MOST_ASKED_FOR = 20
"""How many guests are checked one by one on plex.tv in a round."""


@dataclass(frozen=True, slots=True)
class PollSummary:
    """The number of servers polled, of failures, and of guests who accepted."""

    servers: int
    failed: int
    accepted: int

    def __str__(self) -> str:
        failed = f"{counted(self.failed, 'server')} failed, to be asked again"
        return sentence(
            f"asked {counted(self.servers, 'server')}",
            f"{counted(self.accepted, 'guest')} accepted",
            failed if self.failed else "",
        )


class AcceptancePoll:
    """The job `follow_shares`; one object per process."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        registry: ClientRegistry,
        *,
        time_limit: timedelta = TIME_LIMIT,
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.registry = registry
        self.time_limit = time_limit

    def job(self) -> Job:
        return Job(
            name=JOB,
            description="Sees which guests have accepted a Plex invitation, or left.",
            every=Every(INTERVAL),
            function=self._run,
        )

    async def _run(self, progress: Progress, workspace_id: UUID | None) -> None:
        await progress.report(message=str(await self.poll(workspace_id)))

    async def poll(self, workspace_id: UUID | None = None) -> PollSummary:
        """Poll the servers with pending shares, in one workspace or all."""
        ended = await for_each_server(
            self.database,
            partial(_awaiting, workspace_id),
            self._reconcile,
            job=JOB,
            time_limit=self.time_limit,
        )
        # A sync may have seen an acceptance too, so all of them are updated.
        async with self.database.unscoped("background job") as session:
            accepted = await ProvisioningRepository(session).record_accepted()
        return PollSummary(ended.visited, ended.failed, accepted)

    async def _reconcile(self, stop: Stop[None], actor: Actor) -> None:
        work = partial(self.database.scoped, stop.workspace_id)
        async with work(reading=True) as session:
            server = await MediaServerRepository(session).get_by_id(stop.server_id)
            awaited = await UserRepository(session).get_awaited(stop.server_id)
        if server is None:
            return
        connections = Connections(work, self.keyring, self.registry)
        asked_at = utc_now()
        with wait_budget(self.time_limit):
            async with connections.open(server) as client:
                accounts = await client.list_users()
                presence = await _ask_for_each(client, awaited, accounts)
        async with work() as session:
            await reconcile_accounts(
                session, stop.server_id, accounts, asked_at, presence=presence
            )
        log.debug(
            "accounts compared",
            server_id=str(stop.server_id),
            awaited=len(awaited),
            actor=actor.label,
        )


async def _ask_for_each(
    client: MediaClient, awaited: Sequence[User], accounts: Sequence[ExternalUser]
) -> Mapping[UUID, Presence]:
    """Check accounts that the list lacks one by one.

    A declined share is not listed, and it may have been the only one, so that an empty
    list can be right.
    """
    index = AccountIndex(accounts)
    absent = [user for user in awaited if index.find(user) is None]
    return {
        user.id: await client.account_presence(user.external_user_id)
        for user in absent[:MOST_ASKED_FOR]
    }


async def _awaiting(workspace_id: UUID | None, session: Session) -> list[Stop[None]]:
    found = await UserRepository(session).list_servers_awaiting(workspace_id)
    return [Stop(*ids, None) for ids in found]
