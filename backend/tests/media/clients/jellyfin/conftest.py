"""A simulated Jellyfin of each version, over real TCP, and a client of it."""

from collections.abc import AsyncGenerator

import pytest
from media_server_simulators.jellyfin import JellyfinSimulator, Version
from media_server_simulators.server import serve
from tests.media.servers import connection

from zondarr.media.clients.jellyfin.client import JellyfinClient
from zondarr.media.connections import ClientOptions, HostStates

QUICK = ClientOptions(
    retry_pause=0.001,
    delete_pause=0,
    settle_pause=0,
    connect_timeout=5,
    read_timeout=2,
    slow_timeout=2,
)


@pytest.fixture(params=list(Version), ids=str)
def simulator(request: pytest.FixtureRequest) -> JellyfinSimulator:
    version: Version = request.param
    return JellyfinSimulator(version=version)


@pytest.fixture
async def url(simulator: JellyfinSimulator) -> AsyncGenerator[str]:
    async with serve(simulator) as url:
        yield url


@pytest.fixture
def states() -> HostStates:
    return HostStates(QUICK)


@pytest.fixture
async def client(
    simulator: JellyfinSimulator, url: str, states: HostStates
) -> AsyncGenerator[JellyfinClient]:
    client = JellyfinClient(connection(url, simulator.api_key), states)
    async with client:
        yield client
