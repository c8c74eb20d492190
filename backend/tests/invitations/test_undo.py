"""Whatever server fails: all that the redemption made is gone, and nothing else."""

from collections.abc import AsyncGenerator
from itertools import count
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from media_server_simulators.control import ControlledSimulator
from media_server_simulators.plex.settings import Sharing
from media_server_simulators.plex.sharing import Wish, mark_accepted, share_once
from media_server_simulators.plex.state import Account
from tests.invitations.house import House, open_house, order
from tests.invitations.people import people

from zondarr.core.crypto import Keyring
from zondarr.core.database import Database
from zondarr.invitations.join_schemas import JoinRequest
from zondarr.invitations.models import RedemptionStatus
from zondarr.media.types import PlexUserType

JELLYFINS, PLEXES = 2, 2
NUMBERS = count()
JELLYFIN_PLACES = ["/Users/New", "/Users/Password"]
FRIEND_PLACES = ["/api/v2/shared_servers"]
HOME_PLACES = ["/api/home/users", "/api/v2/home/users/restricted", *FRIEND_PLACES]
FAULTS: list[dict[str, Any]] = [
    {"kind": "status", "value": 500},
    {"kind": "status", "value": 401},
    {"kind": "status", "value": 503},
    {"kind": "drop"},
    {"kind": "html"},
    {"kind": "empty"},
]

servers = st.sets(st.integers(0, JELLYFINS + PLEXES - 1), min_size=1)
guests = st.sampled_from(["signed in", "by mail", "friend", "invited", "home"])


class Case(NamedTuple):
    """Who comes to which servers, and where one of them fails."""

    servers: frozenset[int]
    guest: str
    failing: int
    place: int
    fault: dict[str, Any]


cases = servers.flatmap(
    lambda chosen: st.builds(
        Case,
        servers=st.just(frozenset(chosen)),
        guest=guests,
        failing=st.sampled_from(sorted(chosen)),
        place=st.integers(0, 2),
        fault=st.sampled_from(FAULTS),
    )
)


@pytest.fixture
async def house(database: Database, keyring: Keyring) -> AsyncGenerator[House]:
    async with open_house(database, keyring, servers=JELLYFINS, plex=PLEXES) as house:
        yield house


patiently = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@patiently
@given(case=cases)
async def test_for_any_failing_server_all_of_it_is_gone_and_nothing_else_touched(
    house: House, case: Case
) -> None:
    await assert_gone(house, case)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@settings(patiently, max_examples=20)
@given(case=cases)
async def test_for_a_failing_server_it_is_the_same_on_postgresql(
    house: House, case: Case
) -> None:
    """What is undone is decided by servers; the database only remembers it."""
    await assert_gone(house, case)


async def assert_gone(house: House, case: Case) -> None:
    number = next(NUMBERS)
    code = f"CODE-{number}"
    person = house.plex.register(f"Guest {number}", f"guest{number}@example.org")
    await _invite(house, code, case)
    request = await _request(house, case, person, number)
    before = state_of(house)
    simulator, place = _where(house, case)
    order(simulator, place, times=0, method="POST", **case.fault)
    redemption = await house.redeem(code, request, holder=str(number))
    simulator.faults.remove()
    assert redemption.status in {RedemptionStatus.UNDONE, RedemptionStatus.FAILED}
    assert state_of(house) == before
    assert await house.uses(code) == 0
    assert await people(house) == []


def state_of(house: House) -> Any:
    """All accounts, shares and Homes there are, without what changes by looking.

    A friendship that came with an accepted share stays: it may have existed before.
    """
    plex: Any = house.tv.describe()
    for account in plex["accounts"]:
        del account["friend"]
    jellyfins: list[Any] = [one.describe() for one in house.simulators]
    return (
        [{user["id"]: user for user in one["users"]} for one in jellyfins],
        plex["accounts"],
        plex["shares"],
    )


async def _invite(house: House, code: str, case: Case) -> None:
    everything = list(house.servers)
    house.servers = [everything[number] for number in sorted(case.servers)]
    kind = PlexUserType.HOME if case.guest == "home" else PlexUserType.FRIEND
    await house.invite(code, libraries=2, plex_user_type=kind)
    house.servers = everything


async def _request(
    house: House, case: Case, person: Account, number: int
) -> JoinRequest:
    """Some are known already: a friend who sees one library, and one who was invited
    to it and has not answered."""
    if case.guest in {"friend", "invited"}:
        for pms in house.media_servers:
            section = pms.server.sections[-1]
            wish = Wish(pms.server, [section.id], person.email, None, Sharing())
            share = share_once(house.plex, wish)
            if case.guest == "friend":
                mark_accepted(house.plex, share)
    named = {"username": f"guest {number}", "password": "correct horse"}
    if case.guest == "home":
        return JoinRequest(**named, plex_home_pin="1234")
    if case.guest == "signed in" and max(case.servers) >= JELLYFINS:
        return JoinRequest(
            **named, plex_pin_id=await house.sign_in(person, str(number))
        )
    return JoinRequest(**named, email=person.email)


def _where(house: House, case: Case) -> tuple[ControlledSimulator, str]:
    if case.failing < JELLYFINS:
        places = JELLYFIN_PLACES
        return house.simulators[case.failing], places[case.place % len(places)]
    places = HOME_PLACES if case.guest == "home" else FRIEND_PLACES
    return house.tv, places[case.place % len(places)]
