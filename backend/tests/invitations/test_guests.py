"""What a guest may type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zondarr.core.exceptions import InvalidError
from zondarr.invitations.guests import check_guest, name_problem, password_problem
from zondarr.invitations.join_schemas import JoinNeeds, JoinRequest

ALL = JoinNeeds(username=True, password=True, email=False, plex_sign_in=False)


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


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidError) as raised:
        check_guest(JoinRequest(username="ann "), ALL)
    assert set(raised.value.fields) == {"username", "password"}


def test_what_is_not_needed_is_not_asked_for() -> None:
    nothing = JoinNeeds(username=False, password=False, email=False, plex_sign_in=False)
    check_guest(JoinRequest(), nothing)
