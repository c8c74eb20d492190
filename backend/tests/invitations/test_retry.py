"""What could not be done at once is tried again for a day. The clock is moved."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from tests.invitations.house import GUEST, House, accounts_on, open_house, order
from tests.invitations.people import people, users

from zondarr.core.actor import Actor
from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database
from zondarr.invitations.join_schemas import JoinRequest
from zondarr.invitations.models import (
    OnFailure,
    Provisioning,
    ProvisioningStatus,
    Redemption,
    RedemptionStatus,
)
from zondarr.invitations.repository import ProvisioningRepository, RedemptionRepository
from zondarr.invitations.retry.job import is_due
from zondarr.invitations.schemas import RedemptionResponse
from zondarr.media.exceptions import MediaClientError
from zondarr.servers.repository import MediaServerRepository
from zondarr.users.repository import IdentityRepository

ANN = "ann@example.org"
BOTH = JoinRequest(username="ann", password="correct horse", email=ANN)
PARTIAL, SUCCEEDED = RedemptionStatus.PARTIAL, RedemptionStatus.SUCCEEDED


type Logs = Callable[[], list[dict[str, Any]]]


@pytest.fixture
async def house(database: Database, keyring: Keyring) -> AsyncGenerator[House]:
    """Two Jellyfin servers."""
    async with open_house(database, keyring, servers=2) as house:
        yield house


@pytest.fixture
async def mixed(database: Database, keyring: Keyring) -> AsyncGenerator[House]:
    async with open_house(database, keyring, servers=1, plex=1) as house:
        yield house


def after(**time: float) -> datetime:
    return utc_now() + timedelta(**time)


async def half_done(house: House) -> Redemption:
    """Done on the first server; the second fails until the test changes that."""
    order(house.simulators[1], "/Users/New", "status", value=500, times=0)
    return await _partial(house)


async def half_made(house: House) -> Redemption:
    """The same, and what was begun on the second server cannot be taken back."""
    order(house.simulators[1], "/Users/Password", "status", value=500, times=0)
    order(house.simulators[1], "/Users/", "status", value=500, times=0, method="DELETE")
    redemption = await _partial(house)
    assert "ann" in accounts_on(house.simulators[1])
    return redemption


async def _partial(house: House) -> Redemption:
    await house.invite(max_uses=1, on_failure=OnFailure.KEEP, duration_days=30)
    redemption = await house.redeem()
    assert redemption.status is PARTIAL
    return redemption


def parts_of(redemption: Redemption, house: House) -> list[Provisioning]:
    ids = [server.id for server in house.servers]
    return sorted(
        redemption.provisionings, key=lambda one: ids.index(one.media_server_id)
    )


def assert_over(redemption: Redemption) -> None:
    assert redemption.retry_until is None
    assert redemption.guest_password is None
    assert redemption.guest_plex_token is None
    assert all(part.plan is None for part in redemption.provisionings)


async def test_operators_are_told_until_when_it_is_tried(house: House) -> None:
    reported = RedemptionResponse.of(await half_done(house)).retry_until
    assert reported is not None
    assert after(hours=23) < reported < after(hours=25)


async def test_what_failed_is_done_when_the_server_is_back(
    house: House, logs: Logs
) -> None:
    redemption = await half_done(house)
    assert redemption.guest_password is not None
    assert redemption.retry_until is not None
    house.simulators[1].faults.remove()
    assert (await house.retry_job.retry(utc_now())).due == 0
    assert (await house.retry_job.retry(after(minutes=2))).well == 1
    redemption = await house.get(redemption.id)
    assert redemption.status is SUCCEEDED
    assert_over(redemption)
    assert {part.error_code for part in redemption.provisionings} == {None}
    assert all("ann" in accounts_on(one) for one in house.simulators)
    assert [count for _, count in await people(house)] == [2]
    assert len({user.expires_at for user in await users(house)}) == 1
    assert await house.uses() == 1
    assert (await house.retry_job.retry(after(hours=2))).due == 0
    actors = {line["event"]: line["actor"] for line in logs() if "actor" in line}
    assert actors["guest joins"] == f"guest:{redemption.id}"
    assert actors["account made"] == "job:retry_redemptions"
    assert actors["redemption complete after all"] == "job:retry_redemptions"


async def test_the_end_of_access_is_that_of_the_other_accounts(house: House) -> None:
    """Also where an operator has given these another one meanwhile."""
    redemption = await half_done(house)
    sooner = after(days=3)
    async with house.database.scoped(house.workspace.id) as session:
        for user in await users(house):
            (await session.merge(user)).expires_at = sooner
    house.simulators[1].faults.remove()
    await house.retry_job.retry(after(minutes=2))
    assert {user.expires_at for user in await users(house)} == {sooner}
    assert (await house.get(redemption.id)).status is SUCCEEDED


def test_the_pauses_grow_from_a_minute_to_an_hour() -> None:
    began = utc_now()
    redemption = Redemption(created_at=began, finished_at=began)
    part = Provisioning(status=ProvisioningStatus.FAILED, updated_at=began)
    tries: list[float] = []
    now = began
    while now < began + timedelta(days=1):
        now += timedelta(minutes=1)
        if is_due(part, redemption, now):
            part.updated_at = now
            tries.append((now - began).total_seconds() / 60)
    assert tries[:7] == [1, 2, 4, 8, 16, 32, 64]
    assert {later - one for one, later in pairwise(tries[6:])} == {60}


async def test_a_try_that_fails_leaves_nothing_and_says_why(house: House) -> None:
    redemption = await half_done(house)
    house.simulators[1].faults.remove()
    order(house.simulators[1], "/Users/Password", "status", value=500, times=0)
    for hours in (1, 3, 5):
        retried = await house.retry_job.retry(after(hours=hours))
        assert (retried.due, retried.well) == (1, 0)
        assert "ann" not in accounts_on(house.simulators[1])
        redemption = await house.get(redemption.id)
        assert redemption.status is PARTIAL
        assert parts_of(redemption, house)[1].error_code == "server_error"
    house.simulators[1].faults.remove()
    await house.retry_job.retry(after(hours=8))
    assert (await house.get(redemption.id)).status is SUCCEEDED
    assert await house.uses() == 1


async def test_after_a_day_it_stays_partial_and_no_secret_is_kept(house: House) -> None:
    redemption = await half_done(house)
    await house.retry_job.retry(after(hours=25))
    redemption = await house.get(redemption.id)
    assert redemption.status is PARTIAL
    assert_over(redemption)
    house.simulators[1].faults.remove()
    assert (await house.retry_job.retry(after(hours=30))).due == 0
    assert await house.uses() == 1


async def test_what_may_be_left_on_a_silent_server_is_taken_back_after_the_day_too(
    house: House,
) -> None:
    redemption = await half_made(house)
    await house.retry_job.retry(after(hours=25))
    redemption = await house.get(redemption.id)
    assert redemption.status is PARTIAL
    assert_over(redemption)
    assert (await house.leftovers.remove(after(hours=25))).removed == 0
    house.simulators[1].faults.remove()
    assert (await house.leftovers.remove(after(hours=30))).removed == 1
    assert "ann" not in accounts_on(house.simulators[1])
    assert (await house.leftovers.remove(after(hours=40))).due == 0


@pytest.mark.parametrize("deleted", [True, False])
async def test_nobody_is_let_in_whom_an_operator_deleted_or_disabled(
    house: House, deleted: bool
) -> None:
    redemption = await half_done(house)
    async with house.database.scoped(house.workspace.id) as session:
        identities = IdentityRepository(session)
        assert redemption.identity_id is not None
        person = await identities.get_locked(redemption.identity_id)
        assert person is not None
        if deleted:
            await identities.delete(person)
        else:
            person.enabled = False
    house.simulators[1].faults.remove()
    assert (await house.retry_job.retry(after(minutes=2))).well == 0
    redemption = await house.get(redemption.id)
    assert redemption.status is PARTIAL
    assert_over(redemption)
    assert "ann" not in accounts_on(house.simulators[1])


async def test_who_is_deleted_during_a_try_is_not_let_in_by_it(house: House) -> None:
    redemption = await half_done(house)
    house.simulators[1].faults.remove()
    provision = house.retry_job.provisioner.provision

    async def delete_meanwhile(id: UUID, *, by: Actor | None = None) -> None:
        await provision(id, by=by)
        async with house.database.scoped(house.workspace.id) as session:
            ((person, _),) = await people(house)
            await session.delete(await session.merge(person))

    house.retry_job.provisioner.provision = delete_meanwhile
    assert (await house.retry_job.retry(after(minutes=2))).well == 0
    assert "ann" not in accounts_on(house.simulators[1])
    assert_over(await house.get(redemption.id))


async def test_a_server_that_was_removed_is_no_part_of_it_any_more(
    house: House,
) -> None:
    redemption = await half_done(house)
    async with house.database.scoped(house.workspace.id) as session:
        servers = MediaServerRepository(session)
        server = await servers.get_by_id(house.servers[1].id)
        assert server is not None
        await servers.delete(server)
    await house.retry_job.retry(after(minutes=2))
    redemption = await house.get(redemption.id)
    assert redemption.status is SUCCEEDED
    assert_over(redemption)


async def test_a_server_that_is_switched_off_is_left_alone(house: House) -> None:
    redemption = await half_done(house)
    house.simulators[1].faults.remove()
    async with house.database.scoped(house.workspace.id) as session:
        server = await MediaServerRepository(session).get_by_id(house.servers[1].id)
        assert server is not None
        server.enabled = False
    assert (await house.retry_job.retry(after(minutes=2))).due == 0
    assert (await house.get(redemption.id)).status is PARTIAL


async def test_an_invitation_is_deleted_though_something_may_be_left(
    house: House,
) -> None:
    redemption = await half_made(house)
    await house.retry_job.retry(after(minutes=2))
    await house.delete_invitation(redemption.invitation_id)
    assert [count for _, count in await people(house)] == [1]
    house.simulators[1].faults.remove()
    assert (await house.leftovers.remove(after(hours=2))).removed == 1
    assert ["ann" in accounts_on(one) for one in house.simulators] == [True, False]


async def test_a_try_that_was_cut_off_goes_on_where_it_was(house: House) -> None:
    """As after a crash: the row is marked as being worked on, and no work is
    running.
    """
    redemption = await half_done(house)
    house.simulators[1].faults.remove()
    part = parts_of(redemption, house)[1]
    order(house.simulators[1], "/Users/Password", "status", value=500, times=0)
    async with house.database.scoped(house.workspace.id) as session:
        assert await ProvisioningRepository(session).take_up(part.id)
    with pytest.raises(MediaClientError):
        await house.retry_job.provisioner.provision(part.id)
    assert "ann" in accounts_on(house.simulators[1])
    house.simulators[1].faults.remove()
    assert (await house.retry_job.retry(utc_now())).well == 1
    assert (await house.get(redemption.id)).status is SUCCEEDED
    assert [count for _, count in await people(house)] == [2]


async def test_two_rounds_at_once_make_one_account(house: House) -> None:
    redemption = await half_done(house)
    house.simulators[1].faults.remove()
    rounds = await asyncio.gather(
        *(house.retry_job.retry(after(minutes=2)) for _ in range(3))
    )
    assert sum(one.well for one in rounds) == 1
    assert (await house.get(redemption.id)).status is SUCCEEDED
    assert [count for _, count in await people(house)] == [2]


async def test_a_plex_guest_is_let_in_later_with_his_own_token(mixed: House) -> None:
    house = mixed
    await house.invite(on_failure=OnFailure.KEEP)
    order(house.tv, "/api/v2/shared_servers", "status", value=500, times=0)
    ann = house.plex.register("Ann", ANN)
    pin = await house.sign_in(ann)
    request = JoinRequest(username="ann", password="correct horse", plex_pin_id=pin)
    redemption = await house.redeem(request=request, holder="browser")
    assert redemption.status is PARTIAL
    # What was done needs no password any more; what was not needs the token.
    assert redemption.guest_password is None
    assert redemption.guest_plex_token is not None
    house.tv.faults.remove()
    await house.retry_job.retry(after(minutes=2))
    redemption = await house.get(redemption.id)
    assert redemption.status is SUCCEEDED
    assert_over(redemption)
    (share,) = house.cinema().shares_of(ANN)
    assert share.accepted_at is not None
    assert [count for _, count in await people(house)] == [2]


async def test_two_redemptions_do_not_let_in_one_plex_account_at_once(
    mixed: House,
) -> None:
    """A try waits for the next round while another redemption is at it."""
    house = mixed
    await house.invite(on_failure=OnFailure.KEEP)
    order(house.tv, "/api/v2/shared_servers", "status", value=500, times=0)
    redemption = await house.redeem(request=BOTH)
    assert redemption.status is PARTIAL
    house.tv.faults.remove()
    async with house.database.scoped(house.workspace.id) as session:
        other = Redemption(
            invitation_id=redemption.invitation_id, guest_name="x", guest_email=ANN
        )
        other.provisionings = [Provisioning(media_server_id=house.servers[1].id)]
        await RedemptionRepository(session).create(other)
    assert (await house.retry_job.retry(after(minutes=2))).well == 0
    assert house.cinema().shares_of(ANN) == []
    async with house.database.scoped(house.workspace.id) as session:
        await RedemptionRepository(session).finish(
            other.id, RedemptionStatus.FAILED, now=utc_now()
        )
    assert (await house.retry_job.retry(after(minutes=2))).well == 1


async def test_a_server_that_hangs_keeps_no_other_waiting(
    database: Database, keyring: Keyring
) -> None:
    async with open_house(database, keyring, servers=3) as house:
        await house.invite(on_failure=OnFailure.KEEP)
        for simulator in house.simulators[1:]:
            order(simulator, "/Users/New", "status", value=500, times=0)
        redemption = await house.redeem(request=GUEST)
        house.simulators[2].faults.remove()
        order(house.simulators[1], "/", "latency", value=30_000, times=0)
        house.retry_job.time_limit = timedelta(seconds=3)
        assert (await house.retry_job.retry(after(minutes=2))).well == 1
        redemption = await house.get(redemption.id)
        assert [part.error_code for part in parts_of(redemption, house)] == [
            None,
            "server_timeout",
            None,
        ]
