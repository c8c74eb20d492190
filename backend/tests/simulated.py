"""A workspace, a simulated Jellyfin over TCP, and services that talk with it."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial

import httpx2
import pytest
from tests.accounts.conftest import EMAIL, PASSWORD, cheap_hasher, open_house

from zondarr.accounts.models import Workspace
from zondarr.accounts.passwords import Passwords
from zondarr.config import Settings
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database, UnitOfWork
from zondarr.jobs.schedule import schedule
from zondarr.media.clients import register_clients
from zondarr.media.registry import ClientRegistry
from zondarr.media.shared import ClientOptions
from zondarr.servers.models import MediaServer
from zondarr.servers.schemas import ServerCreate
from zondarr.servers.service import MediaServerService
from zondarr.simulators.jellyfin import JellyfinSimulator
from zondarr.simulators.server import serve
from zondarr.users.consequences import accounts_of, people_left_without
from zondarr.users.sightings import note_accounts

QUICK = ClientOptions(
    retry_pause=0.001,
    delete_pause=0,
    settle_pause=0,
    connect_timeout=1,
    read_timeout=2,
    slow_timeout=2,
)
FORESEE = (accounts_of, people_left_without)


async def open_workspace(database: Database, name: str = "Home") -> Workspace:
    async with database.unscoped("set-up") as session:
        workspace = Workspace(name=name)
        session.add(workspace)
    return workspace


@pytest.fixture
async def workspace(database: Database) -> Workspace:
    return await open_workspace(database)


@pytest.fixture
def work(database: Database, workspace: Workspace) -> UnitOfWork:
    return partial(database.scoped, workspace.id)


@pytest.fixture
def registry() -> Iterator[ClientRegistry]:
    registry = ClientRegistry()
    register_clients(registry)
    registry.configure(QUICK)
    yield registry
    registry.configure(ClientOptions())


@pytest.fixture
def simulator() -> JellyfinSimulator:
    return JellyfinSimulator()


@pytest.fixture
async def url(simulator: JellyfinSimulator) -> AsyncGenerator[str]:
    async with serve(simulator) as url:
        yield url


@pytest.fixture
def servers(
    work: UnitOfWork, keyring: Keyring, registry: ClientRegistry
) -> MediaServerService:
    return MediaServerService(
        work, keyring, registry, note_accounts=note_accounts, foresee=FORESEE
    )


@pytest.fixture
async def server(
    servers: MediaServerService, simulator: JellyfinSimulator, url: str
) -> MediaServer:
    """The simulated server, added."""
    data = ServerCreate(name="Living room", url=url, api_key=simulator.api_key)
    return await servers.create(data)


@pytest.fixture
async def browser(settings: Settings) -> AsyncGenerator[httpx2.AsyncClient]:
    """Signed in as the owner of a workspace, at the whole program, running."""
    passwords = Passwords(cheap_hasher())
    house = open_house(settings, passwords)
    program = house.program
    program.registry.configure(QUICK)
    schedule(program)
    async with program.durable, house.browser() as browser:
        await program.accounts.create_workspace("Home", email=EMAIL, password=PASSWORD)
        await house.sign_in(browser)
        yield browser
    passwords.close()
    await program.database.close()


@asynccontextmanager
async def staying_free(act: Callable[[], Awaitable[object]]) -> AsyncGenerator[None]:
    """Fails unless `act`, done all the while, takes half a second at most each time."""
    stop = asyncio.Event()
    longest = 0.0

    async def keep_acting() -> None:
        nonlocal longest
        loop = asyncio.get_running_loop()
        while not stop.is_set():
            began = loop.time()
            await act()
            longest = max(longest, loop.time() - began)
            await asyncio.sleep(0.01)

    task = asyncio.create_task(keep_acting())
    try:
        yield
    finally:
        stop.set()
        await task
    assert longest < 0.5


async def until(happened: Callable[[], bool]) -> None:
    """Wait for something that tells nobody when it happens."""
    async with asyncio.timeout(5):
        while not happened():  # noqa: ASYNC110 — that is the point
            await asyncio.sleep(0.01)
