"""What a sync learns of the accounts we know."""

import pytest
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator
from tests.actors import operator_of
from tests.users.accounts import account
from tests.users.conftest import Invite

from zondarr.core.clock import utc_now
from zondarr.core.database import UnitOfWork
from zondarr.core.exceptions import ZondarrError
from zondarr.servers.models import MediaServer
from zondarr.servers.service import MediaServerService
from zondarr.users.actions import PeopleActions
from zondarr.users.models import Identity
from zondarr.users.reconcile import reconcile_accounts
from zondarr.users.service import PeopleService


async def _person(work: UnitOfWork, identity: Identity) -> Identity:
    async with work(reading=True) as session:
        return await PeopleService(session, operator_of(session)).get(identity.id)


async def test_a_new_name_and_being_shut_out_there_are_followed(
    servers: MediaServerService,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
) -> None:
    ada = await invite("Ada", [server])
    there = account(simulator, "Ada")
    assert there is not None
    there.name = "Ada Lovelace"
    there.policy["IsDisabled"] = True
    synced = await servers.sync(server.id)
    assert (synced.accounts.known, synced.accounts.missing) == (1, 0)
    ada = await _person(work, ada)
    assert ada.users[0].username == "Ada Lovelace"
    assert not ada.users[0].enabled
    assert not ada.enabled


async def test_an_account_that_vanished_is_missing_and_comes_back(
    servers: MediaServerService,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
) -> None:
    ada = await invite("Ada", [server])
    gone = simulator.state.users.pop(ada.users[0].external_user_id)
    assert (await servers.sync(server.id)).accounts.missing == 1
    ada = await _person(work, ada)
    since = ada.users[0].missing_since
    assert since is not None

    await servers.sync(server.id)
    assert (await _person(work, ada)).users[0].missing_since == since

    simulator.state.users[gone.id] = gone
    await servers.sync(server.id)
    assert (await _person(work, ada)).users[0].missing_since is None


@pytest.mark.parametrize("kind", [FaultKind.EMPTY, FaultKind.HTML, FaultKind.TRUNCATE])
async def test_an_empty_or_broken_list_makes_nobody_missing(
    servers: MediaServerService,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
    kind: FaultKind,
) -> None:
    ada = await invite("Ada", [server])
    simulator.faults.add(Fault("/Users", kind, endless=True))
    with pytest.raises(ZondarrError):
        await servers.sync(server.id)
    assert (await _person(work, ada)).users[0].missing_since is None
    async with work() as session:
        seen = await reconcile_accounts(session, server.id, [], utc_now())
    assert (seen.known, seen.missing) == (1, 0)
    assert (await _person(work, ada)).users[0].missing_since is None


async def test_what_we_did_after_the_server_was_asked_is_known_better(
    actions: PeopleActions,
    invite: Invite,
    server: MediaServer,
    work: UnitOfWork,
) -> None:
    ada = await invite("Ada", [server])
    asked_at = utc_now()
    async with actions.connections.open(server) as client:
        accounts = await client.list_users()
    await actions.set_enabled(ada.id, False)
    bob = await invite("Bob", [server])
    async with work() as session:
        await reconcile_accounts(session, server.id, accounts, asked_at)
    assert not (await _person(work, ada)).enabled
    assert (await _person(work, bob)).users[0].missing_since is None
