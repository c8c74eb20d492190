"""People with accounts on two simulated servers."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import pytest
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.server import serve
from tests.actors import operator
from tests.simulated import (
    SimulatedPlex,
    another_jellyfin,
    browser,
    plex,
    plex_browser,
    plex_server,
    registry,
    server,
    servers,
    simulator,
    url,
    work,
    workspace,
)
from tests.users.cinema import Cinema

from zondarr.accounts.models import Workspace
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database, UnitOfWork
from zondarr.core.durable import Lock
from zondarr.core.durable.locks import Locks
from zondarr.media.registry import ClientRegistry
from zondarr.servers.connections import Connections
from zondarr.servers.models import MediaServer
from zondarr.servers.schemas import ServerCreate
from zondarr.servers.service import MediaServerService
from zondarr.users.actions import PeopleActions
from zondarr.users.enrolment import Enrolment, enrol
from zondarr.users.expiry import AccessEnd
from zondarr.users.models import Identity

__all__ = [
    "browser",
    "plex",
    "plex_browser",
    "plex_server",
    "registry",
    "server",
    "servers",
    "simulator",
    "url",
    "work",
    "workspace",
]

type Invite = Callable[..., Awaitable[Identity]]


@dataclass(frozen=True)
class Other:
    """A second server, with the simulator behind it."""

    server: MediaServer
    simulator: JellyfinSimulator


@pytest.fixture
async def other(servers: MediaServerService) -> AsyncGenerator[Other]:
    simulator = another_jellyfin()
    async with serve(simulator) as url:
        data = ServerCreate(name="Attic", url=url, api_key=simulator.api_key)
        yield Other(await servers.create(data), simulator)


@pytest.fixture
def connections(
    work: UnitOfWork, keyring: Keyring, registry: ClientRegistry
) -> Connections:
    return Connections(work, keyring, registry)


@pytest.fixture
async def lock(database: Database) -> AsyncGenerator[Lock]:
    locks = Locks(database)
    yield locks.hold
    await locks.close()


@pytest.fixture
def actions(
    work: UnitOfWork, connections: Connections, lock: Lock, workspace: Workspace
) -> PeopleActions:
    return PeopleActions(work, connections, lock, operator(workspace.id))


@pytest.fixture
def access_end(
    database: Database, keyring: Keyring, registry: ClientRegistry, lock: Lock
) -> AccessEnd:
    return AccessEnd(database, keyring, registry, lock=lock)


@pytest.fixture
def invite(work: UnitOfWork, connections: Connections) -> Invite:
    """Make a person with a real account on each of the servers."""

    async def make(
        name: str, on: Sequence[MediaServer], expires_at: datetime | None = None
    ) -> Identity:
        enrolments: list[Enrolment] = []
        for one in on:
            async with connections.open(one) as client:
                account = await client.create_user(name, "a password")
            enrolments.append(
                Enrolment(
                    media_server_id=one.id,
                    external_user_id=account.id,
                    username=account.username,
                )
            )
        async with work() as session:
            return await enrol(
                session,
                display_name=name,
                email=f"{name.lower()}@example.org",
                expires_at=expires_at,
                enrolments=enrolments,
            )

    return make


@pytest.fixture
def cinema(
    actions: PeopleActions,
    plex: SimulatedPlex,
    plex_server: MediaServer,
    servers: MediaServerService,
) -> Cinema:
    return Cinema(actions, plex, plex_server, servers)
