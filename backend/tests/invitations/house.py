"""A whole house in one process: database, durable work, and simulated servers."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4, uuid7

from zondarr.accounts.models import Workspace
from zondarr.config import Limit
from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database, Session
from zondarr.core.durable import Durable, Timing
from zondarr.invitations.join import JoinService
from zondarr.invitations.join_schemas import JoinAccepted, JoinRequest
from zondarr.invitations.models import Invitation, Redemption
from zondarr.invitations.provisioning import Provisioner
from zondarr.invitations.redemption import RedemptionFlow
from zondarr.invitations.repository import InvitationRepository, RedemptionRepository
from zondarr.media.clients import register_clients
from zondarr.media.registry import ClientRegistry
from zondarr.media.shared import ClientOptions
from zondarr.media.types import Connection, ServerType
from zondarr.servers.connections import place_of_key
from zondarr.servers.models import MediaServer
from zondarr.servers.repository import LibraryRepository
from zondarr.servers.sync import merge_libraries
from zondarr.simulators.faults import read_fault
from zondarr.simulators.jellyfin import JellyfinSimulator
from zondarr.simulators.server import serve

QUICK = ClientOptions(
    retry_pause=0.001,
    delete_pause=0,
    settle_pause=0,
    connect_timeout=2,
    read_timeout=2,
    slow_timeout=2,
)
HERE = "127.0.0.1"
GUEST = JoinRequest(username="ann", password="correct horse")


@dataclass
class House:
    """What a test of redemptions works with."""

    database: Database
    keyring: Keyring
    workspace: Workspace
    flow: RedemptionFlow
    join: JoinService
    simulators: list[JellyfinSimulator] = field(default_factory=list)
    servers: list[MediaServer] = field(default_factory=list)

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
        self, code: str = "MOVIE-NIGHT", request: JoinRequest = GUEST
    ) -> Redemption:
        """Redeem to the end, whatever end that is."""
        accepted = await self.join.redeem(code, request, key=str(uuid4()), address=HERE)
        return await self.end_of(accepted)

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

    async def uses(self, code: str = "MOVIE-NIGHT") -> int:
        async with self.database.scoped(self.workspace.id) as session:
            return (await self.invitation(session, code)).use_count


@asynccontextmanager
async def open_house(
    database: Database, keyring: Keyring, *, servers: int = 1
) -> AsyncGenerator[House]:
    registry = ClientRegistry()
    register_clients(registry)
    registry.configure(QUICK)
    durable = Durable(database, timing=Timing(stop=0.2))
    provisioner = Provisioner(database, keyring, registry)
    flow = RedemptionFlow(database, durable, provisioner)
    join = JoinService(
        database, keyring, provisioner, flow.begin, limit=Limit(10_000, 60)
    )
    async with AsyncExitStack() as stack:
        async with database.unscoped("set-up") as session:
            workspace = Workspace(name="Home")
            session.add(workspace)
        house = House(database, keyring, workspace, flow, join)
        for number in range(servers):
            simulator = JellyfinSimulator()
            url = await stack.enter_async_context(serve(simulator))
            house.simulators.append(simulator)
            house.servers.append(await _add(house, number, url, simulator, registry))
        await stack.enter_async_context(durable)
        yield house


async def _add(
    house: House,
    number: int,
    url: str,
    simulator: JellyfinSimulator,
    registry: ClientRegistry,
) -> MediaServer:
    id = uuid7()  # noqa: A001
    server = MediaServer(
        id=id,
        name=f"Server {number}",
        server_type=ServerType.JELLYFIN,
        url=url,
        api_key=house.keyring.seal(simulator.api_key, place=place_of_key(id)),
    )
    connection = Connection(
        id=id, server_type=ServerType.JELLYFIN, url=url, api_key=simulator.api_key
    )
    async with registry.get_client(connection) as client:
        libraries = await client.get_libraries()
    async with house.database.scoped(house.workspace.id) as session:
        session.add(server)
        await session.flush()
        await merge_libraries(session, id, libraries, now=utc_now())
    return server


def accounts_on(simulator: JellyfinSimulator) -> dict[str, Any]:
    """The server's users by name, as its state shows them."""
    described: Any = simulator.describe()
    return {user["name"]: user for user in described["users"]}


def order(simulator: JellyfinSimulator, path: str, kind: str, **more: Any) -> None:
    """Let the next request below the path fail in this way."""
    simulator.faults.add(read_fault({"path_prefix": path, "kind": kind, **more}))
