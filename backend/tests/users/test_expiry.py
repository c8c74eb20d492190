"""The end of access, against simulated servers."""

import asyncio
from datetime import datetime, timedelta

import pytest
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator
from tests.actors import operator_of
from tests.simulated import within_each_request
from tests.users.accounts import is_let_in, promote
from tests.users.conftest import Invite, Other

from zondarr.core.clock import utc_now
from zondarr.core.database import UnitOfWork
from zondarr.servers.models import MediaServer
from zondarr.servers.schemas import ServerUpdate
from zondarr.servers.service import MediaServerService
from zondarr.users.actions import PeopleActions
from zondarr.users.expiry import AccessEnd
from zondarr.users.models import Identity
from zondarr.users.schemas import IdentityUpdate
from zondarr.users.service import PeopleService

DAY = timedelta(days=1)


async def _person(work: UnitOfWork, identity: Identity) -> Identity:
    async with work(reading=True) as session:
        return await PeopleService(session, operator_of(session)).get(identity.id)


async def _set_end(work: UnitOfWork, identity: Identity, end: object) -> None:
    async with work() as session:
        update = IdentityUpdate(expires_at=end)  # pyright: ignore[reportArgumentType]
        await PeopleService(session, operator_of(session)).update(identity.id, update)


async def test_access_ends_when_its_time_has_come_and_not_before(
    access_end: AccessEnd,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
) -> None:
    end = utc_now() + DAY
    ada = await invite("Ada", [server], end)
    bob = await invite("Bob", [server], end + DAY)
    cem = await invite("Cem", [server], None)
    assert (await access_end.end(end - timedelta(seconds=1))).accounts == 0
    assert is_let_in(simulator, "Ada")

    assert (await access_end.end(end)).accounts == 1
    assert not is_let_in(simulator, "Ada")
    ada = await _person(work, ada)
    assert not ada.enabled
    assert ada.users[0].access_ended_at == end
    for other in (bob, cem):
        assert (await _person(work, other)).enabled
    assert is_let_in(simulator, "Bob")
    assert is_let_in(simulator, "Cem")

    assert (await access_end.end(end)).accounts == 0


async def test_who_is_let_in_again_afterwards_stays(
    access_end: AccessEnd,
    actions: PeopleActions,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
) -> None:
    now = utc_now()
    ada = await invite("Ada", [server], now)
    await access_end.end(now)
    await actions.set_enabled(ada.id, True)
    assert (await access_end.end(now + DAY)).accounts == 0
    assert is_let_in(simulator, "Ada")


async def test_a_server_that_is_down_is_tried_again_and_keeps_no_other_waiting(
    access_end: AccessEnd,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
    other: Other,
    work: UnitOfWork,
) -> None:
    now = utc_now()
    ada = await invite("Ada", [server, other.server], now)
    other.simulator.faults.add(Fault("/", FaultKind.DROP, endless=True))
    ended = await access_end.end(now)
    assert (ended.accounts, ended.servers_failed) == (1, 1)
    assert not is_let_in(simulator, "Ada")
    assert (await _person(work, ada)).enabled

    other.simulator.faults.remove()
    assert (await access_end.end(now)).accounts == 1
    assert not is_let_in(other.simulator, "Ada")
    assert not (await _person(work, ada)).enabled


async def test_a_slow_server_is_left_for_the_next_round(
    access_end: AccessEnd,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
    other: Other,
) -> None:
    now = utc_now()
    await invite("Ada", [server, other.server], now)
    access_end.time_limit = timedelta(seconds=2)
    slow = Fault("/", FaultKind.LATENCY, value=5000, endless=True)
    other.simulator.faults.add(slow)
    ended = await access_end.end(now)
    assert (ended.accounts, ended.servers_failed) == (1, 1)
    assert not is_let_in(simulator, "Ada")


async def test_who_is_given_more_time_at_the_same_moment_keeps_access(
    access_end: AccessEnd,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
) -> None:
    now = utc_now()
    ada = await invite("Ada", [server], now)

    async def give_more_time() -> None:
        if not given and not is_let_in(simulator, "Ada"):
            given.append(now + DAY)
            await _set_end(work, ada, now + DAY)

    given: list[datetime] = []
    within_each_request(simulator, give_more_time)
    assert (await access_end.end(now)).accounts == 0
    assert given
    assert is_let_in(simulator, "Ada")
    ada = await _person(work, ada)
    assert ada.enabled
    assert ada.users[0].access_ended_at is None


async def test_an_account_that_was_deleted_there_has_ended(
    access_end: AccessEnd,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
) -> None:
    now = utc_now()
    ada = await invite("Ada", [server], now)
    del simulator.state.users[ada.users[0].external_user_id]
    assert (await access_end.end(now)).accounts == 1
    ada = await _person(work, ada)
    assert ada.users[0].missing_since == ada.users[0].access_ended_at == now


async def test_an_administrator_keeps_access_and_spares_nobody_else(
    access_end: AccessEnd,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
) -> None:
    now = utc_now()
    await invite("Ada", [server], now)
    await invite("Bob", [server], now)
    promote(simulator, "Ada")
    assert (await access_end.end(now)).accounts == 1
    assert is_let_in(simulator, "Ada")
    assert not is_let_in(simulator, "Bob")


async def test_no_job_acts_on_a_server_that_is_switched_off(
    access_end: AccessEnd,
    invite: Invite,
    server: MediaServer,
    servers: MediaServerService,
    simulator: JellyfinSimulator,
) -> None:
    now = utc_now()
    await invite("Ada", [server], now)
    await servers.update(server.id, ServerUpdate(enabled=False))
    assert (await access_end.end(now)).accounts == 0
    assert is_let_in(simulator, "Ada")


async def test_two_replicas_end_access_once(
    access_end: AccessEnd, invite: Invite, server: MediaServer
) -> None:
    now = utc_now()
    for name in ("Ada", "Bob", "Cem"):
        await invite(name, [server], now)
    rounds = await asyncio.gather(*(access_end.end(now) for _ in range(3)))
    assert sum(one.accounts for one in rounds) == 3


async def test_another_end_lets_access_end_once_more(
    access_end: AccessEnd,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
) -> None:
    now = utc_now()
    ada = await invite("Ada", [server], now)
    await access_end.end(now)
    await _set_end(work, ada, now + DAY)
    assert not is_let_in(simulator, "Ada")
    assert (await access_end.end(now + DAY)).accounts == 1


@pytest.mark.parametrize("kind", [FaultKind.LOST_RESPONSE, FaultKind.TRUNCATE])
async def test_an_answer_that_got_lost_is_made_good(
    access_end: AccessEnd,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
    kind: FaultKind,
) -> None:
    now = utc_now()
    await invite("Ada", [server], now)
    simulator.faults.add(Fault("/Users", kind, method="POST", times=4))
    counts = [(await access_end.end(now)).accounts for _ in range(4)]
    assert sum(counts) == 1
    assert not is_let_in(simulator, "Ada")
