"""A server that dies in the middle of a redemption holds up nothing else."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest
from media_server_simulators.control import ControlledSimulator
from media_server_simulators.wire import Reply, Request
from tests.actors import operator, operator_of
from tests.invitations.house import HERE, House, accounts_on, open_house, order
from tests.invitations.people import people
from tests.simulated import IMPACT_PROVIDERS

from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database
from zondarr.core.exceptions import NotFoundError
from zondarr.invitations.exceptions import RedemptionEndedError
from zondarr.invitations.impact import (
    MAY_BE_LEFT,
    EndRedemptions,
    impact_on_redemptions,
    leftovers_on_server,
)
from zondarr.invitations.join_schemas import JoinAccepted, JoinRequest
from zondarr.invitations.models import Leftover, ProvisioningStatus, RedemptionStatus
from zondarr.invitations.redemption_service import RedemptionService
from zondarr.invitations.repository import LeftoverRepository
from zondarr.servers.hooks import ServerHooks
from zondarr.servers.models import MediaServer
from zondarr.servers.service import MediaServerService
from zondarr.users.reconcile import reconcile_accounts

ANN = "ann@example.org"
GUEST = JoinRequest(username="ann", password="correct horse", email=ANN)
JELLYFIN, PLEX = 0, 1


@pytest.fixture
async def house(database: Database, keyring: Keyring) -> AsyncGenerator[House]:
    """A Jellyfin server and a Plex server."""
    async with open_house(database, keyring, servers=1, plex=1) as house:
        yield house


@dataclass(frozen=True)
class Stuck:
    """A redemption whose account was begun on a server that is dead since."""

    house: House
    dead: int
    accepted: JoinAccepted

    @property
    def simulator(self) -> ControlledSimulator:
        return (self.house.simulators[0], self.house.tv)[self.dead]

    @property
    def server(self) -> MediaServer:
        return self.house.servers[self.dead]

    @property
    def other(self) -> MediaServer:
        return self.house.servers[1 - self.dead]

    def is_there(self, server: int) -> bool:
        if server == JELLYFIN:
            return "ann" in accounts_on(self.house.simulators[0])
        return self.house.cinema().seen_by(ANN) is not None

    async def leftovers(self) -> list[Leftover]:
        async with self.house.database.scoped(self.house.workspace.id) as session:
            return list(await LeftoverRepository(session).get_all())

    async def act(self, what: str) -> None:
        house = self.house
        match what:
            case "invitation":
                found = await house.get(self.accepted.redemption_id)
                await house.delete_invitation(found.invitation_id)
            case "end":
                async with house.database.scoped(house.workspace.id) as session:
                    service = RedemptionService(
                        session, operator_of(session), house.keyring
                    )
                    await service.end(self.accepted.redemption_id)
            case _:
                server = self.server if what == "dead server" else self.other
                await servers(house).delete(server.id)


def servers(house: House) -> MediaServerService:
    return MediaServerService(
        partial(house.database.scoped, house.workspace.id),
        house.keyring,
        house.registry,
        operator(house.workspace.id),
        ServerHooks(
            reconcile_accounts=reconcile_accounts,
            impact_providers=(*IMPACT_PROVIDERS, impact_on_redemptions),
            before_removal=[EndRedemptions(house.keyring)],
        ),
    )


def die_after(simulator: ControlledSimulator, path: str) -> None:
    """Let the server answer one such request, and nothing from then on."""
    respond = simulator.respond

    async def answer(request: Request) -> Reply:
        reply = await respond(request)
        if (request.method, request.path.lower()) == ("POST", path):
            simulator.respond = respond
            order(simulator, "/", "drop", times=0)
        return reply

    simulator.respond = answer


async def strand(house: House, dead: int) -> Stuck:
    """A redemption that waits: everything that can be undone is undone."""
    await house.invite(max_uses=1)
    simulator = (house.simulators[0], house.tv)[dead]
    die_after(simulator, ("/users/new", "/api/v2/shared_servers")[dead])
    accepted = await house.join.redeem("MOVIE-NIGHT", GUEST, key=None, address=HERE)
    stuck = Stuck(house, dead, accepted)
    async with asyncio.timeout(30):
        while not await _waits(stuck):  # noqa: ASYNC110 — there is no event to wait for
            await asyncio.sleep(0.02)
    return stuck


async def _waits(stuck: Stuck) -> bool:
    redemption = await stuck.house.get(stuck.accepted.redemption_id)
    parts = {part.media_server_id: part for part in redemption.provisionings}
    failed = parts[stuck.server.id].status is ProvisioningStatus.FAILED
    return failed and parts[stuck.other.id].plan is None


@pytest.mark.parametrize(
    ("what", "dead"),
    [
        ("other server", JELLYFIN),
        ("dead server", PLEX),
        ("invitation", JELLYFIN),
        ("end", PLEX),
    ],
)
async def test_what_waits_for_it_is_ended_at_once_and_it_is_cleaned_up_later(
    house: House, what: str, dead: int
) -> None:
    stuck = await strand(house, dead)
    assert await house.uses() == 1
    await stuck.act(what)

    if what == "invitation":
        with pytest.raises(AssertionError):
            await house.get(stuck.accepted.redemption_id)
    else:
        redemption = await house.get(stuck.accepted.redemption_id)
        assert redemption.status is RedemptionStatus.UNDONE
        assert redemption.guest_password is None
        assert await house.uses() == 0
    assert await people(house) == []
    assert stuck.is_there(dead)
    assert not stuck.is_there(1 - dead)
    left = await stuck.leftovers()
    assert [one.guest_name for one in left] == ["ann"] * (what != "dead server")

    later = utc_now() + timedelta(hours=1)
    assert (await house.leftovers.remove(later)).removed == 0
    stuck.simulator.faults.remove()
    later += timedelta(hours=1)
    assert (await house.leftovers.remove(later)).removed == len(left)
    assert stuck.is_there(dead) is (what == "dead server")
    assert await stuck.leftovers() == []
    await house.flow.workflow.wait(stuck.accepted.redemption_id)


async def test_its_removal_says_whose_account_may_be_left_on_it(house: House) -> None:
    stuck = await strand(house, JELLYFIN)
    async with house.database.scoped(house.workspace.id) as session:
        impact = await impact_on_redemptions(session, stuck.server.id)
    assert (impact.count, impact.blocks) == (1, False)
    assert (impact.items[0].name, impact.items[0].note) == ("ann", MAY_BE_LEFT)
    await stuck.act("end")
    async with house.database.scoped(house.workspace.id) as session:
        impact = await leftovers_on_server(session, stuck.server.id)
    assert [(one.name, one.note) for one in impact.items] == [("ann", MAY_BE_LEFT)]


async def test_an_undo_that_waits_closes_by_itself(house: House) -> None:
    house.flow.pace = 0.0001
    stuck = await strand(house, JELLYFIN)
    redemption = await house.end_of(stuck.accepted)
    assert redemption.status is RedemptionStatus.UNDONE
    assert await house.uses() == 0
    assert len(await stuck.leftovers()) == 1
    with pytest.raises(RedemptionEndedError):
        await stuck.act("end")


async def test_who_is_being_let_in_right_now_is_waited_for(house: House) -> None:
    await house.invite()
    let_go = asyncio.Event()
    respond = house.simulators[0].respond

    async def hold(request: Request) -> Reply:
        if request.path.lower() == "/users/new":
            await let_go.wait()
        return await respond(request)

    house.simulators[0].respond = hold
    accepted = await house.join.redeem("MOVIE-NIGHT", GUEST, key=None, address=HERE)
    async with house.database.scoped(house.workspace.id) as session:
        assert (await impact_on_redemptions(session, house.servers[0].id)).blocks
    let_go.set()
    redemption = await house.end_of(accepted)
    assert redemption.status is RedemptionStatus.SUCCEEDED
    async with house.database.scoped(house.workspace.id) as session:
        assert not (await impact_on_redemptions(session, house.servers[0].id)).blocks


async def test_an_account_that_is_made_after_the_end_is_not_let_in(
    house: House,
) -> None:
    """Its request was on its way when an operator ended the redemption."""
    await house.invite(max_uses=1)
    respond = house.simulators[0].respond
    ended: list[str] = []

    async def end_meanwhile(request: Request) -> Reply:
        if request.path.lower() == "/users/new" and not ended:
            ended.append("ended")
            await stuck.act("end")
        return await respond(request)

    accepted_id = asyncio.get_running_loop().create_future()
    start_workflow = house.join.start

    async def remember(id: object) -> None:
        accepted_id.set_result(id)
        await start_workflow(id)  # pyright: ignore[reportArgumentType]

    house.join.start = remember
    house.simulators[0].respond = end_meanwhile
    joining = asyncio.ensure_future(
        house.join.redeem("MOVIE-NIGHT", GUEST, key=None, address=HERE)
    )
    stuck = Stuck(
        house, JELLYFIN, JoinAccepted(redemption_id=await accepted_id, token="")
    )
    await joining
    await house.flow.workflow.wait(stuck.accepted.redemption_id)
    policy = accounts_on(house.simulators[0])["ann"]
    assert ended
    assert policy["policy"]["EnableAllFolders"]  # fresh: nobody knows its password
    assert (await house.leftovers.remove(utc_now(), house.workspace.id)).removed >= 1
    assert not stuck.is_there(JELLYFIN)
    assert await house.uses() == 0


async def test_a_leftover_that_is_not_there_is_forgotten(house: House) -> None:
    stuck = await strand(house, JELLYFIN)
    await stuck.act("end")
    stuck.simulator.faults.remove()
    users = house.simulators[0].state.users
    del users[next(one.id for one in users.values() if one.name == "ann")]
    soon = utc_now() + timedelta(minutes=2)
    assert (await house.leftovers.remove(soon)).removed == 0
    later = soon + timedelta(hours=1)
    assert (await house.leftovers.remove(later)).removed == 1


async def test_an_operator_may_dismiss_it(house: House) -> None:
    stuck = await strand(house, JELLYFIN)
    await stuck.act("end")
    (left,) = await stuck.leftovers()
    async with house.database.scoped(house.workspace.id) as session:
        await RedemptionService(session, operator_of(session), house.keyring).dismiss(
            left.id
        )
    assert await stuck.leftovers() == []
    async with house.database.scoped(house.workspace.id) as session:
        with pytest.raises(NotFoundError):
            await RedemptionService(
                session, operator_of(session), house.keyring
            ).dismiss(left.id)
