"""Killed at any request, a redemption is completed or taken back, never left."""

from collections.abc import Sequence
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from media_server_simulators.jellyfin import JellyfinSimulator, Version
from media_server_simulators.server import serve
from tests.media.clients.jellyfin.conftest import QUICK
from tests.media.clients.jellyfin.redemptions import (
    NAME,
    Others,
    Redemption,
    guests,
    is_complete,
    is_harmless,
)
from tests.media.mortal import Death, Killed, Mortal
from tests.media.servers import connection

from zondarr.media.clients.jellyfin.client import JellyfinClient
from zondarr.media.connections import HostStates
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.types import AccountRequest

MOST_REQUESTS = 14

versions = st.sampled_from(Version)
deaths = st.builds(Death, st.integers(1, MOST_REQUESTS), st.booleans())


class Process:
    """One life of ours: whatever happens in it, only what is stored is left."""

    def __init__(self, url: str, key: str, death: Death | None = None) -> None:
        death = death or Death()
        options = msgspec.structs.replace(QUICK, transport=lambda: Mortal(death))
        self.client = JellyfinClient(connection(url, key), HostStates(options))

    async def provision(self, redemption: Redemption) -> None:
        async with self.client as client:
            await redemption.provision(client)

    async def undo(self, redemption: Redemption) -> None:
        async with self.client as client:
            await redemption.undo(client)


async def live(
    version: Version,
    provisioning: Sequence[Death],
    undoing: Sequence[Death],
    undo: bool,
) -> None:
    """One life after another, each until its death, and a last one to the end."""
    simulator = JellyfinSimulator(version=version)
    chosen = tuple(each.id for each in simulator.state.world.libraries[:2])
    others, redemption = Others(simulator), Redemption(chosen)

    def all_is_well() -> bool:
        made = guests(simulator, others)
        harmless = all(is_harmless(each, chosen) for each in made)
        return harmless and len(made) <= 1 and others.are_untouched()

    async with serve(simulator) as url:
        for death in provisioning:
            with suppress(Killed):
                await Process(url, simulator.api_key, death).provision(redemption)
            assert all_is_well()
        for death in undoing:
            with suppress(Killed):
                await Process(url, simulator.api_key, death).undo(redemption)
            assert all_is_well()
        last = Process(url, simulator.api_key)
        await (last.undo if undo else last.provision)(redemption)
    assert all_is_well()
    made = guests(simulator, others)
    assert [each.name for each in made] == ([] if undo else [NAME])
    assert undo or is_complete(made[0], chosen)


@pytest.mark.parametrize("answered", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, 9))
async def test_two_crashes_at_any_two_requests_leave_it_complete_or_gone(
    at: int, answered: bool
) -> None:
    first = Death(at, answered)
    for number in range(1, 12):
        for then in (False, True):
            second = Death(number, then)
            if then == (number % 2 == 0):
                await live(Version.V12_0, [first, second], [], False)
            else:
                await live(Version.V12_0, [first], [second], True)


@settings(max_examples=120, deadline=None)
@given(
    versions,
    st.lists(deaths, max_size=4),
    st.lists(deaths, max_size=3),
    st.booleans(),
)
async def test_it_is_complete_or_gone_after_any_number_of_crashes(
    version: Version, provisioning: list[Death], undoing: list[Death], undo: bool
) -> None:
    await live(version, provisioning, undoing if undo else [], undo)


@settings(max_examples=120, deadline=None)
@given(
    version=versions,
    name=st.sampled_from([NAME, NAME.upper()]),
    lockout=st.sampled_from([-1, 1, 3]),
    disabled=st.booleans(),
    administrator=st.booleans(),
    crashes=st.lists(deaths, max_size=3),
)
async def test_an_account_that_someone_else_made_meanwhile_is_not_touched(
    version: Version,
    name: str,
    lockout: int,
    disabled: bool,
    administrator: bool,
    crashes: list[Death],
) -> None:
    simulator = JellyfinSimulator(version=version)
    redemption = Redemption(())
    async with serve(simulator) as url:
        async with Process(url, simulator.api_key).client as client:
            redemption.plan = await client.plan_account(AccountRequest(username=NAME))
            theirs = await client.create_user(name, "Their-Passw0rd")
        policy = simulator.state.users[theirs.id].policy
        policy["LoginAttemptsBeforeLockout"] = lockout
        policy["IsDisabled"], policy["IsAdministrator"] = disabled, administrator
        others = Others(simulator)
        for death in crashes:
            with suppress(Killed, MediaClientError):
                await Process(url, simulator.api_key, death).provision(redemption)
        with pytest.raises(MediaClientError) as caught:
            await Process(url, simulator.api_key).provision(redemption)
        for death in crashes:
            with suppress(Killed):
                await Process(url, simulator.api_key, death).undo(redemption)
        await Process(url, simulator.api_key).undo(redemption)
    assert caught.value.kind is ErrorKind.TAKEN
    # A wrong password was tried, but only on an account that it cannot lock.
    counted = simulator.state.users[theirs.id].policy
    assert lockout == -1 or counted["InvalidLoginAttemptCount"] == 0
    counted["InvalidLoginAttemptCount"] = 0
    assert others.are_untouched()
    assert others.are_all()


@pytest.mark.parametrize("version", Version)
async def test_one_who_became_an_administrator_is_not_taken_back(
    version: Version,
) -> None:
    simulator = JellyfinSimulator(version=version)
    redemption = Redemption(())
    async with serve(simulator) as url:
        await Process(url, simulator.api_key).provision(redemption)
        assert redemption.user_id is not None
        simulator.state.users[redemption.user_id].policy["IsAdministrator"] = True
        others = Others(simulator)
        with pytest.raises(MediaClientError) as caught:
            await Process(url, simulator.api_key).undo(redemption)
    assert caught.value.error_code == "administrator"
    assert others.are_untouched()
