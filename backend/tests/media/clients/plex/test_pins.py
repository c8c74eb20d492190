"""Signing in with Plex."""

import json
import pickle
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st
from media_server_simulators.plex.pins import approve
from tests.media.clients.plex.conftest import Plex, quick
from tests.media.servers import answering, reply

from zondarr.core.clock import utc_now
from zondarr.media.clients.plex.pins import PlexPins, Token
from zondarr.media.connections import HostStates
from zondarr.media.exceptions import MediaClientError

SECRET = "t0ken-of-the-guest"
hundred = settings(max_examples=100, deadline=None)
stamps = st.datetimes(timezones=st.just(utc_now().tzinfo)).map(
    lambda at: at.replace(microsecond=0)
)


def _pins(url: str) -> PlexPins:
    return PlexPins(HostStates(quick(url, attempts=1, circuit_failures=10_000)))


@hundred
@given(
    st.integers(1, 2**53),
    st.text("abcxyz019", min_size=4, max_size=30),
    st.none() | st.text(max_size=30),
    st.one_of(
        stamps.map(lambda at: {"expiresAt": at.isoformat()}),
        st.floats(0, 1e300).map(lambda seconds: {"expiresIn": seconds}),
        st.just({"expiresAt": "soon", "expiresIn": 1800}),
        st.just({}),
    ),
)
async def test_any_pin_has_an_id_a_code_an_address_and_an_expiry(
    pin_id: int, code: str, forward: str | None, expiry: dict[str, object]
) -> None:
    payload = {"id": pin_id, "code": code, "authToken": None, "surprise": 1} | expiry
    body = json.dumps(payload).encode()
    async with answering(lambda _, __: reply(201, body)) as url:
        pin = await _pins(url).create(forward_url=forward)
    assert (pin.id, pin.code) == (pin_id, code)
    page, _, query = pin.auth_url.partition("#?")
    assert page == "https://app.plex.tv/auth"
    fields = parse_qs(query)
    assert fields["code"] == [code]
    assert fields["clientID"] == ["zondarr"]
    assert fields.get("forwardUrl") == ([forward] if forward else None)
    assert pin.expires_at.tzinfo is not None
    if "expiresAt" in expiry and expiry["expiresAt"] != "soon":
        assert pin.expires_at.isoformat() == expiry["expiresAt"]


kinds = st.sampled_from(["open", "approved", "no address", "expired", "broken"])
broken = st.sampled_from(
    [reply(500), reply(520), reply(403), reply(200, b"<p>"), reply(200, b"[]"), b""]
)


@hundred
@given(kinds, st.emails(), broken)
async def test_a_pin_tells_who_approved_it_or_why_nobody_did(
    kind: str, email: str, bad: bytes
) -> None:
    def answer(_: str, path: str) -> bytes:
        if kind == "broken":
            return bad
        if kind == "expired":
            return reply(404, b'{"errors":[{"code":1020,"message":"expired"}]}')
        if path == "/api/v2/user":
            address = None if kind == "no address" else email
            return reply(200, json.dumps({"id": 5, "email": address}).encode())
        token = None if kind == "open" else SECRET
        pin = {"id": 1, "code": "abcd", "authToken": token, "expiresIn": 900}
        return reply(200, json.dumps(pin).encode())

    async with answering(answer) as url:
        with structlog.testing.capture_logs() as logs:
            if kind == "broken":
                with pytest.raises(MediaClientError) as caught:
                    await _pins(url).check(1)
                assert caught.value.status == 502
                assert caught.value.operation == "check_pin"
                assert caught.value.cause is caught.value.__cause__ is not None
                return
            result = await _pins(url).check(1)
    assert SECRET not in f"{result!r} {result} {logs!r}"
    approved = kind in {"approved", "no address"}
    assert result.authenticated is approved
    assert result.email == (email.lower() if kind == "approved" else None)
    assert result.plex_id == ("5" if approved else None)
    assert (result.token is not None) is approved
    errors = {"no address": "email_missing", "expired": "expired"}
    assert result.error == errors.get(kind)


@pytest.fixture
def pins(plex: Plex) -> PlexPins:
    return PlexPins(plex.states)


async def test_a_guest_signs_in_on_plexs_own_page(plex: Plex, pins: PlexPins) -> None:
    pin = await pins.create(forward_url="https://invite.example.org/join/X")
    assert utc_now() < pin.expires_at < utc_now() + timedelta(hours=1)
    assert urlsplit(pin.auth_url).hostname == "app.plex.tv"
    waiting = await pins.check(pin.id)
    assert (waiting.authenticated, waiting.error) == (False, None)
    guest = plex.world.register("New One", "New@example.org")
    approve(plex.world, pin.code, guest)
    signed_in = await pins.check(pin.id)
    assert signed_in.email == "new@example.org"
    assert signed_in.plex_id == str(guest.id)
    assert signed_in.token is not None
    assert plex.world.holder(signed_in.token.reveal()) is guest


async def test_an_unknown_pin_and_one_that_ran_out_are_expired(
    plex: Plex, pins: PlexPins
) -> None:
    assert (await pins.check(7)).error == "expired"
    pin = await pins.create()
    later = utc_now() + timedelta(hours=1)
    plex.world.now = lambda: later
    assert (await pins.check(pin.id)).error == "expired"


def test_a_token_shows_itself_to_nobody_who_does_not_ask() -> None:
    token = Token(SECRET)
    assert SECRET not in f"{token} {token!r} {[token]}"
    with pytest.raises(TypeError):
        pickle.dumps(token)
    assert token.reveal() == SECRET
