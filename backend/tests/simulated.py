"""A workspace, a simulated Jellyfin and a simulated Plex over TCP, and services that
talk with them."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import cast
from uuid import uuid4

import httpx2
import msgspec
import pytest
from media_server_simulators.control import ControlledSimulator
from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.plex import PlexServerSimulator, PlexTvSimulator, PlexWorld
from media_server_simulators.plex.settings import Sharing
from media_server_simulators.plex.sharing import Wish, mark_accepted, share_once
from media_server_simulators.plex.state import Account, Share
from media_server_simulators.seerr import Profile, SeerrSimulator
from media_server_simulators.seerr.furnishing import Crowd
from media_server_simulators.server import serve
from media_server_simulators.wire import Json, Reply, Request
from tests.accounts.conftest import EMAIL, PASSWORD, cheap_hasher, open_house
from tests.actors import operator

from zondarr.accounts.models import Workspace
from zondarr.accounts.passwords import Passwords
from zondarr.config import Settings
from zondarr.container import Container
from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database, UnitOfWork
from zondarr.core.durable import RunStatus
from zondarr.core.durable.models import Tick
from zondarr.core.durable.schedule import Every, Job
from zondarr.jobs.schedule import schedule
from zondarr.media.clients import register_clients
from zondarr.media.connections import ClientOptions
from zondarr.media.registry import ClientRegistry
from zondarr.media.types import ServerType
from zondarr.servers.hooks import ServerHooks
from zondarr.servers.models import MediaServer
from zondarr.servers.schemas import ServerCreate
from zondarr.servers.service import MediaServerService
from zondarr.users.impact import impact_on_accounts, impact_on_people
from zondarr.users.reconcile import mark_all_missing, reconcile_accounts

QUICK = ClientOptions(
    retry_pause=0.001,
    delete_pause=0,
    settle_pause=0,
    connect_timeout=5,
    read_timeout=2,
    slow_timeout=2,
    plex_rate=10_000,
    pin_pause=0,
    lookup_pause=0,
    circuit_pause=0,
)
IMPACT_PROVIDERS = (impact_on_accounts, impact_on_people)


def impatient[S: ControlledSimulator](simulator: S) -> S:
    """It asks nobody to wait when it is busy; that waits are kept has its own tests."""
    simulator.retry_after = 0
    return simulator


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
def registry() -> ClientRegistry:
    registry = ClientRegistry()
    register_clients(registry)
    registry.configure(QUICK)
    return registry


@pytest.fixture
def simulator() -> JellyfinSimulator:
    return impatient(JellyfinSimulator())


@pytest.fixture
async def url(simulator: JellyfinSimulator) -> AsyncGenerator[str]:
    async with serve(simulator) as url:
        yield url


def another_jellyfin() -> JellyfinSimulator:
    """A server with the same titles and an identity of its own."""
    world = replace(make_world(), server_id=uuid4().hex)
    return impatient(JellyfinSimulator(world))


async def replace_server(url: str, **order: object) -> None:
    """Another server answers at this address from now on, or the earlier one again."""
    async with httpx2.AsyncClient() as http:
        answer = await http.post(f"{url}/_simulator/replace", json=order)
        assert answer.status_code == 200, answer.text


@dataclass(frozen=True)
class SimulatedPlex:
    """plex.tv and one media server of its world, and what people do there.

    `options` lead clients to this plex.tv instead of the real one.
    """

    tv: PlexTvSimulator
    pms: PlexServerSimulator
    tv_url: str
    url: str

    @property
    def world(self) -> PlexWorld:
        return self.tv.world

    @property
    def token(self) -> str:
        """The owner's."""
        return self.tv.owner_token

    @property
    def options(self) -> ClientOptions:
        return msgspec.structs.replace(
            QUICK,
            plex_tv_url=self.tv_url,
            plex_clients_url=self.tv_url,
            plex_app_url=self.tv_url,
        )

    @property
    def keys(self) -> list[str]:
        """The ids of the libraries, as the media server and we name them."""
        return [each.key for each in self.pms.server.sections]

    def guest(self, name: str, email: str) -> Account:
        """Somebody with an account of plex.tv, known to nobody yet."""
        return self.world.register(name, email)

    def shares_of(self, who: str) -> list[Share]:
        """Pending and accepted shares of this server, by plex.tv's number, address or
        name."""
        account = self.world.find(who)
        number = account.id if account else None
        return [
            each
            for each in self.world.shares.values()
            if each.machine_identifier == self.pms.machine_identifier
            and each.left_at is None
            and (each.invited_email == who or (number and each.invited_id == number))
        ]

    def seen_by(self, who: str) -> list[str] | None:
        """The ids of the shared libraries; None without a share."""
        shares = self.shares_of(who)
        if not shares:
            return None
        return [one.key for one in self.pms.server.chosen(shares[0].section_ids)]

    def share(self, guest: Account, libraries: Sequence[int]) -> Share:
        """As the owner does in their Plex account; it waits for the guest."""
        server = self.pms.server
        ids: list[Json] = [server.sections[one].id for one in libraries]
        return share_once(
            self.world, Wish(server, ids, guest.email, guest.id, Sharing())
        )

    def accept(self, who: str) -> Share:
        """As the guest does in their Plex account."""
        (share,) = self.shares_of(who)
        mark_accepted(self.world, share)
        return share

    def leave(self, who: str) -> None:
        (share,) = self.shares_of(who)
        share.left_at = self.world.now()


@asynccontextmanager
async def playing_plex() -> AsyncGenerator[SimulatedPlex]:
    world = PlexWorld()
    tv = impatient(PlexTvSimulator(world))
    pms = impatient(PlexServerSimulator(world))
    async with serve(tv) as tv_url, serve(pms) as url:
        pms.url = url
        yield SimulatedPlex(tv, pms, tv_url, url)


@pytest.fixture
async def plex(registry: ClientRegistry) -> AsyncGenerator[SimulatedPlex]:
    """Clients made from now on speak with it."""
    async with playing_plex() as plex:
        registry.configure(plex.options)
        yield plex


@dataclass(frozen=True)
class SimulatedSeerr:
    """A Seerr in use, over the titles and people of the simulated Jellyfin's world."""

    simulator: SeerrSimulator
    url: str

    @property
    def api_key(self) -> str:
        return self.simulator.api_key


@asynccontextmanager
async def playing_seerr(
    profile: Profile = Profile.SEERR,
    *,
    base_path: str = "",
    requests: int = 60,
    users: int = 12,
) -> AsyncGenerator[SimulatedSeerr]:
    """`base_path` is like `/seerr`, and part of the address."""
    crowd = Crowd(requests, users)
    seerr = SeerrSimulator(
        make_world(), profile=profile, base_path=base_path, crowd=crowd
    )
    async with serve(impatient(seerr)) as url:
        yield SimulatedSeerr(seerr, url + base_path)


@pytest.fixture
async def seerr() -> AsyncGenerator[SimulatedSeerr]:
    async with playing_seerr() as seerr:
        yield seerr


@pytest.fixture
def servers(
    work: UnitOfWork, keyring: Keyring, registry: ClientRegistry, workspace: Workspace
) -> MediaServerService:
    return MediaServerService(
        work,
        keyring,
        registry,
        operator(workspace.id),
        ServerHooks(
            reconcile_accounts=reconcile_accounts,
            impact_providers=IMPACT_PROVIDERS,
            on_replacement=[mark_all_missing],
        ),
    )


@pytest.fixture
async def server(
    servers: MediaServerService, simulator: JellyfinSimulator, url: str
) -> MediaServer:
    """The simulated server, added."""
    data = ServerCreate(name="Living room", url=url, api_key=simulator.api_key)
    return await servers.create(data)


@pytest.fixture
async def plex_server(servers: MediaServerService, plex: SimulatedPlex) -> MediaServer:
    """The simulated Plex server, added with its owner's token."""
    data = ServerCreate(
        name="Cinema", server_type=ServerType.PLEX, url=plex.url, api_key=plex.token
    )
    return await servers.create(data)


@pytest.fixture
async def browser(
    settings: Settings, database: Database
) -> AsyncGenerator[httpx2.AsyncClient]:
    """Signed in as the owner of a workspace, at the whole program, running."""
    async with browsing(settings, database, QUICK) as browser:
        yield browser


@pytest.fixture
async def plex_browser(
    settings: Settings, database: Database, plex: SimulatedPlex
) -> AsyncGenerator[httpx2.AsyncClient]:
    """The same, where the program speaks with the simulated plex.tv."""
    async with browsing(settings, database, plex.options) as browser:
        yield browser


@asynccontextmanager
async def browsing(
    settings: Settings, database: Database, options: ClientOptions
) -> AsyncGenerator[httpx2.AsyncClient]:
    passwords = Passwords(cheap_hasher())
    house = open_house(settings, passwords, database=database)
    container = house.container
    container.registry.configure(options)
    schedule(container)
    await leave_nothing_due(container)
    async with container.durable, house.browser() as browser:
        await container.accounts.create_workspace(
            "Home", email=EMAIL, password=PASSWORD
        )
        await house.sign_in(browser)
        yield browser
    passwords.close()


NEVER = Every(timedelta(days=100_000))


async def leave_nothing_due(container: Container) -> None:
    """No job runs by the clock during a test; the test may run one."""
    jobs = cast("dict[str, Job]", container.durable.jobs)
    now = utc_now()
    for name, job in jobs.items():
        jobs[name] = replace(job, every=NEVER, at_start=False)
    async with container.database.unscoped("set-up") as session:
        session.add_all(
            Tick(
                name=name,
                due_at=NEVER.last(now),
                status=RunStatus.SUCCEEDED,
                started_at=now,
                finished_at=now,
                workflow_id="none",
            )
            for name in jobs
        )


def within_each_request(
    simulator: ControlledSimulator, act: Callable[[], Awaitable[object]]
) -> list[str]:
    """Run `act` before each response: a caller that blocks it gets none.

    Returns the requested paths.
    """
    asked: list[str] = []
    respond = simulator.respond

    async def acting(request: Request) -> Reply:
        await act()
        asked.append(request.path)
        return await respond(request)

    simulator.respond = acting
    return asked


async def until(happened: Callable[[], bool]) -> None:
    """Wait for a condition by polling."""
    async with asyncio.timeout(30):
        while not happened():  # noqa: ASYNC110 — that is the point
            await asyncio.sleep(0.01)
