"""Redemptions, whole: database, durable work, and a server that speaks HTTP."""

import asyncio
from collections.abc import AsyncGenerator
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from media_server_simulators.jellyfin.versions import Version
from tests.invitations.house import GUEST, HERE, House, accounts_on, open_house, order
from tests.invitations.people import people, users

from zondarr.core.crypto import Keyring
from zondarr.core.database import Database
from zondarr.core.exceptions import GoneError, InvalidError, NotFoundError
from zondarr.invitations.exceptions import (
    IdempotencyConflictError,
    NothingToGiveError,
    UsernameTakenError,
)
from zondarr.invitations.join_schemas import JoinAccepted, JoinRequest
from zondarr.invitations.models import (
    OnFailure,
    ProvisioningStatus,
    Redemption,
    RedemptionStatus,
)
from zondarr.invitations.repository import RedemptionRepository
from zondarr.servers.repository import MediaServerRepository

ENDS = {
    RedemptionStatus.SUCCEEDED,
    RedemptionStatus.UNDONE,
    RedemptionStatus.FAILED,
}


@pytest.fixture
async def house(database: Database, keyring: Keyring) -> AsyncGenerator[House]:
    async with open_house(database, keyring) as house:
        yield house


@pytest.fixture
async def two_servers(database: Database, keyring: Keyring) -> AsyncGenerator[House]:
    async with open_house(database, keyring, servers=2) as house:
        yield house


def guest(number: int) -> JoinRequest:
    return JoinRequest(username=f"guest {number}", password="correct horse")


async def assert_complete_or_undone(
    house: House, redemption: Redemption, *, before: int = 0
) -> None:
    """The promise: an account that is as it was meant, or no trace at all.

    `before` is how many guests came in earlier.
    """
    account = accounts_on(house.simulators[0]).get(redemption.guest_name)
    assert redemption.guest_password is None
    assert all(part.plan is None for part in redemption.provisionings)
    if redemption.status is RedemptionStatus.SUCCEEDED:
        assert account is not None
        assert_as_meant(account)
        before += 1
    else:
        assert redemption.status in ENDS
        assert account is None
        assert redemption.provisionings[0].error_code
    assert await house.uses() == before
    assert [count for _, count in await people(house)] == [1] * before


def assert_as_meant(account: dict[str, Any]) -> None:
    policy = account["policy"]
    assert not policy["IsDisabled"]
    assert not policy["IsAdministrator"]
    assert not policy["EnableAllFolders"]
    assert len(policy["EnabledFolders"]) == 1
    assert not policy["EnableContentDownloading"]
    assert not policy["EnableContentDeletion"]
    assert account["has_password"]


async def test_a_guest_gets_an_account_with_exactly_what_was_meant(
    house: House,
) -> None:
    await house.invite(max_uses=1, duration_days=30)
    before = set(accounts_on(house.simulators[0]))
    redemption = await house.redeem()
    assert redemption.status is RedemptionStatus.SUCCEEDED
    after = accounts_on(house.simulators[0])
    assert set(after) - before == {"ann"}
    assert_as_meant(after["ann"])
    await assert_complete_or_undone(house, redemption)
    (user,) = await users(house)
    assert user.expires_at is not None
    assert (user.expires_at - user.created_at).days in {29, 30}


@pytest.mark.parametrize(("requests", "uses"), [(50, 1), (200, 20)])
async def test_as_many_guests_come_in_as_there_are_uses(
    house: House, requests: int, uses: int
) -> None:
    await house.invite(max_uses=uses)
    before = len(accounts_on(house.simulators[0]))
    answers = await asyncio.gather(
        *(
            house.join.redeem("MOVIE-NIGHT", guest(number), key=None, address=HERE)
            for number in range(requests)
        ),
        return_exceptions=True,
    )
    accepted = [one for one in answers if isinstance(one, JoinAccepted)]
    refused = [one for one in answers if isinstance(one, GoneError)]
    others = [one for one in answers if one not in [*accepted, *refused]]
    assert [repr(getattr(one, "__cause__", one)) for one in others] == []
    assert (len(accepted), len(refused)) == (uses, requests - uses)
    assert {one.error_code for one in refused} == {"invitation_exhausted"}
    ends = await asyncio.gather(*(house.end_of(one) for one in accepted))
    assert {one.status for one in ends} == {RedemptionStatus.SUCCEEDED}
    assert len(accounts_on(house.simulators[0])) == before + uses
    assert await house.uses() == uses


async def test_the_same_request_ten_times_at_once_is_one_redemption(
    house: House,
) -> None:
    await house.invite(max_uses=1)
    answers = await asyncio.gather(
        *(
            house.join.redeem("movie-night", GUEST, key="again", address=HERE)
            for _ in range(10)
        )
    )
    assert len({(one.redemption_id, one.token) for one in answers}) == 1
    await house.end_of(answers[0])
    again = await house.join.redeem("MOVIE-NIGHT", GUEST, key="again", address=HERE)
    assert again == answers[0]
    assert await house.uses() == 1


async def test_another_request_under_the_same_key_is_a_conflict(house: House) -> None:
    await house.invite()
    accepted = await house.join.redeem("MOVIE-NIGHT", GUEST, key="again", address=HERE)
    with pytest.raises(IdempotencyConflictError):
        await house.join.redeem("MOVIE-NIGHT", guest(2), key="again", address=HERE)
    await house.end_of(accepted)


async def test_a_taken_name_is_told_before_a_use_is_claimed(house: House) -> None:
    await house.invite(max_uses=1)
    taken = house.simulators[0].admin.name
    with pytest.raises(UsernameTakenError):
        await house.join.redeem(
            "MOVIE-NIGHT",
            JoinRequest(username=taken.upper(), password="correct horse"),
            key=None,
            address=HERE,
        )
    assert await house.uses() == 0


async def test_a_name_lost_in_a_race_is_undone_and_says_so(house: House) -> None:
    await house.invite(max_uses=2)
    first, second = await asyncio.gather(
        *(
            house.join.redeem("MOVIE-NIGHT", GUEST, key=None, address=HERE)
            for _ in range(2)
        )
    )
    ends = [await house.end_of(first), await house.end_of(second)]
    lost = [one for one in ends if one.status is not RedemptionStatus.SUCCEEDED]
    assert [one.status for one in lost] == [RedemptionStatus.UNDONE]
    assert lost[0].provisionings[0].error_code == "username_taken"
    assert "ann" in accounts_on(house.simulators[0])
    assert await house.uses() == 1


FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("latency", {"value": 300}),
    ("drop", {}),
    ("truncate", {}),
    ("html", {}),
    ("lost_response", {}),
    ("status", {"value": 401}),
    ("status", {"value": 500}),
    ("status", {"value": 503}),
    ("empty", {}),
    ("starting", {}),
]
EACH_FAULT = pytest.mark.parametrize(
    ("database_url", "kind", "more"),
    [("sqlite", *fault) for fault in FAULTS]
    + [("postgresql", *fault) for fault in FAULTS[::3]],
    indirect=["database_url"],
)
"""A third of them on PostgreSQL: what a server does is the same on both."""
PLACES = [
    ("POST", "/Users/New"),
    ("GET", "/Users"),
    ("POST", "/Users/"),
    ("POST", "/Users/Password"),
]


@EACH_FAULT
async def test_whatever_the_server_does_it_is_complete_or_undone(
    house: House, kind: str, more: dict[str, Any]
) -> None:
    await house.invite()
    for number, (times, (method, path)) in enumerate(product((1, 4), PLACES)):
        before = await house.uses()
        order(house.simulators[0], path, kind, method=method, times=times, **more)
        redemption = await house.redeem(request=guest(number))
        house.simulators[0].faults.remove()
        await assert_complete_or_undone(house, redemption, before=before)


async def test_a_server_that_is_down_from_the_start_fails_the_redemption(
    house: House,
) -> None:
    await house.invite(max_uses=1)
    order(house.simulators[0], "/", "drop", times=0)
    redemption = await house.redeem()
    assert redemption.status is RedemptionStatus.FAILED
    assert redemption.provisionings[0].status is ProvisioningStatus.FAILED
    assert redemption.provisionings[0].error_code == "connection_lost"
    assert await house.uses() == 0


async def test_when_one_of_two_servers_fails_the_other_is_taken_back(
    two_servers: House,
) -> None:
    house = two_servers
    await house.invite(max_uses=1)
    order(house.simulators[1], "/Users/New", "status", value=500, times=0)
    redemption = await house.redeem()
    assert redemption.status is RedemptionStatus.UNDONE
    assert {part.status for part in redemption.provisionings} == {
        ProvisioningStatus.UNDONE,
        ProvisioningStatus.FAILED,
    }
    assert all("ann" not in accounts_on(one) for one in house.simulators)
    assert await house.uses() == 0
    assert await people(house) == []


async def test_an_invitation_may_keep_what_worked(two_servers: House) -> None:
    house = two_servers
    await house.invite(max_uses=1, on_failure=OnFailure.KEEP)
    order(house.simulators[1], "/Users/New", "status", value=500, times=0)
    redemption = await house.redeem()
    assert redemption.status is RedemptionStatus.PARTIAL
    assert ["ann" in accounts_on(one) for one in house.simulators] == [True, False]
    assert await house.uses() == 1
    assert [count for _, count in await people(house)] == [1]


async def test_a_library_that_vanished_does_not_widen_the_invitation(
    house: House,
) -> None:
    await house.invite(libraries=2)
    async with house.database.scoped(house.workspace.id) as session:
        invitation = await house.invitation(session)
        invitation.libraries[0].missing_since = invitation.created_at
    redemption = await house.redeem()
    assert redemption.status is RedemptionStatus.SUCCEEDED
    assert_as_meant(accounts_on(house.simulators[0])["ann"])


async def test_all_libraries_are_those_there_are_when_it_is_redeemed(
    house: House,
) -> None:
    await house.invite(libraries=0, all_libraries=True)
    redemption = await house.redeem()
    assert redemption.status is RedemptionStatus.SUCCEEDED
    described: Any = house.simulators[0].describe()
    policy = accounts_on(house.simulators[0])["ann"]["policy"]
    assert not policy["EnableAllFolders"]
    assert sorted(policy["EnabledFolders"]) == sorted(
        library["id"] for library in described["libraries"]
    )


async def test_a_name_that_a_server_refuses_is_found_out_before_a_use_is_taken(
    house: House,
) -> None:
    await house.invite(max_uses=1)
    house.simulators[0].state.version = Version.V10_10
    request = JoinRequest(username="ann+bob", password="correct horse")
    with pytest.raises(InvalidError) as raised:
        await house.redeem(request=request)
    assert list(raised.value.fields) == ["username"]
    assert await house.uses() == 0
    assert (await house.redeem()).status is RedemptionStatus.SUCCEEDED


async def test_a_token_opens_its_own_redemption_only(house: House) -> None:
    await house.invite()
    one = await house.join.redeem("MOVIE-NIGHT", guest(1), key=None, address=HERE)
    other = await house.join.redeem("MOVIE-NIGHT", guest(2), key=None, address=HERE)
    assert (await house.join.progress(one.redemption_id, one.token)).servers
    for token in ("", other.token, f"{one.token}x"):
        with pytest.raises(NotFoundError):
            await house.join.progress(one.redemption_id, token)
    await house.end_of(one)
    await house.end_of(other)


async def test_one_that_was_claimed_and_never_begun_is_begun_by_the_sweep(
    house: House,
) -> None:
    await house.invite(max_uses=1)

    async def die(_id: UUID) -> None:
        raise ConnectionError

    house.join.start = die
    with pytest.raises(ConnectionError):
        await house.join.redeem("MOVIE-NIGHT", GUEST, key=None, address=HERE)
    assert await house.uses() == 1
    assert "ann" not in accounts_on(house.simulators[0])
    await house.flow.start_missing()
    async with house.database.scoped(house.workspace.id) as session:
        (found,) = await RedemptionRepository(session).get_all()
    await house.flow.workflow.wait(found.id)
    redemption = await house.get(found.id)
    assert redemption.status is RedemptionStatus.SUCCEEDED
    await assert_complete_or_undone(house, redemption)


async def test_a_server_removed_at_the_last_moment_is_told_and_takes_no_use(
    house: House,
) -> None:
    await house.invite(max_uses=1)
    order(house.simulators[0], "/Users", "latency", value=500)
    joining = asyncio.create_task(
        house.join.redeem("MOVIE-NIGHT", GUEST, key=None, address=HERE)
    )
    await asyncio.sleep(0.2)
    async with house.database.scoped(house.workspace.id) as session:
        servers = MediaServerRepository(session)
        found = await servers.get_by_id(house.servers[0].id)
        assert found is not None
        await servers.delete(found)
    with pytest.raises(NothingToGiveError):
        await joining
    assert await house.uses() == 0
