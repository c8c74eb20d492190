"""A guest signs in with Plex, over HTTP, with the whole program behind it."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID, uuid4

import httpx2
import msgspec
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.plex.pins import approve
from tests.accounts.conftest import House, cheap_hasher, open_house
from tests.media.servers import answering, reply
from tests.simulated import QUICK, SimulatedPlex, playing_plex

from zondarr.accounts.passwords import Passwords
from zondarr.config import Settings
from zondarr.core.clock import utc_now
from zondarr.core.database import Database
from zondarr.core.rate_limits.limit import Limit
from zondarr.media.connections import ClientOptions

PIN = "/api/v1/join/plex/oauth/pin"
BEGUN = {"pin_id", "code", "auth_url", "expires_at"}
WAITING = {"authenticated": False, "email": None, "username": None, "error": None}
EXPIRED = WAITING | {"error": "expired"}
SECRET = "t0ken-of-the-guest"
PLENTY = Limit(1_000_000, 60)
A_DAY = 86_400
hundred = hypothesis(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@asynccontextmanager
async def living(
    settings: Settings, database: Database, options: ClientOptions
) -> AsyncGenerator[House]:
    passwords = Passwords(cheap_hasher())
    house = open_house(settings, passwords, database=database)
    house.container.registry.configure(options)
    yield house
    house.container.registry.configure(ClientOptions())
    passwords.close()


@pytest.fixture
async def plex() -> AsyncGenerator[SimulatedPlex]:
    async with playing_plex() as plex:
        yield plex


@pytest.fixture
async def house(
    settings: Settings, database: Database, plex: SimulatedPlex
) -> AsyncGenerator[House]:
    async with living(settings, database, plex.options) as house:
        yield house


@pytest.fixture
async def busy_house(settings: Settings, database: Database) -> AsyncGenerator[House]:
    """It may be asked as often as a test likes."""
    roomy = msgspec.structs.replace(settings, join_limit=PLENTY)
    async with living(roomy, database, QUICK) as house:
        yield house


@pytest.fixture
async def phone(house: House) -> AsyncGenerator[httpx2.AsyncClient]:
    """A guest's browser."""
    async with house.browser() as phone:
        yield phone


async def begin_sign_in(
    phone: httpx2.AsyncClient, code: str | None = None
) -> dict[str, Any]:
    answer = await phone.post(PIN, json={"code": code})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def poll(phone: httpx2.AsyncClient, begun: dict[str, Any]) -> dict[str, Any]:
    answer = await phone.get(f"{PIN}/{begun['pin_id']}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def sent_to(begun: dict[str, Any]) -> tuple[str, dict[str, list[str]]]:
    """The address of Plex's page, and its parameters."""
    page, _, reported = begun["auth_url"].partition("#?")
    return page, parse_qs(reported)


def without_reference(answer: httpx2.Response, pin_id: str) -> Any:
    body = answer.json()
    reported = {
        name: body[name] for name in body.keys() - {"timestamp", "correlation_id"}
    }
    return answer.status_code, json.dumps(reported).replace(pin_id, "(id)")


async def test_a_guest_signs_in_on_plexs_page_and_comes_back(
    phone: httpx2.AsyncClient, plex: SimulatedPlex
) -> None:
    begun = await begin_sign_in(phone, "movie-night")
    assert set(begun) == BEGUN
    page, reported = sent_to(begun)
    assert page == f"{plex.tv_url}/auth"
    assert reported["code"] == [begun["code"]]
    assert reported["forwardUrl"] == ["http://zondarr.test/join/movie-night"]
    assert str(plex.world.pins.keys()) not in json.dumps(begun)
    assert await poll(phone, begun) == WAITING
    pin = approve(plex.world, begun["code"], plex.guest("Ann", "Ann@example.org"))
    assert pin is not None
    assert pin.token is not None
    for _ in range(2):
        answer = await phone.get(f"{PIN}/{begun['pin_id']}")
        assert answer.json() == {
            "authenticated": True,
            "email": "ann@example.org",
            "username": "Ann",
            "error": None,
        }
        assert pin.token not in f"{answer.headers} {answer.text}"


async def test_a_body_may_be_left_out(phone: httpx2.AsyncClient) -> None:
    answer = await phone.post(PIN)
    assert answer.status_code == 201, answer.text
    _, reported = sent_to(answer.json())
    assert "forwardUrl" not in reported


async def test_somebody_elses_pin_is_as_unknown_as_one_that_never_was(
    house: House, phone: httpx2.AsyncClient, plex: SimulatedPlex
) -> None:
    begun = await begin_sign_in(phone)
    approve(plex.world, begun["code"], plex.guest("Ann", "ann@example.org"))
    assert (await poll(phone, begun))["authenticated"]
    never = str(uuid4())
    async with house.browser() as other:
        await begin_sign_in(other)
        async with house.browser() as bare:
            reported = [
                without_reference(await who.get(f"{PIN}/{pin_id}"), pin_id)
                for who in (bare, other)
                for pin_id in (begun["pin_id"], never)
            ]
    assert reported == [reported[0]] * 4
    assert reported[0][0] == 404
    unknown = await phone.get(f"{PIN}/{never}")
    assert without_reference(unknown, never) == reported[0]


async def test_two_tabs_of_one_browser_have_a_pin_each(
    phone: httpx2.AsyncClient, plex: SimulatedPlex
) -> None:
    one, other = await begin_sign_in(phone), await begin_sign_in(phone)
    assert one["pin_id"] != other["pin_id"]
    assert len(phone.cookies) == 1
    approve(plex.world, other["code"], plex.guest("Ann", "ann@example.org"))
    assert await poll(phone, one) == WAITING
    assert (await poll(phone, other))["email"] == "ann@example.org"
    assert await poll(phone, one) == WAITING


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_the_cookie_is_for_the_join_page_alone(house: House, scheme: str) -> None:
    async with house.browser(base_url=f"{scheme}://zondarr.test") as phone:
        answer = await phone.post(PIN)
        name, _, rest = answer.headers["Set-Cookie"].partition("=")
        value, *fields = rest.split("; ")
        assert (name, len(value)) == ("zondarr_plex", 43)
        assert {word.lower() for word in fields} == {
            "httponly",
            "path=/api/v1/join",
            "samesite=lax",
            f"max-age={A_DAY}",
            *(["secure"] if scheme == "https" else []),
        }
        again = await phone.post(PIN)
        assert again.headers["Set-Cookie"].startswith(f"zondarr_plex={value};")
        assert "Set-Cookie" not in (await phone.get(f"{PIN}/{uuid4()}")).headers


async def test_a_cookie_that_is_none_of_ours_is_replaced(house: House) -> None:
    for made_up in ("", "x", "a" * 42, f"{'a' * 43};", "é" * 43):
        async with house.browser() as phone:
            header = f"zondarr_plex={made_up}".encode()
            answer = await phone.post(PIN, headers=[(b"Cookie", header)])
            assert answer.status_code == 201
            given = answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
            assert len(given) == 43
            assert given != "a" * 43 or made_up.startswith(given)


async def test_an_expired_pin_says_so(
    phone: httpx2.AsyncClient, plex: SimulatedPlex
) -> None:
    begun = await begin_sign_in(phone)
    later = utc_now() + timedelta(minutes=40)
    plex.world.now = lambda: later
    assert [await poll(phone, begun) for _ in range(2)] == [EXPIRED, EXPIRED]


async def test_no_address_of_the_join_page_is_taken_by_the_sign_in(
    phone: httpx2.AsyncClient,
) -> None:
    for path in ("PLEX-OAUTH-PIN", "plexoauth"):
        answer = await phone.get(f"/api/v1/join/{path}")
        assert answer.json()["error_code"] == "invitation_not_found"
    for path in ("plex", "plex/oauth", "plex/oauth/pin/none"):
        assert (await phone.get(f"/api/v1/join/{path}")).status_code == 404


async def test_making_pins_is_limited_and_neither_polling_nor_joining_counts_for_it(
    settings: Settings, database: Database, plex: SimulatedPlex
) -> None:
    few = msgspec.structs.replace(settings, join_limit=Limit(3, 60))
    async with living(few, database, plex.options) as house:
        async with house.browser() as phone:
            begun = await begin_sign_in(phone)
            for _ in range(5):
                await poll(phone, begun)
        assert (await phone_of(house, "GET", "/join/UNKNOWN-CODE")).status_code == 404
        for _ in range(2):
            assert (await phone_of(house, "POST", "/join/plex/oauth/pin")).is_success
        refused = await phone_of(house, "POST", "/join/plex/oauth/pin")
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert len(plex.world.pins) == 3


async def phone_of(house: House, method: str, path: str) -> httpx2.Response:
    """A request of a browser without cookies, at the same address."""
    async with house.browser() as phone:
        return await phone.request(method, f"/api/v1{path}")


@pytest.mark.parametrize(
    ("fault", "reported"),
    [
        (Fault("/", FaultKind.LATENCY, value=60_000, endless=True), 502),
        (Fault("/", FaultKind.STATUS, value=502, endless=True), 502),
        (Fault("/", FaultKind.STATUS, value=404, endless=True), 502),
        (Fault("/", FaultKind.DROP, endless=True), 502),
        (Fault("/", FaultKind.HTML, endless=True), 502),
        (Fault("/", FaultKind.STATUS, value=429, endless=True), 504),
    ],
    ids=str,
)
async def test_when_plex_tv_is_out_of_order_no_sign_in_begins(
    house: House,
    phone: httpx2.AsyncClient,
    plex: SimulatedPlex,
    fault: Fault,
    reported: int,
) -> None:
    options = msgspec.structs.replace(plex.options, read_timeout=0.2, attempts=2)
    house.container.registry.configure(options)
    plex.tv.faults.add(fault)
    answer = await phone.post(PIN)
    assert answer.status_code == reported, answer.text
    assert "Set-Cookie" not in answer.headers
    assert plex.tv_url not in answer.text


@pytest.mark.parametrize(
    ("fault", "reported"),
    [
        (Fault("/", FaultKind.LATENCY, value=60_000, endless=True), 502),
        (Fault("/", FaultKind.STATUS, value=502, endless=True), 502),
        (Fault("/", FaultKind.DROP, endless=True), 502),
        (Fault("/", FaultKind.STATUS, value=429, endless=True), 200),
    ],
    ids=str,
)
async def test_a_sign_in_waits_until_plex_tv_is_well_again(
    house: House,
    phone: httpx2.AsyncClient,
    plex: SimulatedPlex,
    fault: Fault,
    reported: int,
) -> None:
    options = msgspec.structs.replace(plex.options, read_timeout=0.2, attempts=2)
    house.container.registry.configure(options)
    begun = await begin_sign_in(phone)
    approve(plex.world, begun["code"], plex.guest("Ann", "ann@example.org"))
    plex.tv.faults.add(fault)
    answer = await phone.get(f"{PIN}/{begun['pin_id']}")
    assert answer.status_code == reported, answer.text
    assert reported == 502 or answer.json() == WAITING
    assert plex.tv_url not in answer.text
    plex.tv.faults.remove()
    house.container.registry.configure(plex.options)
    assert (await poll(phone, begun))["authenticated"]


def _stamp(at: datetime) -> dict[str, object]:
    return {"expiresAt": at.replace(tzinfo=UTC).isoformat()}


def _seconds(seconds: float) -> dict[str, object]:
    return {"expiresIn": seconds}


UNCLEAR: list[dict[str, object]] = [{"expiresAt": "soon", "expiresIn": 1800}, {}]
expiries = st.one_of(
    st.datetimes(datetime(2000, 1, 1)).map(_stamp),  # noqa: DTZ001 — it gets a zone
    st.floats(0, 1e300).map(_seconds),
    st.sampled_from(UNCLEAR),
)
codes = st.none() | st.from_regex(r"[A-Za-z0-9-]{6,32}", fullmatch=True)


@hundred
@given(st.integers(1, 2**53), st.text("abcxyz019", min_size=4), expiries, codes)
async def test_any_pin_answer_gives_id_code_url_and_expiry(
    busy_house: House,
    number: int,
    letters: str,
    expiry: dict[str, object],
    code: str | None,
) -> None:
    reported = {
        "id": number,
        "code": letters,
        "authToken": None,
        "surprise": 1,
    } | expiry
    body = json.dumps(reported).encode()
    async with answering(lambda _, __: reply(201, body)) as url:
        busy_house.container.registry.configure(
            msgspec.structs.replace(QUICK, plex_tv_url=url)
        )
        async with busy_house.browser() as phone:
            begun = await begin_sign_in(phone, code)
    assert set(begun) == BEGUN
    assert UUID(begun["pin_id"]).int != number
    assert begun["code"] == letters
    page, fields = sent_to(begun)
    assert page == "https://app.plex.tv/auth"
    assert fields["code"] == [letters]
    back = [f"http://zondarr.test/join/{code}"] if code else None
    assert fields.get("forwardUrl") == back
    at = datetime.fromisoformat(begun["expires_at"])
    assert at <= utc_now() + timedelta(hours=1)


kinds = st.sampled_from(["open", "approved", "no address", "expired", "broken"])
broken = st.sampled_from(
    [reply(500), reply(520), reply(403), reply(200, b"<p>"), reply(200, b"[]"), b""]
)
stages = st.sampled_from(["pin", "account"])


@hundred
@given(kinds, st.emails(), broken, stages)
async def test_any_poll_tells_what_became_of_the_pin(
    busy_house: House, kind: str, email: str, bad: bytes, stage: str
) -> None:
    def answer(method: str, path: str) -> bytes:
        pin = {"id": 1, "code": "abcd", "expiresIn": 900}
        if method == "POST":
            return reply(201, json.dumps(pin).encode())
        if kind == "broken" and (path == "/api/v2/user") is (stage == "account"):
            return bad
        if kind == "expired":
            return reply(404, b'{"errors":[{"code":1020,"message":"expired"}]}')
        if path == "/api/v2/user":
            address = None if kind == "no address" else email
            return reply(200, json.dumps({"id": 5, "email": address}).encode())
        token = None if kind == "open" else SECRET
        return reply(200, json.dumps({**pin, "authToken": token}).encode())

    async with answering(answer) as url:
        quick = {"attempts": 1, "circuit_failures": 10_000}
        # A busy machine is no plex.tv that is out of order.
        quick |= {"connect_timeout": 20, "read_timeout": 20}
        busy_house.container.registry.configure(
            msgspec.structs.replace(QUICK, plex_tv_url=url, **quick)
        )
        async with busy_house.browser() as phone:
            begun = await begin_sign_in(phone)
            got = await phone.get(f"{PIN}/{begun['pin_id']}")
    assert SECRET not in f"{got.headers} {got.text}"
    if kind == "broken":
        assert (got.status_code, got.json()["error_code"]) == (502, "plex_tv_failed")
        return
    approved = kind in {"approved", "no address"}
    errors = {"no address": "email_missing", "expired": "expired"}
    assert got.status_code == 200
    assert got.json() == {
        "authenticated": approved,
        "email": email.lower() if kind == "approved" else None,
        "username": None,
        "error": errors.get(kind),
    }


@hundred
@example("../../elsewhere")
@example("//evil.test")
@given(st.text(max_size=40) | st.from_regex(r"[./\\@A-Z0-9:-]{1,34}", fullmatch=True))
async def test_plex_sends_nobody_anywhere_but_to_a_join_page(
    busy_house: House, code: str
) -> None:
    body = json.dumps({"id": 1, "code": "abcd", "expiresIn": 900}).encode()
    async with answering(lambda _, __: reply(201, body)) as url:
        busy_house.container.registry.configure(
            msgspec.structs.replace(QUICK, plex_tv_url=url)
        )
        async with busy_house.browser() as phone:
            answer = await phone.post(PIN, json={"code": code})
    if answer.status_code == 400:
        return
    assert answer.status_code == 201
    _, fields = sent_to(answer.json())
    (back,) = fields["forwardUrl"]
    place, slash, last = back.rpartition("/")
    assert (place, slash) == ("http://zondarr.test/join", "/")
    assert last.replace("-", "").isalnum()
    assert last.isascii()
