"""An operator links a Plex account and adds what it owns, over HTTP."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx2
import msgspec
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.plex import PlexServerSimulator
from media_server_simulators.plex.pins import approve
from media_server_simulators.server import serve
from tests.accounts.conftest import EMAIL, PASSWORD, House, cheap_hasher, open_house
from tests.actors import operator
from tests.servers.test_http import fields_of
from tests.simulated import SimulatedPlex

from zondarr.accounts.models import Account, Role
from zondarr.accounts.passwords import Passwords
from zondarr.config import Settings
from zondarr.core.database import Database
from zondarr.plex_accounts.schemas import PlexPinRequest
from zondarr.servers.connections import place_of_key

PIN, SERVERS, OWNED = "/api/v1/plex/pin", "/api/v1/servers", "/api/v1/plex/servers"
NEXT_DOOR, COLLEAGUE = "bert@example.org", "carla@example.org"


@asynccontextmanager
async def living(
    settings: Settings, database: Database, plex: SimulatedPlex
) -> AsyncGenerator[House]:
    passwords = Passwords(cheap_hasher())
    house = open_house(settings, passwords, database=database)
    house.container.registry.configure(plex.options)
    yield house
    passwords.close()


@pytest.fixture
async def house(
    settings: Settings, database: Database, plex: SimulatedPlex
) -> AsyncGenerator[House]:
    async with living(settings, database, plex) as house:
        yield house


@pytest.fixture
async def owner(house: House) -> Account:
    accounts = house.container.accounts
    return await accounts.create_workspace("Home", email=EMAIL, password=PASSWORD)


@pytest.fixture
async def office(house: House, owner: Account) -> AsyncGenerator[httpx2.AsyncClient]:
    """The operator's browser."""
    async with house.browser() as office:
        await house.sign_in(office, owner.email)
        yield office


async def begin(office: httpx2.AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await office.post(PIN, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def link(
    office: httpx2.AsyncClient, plex: SimulatedPlex, who: str | None = None
) -> str:
    """A sign-in that the owner of the servers approved, or somebody else."""
    begun = await begin(office)
    account = plex.guest(who, f"{who}@example.org") if who else plex.world.owner
    assert approve(plex.world, begun["code"], account)
    answer = await office.get(f"{PIN}/{begun['pin_id']}")
    assert answer.json()["authenticated"] is True
    return begun["pin_id"]


async def add(office: httpx2.AsyncClient, **body: Any) -> httpx2.Response:
    return await office.post(SERVERS, json={"name": "Cinema", **body})


async def test_an_account_is_linked_and_one_of_its_servers_added(
    office: httpx2.AsyncClient, plex: SimulatedPlex, house: House, owner: Account
) -> None:
    begun = await begin(office, return_to="/servers/new?with=plex")
    page, _, fields = begun["auth_url"].partition("#?")
    assert page == f"{plex.tv_url}/auth"
    back = "http://zondarr.test/servers/new?with=plex"
    assert parse_qs(fields)["forwardUrl"] == [back]
    one = f"{PIN}/{begun['pin_id']}"
    assert (await office.get(one)).json()["authenticated"] is False
    pin = approve(plex.world, begun["code"], plex.world.owner)
    assert pin is not None
    assert pin.token is not None
    state = (await office.get(one)).json()
    assert (state["email"], state["error"]) == (plex.world.owner.email, None)

    listed = await office.get(OWNED, params={"pin_id": begun["pin_id"]})
    (found,) = listed.json()["items"]
    assert found["machine_id"] == plex.pms.machine_identifier
    assert found["added"] is False
    assert found["connections"]
    url = plex.url
    added = await add(office, url=url, plex_pin_id=begun["pin_id"])
    assert added.status_code == 201, added.text
    assert (added.json()["server_type"], added.json()["state"]) == ("plex", "ok")
    again = await office.get(OWNED)
    assert [each["added"] for each in again.json()["items"]] == [True]
    tested = await office.post(f"{SERVERS}/{added.json()['id']}/test")
    assert tested.status_code == 200, tested.text
    for answer in (listed, added, again, tested):
        assert pin.token not in answer.text
    row = await house.container.servers_for(operator(owner.workspace_id)).get(
        UUID(added.json()["id"])
    )
    assert row.api_key.startswith("z1.")
    opened = house.container.keyring.open(row.api_key, place=place_of_key(row.id))
    assert opened == pin.token


async def test_before_anybody_signs_in_there_is_no_list(
    office: httpx2.AsyncClient,
) -> None:
    nobody = await office.get(OWNED)
    assert nobody.status_code == 400
    assert nobody.json()["error_code"] == "plex_sign_in_needed"


async def test_a_second_server_comes_from_the_same_sign_in(
    office: httpx2.AsyncClient, plex: SimulatedPlex
) -> None:
    other = plex.world.add_server(make_world(seed=2), plex.world.owner)
    second = PlexServerSimulator(
        plex.world, machine_identifier=other.machine_identifier
    )
    async with serve(second) as url:
        second.url = url
        pin_id = await link(office, plex)
        for place in (plex.url, url):
            added = await add(office, url=place, plex_pin_id=pin_id)
            assert added.status_code == 201, added.text
        listed = await office.get(OWNED, params={"pin_id": pin_id})
    assert [each["added"] for each in listed.json()["items"]] == [True, True]


async def test_what_others_share_with_him_is_not_his(
    office: httpx2.AsyncClient, plex: SimulatedPlex
) -> None:
    pin_id = await link(office, plex, "stranger")
    listed = await office.get(OWNED, params={"pin_id": pin_id})
    assert listed.json()["items"] == []
    refused = await add(office, url=plex.url, plex_pin_id=pin_id)
    assert refused.status_code == 400
    assert fields_of(refused) == {"plex_pin_id"}
    assert (await office.get(SERVERS)).json()["total"] == 0


async def test_nobody_else_can_use_what_an_operator_linked(
    house: House, office: httpx2.AsyncClient, plex: SimulatedPlex, owner: Account
) -> None:
    pin_id = await link(office, plex)
    accounts = house.container.accounts
    await accounts.create_workspace("Next door", email=NEXT_DOOR, password=PASSWORD)
    await accounts.create_account(
        owner.workspace_id, email=COLLEAGUE, password=PASSWORD, role=Role.ADMIN
    )
    for email in (NEXT_DOOR, COLLEAGUE):
        async with house.browser() as other:
            await house.sign_in(other, email)
            for id in (pin_id, str(uuid4())):  # noqa: A001
                polled = await other.get(f"{PIN}/{id}")
                listed = await other.get(OWNED, params={"pin_id": id})
                assert (polled.status_code, listed.status_code) == (404, 404)
                detail = f"PlexSignIn {id} was not found."
                assert polled.json()["detail"] == listed.json()["detail"] == detail
                refused = await add(other, url=plex.url, plex_pin_id=id)
                assert refused.status_code == 400
                assert refused.json()["error_code"] == "plex_sign_in_needed"
                assert fields_of(refused) == {"plex_pin_id"}
    async with house.browser() as guest:
        polled = await guest.get(f"/api/v1/join/plex/oauth/pin/{pin_id}")
        assert polled.status_code == 404


async def test_linking_is_for_those_who_manage(
    house: House, owner: Account, plex: SimulatedPlex
) -> None:
    await house.container.accounts.create_account(
        owner.workspace_id, email=COLLEAGUE, password=PASSWORD, role=Role.VIEWER
    )
    async with house.browser() as viewer:
        assert (await viewer.post(PIN, json={})).status_code == 401
        await house.sign_in(viewer, COLLEAGUE)
        for answer in (
            await viewer.post(PIN, json={}),
            await viewer.get(f"{PIN}/{uuid4()}"),
            await viewer.get(OWNED, params={"pin_id": str(uuid4())}),
        ):
            assert answer.status_code == 403
    assert plex.world.pins == {}


async def test_a_sign_in_that_nobody_approved_links_nothing(
    office: httpx2.AsyncClient, plex: SimulatedPlex
) -> None:
    pin_id = (await begin(office))["pin_id"]
    for answer in (
        await office.get(OWNED, params={"pin_id": pin_id}),
        await add(office, url=plex.url, plex_pin_id=pin_id),
    ):
        assert answer.status_code == 400
        assert answer.json()["error_code"] == "plex_sign_in_needed"
        assert fields_of(answer) == {"plex_pin_id"}


async def test_a_token_that_plex_takes_no_more_asks_for_another_sign_in(
    office: httpx2.AsyncClient, plex: SimulatedPlex
) -> None:
    pin_id = await link(office, plex)
    plex.world.tokens.clear()
    listed = await office.get(OWNED, params={"pin_id": pin_id})
    assert (listed.status_code, fields_of(listed)) == (400, {"plex_pin_id"})
    refused = await add(office, url=plex.url, plex_pin_id=pin_id)
    assert (refused.status_code, fields_of(refused)) == (400, {"plex_pin_id"})


async def test_a_linked_server_whose_token_was_revoked_is_signed_in_to_again(
    office: httpx2.AsyncClient, plex: SimulatedPlex
) -> None:
    added = await add(office, url=plex.url, plex_pin_id=await link(office, plex))
    one = f"{SERVERS}/{added.json()['id']}"
    plex.world.tokens.clear()
    assert (await office.post(f"{one}/test")).status_code != 200
    pin_id = await link(office, plex)
    changed = await office.patch(one, json={"plex_pin_id": pin_id})
    assert changed.status_code == 200, changed.text
    assert changed.json()["state"] == "ok"
    assert (await office.post(f"{one}/test")).status_code == 200


async def test_another_account_or_server_is_no_sign_in_to_a_linked_one(
    office: httpx2.AsyncClient, plex: SimulatedPlex
) -> None:
    added = await add(office, url=plex.url, plex_pin_id=await link(office, plex))
    one = f"{SERVERS}/{added.json()['id']}"
    stranger = await link(office, plex, "stranger")
    refused = await office.patch(one, json={"plex_pin_id": stranger})
    assert (refused.status_code, fields_of(refused)) == (400, {"plex_pin_id"})
    nobody = (await begin(office))["pin_id"]
    refused = await office.patch(one, json={"plex_pin_id": nobody})
    assert refused.json()["error_code"] == "plex_sign_in_needed"

    other = plex.world.add_server(make_world(seed=2), plex.world.owner)
    second = PlexServerSimulator(
        plex.world, machine_identifier=other.machine_identifier
    )
    async with serve(second) as url:
        second.url = url
        pin_id = await link(office, plex)
        refused = await office.patch(one, json={"url": url, "plex_pin_id": pin_id})
    assert refused.status_code == 409
    assert refused.json()["error_code"] == "server_replaced"
    assert (await office.get(one)).json()["url"] == plex.url


async def test_plex_tv_out_of_order_is_no_fault_of_the_operators(
    office: httpx2.AsyncClient, plex: SimulatedPlex
) -> None:
    pin_id = await link(office, plex)
    plex.tv.faults.add(Fault("/", FaultKind.STATUS, value=500, endless=True))
    assert (await office.post(PIN, json={})).status_code == 502
    listed = await office.get(OWNED, params={"pin_id": pin_id})
    assert listed.status_code == 502
    assert "plex.tv" in listed.json()["detail"]


async def test_a_server_takes_a_key_or_a_sign_in_and_not_both(
    office: httpx2.AsyncClient, plex: SimulatedPlex
) -> None:
    pin_id = await link(office, plex)
    for keys in ({}, {"api_key": plex.token, "plex_pin_id": pin_id}):
        answer = await add(office, url=plex.url, **keys)
        assert answer.status_code == 400
        assert fields_of(answer) == {"api_key", "plex_pin_id"}
    assert (await office.get(SERVERS)).json()["total"] == 0
    typed = await add(office, url=plex.url, api_key=plex.token)
    assert typed.status_code == 201


async def test_a_plex_token_is_shown_to_no_server_of_another_type(
    office: httpx2.AsyncClient, plex: SimulatedPlex
) -> None:
    simulator = JellyfinSimulator()
    pin_id = await link(office, plex)
    async with serve(simulator) as url:
        refused = await add(office, url=url, plex_pin_id=pin_id)
        assert (refused.status_code, fields_of(refused)) == (400, {"url"})
        jellyfin = await add(
            office, url=url, plex_pin_id=pin_id, server_type="jellyfin"
        )
        assert (jellyfin.status_code, fields_of(jellyfin)) == (400, {"server_type"})
    tokens = set(plex.world.tokens)
    for entry in simulator.journal.entries:
        assert not any(each in f"{entry.request}" for each in tokens)


@hypothesis(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.text(max_size=40)
    | st.from_regex(r"[/\\]{1,3}[a-z@.:/\\]{0,20}", fullmatch=True)
    | st.from_regex(r"/[a-z][a-z/?=&#%20]{0,30}", fullmatch=True)
)
async def test_plex_sends_an_operator_nowhere_but_to_a_page_of_ours(
    house: House, owner: Account, return_to: str
) -> None:
    linking = house.container.linking(
        partial(house.container.database.scoped, owner.workspace_id),
        operator(owner.workspace_id),
    )
    try:
        asked = msgspec.convert({"return_to": return_to}, PlexPinRequest)
    except msgspec.ValidationError:
        return
    begun = await linking.create_pin(
        asked.return_to, request_url="http://zondarr.test/"
    )
    (back,) = parse_qs(begun.auth_url.partition("#?")[2])["forwardUrl"]
    assert back == f"http://zondarr.test{return_to}"
    parts = urlsplit(back)
    assert (parts.scheme, parts.netloc) == ("http", "zondarr.test")
    assert not return_to.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "return_to",
    ["//evil.test", "/\\evil.test", "https://evil.test", "servers", "", "/ x"],
)
async def test_a_page_that_is_none_of_ours_is_refused(
    office: httpx2.AsyncClient, return_to: str
) -> None:
    answer = await office.post(PIN, json={"return_to": return_to})
    assert (answer.status_code, fields_of(answer)) == (400, {"return_to"})


async def test_the_configured_address_is_where_plex_sends_people(
    settings: Settings, database: Database, plex: SimulatedPlex
) -> None:
    public = msgspec.structs.replace(settings, base_url="https://media.example.org/z")
    async with living(public, database, plex) as house:
        await house.container.accounts.create_workspace(
            "Home", email=EMAIL, password=PASSWORD
        )
        async with house.browser() as office:
            await house.sign_in(office)
            reported = [
                await begin(office, return_to="/servers"),
                (
                    await office.post(
                        "/api/v1/join/plex/oauth/pin", json={"code": "MOVIE-NIGHT"}
                    )
                ).json(),
            ]
    backs = [parse_qs(each["auth_url"].partition("#?")[2]) for each in reported]
    assert [each["forwardUrl"] for each in backs] == [
        ["https://media.example.org/z/servers"],
        ["https://media.example.org/z/join/MOVIE-NIGHT"],
    ]
