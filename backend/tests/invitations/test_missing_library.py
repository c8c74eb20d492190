"""Libraries that were deleted on their server after we last looked."""

from collections.abc import AsyncGenerator

import pytest
from tests.invitations.house import House, accounts_on, open_house
from tests.invitations.people import people

from zondarr.core.crypto import Keyring
from zondarr.core.database import Database
from zondarr.invitations.join_schemas import JoinRequest
from zondarr.invitations.models import (
    Provisioning,
    ProvisioningStatus,
    Redemption,
    RedemptionStatus,
)
from zondarr.servers.repository import LibraryRepository

ANN = "ann@example.org"
GUEST = JoinRequest(username="ann", password="correct horse", email=ANN)


@pytest.fixture
async def house(database: Database, keyring: Keyring) -> AsyncGenerator[House]:
    """A Jellyfin server and a Plex server."""
    async with open_house(database, keyring, servers=1, plex=1) as house:
        yield house


async def libraries_of(house: House, server: int) -> list[tuple[str, str]]:
    """Ids and names, in the order in which `invite` takes them."""
    async with house.database.scoped(house.workspace.id) as session:
        found = LibraryRepository(session)
        rows = await found.get_by_server(house.servers[server].id)
        return [(row.external_id, row.name) for row in rows]


async def remove_libraries(house: House, server: int, count: int) -> list[str]:
    """Delete the first libraries of the invitation on the server; their names."""
    gone = (await libraries_of(house, server))[:count]
    ids = {library for library, _ in gone}
    if server == 0:
        state = house.simulators[0].state
        state.folders[:] = [one for one in state.folders if one["ItemId"] not in ids]
    else:
        plex = house.media_servers[0].server
        plex.sections = tuple(one for one in plex.sections if one.key not in ids)
    return [name for _, name in gone]


def part_on(house: House, redemption: Redemption, server: int) -> Provisioning:
    wanted = house.servers[server].id
    parts = redemption.provisionings
    return next(part for part in parts if part.media_server_id == wanted)


async def test_what_is_left_is_granted_and_what_is_missing_is_reported(
    house: House,
) -> None:
    await house.invite(libraries=2)
    left = [(await libraries_of(house, server))[1] for server in (0, 1)]
    missing = [await remove_libraries(house, server, 1) for server in (0, 1)]
    redemption = await house.redeem(request=GUEST)
    assert redemption.status is RedemptionStatus.SUCCEEDED
    policy = accounts_on(house.simulators[0])["ann"]["policy"]
    assert policy["EnabledFolders"] == [left[0][0]]
    assert house.cinema().seen_by(ANN) == [left[1][0]]
    for server in (0, 1):
        part = part_on(house, redemption, server)
        assert part.missing_libraries == missing[server]


async def test_where_nothing_is_left_no_account_is_made_and_the_use_is_returned(
    house: House,
) -> None:
    await house.invite(max_uses=1)
    for server in (0, 1):
        await remove_libraries(house, server, 1)
    redemption = await house.redeem(request=GUEST)
    assert redemption.status is RedemptionStatus.FAILED
    codes = {part.error_code for part in redemption.provisionings}
    assert codes == {"library_unknown"}
    assert "ann" not in accounts_on(house.simulators[0])
    assert house.cinema().seen_by(ANN) is None
    assert await house.uses() == 0
    assert await people(house) == []


@pytest.mark.parametrize("empty", [0, 1])
async def test_a_server_without_any_of_the_libraries_is_left_out(
    house: House, empty: int
) -> None:
    await house.invite(max_uses=1)
    await remove_libraries(house, empty, 1)
    redemption = await house.redeem(request=GUEST)
    assert redemption.status is RedemptionStatus.SUCCEEDED
    assert redemption.retry_until is None
    statuses = [part_on(house, redemption, one).status for one in (empty, 1 - empty)]
    assert statuses[0] is ProvisioningStatus.FAILED
    assert statuses[1] is not ProvisioningStatus.FAILED
    assert await house.uses() == 1
    assert [count for _, count in await people(house)] == [1]


async def test_an_empty_list_of_libraries_takes_nothing_away_from_what_is_known(
    house: House,
) -> None:
    await house.invite()
    house.simulators[0].state.folders.clear()
    redemption = await house.redeem(request=GUEST)
    assert part_on(house, redemption, 0).error_code == "library_unknown"
    async with house.database.scoped(house.workspace.id) as session:
        rows = await LibraryRepository(session).get_by_server(house.servers[0].id)
    assert all(row.missing_since is None for row in rows)
