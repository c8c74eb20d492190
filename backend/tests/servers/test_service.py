"""Adding, changing, asking and removing servers, against a simulated Jellyfin."""

from uuid import uuid7

import pytest
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.server import serve
from sqlalchemy import select
from tests.simulated import replace_server, within_each_request

from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database, UnitOfWork
from zondarr.core.exceptions import InvalidError, NotFoundError
from zondarr.core.repository import PageRequest
from zondarr.media.types import ServerType
from zondarr.servers.connections import connect
from zondarr.servers.exceptions import (
    KeyNeededError,
    ServerDisabledError,
    ServerFailedError,
    ServerInUseError,
    ServerNotAcceptedError,
)
from zondarr.servers.impact import Impact, ImpactKind
from zondarr.servers.models import Library, MediaServer, ServerState
from zondarr.servers.schemas import ServerCreate, ServerTest, ServerUpdate
from zondarr.servers.service import MediaServerService


async def _stored(work: UnitOfWork) -> list[MediaServer]:
    async with work(reading=True) as session:
        return list(await session.scalars(select(MediaServer)))


async def _libraries(work: UnitOfWork) -> dict[str, Library]:
    async with work(reading=True) as session:
        found = await session.scalars(select(Library))
        return {library.name: library for library in found}


async def test_a_server_is_stored_with_its_type_version_and_libraries(
    servers: MediaServerService,
    simulator: JellyfinSimulator,
    url: str,
    work: UnitOfWork,
) -> None:
    server = await servers.create(
        ServerCreate(name="Attic", url=url + "/", api_key=simulator.api_key)
    )
    assert server.server_type is ServerType.JELLYFIN
    assert server.url == url
    assert server.state is ServerState.OK
    assert server.version == simulator.state.version.value
    assert server.checked_at is not None
    assert server.seen_at == server.checked_at
    assert set(await _libraries(work)) == {
        "Movies",
        "Shows",
        "Music",
        "Family Videos",
    }


async def test_the_key_is_sealed_in_the_table(
    server: MediaServer,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
    keyring: Keyring,
) -> None:
    (row,) = await _stored(work)
    assert simulator.api_key not in row.api_key
    assert connect(row, keyring).api_key == simulator.api_key


async def test_a_wrong_key_is_named_and_nothing_is_stored(
    servers: MediaServerService, url: str, work: UnitOfWork
) -> None:
    with pytest.raises(ServerNotAcceptedError) as caught:
        await servers.create(ServerCreate(name="Attic", url=url, api_key="0" * 32))
    assert set(caught.value.fields) == {"api_key"}
    assert await _stored(work) == []


async def test_where_nothing_answers_nothing_is_stored(
    servers: MediaServerService, work: UnitOfWork
) -> None:
    nowhere = ServerCreate(name="Attic", url="http://127.0.0.1:1", api_key="0" * 32)
    with pytest.raises(ServerFailedError) as caught:
        await servers.create(nowhere)
    assert caught.value.status == 504
    assert await _stored(work) == []


@pytest.mark.parametrize(
    "url", ["ftp://host", "http://a:b@host", "http://host?x=1", "http://"]
)
async def test_what_is_no_address_of_a_server_is_refused(
    servers: MediaServerService, url: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        await servers.create(ServerCreate(name="Attic", url=url, api_key="key"))
    assert set(caught.value.fields) == {"url"}


async def test_a_test_tells_what_is_there_and_stores_nothing(
    servers: MediaServerService,
    simulator: JellyfinSimulator,
    url: str,
    work: UnitOfWork,
) -> None:
    proof = await servers.test(ServerTest(url=url, api_key=simulator.api_key))
    assert proof.server_type is ServerType.JELLYFIN
    assert proof.info.name == "Living Room"
    assert len(proof.libraries) == 4
    assert await _stored(work) == []


async def test_the_key_is_not_sent_to_another_host_than_it_was_typed_for(
    servers: MediaServerService, server: MediaServer, url: str
) -> None:
    other = JellyfinSimulator()
    async with serve(other) as elsewhere:
        for moved in (elsewhere, url.replace("http:", "https:")):
            with pytest.raises(KeyNeededError) as caught:
                await servers.update(server.id, ServerUpdate(url=moved))
            assert set(caught.value.fields) == {"api_key"}
        assert not other.journal.as_json()
        moved = ServerUpdate(url=elsewhere, api_key=other.api_key)
        changed = await servers.update(server.id, moved)
    assert changed.url == elsewhere


async def test_a_new_key_must_prove_itself_before_the_old_one_is_given_up(
    servers: MediaServerService, server: MediaServer, work: UnitOfWork
) -> None:
    change = ServerUpdate(name="Cellar", api_key="wrong")
    with pytest.raises(ServerNotAcceptedError):
        await servers.update(server.id, change)
    (row,) = await _stored(work)
    assert (row.name, row.api_key) == (server.name, server.api_key)


async def test_a_name_is_changed_while_the_server_is_down(
    servers: MediaServerService, server: MediaServer, simulator: JellyfinSimulator
) -> None:
    simulator.faults.add(Fault("/", FaultKind.DROP, endless=True))
    changed = await servers.update(server.id, ServerUpdate(name="Cellar"))
    assert changed.name == "Cellar"
    assert changed.state is ServerState.OK


async def test_how_a_server_was_found_is_written_down(
    servers: MediaServerService, server: MediaServer, simulator: JellyfinSimulator
) -> None:
    simulator.faults.add(Fault("/", FaultKind.DROP, endless=True))
    with pytest.raises(ServerFailedError):
        await servers.test_stored(server.id)
    down = await servers.get(server.id)
    assert down.state is ServerState.UNREACHABLE
    assert down.seen_at == server.seen_at
    assert down.updated_at == server.updated_at

    simulator.faults.remove()
    await servers.test_stored(server.id)
    up = await servers.get(server.id)
    assert up.state is ServerState.OK
    assert up.seen_at is not None
    assert server.seen_at is not None
    assert up.seen_at > server.seen_at


async def test_other_writes_go_through_while_a_server_is_asked(
    servers: MediaServerService,
    server: MediaServer,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
) -> None:
    async def write() -> None:
        async with work() as session:
            session.add(
                Library(
                    media_server_id=server.id,
                    external_id=str(uuid7()),
                    name="written meanwhile",
                    library_type="movies",
                    missing_since=utc_now(),
                )
            )

    asked = within_each_request(simulator, write)
    await servers.test_stored(server.id)
    await servers.sync(server.id)
    await servers.update(server.id, ServerUpdate(api_key=simulator.api_key))
    assert asked


async def test_a_server_that_is_switched_off_is_not_synced(
    servers: MediaServerService, server: MediaServer, simulator: JellyfinSimulator
) -> None:
    await servers.update(server.id, ServerUpdate(enabled=False))
    simulator.journal.clear()
    with pytest.raises(ServerDisabledError):
        await servers.sync(server.id)
    assert not simulator.journal.as_json()


async def test_what_goes_with_a_server_is_told_and_then_goes(
    servers: MediaServerService,
    server: MediaServer,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
) -> None:
    simulator.journal.clear()
    _, consequences = await servers.preview_removal(server.id)
    counts = {one.kind: one.count for one in consequences}
    assert counts[ImpactKind.LIBRARIES] == 4
    assert counts[ImpactKind.USERS] == 0

    await servers.delete(server.id)
    assert await _libraries(work) == {}
    assert not simulator.journal.as_json()
    with pytest.raises(NotFoundError):
        await servers.get(server.id)


async def test_a_server_that_is_needed_right_now_stays(
    servers: MediaServerService, server: MediaServer
) -> None:
    async def blocking(_session: object, _id: object) -> Impact:
        return Impact(kind=ImpactKind.REDEMPTIONS, count=1, blocks=True, items=[])

    servers.impact_providers = (*servers.impact_providers, blocking)
    with pytest.raises(ServerInUseError):
        await servers.delete(server.id)
    assert await servers.get(server.id)


async def test_no_other_workspace_sees_the_server(
    server: MediaServer, database: Database
) -> None:
    async with database.scoped(uuid7(), reading=True) as session:
        assert await session.get(MediaServer, server.id) is None


async def test_servers_are_searched_and_sorted(
    servers: MediaServerService, simulator: JellyfinSimulator, url: str
) -> None:
    for name in ("Cellar", "Attic", "Barn"):
        await servers.create(
            ServerCreate(name=name, url=url, api_key=simulator.api_key)
        )
        await replace_server(url)
    found = await servers.find(PageRequest(limit=2))
    assert [one.name for one in found.items] == ["Attic", "Barn"]
    rest = await servers.find(PageRequest(limit=2, cursor=found.next_cursor))
    assert [one.name for one in rest.items] == ["Cellar"]
    assert (await servers.find(PageRequest(), q="BAR")).total == 1
