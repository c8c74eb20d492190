"""Letting in, keeping out and deleting people, against two simulated servers."""

import asyncio
from typing import override

import pytest
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator
from sqlalchemy import select
from tests.simulated import until, within_each_request
from tests.users.accounts import account, is_let_in, promote
from tests.users.conftest import Invite, Other

from zondarr.core.database import UnitOfWork
from zondarr.core.exceptions import NotFoundError
from zondarr.media.clients.jellyfin.client import JellyfinClient
from zondarr.media.registry import ClientRegistry
from zondarr.media.types import Capability, ServerType
from zondarr.servers.models import MediaServer
from zondarr.servers.schemas import ServerUpdate
from zondarr.servers.service import MediaServerService
from zondarr.users.actions import PeopleActions
from zondarr.users.deletion_preview import preview_deletion
from zondarr.users.exceptions import NotDeletedError
from zondarr.users.models import Identity, User
from zondarr.users.schemas import ActionStatus, DeletionOutcome


class Powerless(JellyfinClient):
    """A server that cannot do anything."""

    @classmethod
    @override
    def capabilities(cls) -> frozenset[Capability]:
        return frozenset()


DOWN = Fault("/", FaultKind.DROP, endless=True)


async def _users(work: UnitOfWork) -> list[User]:
    async with work(reading=True) as session:
        return list(await session.scalars(select(User)))


async def test_a_person_is_kept_out_and_let_in_again_everywhere(
    actions: PeopleActions,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
    other: Other,
) -> None:
    ada = await invite("Ada", [server, other.server])
    for enabled in (False, True):
        ada, results = await actions.set_enabled(ada.id, enabled)
        assert {one.status for one in results} == {ActionStatus.DONE}
        assert {one.server_name for one in results} == {"Living room", "Attic"}
        assert ada.enabled is enabled
        assert {user.enabled for user in ada.users} == {enabled}
        assert is_let_in(simulator, "Ada") is enabled
        assert is_let_in(other.simulator, "Ada") is enabled


async def test_a_server_that_is_down_fails_alone_and_its_row_stays(
    actions: PeopleActions,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
    other: Other,
) -> None:
    ada = await invite("Ada", [server, other.server])
    other.simulator.faults.add(DOWN)
    ada, results = await actions.set_enabled(ada.id, False)
    found = {one.server_name: (one.status, one.error_code) for one in results}
    assert found["Living room"] == (ActionStatus.DONE, None)
    assert found["Attic"][0] is ActionStatus.FAILED
    assert found["Attic"][1] is not None
    assert {user.media_server_id: user.enabled for user in ada.users} == {
        server.id: False,
        other.server.id: True,
    }
    assert ada.enabled


async def test_an_account_that_is_gone_is_said_to_be_gone(
    actions: PeopleActions,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
) -> None:
    ada = await invite("Ada", [server])
    del simulator.state.users[ada.users[0].external_user_id]
    ada, (result,) = await actions.set_enabled(ada.id, False)
    assert result.status is ActionStatus.GONE
    assert ada.users[0].missing_since is not None
    assert not ada.enabled


async def test_an_administrator_is_left_alone(
    actions: PeopleActions,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
) -> None:
    ada = await invite("Ada", [server])
    promote(simulator, "Ada")
    _, (result,) = await actions.set_enabled(ada.id, False)
    assert (result.status, result.error_code) == (ActionStatus.FAILED, "administrator")
    preview = await preview_deletion(actions, ada.id)
    assert preview.servers[0].outcome is DeletionOutcome.REFUSED
    with pytest.raises(NotDeletedError) as caught:
        await actions.delete(ada.id)
    assert (caught.value.status, caught.value.error_code) == (409, "administrator")
    assert is_let_in(simulator, "Ada")
    assert len(await _users(work)) == 1


async def test_a_server_that_is_switched_off_is_not_asked(
    actions: PeopleActions,
    invite: Invite,
    server: MediaServer,
    servers: MediaServerService,
    simulator: JellyfinSimulator,
) -> None:
    ada = await invite("Ada", [server])
    await servers.update(server.id, ServerUpdate(enabled=False))
    simulator.journal.clear()
    _, (result,) = await actions.set_enabled(ada.id, False)
    assert result.error_code == "server_disabled"
    assert not simulator.journal.as_json()


async def test_what_a_server_type_cannot_do_is_said(
    actions: PeopleActions,
    invite: Invite,
    server: MediaServer,
    registry: ClientRegistry,
) -> None:
    ada = await invite("Ada", [server])
    registry.register(ServerType.JELLYFIN, Powerless)
    try:
        _, (result,) = await actions.set_enabled(ada.id, False)
    finally:
        registry.register(ServerType.JELLYFIN, JellyfinClient)
    assert result.status is ActionStatus.UNSUPPORTED


async def test_a_deletion_is_foreseen_and_then_done(
    actions: PeopleActions,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
    other: Other,
    work: UnitOfWork,
) -> None:
    ada = await invite("Ada", [server, other.server])
    del other.simulator.state.users[ada.users[1].external_user_id]
    preview = await preview_deletion(actions, ada.id)
    assert preview.complete
    outcomes = {one.server_name: one.outcome for one in preview.servers}
    assert outcomes == {
        "Living room": DeletionOutcome.DELETED,
        "Attic": DeletionOutcome.GONE,
    }
    assert account(simulator, "Ada") is not None

    await actions.delete(ada.id)
    assert account(simulator, "Ada") is None
    assert await _users(work) == []
    with pytest.raises(NotFoundError):
        await actions.get(ada.id)


async def test_a_deletion_that_fails_on_one_server_goes_on_when_asked_again(
    actions: PeopleActions,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
    other: Other,
    work: UnitOfWork,
) -> None:
    ada = await invite("Ada", [server, other.server])
    other.simulator.faults.add(DOWN)
    preview = await preview_deletion(actions, ada.id)
    assert not preview.complete
    with pytest.raises(NotDeletedError, match="Attic") as caught:
        await actions.delete(ada.id)
    assert caught.value.status == 504
    assert account(simulator, "Ada") is None
    (left,) = await _users(work)
    assert left.media_server_id == other.server.id

    other.simulator.faults.remove()
    await actions.delete(ada.id)
    assert account(other.simulator, "Ada") is None
    with pytest.raises(NotFoundError):
        await actions.get(ada.id)


async def test_one_account_is_deleted_and_the_person_stays(
    actions: PeopleActions,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
) -> None:
    ada = await invite("Ada", [server])
    await actions.delete_user(ada.users[0].id)
    assert account(simulator, "Ada") is None
    assert (await actions.get(ada.id)).users == []
    with pytest.raises(NotFoundError):
        await actions.delete_user(ada.users[0].id)


async def test_other_writes_go_through_while_a_server_is_asked(
    actions: PeopleActions,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
    work: UnitOfWork,
) -> None:
    async def write() -> None:
        async with work() as session:
            session.add(Identity(display_name="Somebody else"))

    ada = await invite("Ada", [server])
    asked = within_each_request(simulator, write)
    await actions.set_enabled(ada.id, False)
    assert asked
    assert not is_let_in(simulator, "Ada")
    await actions.delete(ada.id)
    assert account(simulator, "Ada") is None


async def test_a_slow_server_delays_no_other(
    actions: PeopleActions,
    invite: Invite,
    server: MediaServer,
    simulator: JellyfinSimulator,
    other: Other,
) -> None:
    ada = await invite("Ada", [server, other.server])
    answers = asyncio.Event()
    within_each_request(other.simulator, answers.wait)
    action = asyncio.create_task(actions.set_enabled(ada.id, False))
    await until(lambda: not is_let_in(simulator, "Ada"))
    assert is_let_in(other.simulator, "Ada")
    answers.set()
    await action
    assert not is_let_in(other.simulator, "Ada")
