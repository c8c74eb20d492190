"""A whole house in one process: database, durable work, and simulated servers."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4, uuid7

import msgspec
from media_server_simulators.control import ControlledSimulator
from media_server_simulators.faults import read_fault
from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.plex import PlexServerSimulator, PlexTvSimulator, PlexWorld
from media_server_simulators.plex.pins import approve
from media_server_simulators.plex.state import Account
from media_server_simulators.server import serve
from tests.actors import operator_of
from tests.simulated import SimulatedPlex, impatient

from zondarr.accounts.models import Workspace
from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database, Session
from zondarr.core.durable import Durable, Timing
from zondarr.core.rate_limits.limit import Limit
from zondarr.invitations.acceptance_poll import AcceptancePoll
from zondarr.invitations.join import JoinService
from zondarr.invitations.join_schemas import JoinAccepted, JoinRequest
from zondarr.invitations.leftovers import Leftovers
from zondarr.invitations.models import Invitation, Redemption
from zondarr.invitations.provisioning import Provisioner
from zondarr.invitations.redemption import RedemptionFlow
from zondarr.invitations.repository import InvitationRepository, RedemptionRepository
from zondarr.invitations.retry.job import RetryJob
from zondarr.invitations.service import InvitationService
from zondarr.media.clients import register_clients
from zondarr.media.connections import ClientOptions
from zondarr.media.registry import ClientRegistry
from zondarr.media.types import ServerType
from zondarr.plex_accounts.service import PlexSignInService
from zondarr.servers.connections import connect, place_of_key
from zondarr.servers.models import MediaServer
from zondarr.servers.repository import LibraryRepository
from zondarr.servers.sync import merge_libraries

QUICK = ClientOptions(
    retry_pause=0.001,
    delete_pause=0,
    settle_pause=0,
    connect_timeout=10,
    read_timeout=10,
    slow_timeout=10,
    plex_rate=10_000,
    circuit_pause=0.01,
)
HERE = "127.0.0.1"
GUEST = JoinRequest(username="ann", password="correct horse")


type Simulator = JellyfinSimulator | PlexServerSimulator


@dataclass
class House:
    """What a test of redemptions works with.

    `servers` are the Jellyfin servers of `simulators` and then the Plex servers of
    `media_servers`, which belong to one owner at `tv`.
    """

    database: Database
    keyring: Keyring
    workspace: Workspace
    registry: ClientRegistry
    flow: RedemptionFlow
    retry_job: RetryJob
    leftovers: Leftovers
    acceptance_poll: AcceptancePoll
    join: JoinService
    tv: PlexTvSimulator
    tv_url: str
    simulators: list[JellyfinSimulator] = field(default_factory=list)
    media_servers: list[PlexServerSimulator] = field(default_factory=list)
    servers: list[MediaServer] = field(default_factory=list)

    @property
    def plex(self) -> PlexWorld:
        return self.tv.world

    def cinema(self, number: int = 0) -> SimulatedPlex:
        """One of the Plex servers, and what people do with it."""
        pms = self.media_servers[number]
        return SimulatedPlex(self.tv, pms, self.tv_url, pms.url)

    def given(self, libraries: int = 1) -> list[str]:
        """The keys of a Plex server's libraries that `invite` gives."""
        named = sorted(self.media_servers[0].server.sections, key=lambda one: one.title)
        return sorted(one.key for one in named[:libraries])

    async def invite(
        self, code: str = "MOVIE-NIGHT", *, libraries: int = 1, **limits: object
    ) -> Invitation:
        """An invitation to the first libraries of every server."""
        ids = [server.id for server in self.servers]
        async with self.database.scoped(self.workspace.id) as session:
            there = LibraryRepository(session)
            chosen = [
                library
                for server in ids
                for library in (await there.get_by_server(server))[:libraries]
            ]
            invitation = Invitation(code=code, **limits)
            invitation.servers = list(self.servers)
            invitation.libraries = chosen
            await InvitationRepository(session).create(invitation)
        return invitation

    async def redeem(
        self,
        code: str = "MOVIE-NIGHT",
        request: JoinRequest = GUEST,
        *,
        holder: str = "",
    ) -> Redemption:
        """Redeem to the end, whatever end that is."""
        accepted = await self.join.redeem(
            code, request, key=str(uuid4()), address=HERE, holder=holder
        )
        return await self.end_of(accepted)

    async def sign_in(self, person: Account, holder: str = "browser") -> str:
        """The id of a sign-in with Plex that the person has approved."""
        sign_ins = self.join.claims.sign_ins
        begun = await sign_ins.create_pin(holder)
        approve(self.plex, begun.code, person)
        assert (await sign_ins.check(begun.pin_id, holder)).authenticated
        return str(begun.pin_id)

    async def end_of(self, accepted: JoinAccepted) -> Redemption:
        await self.flow.workflow.wait(accepted.redemption_id)
        return await self.get(accepted.redemption_id)

    async def get(self, id: UUID) -> Redemption:
        async with self.database.scoped(self.workspace.id) as session:
            found = await RedemptionRepository(session).get_whole(id)
        assert found is not None
        return found

    async def invitation(
        self, session: Session, code: str = "MOVIE-NIGHT"
    ) -> Invitation:
        found = await InvitationRepository(session).get_by_code(code)
        assert found is not None
        return found

    async def delete_invitation(self, id: UUID) -> None:
        async with self.database.scoped(self.workspace.id) as session:
            await InvitationService(session, operator_of(session), self.keyring).delete(
                id
            )

    async def uses(self, code: str = "MOVIE-NIGHT") -> int:
        async with self.database.scoped(self.workspace.id) as session:
            return (await self.invitation(session, code)).use_count


@asynccontextmanager
async def open_house(
    database: Database,
    keyring: Keyring,
    *,
    servers: int = 1,
    plex: int = 0,
    options: ClientOptions = QUICK,
) -> AsyncGenerator[House]:
    """A house with so many Jellyfin servers, and so many Plex servers of one owner."""
    async with AsyncExitStack() as stack:
        house = await _empty_house(stack, database, keyring, options)
        for number in range(servers):
            simulator = impatient(JellyfinSimulator())
            url = await stack.enter_async_context(serve(simulator))
            house.simulators.append(simulator)
            await _add(house, number, url, simulator)
        for number, mid in enumerate(list(house.plex.servers)[:plex]):
            server = impatient(PlexServerSimulator(house.plex, machine_identifier=mid))
            server.url = await stack.enter_async_context(serve(server))
            house.media_servers.append(server)
            await _add(house, servers + number, server.url, server)
        await stack.enter_async_context(house.flow.durable)
        yield house


async def _empty_house(
    stack: AsyncExitStack,
    database: Database,
    keyring: Keyring,
    options: ClientOptions,
) -> House:
    worlds = (make_world(seed=seed) for seed in (1, 2, 3))
    tv = impatient(PlexTvSimulator(PlexWorld(*worlds)))
    tv_url = await stack.enter_async_context(serve(tv))
    registry = ClientRegistry()
    register_clients(registry)
    here = {"plex_tv_url": tv_url, "plex_clients_url": tv_url, "plex_app_url": tv_url}
    registry.configure(msgspec.structs.replace(options, **here))
    durable = Durable(database, timing=Timing(stop=timedelta(seconds=0.2)))
    provisioner = Provisioner(database, keyring, registry)
    flow = RedemptionFlow(database, durable, provisioner, pace=0.02)
    limit = Limit(10_000, 60)
    async with database.unscoped("set-up") as session:
        workspace = Workspace(name="Home")
        session.add(workspace)
    return House(
        database=database,
        keyring=keyring,
        workspace=workspace,
        registry=registry,
        flow=flow,
        retry_job=RetryJob(database, provisioner, lock=durable.lock),
        leftovers=Leftovers(database, keyring, registry),
        acceptance_poll=AcceptancePoll(database, keyring, registry),
        join=JoinService(
            database,
            keyring,
            provisioner,
            PlexSignInService(database, keyring, registry, limit=limit),
            flow.start,
            limit=limit,
        ),
        tv=tv,
        tv_url=tv_url,
    )


async def _add(house: House, number: int, url: str, simulator: Simulator) -> None:
    is_plex = isinstance(simulator, PlexServerSimulator)
    key = simulator.token if is_plex else simulator.api_key
    id = uuid7()  # noqa: A001
    server = MediaServer(
        id=id,
        name=f"Server {number}",
        server_type=ServerType.PLEX if is_plex else ServerType.JELLYFIN,
        url=url,
        api_key=house.keyring.seal(key, place=place_of_key(id)),
        machine_id=simulator.machine_identifier if is_plex else None,
    )
    async with house.registry.get_client(connect(server, house.keyring)) as client:
        libraries = await client.get_libraries()
    async with house.database.scoped(house.workspace.id) as session:
        session.add(server)
        await session.flush()
        await merge_libraries(session, id, libraries, now=utc_now())
    house.servers.append(server)


def accounts_on(simulator: JellyfinSimulator) -> dict[str, Any]:
    """The server's users by name, as its state shows them."""
    described: Any = simulator.describe()
    return {user["name"]: user for user in described["users"]}


def order(simulator: ControlledSimulator, path: str, kind: str, **more: Any) -> None:
    """Let the next request below the path fail in this way."""
    simulator.faults.add(read_fault({"path_prefix": path, "kind": kind, **more}))
