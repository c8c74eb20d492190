"""Ending access on a server that disables nobody, and giving it back."""

from typing import override

import pytest
from media_server_simulators.faults import Fault, FaultKind
from tests.users.cinema import ADA, Cinema

from zondarr.media.types import Permissions, PlexUserType, ShareStatus
from zondarr.users.schemas import ActionStatus

RICH = Permissions(
    can_download=True,
    can_watch_live_tv=True,
    can_use_channels=True,
    allowed_ratings=("PG", "PG-13"),
    allowed_labels=("family",),
)
DONE, NOTHING = (ActionStatus.DONE, None), (ActionStatus.NOTHING, None)


class Later(Fault):
    """A fault that begins after some requests."""

    healthy = 0

    @override
    def covers(self, method: str, path: str) -> bool:
        self.healthy -= 1
        return self.healthy < 0


@pytest.fixture
def a_guest(cinema: Cinema) -> None:
    cinema.plex.guest("Ada", ADA)


@pytest.mark.usefixtures("a_guest")
async def test_what_is_taken_is_given_back_exactly(cinema: Cinema) -> None:
    ada = await cinema.invite(ADA, [0, 2], permissions=RICH)
    had = cinema.has()
    for _ in range(2):
        assert await cinema.switch(ada, on=False) == DONE
        user = await cinema.account(ada)
        assert (user.enabled, user.missing_since) == (False, None)
        assert user.access_taken is not None
        assert cinema.has() is None
    for _ in range(2):
        assert await cinema.switch(ada, on=True) == DONE
        user = await cinema.account(ada)
        assert (user.enabled, user.access_taken) == (True, None)
        assert user.share_id == str(cinema.plex.shares_of(ADA)[0].id)
        assert cinema.has() == had
    world, number = cinema.plex.world, int((await cinema.account(ada)).external_user_id)
    assert world.are_friends(world.owner.id, number)


@pytest.mark.usefixtures("a_guest")
async def test_a_friend_from_before_is_left_what_he_had(cinema: Cinema) -> None:
    await cinema.befriend(ADA, [3])
    before = cinema.has()
    ada = await cinema.invite(ADA, [0, 1], permissions=Permissions(can_download=True))
    both = cinema.has()
    assert both != before
    for _ in range(2):
        assert await cinema.switch(ada, on=False) == DONE
        assert cinema.has() == before
        await cinema.sync()
        assert not (await cinema.person(ada)).enabled
    assert await cinema.switch(ada, on=True) == DONE
    assert cinema.has() == both


@pytest.mark.usefixtures("a_guest")
async def test_a_guest_who_left_has_nothing_to_take_or_to_give_back(
    cinema: Cinema,
) -> None:
    ada = await cinema.invite()
    cinema.plex.leave(ADA)
    assert await cinema.switch(ada, on=False) == NOTHING
    assert await cinema.switch(ada, on=True) == NOTHING
    assert not (await cinema.person(ada)).enabled
    assert cinema.has() is None


async def test_an_invitation_that_waits_is_taken_back_and_sent_again(
    cinema: Cinema,
) -> None:
    ada = await cinema.invite(accepts=False)
    had = cinema.has()
    await cinema.switch(ada, on=False)
    assert cinema.has() is None
    await cinema.switch(ada, on=True)
    assert cinema.has() == had
    user = await cinema.account(ada)
    assert (user.enabled, user.standing) == (True, ShareStatus.PENDING)


async def test_a_member_of_the_home_stays_one_and_is_kept_out(cinema: Cinema) -> None:
    kid = await cinema.invite("Kid", [1], kind=PlexUserType.HOME)
    had = cinema.has("Kid")
    assert had is not None
    await cinema.switch(kid, on=False)
    assert cinema.has("Kid") is None
    await cinema.sync()
    user = await cinema.account(kid)
    assert (user.enabled, user.missing_since) == (False, None)
    assert user.access_taken is not None
    await cinema.switch(kid, on=True)
    assert cinema.has("Kid") == had


@pytest.mark.usefixtures("a_guest")
@pytest.mark.parametrize("on", [False, True])
@pytest.mark.parametrize(
    "kind", [FaultKind.LOST_RESPONSE, FaultKind.DROP, FaultKind.STATUS]
)
async def test_whichever_request_fails_nothing_is_forgotten(
    cinema: Cinema, kind: FaultKind, *, on: bool
) -> None:
    ada = await cinema.invite(ADA, [1, 2], permissions=RICH)
    had, failed = cinema.has(), 0
    for healthy in range(9):
        await cinema.switch(ada, on=not on)
        fault = Later("/", kind, value=500, endless=True)
        fault.healthy = healthy
        cinema.plex.tv.faults.add(fault)
        status, _ = await cinema.switch(ada, on=on)
        failed += status is ActionStatus.FAILED
        cinema.plex.tv.faults.remove()
        assert cinema.has() == had or (await cinema.account(ada)).access_taken
        await cinema.sync()
        assert cinema.has() == had or (await cinema.account(ada)).access_taken
        assert await cinema.switch(ada, on=on) == DONE
        assert cinema.has() == (had if on else None)
    assert failed > 3


@pytest.mark.usefixtures("a_guest")
async def test_what_was_taken_long_ago_is_not_given_for_what_was_shared_since(
    cinema: Cinema,
) -> None:
    ada = await cinema.invite(ADA, [0, 1, 2])
    cinema.plex.tv.faults.add(Fault("/api/servers", FaultKind.STATUS, "DELETE", 500, 9))
    status, _ = await cinema.switch(ada, on=False)
    assert status is ActionStatus.FAILED
    cinema.plex.tv.faults.remove()
    cinema.plex.shares_of(ADA)[0].section_ids.pop()
    had = cinema.has()
    await cinema.switch(ada, on=False)
    await cinema.switch(ada, on=True)
    assert cinema.has() == had
