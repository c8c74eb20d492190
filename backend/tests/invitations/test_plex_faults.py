"""Any failure of plex.tv or a Plex server: the account is complete, or
nothing is left and the reason is reported.
"""

import asyncio
from collections.abc import AsyncGenerator
from itertools import count
from typing import Any

import msgspec
import pytest
from media_server_simulators.control import ControlledSimulator
from media_server_simulators.plex.settings import Sharing
from media_server_simulators.plex.sharing import Wish, mark_accepted, share_once
from tests.invitations.house import HERE, House, open_house, order
from tests.invitations.people import people
from tests.invitations.test_redemption import EACH_FAULT
from tests.invitations.test_undo import state_of
from tests.simulated import QUICK

from zondarr.core.crypto import Keyring
from zondarr.core.database import Database
from zondarr.core.exceptions import GoneError
from zondarr.invitations.join_schemas import JoinAccepted, JoinRequest
from zondarr.invitations.models import (
    COMPLETE,
    OnFailure,
    Redemption,
    RedemptionStatus,
)
from zondarr.media.types import PlexUserType

NUMBERS = count()
SUCCEEDED = RedemptionStatus.SUCCEEDED
PLACES: list[tuple[str, str, str]] = [
    ("plex.tv", "GET", "/api/v2/servers/"),
    ("plex.tv", "GET", "/api/v2/shared_servers/"),
    ("plex.tv", "POST", "/api/v2/shared_servers"),
    ("server", "GET", "/library/sections"),
]
AT_HOME: list[tuple[str, str, str]] = [
    ("plex.tv", "POST", "/api/home/users"),
    ("plex.tv", "GET", "/api/home/users"),
    ("plex.tv", "POST", "/api/v2/home/users/restricted"),
    ("plex.tv", "POST", "/api/v2/shared_servers"),
]


@pytest.fixture
async def mixed(database: Database, keyring: Keyring) -> AsyncGenerator[House]:
    async with open_house(database, keyring, servers=1, plex=1) as house:
        yield house


@pytest.fixture
async def plex(database: Database, keyring: Keyring) -> AsyncGenerator[House]:
    async with open_house(database, keyring, servers=0, plex=1) as house:
        yield house


def guest(number: int, **more: str) -> JoinRequest:
    return JoinRequest(username=f"guest {number}", password="correct horse", **more)


def _where(house: House, who: str) -> ControlledSimulator:
    return house.tv if who == "plex.tv" else house.media_servers[0]


async def assert_complete_or_undone(
    house: House, redemption: Redemption, before: Any, uses: int
) -> None:
    parts = redemption.provisionings
    assert redemption.guest_password is None
    assert redemption.guest_home_pin is None
    assert all(part.plan is None for part in parts)
    if redemption.status is SUCCEEDED:
        assert all(part.status in COMPLETE for part in parts)
        assert state_of(house) != before
        uses += 1
    else:
        assert redemption.status in {RedemptionStatus.UNDONE, RedemptionStatus.FAILED}
        assert state_of(house) == before
        assert any(part.error_code for part in parts)
    assert await house.uses() == uses
    assert len(await people(house)) == uses


@EACH_FAULT
@pytest.mark.parametrize("at_home", [False, True])
async def test_whatever_plex_does_it_is_complete_or_undone(
    mixed: House, kind: str, more: dict[str, Any], at_home: bool
) -> None:
    house = mixed
    user_type = PlexUserType.HOME if at_home else PlexUserType.FRIEND
    places = AT_HOME if at_home else PLACES
    await house.invite(libraries=0, all_libraries=True, plex_user_type=user_type)
    for times, (who, method, path) in zip((1, 4, 4, 1), places, strict=True):
        uses, before, number = await house.uses(), state_of(house), next(NUMBERS)
        order(_where(house, who), path, kind, method=method, times=times, **more)
        email = {} if at_home else {"email": f"guest{number}@example.org"}
        redemption = await house.redeem(request=guest(number, **email))
        _where(house, who).faults.remove()
        await assert_complete_or_undone(house, redemption, before, uses)


@pytest.mark.parametrize("accepted", [True, False])
@EACH_FAULT
async def test_a_friend_keeps_what_he_had_after_every_kind_of_undo(
    mixed: House, kind: str, more: dict[str, Any], accepted: bool
) -> None:
    house = mixed
    await house.invite(libraries=2)
    order(house.simulators[0], "/Users/New", "status", value=500, times=0)
    for method, path in (
        ("POST", "/api/v2/shared_servers/"),
        ("GET", "/api/v2/shared_servers/"),
    ):
        number = next(NUMBERS)
        friend = house.plex.register(f"friend {number}", f"friend{number}@example.org")
        pms = house.media_servers[0].server
        wish = Wish(pms, [pms.sections[-1].id], friend.email, None, Sharing())
        share = share_once(house.plex, wish)
        if accepted:
            mark_accepted(house.plex, share)
        before = state_of(house)
        order(house.tv, path, kind, method=method, times=2, **more)
        redemption = await house.redeem(request=guest(number, email=friend.email or ""))
        house.tv.faults.remove()
        assert redemption.status is not SUCCEEDED
        assert state_of(house) == before
    assert await house.uses() == 0


@EACH_FAULT
async def test_what_is_kept_is_complete_and_the_rest_is_gone(
    mixed: House, kind: str, more: dict[str, Any]
) -> None:
    house = mixed
    await house.invite(on_failure=OnFailure.KEEP)
    number = next(NUMBERS)
    order(house.tv, "/api/v2/shared_servers", kind, times=40, **more)
    shares = state_of(house)[2]
    request = guest(number, email=f"guest{number}@example.org")
    redemption = await house.redeem(request=request)
    house.tv.faults.remove()
    if redemption.status is not SUCCEEDED:
        assert redemption.status is RedemptionStatus.PARTIAL
        assert state_of(house)[2] == shares
        assert [part.error_code is None for part in redemption.provisionings].count(
            False
        ) == 1
    assert f"guest {number}" in {user["name"] for user in _described(house)["users"]}
    assert len(await people(house)) == 1
    assert await house.uses() == 1


def _described(house: House) -> Any:
    return house.simulators[0].describe()


@pytest.mark.parametrize(("requests", "uses"), [(50, 1), (200, 20)])
@pytest.mark.parametrize("jellyfins", [0, 1])
async def test_as_many_guests_come_in_as_there_are_uses(
    database: Database, keyring: Keyring, jellyfins: int, requests: int, uses: int
) -> None:
    async with open_house(database, keyring, servers=jellyfins, plex=1) as house:
        await _crowd(house, requests, uses)


async def _crowd(house: House, requests: int, uses: int) -> None:
    await house.invite(max_uses=uses)
    before = len(house.tv.journal.entries)
    answers = await asyncio.gather(
        *(
            house.join.redeem(
                "MOVIE-NIGHT",
                guest(number, email=f"guest{number}@example.org"),
                key=None,
                address=HERE,
            )
            for number in range(requests)
        ),
        return_exceptions=True,
    )
    accepted = [one for one in answers if isinstance(one, JoinAccepted)]
    refused = [one for one in answers if isinstance(one, GoneError)]
    others = [one for one in answers if one not in [*accepted, *refused]]
    assert [repr(getattr(one, "__cause__", one)) for one in others] == []
    assert (len(accepted), len(refused)) == (uses, requests - uses)
    ends = await asyncio.gather(*(house.end_of(one) for one in accepted))
    assert {one.status for one in ends} == {SUCCEEDED}
    assert len(house.plex.shares) == uses
    assert len(await people(house)) == uses
    assert await house.uses() == uses
    # Who is turned away costs plex.tv nothing.
    assert len(house.tv.journal.entries) - before < 25 * uses


async def test_a_crowd_waits_for_its_turn_at_plex_and_nobody_is_turned_away(
    database: Database, keyring: Keyring
) -> None:
    """Each request may have to wait longer than a single answer would be waited for."""
    slow = msgspec.structs.replace(QUICK, plex_rate=20.0, plex_burst=4, read_timeout=3)
    async with open_house(database, keyring, servers=0, plex=1, options=slow) as house:
        await _crowd(house, 40, 20)
