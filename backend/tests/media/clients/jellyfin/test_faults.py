"""Whatever the server does during a redemption, the account is complete or gone."""

import asyncio
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator, Version
from media_server_simulators.server import serve
from tests.media.clients.jellyfin.conftest import QUICK
from tests.media.clients.jellyfin.redemptions import (
    NAME,
    PASSWORD,
    RIGHTS,
    Others,
    Redemption,
    guests,
    is_complete,
    is_harmless,
)
from tests.media.servers import connection

from zondarr.media.clients.jellyfin.client import JellyfinClient
from zondarr.media.connections import ClientOptions, HostStates
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.types import AccountRequest

PASSING = {
    ErrorKind.UNREACHABLE,
    ErrorKind.STARTING,
    ErrorKind.BUSY,
    ErrorKind.FAILED,
}
TRIES = 3

PLACES = [
    ("/", None),
    ("/Users/New", "POST"),
    ("/Users", "GET"),
    ("/Users", "POST"),
    ("/Users/Password", "POST"),
    ("/Users/AuthenticateByName", "POST"),
    ("/Sessions", "POST"),
    ("/Users", "DELETE"),
]
STATUSES = [400, 401, 403, 404, 405, 409, 429, 500, 502, 503, 504]


class Ordered(NamedTuple):
    place: tuple[str, str | None]
    kind: FaultKind
    status: int
    times: int

    def fault(self) -> Fault:
        path, method = self.place
        value = self.status if self.kind is FaultKind.STATUS else None
        return Fault(path, self.kind, method, value, self.times)


versions = st.sampled_from(Version)
prompt = [kind for kind in FaultKind if kind is not FaultKind.LATENCY]
orders = st.builds(
    Ordered,
    st.sampled_from(PLACES),
    st.sampled_from(prompt),
    st.sampled_from(STATUSES),
    st.integers(1, 5),
)


def client_of(
    simulator: JellyfinSimulator, url: str, options: ClientOptions = QUICK
) -> JellyfinClient:
    return JellyfinClient(connection(url, simulator.api_key), HostStates(options))


async def carry_out(client: JellyfinClient, redemption: Redemption) -> bool:
    """As the durable work does: some tries, then undo until that is done."""
    for _ in range(TRIES):
        try:
            await redemption.provision(client)
        except MediaClientError as error:
            if error.kind not in PASSING:
                break
        else:
            return True
    for _ in range(50):
        try:
            await redemption.undo(client)
        except MediaClientError:
            continue
        return False
    raise AssertionError("it could not be undone")


@settings(max_examples=200, deadline=None)
@given(versions, st.lists(orders, min_size=1, max_size=4))
async def test_a_redemption_is_complete_or_gone_after_any_faults(
    version: Version, ordered: list[Ordered]
) -> None:
    simulator = JellyfinSimulator(version=version)
    chosen = tuple(each.id for each in simulator.state.world.libraries[:2])
    others, redemption = Others(simulator), Redemption(chosen)
    for order in ordered:
        simulator.faults.add(order.fault())
    async with (
        serve(simulator) as url,
        JellyfinClient(connection(url, simulator.api_key), HostStates(QUICK)) as client,
    ):
        done = await carry_out(client, redemption)
    made = guests(simulator, others)
    assert others.are_untouched()
    assert [each.name for each in made] == ([NAME] if done else [])
    assert not done or is_complete(made[0], chosen)


@settings(max_examples=200, deadline=None)
@given(versions, st.lists(orders, min_size=1, max_size=3))
async def test_a_created_user_is_complete_or_gone_or_harmless(
    version: Version, ordered: list[Ordered]
) -> None:
    """Without durable work, what cannot be taken back is at least no way in."""
    simulator = JellyfinSimulator(version=version)
    chosen = tuple(each.id for each in simulator.state.world.libraries[:2])
    others = Others(simulator)
    for order in ordered:
        simulator.faults.add(order.fault())
    failure: MediaClientError | None = None
    async with (
        serve(simulator) as url,
        JellyfinClient(connection(url, simulator.api_key), HostStates(QUICK)) as client,
    ):
        try:
            await client.create_user(
                NAME, PASSWORD, library_ids=chosen, permissions=RIGHTS
            )
        except MediaClientError as error:
            failure = error
    made = guests(simulator, others)
    assert others.are_untouched()
    assert len(made) <= 1
    if failure is None:
        assert is_complete(made[0], chosen)
    else:
        assert all(is_harmless(each, chosen) for each in made)


STEPS = [
    ("/Users/New", "POST"),
    ("/Users/Password", "POST"),
    ("/Users/", "POST"),
    ("/Users/", "GET"),
]


@pytest.mark.parametrize("place", STEPS, ids=str)
@pytest.mark.parametrize("kind", FaultKind)
async def test_one_fault_anywhere_leaves_an_account_complete_or_gone(
    simulator: JellyfinSimulator,
    url: str,
    place: tuple[str, str],
    kind: FaultKind,
) -> None:
    """One bad moment is overcome, or all of it is taken back before the call fails."""
    path, method = place
    value = {FaultKind.STATUS: 401, FaultKind.LATENCY: 20}.get(kind)
    simulator.faults.add(Fault(path, kind, method, value))
    others = Others(simulator)
    async with client_of(simulator, url) as client:
        try:
            made = await client.create_user(NAME, PASSWORD, permissions=RIGHTS)
        except MediaClientError:
            assert others.are_all()
        else:
            assert is_complete(simulator.state.users[made.id], ())
    assert others.are_untouched()


async def test_a_creation_that_is_applied_after_we_gave_up_is_taken_back() -> None:
    """The server is slow: our time is up, and only then the account appears."""
    simulator = JellyfinSimulator()
    others = Others(simulator)
    hasty = msgspec.structs.replace(QUICK, attempts=1, slow_timeout=0.3)
    patient = msgspec.structs.replace(QUICK, settle_pause=3)
    async with serve(simulator) as url:
        async with client_of(simulator, url, patient) as client:
            plan = await client.plan_account(AccountRequest(username=NAME))
        simulator.faults.add(
            Fault("/Users/New", FaultKind.LATENCY, value=2000, times=3)
        )
        async with client_of(simulator, url, hasty) as client:
            with pytest.raises(MediaClientError) as caught:
                await client.open_account(plan)
        assert caught.value.kind is ErrorKind.UNREACHABLE
        assert others.are_all()
        async with client_of(simulator, url, patient) as client:
            assert await client.discard_account(plan, None) is True
    assert others.are_all()
    assert others.are_untouched()


async def test_one_creation_at_once_of_ten_succeeds_and_nine_are_told(
    simulator: JellyfinSimulator, url: str
) -> None:
    others = Others(simulator)
    states = HostStates(QUICK)

    async def create(number: int) -> str:
        client = JellyfinClient(connection(url, simulator.api_key), states)
        async with client:
            try:
                await client.create_user(NAME, f"{PASSWORD}-{number}")
            except MediaClientError as error:
                return error.error_code
        return "made"

    reported = await asyncio.gather(*map(create, range(10)))
    assert sorted(reported) == ["made"] + ["username_taken"] * 9
    (guest,) = guests(simulator, others)
    assert guest.secret is not None
    assert guest.secret.matches(f"{PASSWORD}-{reported.index('made')}")


async def test_a_caller_who_gives_up_leaves_nothing_behind(
    simulator: JellyfinSimulator, url: str
) -> None:
    others = Others(simulator)
    simulator.faults.add(Fault("/Users/Password", FaultKind.LATENCY, value=200))
    client = client_of(simulator, url)
    with pytest.raises(TimeoutError):
        async with client, asyncio.timeout(0.1):
            await client.create_user(NAME, PASSWORD)
    await asyncio.sleep(0.2)
    assert others.are_all()


async def test_a_server_under_a_base_path_is_the_same(
    simulator: JellyfinSimulator,
) -> None:
    inside = JellyfinSimulator(version=simulator.state.version, base_path="/jellyfin")
    async with serve(inside) as url:
        there = connection(f"{url}/jellyfin/", inside.api_key)
        async with JellyfinClient(there, HostStates(QUICK)) as client:
            made = await client.create_user(NAME, PASSWORD)
            assert await client.delete_user(made.id) is True
        beside = connection(url, inside.api_key)
        async with JellyfinClient(beside, HostStates(QUICK)) as client:
            with pytest.raises(MediaClientError) as caught:
                await client.server_info()
    assert caught.value.kind is ErrorKind.NOT_THIS_TYPE


async def test_answers_are_asked_for_packed(
    simulator: JellyfinSimulator, url: str
) -> None:
    async with client_of(simulator, url, ClientOptions()) as client:
        assert await client.list_users()
    (entry,) = simulator.journal.entries
    assert entry.request.header("accept-encoding") == "gzip"
    assert (entry.request.header("user-agent") or "").startswith("Zondarr/")
    assert (entry.request.header("authorization") or "").startswith(
        "MediaBrowser Token="
    )


async def test_rights_that_were_not_kept_let_nobody_in(
    simulator: JellyfinSimulator, url: str
) -> None:
    """The server confirms the change without making it."""
    others = Others(simulator)
    async with client_of(simulator, url) as client:
        plan = await client.plan_account(
            AccountRequest(username=NAME, permissions=RIGHTS)
        )
        made = await client.open_account(plan)
        simulator.faults.add(Fault(f"/Users/{made.id}", FaultKind.STATUS, "POST", 204))
        with pytest.raises(MediaClientError) as caught:
            await client.finish_account(plan, made.id, PASSWORD)
        assert caught.value.error_code == "policy_not_kept"
        assert await client.discard_account(plan, made.id) is True
    assert others.are_untouched()
    assert others.are_all()


async def test_a_change_that_was_not_kept_is_no_success(
    simulator: JellyfinSimulator, url: str
) -> None:
    async with client_of(simulator, url) as client:
        made = await client.create_user(NAME, PASSWORD)
        films = (await client.get_libraries())[0].external_id
        changes = {
            "policy_not_kept": lambda: client.set_library_access(made.id, [films]),
            "not_deleted": lambda: client.delete_user(made.id),
        }
        for code, change in changes.items():
            method = "POST" if code == "policy_not_kept" else "DELETE"
            simulator.faults.add(Fault("/Users/", FaultKind.STATUS, method, 204))
            with pytest.raises(MediaClientError) as caught:
                await change()
            assert caught.value.error_code == code
            assert caught.value.status == 502
