"""What the words of plex.tv mean, and whom its shares are for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zondarr.media.clients.plex.answers import parse_xml, sentence, tv_meaning
from zondarr.media.clients.plex.shapes import Invited, Share
from zondarr.media.clients.plex.shares import (
    guest_of,
    one_share_each,
    share_of,
    share_status,
)
from zondarr.media.clients.plex.tv import Guest
from zondarr.media.exceptions import ErrorKind
from zondarr.media.transport import ClientResponse
from zondarr.media.types import ShareStatus

BILLION_LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<lolz>&b;</lolz>"""
FROM_A_FILE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'


@pytest.mark.parametrize(
    "body",
    [
        BILLION_LAUGHS,
        FROM_A_FILE,
        FROM_A_FILE.decode().encode("utf-16"),
        FROM_A_FILE.decode().encode("utf-16-le"),
        b"<a",
        b"",
        b"\xff\xfe",
        b"<a>" + b"x" * (8 * 1024 * 1024) + b"</a>",
    ],
)
def test_xml_that_could_grow_or_reach_out_is_not_read(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_xml(body)


def _v1(status: int, message: str) -> ClientResponse:
    body = f'<Response code="{status}" status="{message}"/>'.encode()
    return ClientResponse(status=status, media_type="application/xml", body=body)


@pytest.mark.parametrize(
    ("response", "kind", "code"),
    [
        (
            _v1(400, "You're already sharing this server with X."),
            "taken",
            "user_already_exists",
        ),
        (
            _v1(400, "You cannot share a server with yourself."),
            "refused",
            "own_account",
        ),
        (_v1(400, "Your Plex Home is full."), "refused", "home_full"),
        (_v1(400, "Something else."), "invalid", None),
        (_v1(422, "Invalid token"), "unauthorized", "api_key_rejected"),
        (_v1(401, "Unauthorized"), "unauthorized", "api_key_rejected"),
        (_v1(410, "Gone"), "failed", "route_gone"),
        (_v1(429, "Slow down"), "busy", "rate_limited"),
        (_v1(520, "?"), "failed", "server_error"),
    ],
)
def test_refusals_are_told_apart(
    response: ClientResponse, kind: str, code: str | None
) -> None:
    meaning = tv_meaning(response)
    assert (meaning.kind, meaning.code) == (ErrorKind(kind), code)
    assert meaning.message == sentence(response) is not None


def test_a_sentence_is_one_short_printable_line() -> None:
    body = b'{"errors":[{"message":"a\\nb\\u0007 ' + b"x" * 999 + b'"}]}'
    message = sentence(
        ClientResponse(status=422, media_type="application/json", body=body)
    )
    assert message is not None
    assert message.startswith("a b x")
    assert len(message) == 200


def _share(number: int, who: int | None, mail: str | None, at: ShareStatus) -> Share:
    return Share(
        id=number,
        invited_id=who,
        invited_email=mail,
        invited=Invited(id=who, email=mail) if who else None,
        accepted_at=None if at is ShareStatus.PENDING else "2026-01-01T00:00:00Z",
        left_at="2026-02-01T00:00:00Z" if at is ShareStatus.LEFT else None,
    )


people = st.sampled_from(
    [(1, "a@x.org"), (None, "a@x.org"), (1, None), (2, "B@x.org"), (None, "b@X.org")]
)
lists = st.lists(st.tuples(people, st.sampled_from(ShareStatus)), max_size=6)


@settings(max_examples=100)
@given(lists)
def test_everybody_is_once_in_any_list_with_his_best_share(
    guests: list[tuple[tuple[int | None, str | None], ShareStatus]],
) -> None:
    shares = [_share(n, *who, at) for n, (who, at) in enumerate(guests)]
    once = one_share_each(shares)
    keys = [guest_of(each).key for each in once]
    assert len(keys) == len(set(keys))
    for each in once:
        same = [s for s in shares if guest_of(s).key == guest_of(each).key]
        if ShareStatus.ACCEPTED in map(share_status, same):
            assert share_status(each) is ShareStatus.ACCEPTED


@settings(max_examples=100)
@given(lists)
def test_a_share_that_was_left_is_nobodys(
    guests: list[tuple[tuple[int | None, str | None], ShareStatus]],
) -> None:
    shares = [_share(n, *who, at) for n, (who, at) in enumerate(guests)]
    found = share_of(shares, Guest(email="a@x.org"))
    theirs = [s for s in shares if guest_of(s).email == "a@x.org"]
    live = [s for s in theirs if share_status(s) is not ShareStatus.LEFT]
    assert (found is not None) is bool(live)
