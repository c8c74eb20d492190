"""What a server holds, compared with what we know of it."""

import pytest
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator
from sqlalchemy import select

from zondarr.core.database import UnitOfWork
from zondarr.core.exceptions import ZondarrError
from zondarr.servers.exceptions import ShrunkenAnswerError
from zondarr.servers.models import Library, MediaServer
from zondarr.servers.service import MediaServerService


async def _libraries(work: UnitOfWork) -> dict[str, Library]:
    async with work(reading=True) as session:
        found = await session.scalars(select(Library))
        return {library.external_id: library for library in found}


async def test_a_library_that_vanished_is_missing_and_comes_back_as_the_same(
    servers: MediaServerService,
    server: MediaServer,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
) -> None:
    before = await _libraries(work)
    gone = simulator.state.folders.pop()
    synced = await servers.sync(server.id)
    assert (synced.libraries.missing, synced.libraries.present) == (1, 3)
    missing = (await _libraries(work))[str(gone["ItemId"])]
    assert missing.missing_since is not None

    again = await servers.sync(server.id)
    assert again.libraries.missing == 0

    simulator.state.folders.append(gone)
    synced = await servers.sync(server.id)
    assert synced.libraries.back == 1
    after = await _libraries(work)
    assert {one.id for one in after.values()} == {one.id for one in before.values()}
    assert all(one.missing_since is None for one in after.values())


async def test_a_new_name_is_followed(
    servers: MediaServerService,
    server: MediaServer,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
) -> None:
    simulator.state.folders[0]["Name"] = "Films"
    await servers.sync(server.id)
    library = (await _libraries(work))[str(simulator.state.folders[0]["ItemId"])]
    assert library.name == "Films"


async def test_an_empty_answer_changes_nothing(
    servers: MediaServerService,
    server: MediaServer,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
) -> None:
    before = [one.missing_since for one in (await _libraries(work)).values()]
    simulator.state.folders.clear()
    with pytest.raises(ShrunkenAnswerError):
        await servers.sync(server.id)
    after = [one.missing_since for one in (await _libraries(work)).values()]
    assert after == before


@pytest.mark.parametrize(
    "kind", [kind for kind in FaultKind if kind is not FaultKind.LATENCY]
)
async def test_a_failing_answer_changes_nothing(
    servers: MediaServerService,
    server: MediaServer,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
    kind: FaultKind,
) -> None:
    value = 500 if kind is FaultKind.STATUS else None
    fault = Fault("/Library/VirtualFolders", kind, value=value, endless=True)
    simulator.faults.add(fault)
    with pytest.raises(ZondarrError):
        await servers.sync(server.id)
    assert all(
        library.missing_since is None for library in (await _libraries(work)).values()
    )


async def test_accounts_that_are_not_ours_are_counted_and_left_alone(
    servers: MediaServerService, server: MediaServer, simulator: JellyfinSimulator
) -> None:
    synced = await servers.sync(server.id)
    assert synced.accounts.known == 0
    assert synced.accounts.strangers == len(simulator.state.users)
    assert f"and {len(simulator.state.users)} other accounts" in str(synced)
