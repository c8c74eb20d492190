"""What a guest may type."""

import unicodedata

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zondarr.core.exceptions import InvalidError
from zondarr.invitations.guests import check_guest, name_problem, password_problem
from zondarr.invitations.join_methods import GuestNeeds, JoinMethod
from zondarr.invitations.join_schemas import JoinRequest

ALL = GuestNeeds.of({JoinMethod.ACCOUNT})


@pytest.mark.parametrize(
    "name", ["ann", "Zoë Ł", "o'neil", "a.b+c@example.org", "x" * 64, "_", "a-b"]
)
def test_ordinary_names_are_welcome(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize(
    "name",
    ["", " ann", "ann ", "ann\n", "a\tb", "x" * 65, ".", "..", "<b>", "a/b", "a\0b"],
)
def test_names_that_no_one_should_have_are_refused(name: str) -> None:
    assert name_problem(name)


@given(st.integers(0, 200))
def test_a_password_has_eight_to_a_hundred_and_twenty_eight_characters(
    length: int,
) -> None:
    assert (password_problem("p" * length) is None) == (8 <= length <= 128)


@pytest.mark.parametrize(
    "blank",
    [" ", "\t", "\N{NO-BREAK SPACE}", "\N{IDEOGRAPHIC SPACE}", " \t\N{EN QUAD}"],
)
def test_a_password_of_blanks_is_none(blank: str) -> None:
    with pytest.raises(InvalidError) as raised:
        check_guest(JoinRequest(username="ann", password=blank * 8), ALL)
    assert set(raised.value.fields) == {"password"}


@pytest.mark.parametrize(
    "typed",
    ["Jose\N{COMBINING ACUTE ACCENT}", "ต้น", "e\N{COMBINING ACUTE ACCENT}" * 64],
)
def test_a_name_counts_in_its_composed_form(typed: str) -> None:
    request = msgspec.json.decode(
        msgspec.json.encode({"username": typed, "password": "correct horse"}),
        type=JoinRequest,
    )
    check_guest(request, ALL)
    assert request.username == unicodedata.normalize("NFC", typed)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidError) as raised:
        check_guest(JoinRequest(username="ann "), ALL)
    assert set(raised.value.fields) == {"username", "password"}


def test_what_is_not_needed_is_not_asked_for() -> None:
    check_guest(JoinRequest(), GuestNeeds.of(set()))


def test_a_friend_signs_in_with_plex_or_gives_his_address() -> None:
    needs = GuestNeeds.of({JoinMethod.PLEX_FRIEND})
    assert not any((needs.username, needs.password, needs.plex_home_pin))
    check_guest(JoinRequest(plex_pin_id="one"), needs)
    check_guest(JoinRequest(email="ann@example.org"), needs)
    with pytest.raises(InvalidError) as raised:
        check_guest(JoinRequest(username="ann", password="correct horse"), needs)
    assert set(raised.value.fields) == {"plex_pin_id", "email"}


def test_a_member_of_a_home_has_a_name_and_a_pin_of_four_digits_or_none() -> None:
    needs = GuestNeeds.of({JoinMethod.PLEX_HOME})
    for pin in (None, "", "0123"):
        check_guest(JoinRequest(username="ann", plex_home_pin=pin), needs)
    for pin in ("123", "12345", "abcd", "١٢٣٤", "123\n", " 1234"):
        with pytest.raises(InvalidError) as raised:
            check_guest(JoinRequest(plex_home_pin=pin), needs)
        assert set(raised.value.fields) == {"username", "plex_home_pin"}


def test_a_mixed_invitation_asks_for_what_each_of_its_servers_needs() -> None:
    needs = GuestNeeds.of({JoinMethod.ACCOUNT, JoinMethod.PLEX_FRIEND})
    with pytest.raises(InvalidError) as raised:
        check_guest(JoinRequest(), needs)
    assert set(raised.value.fields) == {"username", "password", "plex_pin_id", "email"}


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ({}, {"username": "required", "password": "required"}),
        (
            {"username": "x" * 65, "password": "short"},
            {"username": "too_long", "password": "too_short"},
        ),
        (
            {"username": " ann", "password": "\N{IDEOGRAPHIC SPACE}" * 9},
            {"username": "outer_space", "password": "password_blank"},
        ),
        (
            {"username": "<b>", "password": "p" * 129},
            {"username": "wrong_format", "password": "too_long"},
        ),
    ],
)
def test_each_field_has_a_code_that_a_page_has_words_for(
    typed: dict[str, str], codes: dict[str, str]
) -> None:
    with pytest.raises(InvalidError) as raised:
        check_guest(JoinRequest(**typed), ALL)
    found = raised.value.fields.items()
    assert {name: getattr(problem, "code", "") for name, problem in found} == codes
