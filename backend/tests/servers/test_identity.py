"""A server is known by its identity, whatever address it answers at."""

import asyncio
import dataclasses
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

import pytest
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.server import serve
from sqlalchemy import update
from tests.simulated import SimulatedPlex, another_jellyfin, replace_server

from zondarr.core.crypto import Keyring
from zondarr.core.database import Database, UnitOfWork
from zondarr.core.repository import PageRequest
from zondarr.media.registry import ClientRegistry
from zondarr.media.types import ServerType
from zondarr.servers.exceptions import (
    ServerExistsError,
    ServerFailedError,
    ServerReplacedError,
)
from zondarr.servers.health_checks import ServerHealthChecks
from zondarr.servers.models import MediaServer, ServerState
from zondarr.servers.schemas import ServerCreate, ServerUpdate
from zondarr.servers.service import MediaServerService


@dataclass(frozen=True)
class Stored:
    """A stored server of one type, and what was typed to add it."""

    row: MediaServer
    data: Callable[[str], ServerCreate]

    @property
    def url(self) -> str:
        return self.row.url


@pytest.fixture(params=[ServerType.JELLYFIN, ServerType.PLEX])
async def stored(
    request: pytest.FixtureRequest,
    servers: MediaServerService,
    simulator: JellyfinSimulator,
    url: str,
    plex: SimulatedPlex,
) -> Stored:
    on_plex = request.param is ServerType.PLEX
    where, key = (plex.url, plex.token) if on_plex else (url, simulator.api_key)

    def data(name: str) -> ServerCreate:
        return ServerCreate(
            name=name, server_type=request.param, url=where, api_key=key
        )

    return Stored(await servers.create(data("First")), data)


@pytest.fixture
async def other_url() -> AsyncGenerator[tuple[str, str]]:
    other = another_jellyfin()
    async with serve(other) as url:
        yield url, other.api_key


@pytest.mark.parametrize("enabled", [True, False])
async def test_the_same_server_is_added_once(
    servers: MediaServerService, stored: Stored, enabled: bool
) -> None:
    await servers.update(stored.row.id, ServerUpdate(enabled=enabled))
    with pytest.raises(ServerExistsError, match="First") as raised:
        await servers.create(stored.data("Second"))
    assert ("switched off" in str(raised.value)) is not enabled
    assert raised.value.existing_id == stored.row.id
    assert (await servers.find(PageRequest())).total == 1


async def test_of_two_who_add_a_server_at_once_one_is_told(
    servers: MediaServerService, url: str, simulator: JellyfinSimulator
) -> None:
    data = ServerCreate(name="x", url=url, api_key=simulator.api_key)
    done = await asyncio.gather(
        servers.create(data), servers.create(data), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in done) == [
        "MediaServer",
        "ServerExistsError",
    ]


async def test_a_server_that_is_replaced_is_said_and_nothing_is_concluded(
    servers: MediaServerService,
    stored: Stored,
    database: Database,
    keyring: Keyring,
    registry: ClientRegistry,
) -> None:
    checks = ServerHealthChecks(database, keyring, registry)
    before = await servers.libraries(stored.row.id, PageRequest())
    await replace_server(stored.url)
    assert await checks.check() == "1 identity_changed"
    with pytest.raises(ServerFailedError) as raised:
        await servers.sync(stored.row.id)
    assert (raised.value.error_code, raised.value.status) == ("server_replaced", 502)
    now = await servers.get(stored.row.id)
    assert now.state is ServerState.IDENTITY_CHANGED
    assert now.machine_id == stored.row.machine_id
    after = await servers.libraries(stored.row.id, PageRequest())
    assert [one.missing_since for one in after.items] == [None] * before.total
    await replace_server(stored.url, back=True)
    assert await checks.check() == "1 ok"


async def test_a_new_identity_counts_once_it_is_confirmed(
    servers: MediaServerService, stored: Stored
) -> None:
    await replace_server(stored.url)
    with pytest.raises(ServerReplacedError, match="First"):
        await servers.update(
            stored.row.id, ServerUpdate(api_key=stored.data("x").api_key or "")
        )
    confirmed = ServerUpdate(confirm_new_identity=True)
    now = await servers.update(stored.row.id, confirmed)
    assert now.state is ServerState.OK
    assert now.machine_id not in {None, stored.row.machine_id}
    await servers.sync(stored.row.id)


async def test_an_address_of_another_server_is_refused_until_confirmed(
    servers: MediaServerService, server: MediaServer, other_url: tuple[str, str]
) -> None:
    url, key = other_url
    with pytest.raises(ServerReplacedError):
        await servers.update(server.id, ServerUpdate(url=url, api_key=key))
    assert (await servers.get(server.id)).url == server.url
    now = await servers.update(
        server.id, ServerUpdate(url=url, api_key=key, confirm_new_identity=True)
    )
    assert now.url == url


async def test_an_address_of_a_server_that_is_here_is_refused_in_any_case(
    servers: MediaServerService, server: MediaServer, other_url: tuple[str, str]
) -> None:
    url, key = other_url
    await servers.create(ServerCreate(name="Attic", url=url, api_key=key))
    with pytest.raises(ServerExistsError, match="Attic"):
        await servers.update(
            server.id, ServerUpdate(url=url, api_key=key, confirm_new_identity=True)
        )


async def test_libraries_of_the_earlier_server_are_kept_as_missing(
    servers: MediaServerService, plex_server: MediaServer, plex: SimulatedPlex
) -> None:
    before = await servers.libraries(plex_server.id, PageRequest())
    await replace_server(plex.url)
    first, *others = plex.pms.server.sections
    another = dataclasses.replace(first, title="Another")
    plex.pms.server.sections = (another, *others)
    await servers.update(plex_server.id, ServerUpdate(confirm_new_identity=True))
    after = {
        one.name: one
        for one in (await servers.libraries(plex_server.id, PageRequest())).items
    }
    missing = [one for one in after.values() if one.missing_since is not None]
    assert len(after) == before.total + 1
    assert len(missing) == 1
    assert after["Another"].id not in {one.id for one in before.items}
    await replace_server(plex.url, back=True)
    await servers.update(plex_server.id, ServerUpdate(confirm_new_identity=True))
    back = await servers.libraries(plex_server.id, PageRequest())
    present = {one.id for one in back.items if one.missing_since is None}
    assert present == {one.id for one in before.items}


async def test_a_row_without_an_identity_learns_it_at_the_next_check(
    servers: MediaServerService,
    stored: Stored,
    work: UnitOfWork,
    database: Database,
    keyring: Keyring,
    registry: ClientRegistry,
) -> None:
    async with work() as session:
        await session.execute(update(MediaServer).values(machine_id=None))
    assert await ServerHealthChecks(database, keyring, registry).check() == "1 ok"
    assert (await servers.get(stored.row.id)).machine_id == stored.row.machine_id
