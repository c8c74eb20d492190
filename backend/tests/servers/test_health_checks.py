"""The job that asks every server how it is."""

import asyncio
from datetime import timedelta

import pytest
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.server import serve
from tests.simulated import another_jellyfin, open_workspace, within_each_request

from zondarr.core.crypto import Keyring
from zondarr.core.database import Database
from zondarr.media.registry import ClientRegistry
from zondarr.servers.health_checks import ServerHealthChecks
from zondarr.servers.models import MediaServer, ServerState
from zondarr.servers.schemas import ServerCreate, ServerUpdate
from zondarr.servers.service import MediaServerService


@pytest.fixture
def checks(
    database: Database, keyring: Keyring, registry: ClientRegistry
) -> ServerHealthChecks:
    return ServerHealthChecks(database, keyring, registry)


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (Fault("/", FaultKind.DROP, endless=True), ServerState.UNREACHABLE),
        (Fault("/", FaultKind.STARTING, endless=True), ServerState.STARTING),
        (Fault("/", FaultKind.HTML, endless=True), ServerState.UNREACHABLE),
        (Fault("/", FaultKind.STATUS, value=500, endless=True), ServerState.UNKNOWN),
    ],
    ids=["down", "starting", "something else", "broken"],
)
async def test_an_outage_changes_the_state_and_nothing_else(
    checks: ServerHealthChecks,
    servers: MediaServerService,
    server: MediaServer,
    simulator: JellyfinSimulator,
    fault: Fault,
    state: ServerState,
) -> None:
    simulator.faults.add(fault)
    assert await checks.check() == f"1 {state.value}"
    found = await servers.get(server.id)
    assert found.state is state
    assert found.seen_at == server.seen_at
    assert found.version == server.version
    simulator.faults.remove()
    assert await checks.check() == "1 ok"


async def test_a_revoked_key_is_told_from_an_outage(
    checks: ServerHealthChecks,
    servers: MediaServerService,
    server: MediaServer,
    simulator: JellyfinSimulator,
) -> None:
    simulator.state.api_keys.clear()
    await checks.check()
    assert (await servers.get(server.id)).state is ServerState.UNAUTHORIZED


async def test_a_server_that_is_switched_off_is_not_asked(
    checks: ServerHealthChecks,
    servers: MediaServerService,
    server: MediaServer,
    simulator: JellyfinSimulator,
) -> None:
    await servers.update(server.id, ServerUpdate(enabled=False))
    simulator.journal.clear()
    assert await checks.check() == "no server to ask"
    assert not simulator.journal.as_json()


async def test_a_slow_server_delays_nothing_but_its_own(
    checks: ServerHealthChecks,
    servers: MediaServerService,
    server: MediaServer,
    simulator: JellyfinSimulator,
) -> None:
    other = another_jellyfin()
    async with serve(other) as url:
        data = ServerCreate(name="Attic", url=url, api_key=other.api_key)
        slow = await servers.create(data)
        reported = asyncio.Event()

        async def state() -> ServerState:
            return (await servers.get(server.id)).state

        async def hang_until_the_first_is_told_of() -> None:
            while await state() is not ServerState.UNAUTHORIZED:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            reported.set()
            await asyncio.Event().wait()

        within_each_request(other, hang_until_the_first_is_told_of)
        checks.time_limit = timedelta(seconds=1.5)
        simulator.state.api_keys.clear()
        await checks.check()
    assert reported.is_set()
    assert (await servers.get(slow.id)).state is ServerState.UNREACHABLE


async def test_the_servers_of_one_workspace_are_asked_alone(
    checks: ServerHealthChecks, server: MediaServer, database: Database
) -> None:
    other = await open_workspace(database, "Next door")
    assert await checks.check(other.id) == "no server to ask"
    assert await checks.check(server.workspace_id) == "1 ok"
