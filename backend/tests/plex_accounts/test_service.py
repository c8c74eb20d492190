"""Sign-ins with Plex: whose they are, how they are kept, when they are forgotten."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.plex.pins import approve
from media_server_simulators.plex.state import Account
from sqlalchemy import select, update
from tests.accounts.conftest import PLENTY
from tests.media.servers import answering, reply
from tests.simulated import QUICK, SimulatedPlex

from zondarr.config import Settings
from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring, new_token
from zondarr.core.database import Database
from zondarr.core.exceptions import NotFoundError, TooManyRequestsError
from zondarr.core.sealing import Rewrapped, abandon, rewrap
from zondarr.media.exceptions import MediaClientError
from zondarr.media.registry import ClientRegistry
from zondarr.plex_accounts.models import PlexSignIn
from zondarr.plex_accounts.repository import PlexSignInRepository
from zondarr.plex_accounts.schemas import PlexPinResponse, PlexPinState
from zondarr.plex_accounts.service import (
    LONGEST,
    PlexSignInService,
    account_holder,
    browser_holder,
)
from zondarr.plex_accounts.service import PINS as FOR_ONE
from zondarr.tables import Base

MINE, THEIRS = browser_holder("mine"), browser_holder("theirs")
PINS = "/api/v2/pins"
WHO = "/api/v2/user"
EXPIRED = PlexPinState.nobody("expired")
WAITING = PlexPinState.nobody()


@pytest.fixture
def sign_ins(
    database: Database, keyring: Keyring, registry: ClientRegistry
) -> PlexSignInService:
    return PlexSignInService(database, keyring, registry, limit=PLENTY)


@pytest.fixture
def guest(plex: SimulatedPlex) -> Account:
    return plex.guest("Ann Onymous", "Ann@example.org")


async def begun_and_approved(
    sign_ins: PlexSignInService, plex: SimulatedPlex, guest: Account, holder: str = MINE
) -> tuple[PlexPinResponse, str]:
    """The sign-in, and the token that plex.tv made for it."""
    begun = await sign_ins.create_pin(holder)
    pin = approve(plex.world, begun.code, guest)
    assert pin is not None
    assert pin.token is not None
    return begun, pin.token


def asked(plex: SimulatedPlex, path: str) -> int:
    entries = [each.request for each in plex.tv.journal.entries]
    return sum(each.method == "GET" and each.path.startswith(path) for each in entries)


async def row_of(database: Database, id: UUID) -> PlexSignIn:
    async with database.unscoped("command line", reading=True) as session:
        rows = select(PlexSignIn).where(PlexSignIn.id == id)
        return (await session.scalars(rows)).one()


async def change(database: Database, id: UUID, **values: Any) -> None:
    async with database.unscoped("command line") as session:
        rows = update(PlexSignIn).where(PlexSignIn.id == id)
        await session.execute(rows.values(values))


async def test_who_approved_is_known_to_the_holder_and_to_nobody_else(
    sign_ins: PlexSignInService, plex: SimulatedPlex, guest: Account
) -> None:
    begun, token = await begun_and_approved(sign_ins, plex, guest)
    assert await sign_ins.signed_in(begun.pin_id, MINE) is None
    state = await sign_ins.check(begun.pin_id, MINE)
    assert state == PlexPinState(
        authenticated=True,
        email="ann@example.org",
        username="Ann Onymous",
        error=None,
    )
    known = await sign_ins.signed_in(begun.pin_id, MINE)
    assert known is not None
    assert (known.plex_id, known.email) == (str(guest.id), "ann@example.org")
    assert known.token.reveal() == token
    assert token not in f"{known} {known!r}"
    assert await sign_ins.signed_in(begun.pin_id, THEIRS) is None
    for pin_id in (begun.pin_id, uuid4()):
        with pytest.raises(NotFoundError) as caught:
            await sign_ins.check(pin_id, THEIRS)
        assert str(caught.value) == f"PlexSignIn {pin_id} was not found."


def test_a_browser_and_an_account_are_never_the_same_holder() -> None:
    account = uuid4()
    assert account_holder(account) != browser_holder(str(account))


async def test_what_was_told_once_is_not_asked_again(
    sign_ins: PlexSignInService, plex: SimulatedPlex, guest: Account
) -> None:
    begun, _ = await begun_and_approved(sign_ins, plex, guest)
    first = await sign_ins.check(begun.pin_id, MINE)
    plex.tv.faults.add(Fault("/", FaultKind.DROP, endless=True))
    assert await sign_ins.check(begun.pin_id, MINE) == first
    assert (asked(plex, PINS), asked(plex, WHO)) == (1, 1)


async def test_plex_tv_is_asked_about_a_pin_now_and_then_however_often_we_are(
    sign_ins: PlexSignInService,
    plex: SimulatedPlex,
    registry: ClientRegistry,
    database: Database,
) -> None:
    registry.configure(msgspec.structs.replace(plex.options, pin_pause=2.0))
    begun = await sign_ins.create_pin(MINE)
    both = [sign_ins.check(begun.pin_id, MINE) for _ in range(2)]
    assert await asyncio.gather(*both) == [WAITING, WAITING]
    assert await sign_ins.check(begun.pin_id, MINE) == WAITING
    assert asked(plex, PINS) == 1
    await change(database, begun.pin_id, asked_at=utc_now() - timedelta(seconds=2.1))
    await sign_ins.check(begun.pin_id, MINE)
    assert asked(plex, PINS) == 2


async def test_a_token_that_was_handed_out_is_kept_though_plex_tv_fails_after_it(
    sign_ins: PlexSignInService, plex: SimulatedPlex, guest: Account
) -> None:
    begun, _ = await begun_and_approved(sign_ins, plex, guest)
    plex.tv.faults.add(Fault(WHO, FaultKind.STATUS, value=500, times=3))
    with pytest.raises(MediaClientError) as caught:
        await sign_ins.check(begun.pin_id, MINE)
    assert (caught.value.status, caught.value.code) == (502, "plex_tv_failed")
    assert await sign_ins.signed_in(begun.pin_id, MINE) is None
    plex.world.pins.clear()
    assert (await sign_ins.check(begun.pin_id, MINE)).authenticated
    assert asked(plex, PINS) == 1


async def test_a_pin_that_plex_tv_does_not_know_any_more_is_expired_for_good(
    sign_ins: PlexSignInService, plex: SimulatedPlex
) -> None:
    begun = await sign_ins.create_pin(MINE)
    plex.world.pins.clear()
    for _ in range(2):
        assert await sign_ins.check(begun.pin_id, MINE) == EXPIRED
    assert asked(plex, PINS) == 1


async def test_a_late_no_does_not_undo_an_approval(
    sign_ins: PlexSignInService, plex: SimulatedPlex, guest: Account, database: Database
) -> None:
    begun, _ = await begun_and_approved(sign_ins, plex, guest)
    state = await sign_ins.check(begun.pin_id, MINE)
    async with database.unscoped("sign-in") as session:
        await PlexSignInRepository(session).store_error(begun.pin_id, error="expired")
    assert await sign_ins.check(begun.pin_id, MINE) == state


async def test_an_account_without_an_address_is_signed_in_and_says_so(
    sign_ins: PlexSignInService, plex: SimulatedPlex
) -> None:
    nobody = plex.world.register("No Address", None)
    begun, _ = await begun_and_approved(sign_ins, plex, nobody)
    assert await sign_ins.check(begun.pin_id, MINE) == PlexPinState(
        authenticated=True,
        email=None,
        username="No Address",
        error="email_missing",
    )
    known = await sign_ins.signed_in(begun.pin_id, MINE)
    assert known is not None
    assert (known.plex_id, known.email) == (str(nobody.id), None)


async def test_our_own_pacing_is_a_not_yet(
    sign_ins: PlexSignInService, plex: SimulatedPlex, registry: ClientRegistry
) -> None:
    begun = await sign_ins.create_pin(MINE)
    slow = {"plex_rate": 0.001, "plex_burst": 1}
    registry.configure(msgspec.structs.replace(plex.options, **slow))
    for _ in range(3):
        assert await sign_ins.check(begun.pin_id, MINE) == WAITING
    assert asked(plex, PINS) == 1


async def test_plex_tvs_wish_for_peace_is_a_not_yet(
    sign_ins: PlexSignInService, plex: SimulatedPlex
) -> None:
    begun = await sign_ins.create_pin(MINE)
    plex.tv.faults.add(Fault(PINS, FaultKind.STATUS, value=429, endless=True))
    assert await sign_ins.check(begun.pin_id, MINE) == WAITING


async def test_a_sign_in_that_was_used_is_over_and_holds_nothing(
    sign_ins: PlexSignInService, plex: SimulatedPlex, guest: Account, database: Database
) -> None:
    begun, _ = await begun_and_approved(sign_ins, plex, guest)
    await sign_ins.check(begun.pin_id, MINE)
    async with database.unscoped("sign-in") as session:
        await PlexSignInRepository(session).end(begun.pin_id, now=utc_now())
    assert await sign_ins.signed_in(begun.pin_id, MINE) is None
    assert await sign_ins.check(begun.pin_id, MINE) == EXPIRED
    row = await row_of(database, begun.pin_id)
    assert {row.token, row.plex_id, row.email, row.username} == {None}


async def test_a_sign_in_is_kept_for_an_hour_at_most(
    sign_ins: PlexSignInService, plex: SimulatedPlex, guest: Account, database: Database
) -> None:
    begun, _ = await begun_and_approved(sign_ins, plex, guest)
    await sign_ins.check(begun.pin_id, MINE)
    row = await row_of(database, begun.pin_id)
    assert row.expires_at - row.created_at == LONGEST
    open_still = await sign_ins.create_pin(MINE)
    assert await sign_ins.sweep() == 0
    await change(database, begun.pin_id, expires_at=utc_now())
    assert await sign_ins.signed_in(begun.pin_id, MINE) is None
    assert await sign_ins.check(begun.pin_id, MINE) == EXPIRED
    assert await sign_ins.sweep() == 1
    with pytest.raises(NotFoundError):
        await sign_ins.check(begun.pin_id, MINE)
    assert await sign_ins.check(open_still.pin_id, MINE) == WAITING


async def test_a_pin_that_would_live_for_a_day_ends_after_an_hour(
    sign_ins: PlexSignInService, registry: ClientRegistry
) -> None:
    body = json.dumps({"id": 7, "code": "abcd", "expiresIn": 86_400}).encode()
    async with answering(lambda _, __: reply(201, body)) as url:
        registry.configure(msgspec.structs.replace(QUICK, plex_tv_url=url))
        begun = await sign_ins.create_pin(MINE)
    assert begun.expires_at <= utc_now() + LONGEST


async def test_a_name_of_any_length_is_no_trouble(
    sign_ins: PlexSignInService, registry: ClientRegistry
) -> None:
    pin = {"id": 7, "code": "abcd", "expiresIn": 900, "authToken": "a-token"}
    address = f"{'a' * 300}@example.org"
    who = {"id": 5, "title": "x\0" * 300, "email": address}

    def answer(_: str, path: str) -> bytes:
        body = json.dumps(who if path == WHO else pin).encode()
        return reply(200, body)

    async with answering(answer) as url:
        registry.configure(msgspec.structs.replace(QUICK, plex_tv_url=url))
        begun = await sign_ins.create_pin(MINE)
        state = await sign_ins.check(begun.pin_id, MINE)
    assert state == PlexPinState(
        authenticated=True, email=None, username="x" * 254, error="email_missing"
    )


async def test_one_browser_cannot_make_pins_without_end(
    sign_ins: PlexSignInService, plex: SimulatedPlex
) -> None:
    for _ in range(FOR_ONE.count):
        await sign_ins.create_pin(MINE)
    with pytest.raises(TooManyRequestsError):
        await sign_ins.create_pin(MINE)
    assert len(plex.world.pins) == FOR_ONE.count
    await sign_ins.create_pin(THEIRS)


async def test_the_token_is_sealed_and_keys_rotate_under_it(
    sign_ins: PlexSignInService,
    plex: SimulatedPlex,
    guest: Account,
    database: Database,
    settings: Settings,
    logs: Callable[[], list[dict[str, Any]]],
) -> None:
    begun, token = await begun_and_approved(sign_ins, plex, guest)
    await sign_ins.check(begun.pin_id, MINE)
    old = (await row_of(database, begun.pin_id)).token
    assert old is not None
    assert old.startswith("z1.")
    fresh = new_token()
    both = Keyring(lambda: [fresh, *settings.secret_keys()])
    assert await rewrap(database, both, Base.metadata) == Rewrapped(changed=1)
    row = await row_of(database, begun.pin_id)
    assert row.token != old
    sign_ins.keyring = Keyring(lambda: [fresh])
    known = await sign_ins.signed_in(begun.pin_id, MINE)
    assert known is not None
    assert known.token.reveal() == token
    assert token not in json.dumps(logs())


async def test_a_token_whose_key_was_abandoned_is_nobodys(
    sign_ins: PlexSignInService, plex: SimulatedPlex, guest: Account, database: Database
) -> None:
    begun, _ = await begun_and_approved(sign_ins, plex, guest)
    await sign_ins.check(begun.pin_id, MINE)
    other = Keyring(lambda: [new_token()])
    assert await abandon(database, other, Base.metadata) == 1
    assert await sign_ins.signed_in(begun.pin_id, MINE) is None
