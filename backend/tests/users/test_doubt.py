"""Absence is no fact: what is not seen to be done, or seen to be gone, is neither."""

from dataclasses import replace
from datetime import timedelta

import pytest
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator
from tests.actors import operator_of
from tests.simulated import SimulatedPlex
from tests.users.accounts import is_let_in
from tests.users.cinema import ADA, BOB, Cinema
from tests.users.conftest import Invite

from zondarr.core.clock import utc_now
from zondarr.core.database import UnitOfWork
from zondarr.core.repository import PageRequest
from zondarr.media.types import Presence
from zondarr.servers.exceptions import AccountsInDoubtError
from zondarr.servers.models import MediaServer
from zondarr.servers.service import MediaServerService
from zondarr.users.actions import PeopleActions
from zondarr.users.deletion_preview import preview_deletion
from zondarr.users.exceptions import NotDeletedError
from zondarr.users.expiry import AccessEnd
from zondarr.users.models import Identity
from zondarr.users.reconcile import reconcile_accounts
from zondarr.users.schemas import ActionStatus, DeletionOutcome, IdentityUpdate
from zondarr.users.service import PeopleService

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CEM = "cem@example.org"


def empty_shares(plex: SimulatedPlex) -> None:
    """plex.tv answers lists of shares, and nothing is in them."""
    fault = Fault("/api/v2/shared_servers", FaultKind.EMPTY, endless=True)
    plex.tv.faults.add(fault)


async def person(work: UnitOfWork, identity: Identity) -> Identity:
    async with work(reading=True) as session:
        return await PeopleService(session, operator_of(session)).get(identity.id)


async def test_an_empty_list_of_shares_ends_and_deletes_nothing(
    access_end: AccessEnd, cinema: Cinema
) -> None:
    cinema.plex.guest("Ada", ADA)
    now = utc_now()
    ada = await cinema.invite(ADA, expires_at=now)
    empty_shares(cinema.plex)

    assert (await access_end.end(now)).accounts == 0
    status, code = await cinema.switch(ada, on=False)
    assert (status, code) == (ActionStatus.FAILED, "answer_doubtful")
    removal = await preview_deletion(cinema.actions, ada.id)
    assert removal.servers[0].outcome is DeletionOutcome.FAILED
    with pytest.raises(NotDeletedError) as caught:
        await cinema.actions.delete(ada.id)
    assert (caught.value.status, caught.value.error_code) == (502, "answer_doubtful")
    with pytest.raises(AccountsInDoubtError):
        await cinema.sync()
    user = await cinema.account(ada)
    assert (user.enabled, user.access_ended_at, user.missing_since) == (
        True,
        None,
        None,
    )

    cinema.plex.tv.faults.remove()
    assert (await access_end.end(now + MINUTE)).accounts == 1
    assert cinema.has(ADA) is None


async def test_the_same_of_who_was_there_before(
    access_end: AccessEnd, cinema: Cinema
) -> None:
    cinema.plex.guest("Ada", ADA)
    await cinema.befriend(ADA, [3])
    before, now = cinema.has(ADA), utc_now()
    ada = await cinema.invite(ADA, [0, 1], expires_at=now)
    empty_shares(cinema.plex)
    assert (await access_end.end(now)).accounts == 0
    with pytest.raises(NotDeletedError):
        await cinema.actions.delete(ada.id)
    cinema.plex.tv.faults.remove()
    assert (await access_end.end(now)).accounts == 1
    assert cinema.has(ADA) == before


async def test_a_share_that_we_ended_and_that_is_still_there_is_ended_again(
    access_end: AccessEnd, cinema: Cinema
) -> None:
    """plex.tv confirms every request and does nothing."""
    cinema.plex.guest("Ada", ADA)
    now = utc_now()
    ada = await cinema.invite(ADA, expires_at=now)
    shares = dict(cinema.plex.world.shares)
    assert (await access_end.end(now)).accounts == 1
    cinema.plex.world.shares.update(shares)
    await cinema.sync()
    assert (await access_end.end(now + MINUTE)).accounts == 1
    assert cinema.has(ADA) is None
    assert not (await cinema.person(ada)).enabled


async def test_the_last_guest_who_declines_is_awaited_no_more(cinema: Cinema) -> None:
    ada = await cinema.invite(ADA, accepts=False)
    (share,) = cinema.plex.shares_of(ADA)
    del cinema.plex.world.shares[share.id]
    async with cinema.actions.connections.open(cinema.server) as client:
        user = await cinema.account(ada)
        answer = await client.account_presence(user.external_user_id)
    assert answer is Presence.GONE
    with pytest.raises(AccountsInDoubtError):
        await cinema.sync()
    assert (await cinema.account(ada)).missing_since is None
    async with cinema.actions.work() as session:
        await reconcile_accounts(
            session, cinema.server.id, [], utc_now(), presence={user.id: answer}
        )
    assert (await cinema.account(ada)).missing_since is not None
    await cinema.sync()
    await cinema.actions.delete(ada.id)


async def test_an_operator_may_accept_that_a_list_is_empty(cinema: Cinema) -> None:
    cinema.plex.guest("Ada", ADA)
    ada = await cinema.invite(ADA)
    cinema.plex.world.shares.clear()
    with pytest.raises(AccountsInDoubtError):
        await cinema.sync()
    await cinema.servers.sync(cinema.server.id, accept_missing=True)
    assert (await cinema.account(ada)).missing_since is not None
    await cinema.sync()


async def test_a_shrunken_list_says_nothing_of_those_it_lacks(
    invite: Invite,
    server: MediaServer,
    servers: MediaServerService,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
) -> None:
    people = [await invite(f"guest {number}", [server]) for number in range(5)]
    users = simulator.state.users
    lost = [users.pop(one.users[0].external_user_id) for one in people[:2]]
    with pytest.raises(AccountsInDoubtError, match="2 of 5"):
        await servers.sync(server.id)
    for one in people:
        assert (await person(work, one)).users[0].missing_since is None
    users[lost[0].id] = lost[0]
    await servers.sync(server.id)
    missing = [(await person(work, one)).users[0].missing_since for one in people]
    assert [since is not None for since in missing] == [False, True, *[False] * 3]


async def test_another_server_at_the_address_says_nothing(  # noqa: PLR0913, PLR0917
    access_end: AccessEnd,
    actions: PeopleActions,
    invite: Invite,
    server: MediaServer,
    servers: MediaServerService,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
) -> None:
    """A standby without the account, say."""
    now = utc_now()
    await servers.sync(server.id)
    ada = await invite("Ada", [server], now)
    own, users = simulator.state.world, simulator.state.users
    simulator.state.world = replace(own, server_id="0" * 32)
    there = [one for one in users.values() if one.name != "Ada"]
    simulator.state.users = {one.id: one for one in there}
    assert (await access_end.end(now)).accounts == 0
    with pytest.raises(NotDeletedError) as caught:
        await actions.delete(ada.id)
    assert caught.value.status == 502
    user = (await person(work, ada)).users[0]
    assert (user.access_ended_at, user.missing_since) == (None, None)

    simulator.state.world, simulator.state.users = own, users
    assert (await access_end.end(now + MINUTE)).accounts == 1
    assert not is_let_in(simulator, "Ada")


@pytest.mark.parametrize("synced", [True, False])
async def test_an_account_that_comes_back_after_its_end_is_ended(  # noqa: PLR0913, PLR0917
    access_end: AccessEnd,
    invite: Invite,
    server: MediaServer,
    servers: MediaServerService,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
    synced: bool,
) -> None:
    now = utc_now()
    ada = await invite("Ada", [server], now)
    gone = simulator.state.users.pop(ada.users[0].external_user_id)
    assert (await access_end.end(now)).accounts == 1
    assert (await access_end.end(now + MINUTE)).accounts == 0
    simulator.state.users[gone.id] = gone
    if synced:
        await servers.sync(server.id)
    assert (await access_end.end(now + 2 * MINUTE)).accounts == 1
    assert not is_let_in(simulator, "Ada")
    user = (await person(work, ada)).users[0]
    assert (user.missing_since, user.enabled) == (None, False)
    assert (await access_end.end(now + 3 * MINUTE)).accounts == 0


async def test_who_was_let_in_again_after_the_end_stays_though_absent_for_a_while(
    access_end: AccessEnd,
    actions: PeopleActions,
    invite: Invite,
    server: MediaServer,
    servers: MediaServerService,
    simulator: JellyfinSimulator,
) -> None:
    now = utc_now()
    ada = await invite("Ada", [server], now)
    await access_end.end(now)
    await actions.set_enabled(ada.id, True)
    gone = simulator.state.users.pop(ada.users[0].external_user_id)
    await servers.sync(server.id)
    simulator.state.users[gone.id] = gone
    await servers.sync(server.id)
    assert (await access_end.end(now + HOUR)).accounts == 0
    assert is_let_in(simulator, "Ada")


async def test_access_that_ended_too_early_is_shown_and_given_back_for_its_time(
    access_end: AccessEnd,
    actions: PeopleActions,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
) -> None:
    """The clock was two hours ahead."""
    now = utc_now()
    ada = await invite("Ada", [server], now + HOUR)
    await invite("Bob", [server], now + 3 * HOUR)
    assert (await access_end.end(now + 2 * HOUR)).accounts == 1
    assert (await access_end.end(now)).accounts == 0
    assert await ended_early(work) == ["Ada"]
    assert not is_let_in(simulator, "Ada")

    await actions.set_enabled(ada.id, True)
    assert await ended_early(work) == []
    assert is_let_in(simulator, "Ada")
    assert (await access_end.end(now + HOUR)).accounts == 1
    assert not is_let_in(simulator, "Ada")


async def test_another_end_ends_what_was_ended_too_early_in_its_own_time(
    access_end: AccessEnd, invite: Invite, server: MediaServer, work: UnitOfWork
) -> None:
    now = utc_now()
    ada = await invite("Ada", [server], now + HOUR)
    await access_end.end(now + 2 * HOUR)
    async with work() as session:
        update = IdentityUpdate(expires_at=now + 5 * HOUR)
        await PeopleService(session, operator_of(session)).update(ada.id, update)
    assert await ended_early(work) == []
    assert (await access_end.end(now + 4 * HOUR)).accounts == 0
    assert (await access_end.end(now + 5 * HOUR)).accounts == 1


async def test_a_row_from_the_future_still_follows_its_server(
    invite: Invite,
    server: MediaServer,
    servers: MediaServerService,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
) -> None:
    ada = await invite("Ada", [server])
    async with work() as session:
        (await session.merge(ada.users[0])).updated_at = utc_now() + 2 * HOUR
    account = simulator.state.users[ada.users[0].external_user_id]
    account.policy["IsDisabled"] = True
    await servers.sync(server.id)
    assert not (await person(work, ada)).enabled


async def ended_early(work: UnitOfWork) -> list[str]:
    """The accounts that the filter returns, each of which has the same state
    in its own body.
    """
    async with work(reading=True) as session:
        people = PeopleService(session, operator_of(session))
        found = (await people.find(PageRequest(), ended_early=True)).items
        everybody = (await people.find(PageRequest())).items
    assert [one for one in everybody if one.ended_early] == list(found)
    return [one.display_name for one in found]


async def test_who_is_missing_one_among_several_is_missing(cinema: Cinema) -> None:
    for name, email in (("Ada", ADA), ("Bob", BOB), ("Cem", CEM)):
        cinema.plex.guest(name, email)
    people = [await cinema.invite(one) for one in (ADA, BOB, CEM)]
    (share,) = cinema.plex.shares_of(BOB)
    del cinema.plex.world.shares[share.id]
    await cinema.sync()
    missing = [(await cinema.account(one)).missing_since for one in people]
    assert [since is not None for since in missing] == [False, True, False]
