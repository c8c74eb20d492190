"""The end of access of those a Plex server is shared with."""

from datetime import datetime, timedelta

from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator
from tests.actors import operator_of
from tests.simulated import within_each_request
from tests.users.accounts import is_let_in
from tests.users.cinema import ADA, BOB, Cinema
from tests.users.conftest import Invite

from zondarr.core.clock import utc_now
from zondarr.media.types import Permissions
from zondarr.servers.models import MediaServer
from zondarr.users.expiry import AccessEnd
from zondarr.users.schemas import ActionStatus, IdentityUpdate
from zondarr.users.service import PeopleService

DAY = timedelta(days=1)


async def test_who_was_a_friend_before_keeps_that_and_who_was_not_keeps_nothing(
    access_end: AccessEnd, cinema: Cinema
) -> None:
    cinema.plex.guest("Ada", ADA)
    await cinema.befriend(ADA, [3])
    before, now = cinema.has(ADA), utc_now()
    ada = await cinema.invite(ADA, [0, 1], expires_at=now)
    bob = await cinema.invite(BOB, expires_at=now, accepts=False)
    had = [cinema.has(one) for one in (ADA, BOB)]

    assert (await access_end.end(now)).accounts == 2
    assert (await access_end.end(now)).accounts == 0
    assert cinema.has(ADA) == before
    assert cinema.has(BOB) is None
    await cinema.sync()
    for one in (ada, bob):
        assert not (await cinema.person(one)).enabled
        assert (await cinema.account(one)).missing_since is None

    for one in (ada, bob):
        assert await cinema.switch(one, on=True) == (ActionStatus.DONE, None)
    assert [cinema.has(one) for one in (ADA, BOB)] == had
    assert (await access_end.end(now + DAY)).accounts == 0


async def test_a_guest_who_left_has_ended(
    access_end: AccessEnd, cinema: Cinema
) -> None:
    cinema.plex.guest("Ada", ADA)
    now = utc_now()
    ada = await cinema.invite(expires_at=now)
    cinema.plex.leave(ADA)
    assert (await access_end.end(now)).accounts == 1
    assert not (await cinema.person(ada)).enabled


async def test_plex_that_is_slow_keeps_nobody_waiting_and_is_tried_again(
    access_end: AccessEnd,
    cinema: Cinema,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
) -> None:
    now = utc_now()
    ada = await cinema.invite(expires_at=now, accepts=False)
    await invite("Bob", [server], now)
    access_end.time_limit = timedelta(seconds=2)
    slow = Fault("/", FaultKind.LATENCY, value=3000, endless=True)
    cinema.plex.tv.faults.add(slow)
    ended = await access_end.end(now)
    assert (ended.accounts, ended.servers_failed) == (1, 1)
    assert not is_let_in(simulator, "Bob")
    assert (await cinema.person(ada)).enabled

    cinema.plex.tv.faults.remove()
    access_end.time_limit = timedelta(seconds=30)
    assert (await access_end.end(now)).accounts == 1
    assert cinema.has() is None


async def test_the_media_server_itself_need_not_be_up(
    access_end: AccessEnd, cinema: Cinema
) -> None:
    now = utc_now()
    await cinema.invite(expires_at=now, accepts=False)
    cinema.plex.pms.faults.add(Fault("/", FaultKind.DROP, endless=True))
    assert (await access_end.end(now)).accounts == 1
    assert cinema.has() is None


async def test_who_is_given_more_time_at_the_same_moment_gets_all_back(
    access_end: AccessEnd, cinema: Cinema
) -> None:
    cinema.plex.guest("Ada", ADA)
    now = utc_now()
    rights = Permissions(can_download=True)
    ada = await cinema.invite(ADA, [0, 2], expires_at=now, permissions=rights)
    had = cinema.has()

    async def give_more_time() -> None:
        if not given and cinema.has() is None:
            given.append(now + DAY)
            async with cinema.actions.work() as session:
                data = IdentityUpdate(expires_at=now + DAY)
                await PeopleService(session, operator_of(session)).update(ada.id, data)

    given: list[datetime] = []
    within_each_request(cinema.plex.tv, give_more_time)
    assert (await access_end.end(now)).accounts == 0
    assert given
    user = await cinema.account(ada)
    assert cinema.has() == had
    assert (user.enabled, user.access_taken, user.access_ended_at) == (True, None, None)
