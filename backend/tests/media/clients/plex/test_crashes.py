"""Killed at any request, a redemption is completed or taken back, never left."""

from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from media_server_simulators.faults import Fault, FaultKind
from tests.media.clients.plex.conftest import Plex, playing
from tests.media.clients.plex.redemptions import (
    Redemption,
    Way,
    client_of,
    is_exact,
    is_nothing,
    redemption_of,
)
from tests.media.mortal import Death, Killed

from zondarr.media.exceptions import ErrorKind, MediaClientError

MOST_REQUESTS = 14
TRIES = 3
PASSING = {ErrorKind.UNREACHABLE, ErrorKind.BUSY, ErrorKind.FAILED}
deaths = st.builds(Death, st.integers(1, MOST_REQUESTS), st.booleans())
prompt = [kind for kind in FaultKind if kind is not FaultKind.LATENCY]


async def live(
    plex: Plex, way: Way, living: Sequence[Death], undoing: Sequence[Death], undo: bool
) -> None:
    """One life after another, each until its death, and a last one to the end."""
    redemption = redemption_of(plex, way)

    def all_is_well() -> bool:
        shares = plex.world.shares.values()
        exact = all(is_exact(plex, each, redemption.library_ids) for each in shares)
        return exact and len(shares) <= 1

    for death in living:
        with suppress(Killed):
            async with client_of(plex, death) as client:
                await redemption.provision(client)
        assert all_is_well()
    for death in undoing:
        with suppress(Killed):
            async with client_of(plex, death) as client:
                await redemption.undo(client)
        assert all_is_well()
    async with client_of(plex) as client:
        await (redemption.undo if undo else redemption.provision)(client)
    assert is_nothing(plex) if undo else redemption.is_complete(plex)


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("answered", [False, True], ids=["before", "after"])
async def test_a_crash_at_any_request_leaves_it_complete_or_gone(
    way: Way, *, answered: bool
) -> None:
    for at in range(1, MOST_REQUESTS):
        for undo in (False, True):
            async with playing() as plex:
                await live(plex, way, [Death(at, answered)], [], undo)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(Way),
    st.lists(deaths, max_size=4),
    st.lists(deaths, max_size=3),
    st.booleans(),
)
async def test_it_is_complete_or_gone_after_any_number_of_crashes(
    way: Way, living: list[Death], undoing: list[Death], undo: bool
) -> None:
    async with playing() as plex:
        await live(plex, way, living, undoing if undo else [], undo)


async def carry_out(plex: Plex, redemption: Redemption) -> bool:
    """As the durable work does: some tries, then undo until that is done. Each with
    a new client, as after the pause in which a host that asked for peace had it."""
    for _ in range(TRIES):
        try:
            async with client_of(plex) as client:
                await redemption.provision(client)
        except MediaClientError as error:
            if error.kind not in PASSING:
                break
        else:
            return True
    for _ in range(50):
        with suppress(MediaClientError):
            async with client_of(plex) as client:
                await redemption.undo(client)
            return False
    raise AssertionError("it could not be undone")


async def _requests_of(way: Way) -> list[tuple[str, str]]:
    async with playing() as plex:
        redemption = redemption_of(plex, way)
        async with client_of(plex) as client:
            await redemption.provision(client)
        asked = [each.request for each in plex.tv.journal.entries]
        return [(each.method, each.path) for each in asked]


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("kind", prompt)
async def test_every_fault_at_every_request_leaves_it_complete_or_gone(
    way: Way, kind: FaultKind
) -> None:
    for method, path in dict.fromkeys(await _requests_of(way)):
        prefix = path.rstrip("0123456789") if path[-1:].isdigit() else path
        prefix = prefix.partition("/900")[0]
        for times in (1, 4):
            async with playing() as plex:
                redemption = redemption_of(plex, way)
                value = 500 if kind is FaultKind.STATUS else None
                plex.tv.faults.add(Fault(prefix, kind, method, value, times))
                done = await carry_out(plex, redemption)
                if way is Way.SIGN_IN and done:
                    # Accepting is no part of what must not fail.
                    [share] = plex.world.shares.values()
                    assert is_exact(plex, share, redemption.library_ids)
                else:
                    assert redemption.is_complete(plex) if done else is_nothing(plex)


@pytest.mark.parametrize(("way", "most"), [(Way.MAIL, 8), (Way.SIGN_IN, 11)])
async def test_a_redemption_asks_plex_tv_no_more_than_it_must(
    way: Way, most: int
) -> None:
    """Two a second are let through: each of these is half a second of a crowd's."""
    asked = await _requests_of(way)
    assert len(asked) <= most, asked
