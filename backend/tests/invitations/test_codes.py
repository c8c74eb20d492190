"""Codes."""

import re

from hypothesis import given
from hypothesis import strategies as st

from zondarr.invitations.codes import CODE_PATTERN, CROCKFORD, new_code, normal_form


def test_a_code_is_three_groups_of_four_unmistakable_signs() -> None:
    for _ in range(200):
        groups = new_code().split("-")
        assert [len(group) for group in groups] == [4, 4, 4]
        assert set("".join(groups)) <= set(CROCKFORD)


def test_a_code_has_sixty_bits() -> None:
    assert len(CROCKFORD) == len(set(CROCKFORD)) == 2**5
    assert not set("ILOU") & set(CROCKFORD)


def test_codes_do_not_repeat() -> None:
    assert len({new_code() for _ in range(5000)}) == 5000


@given(st.from_regex(CODE_PATTERN, fullmatch=True))
def test_a_code_is_found_in_whatever_case_it_is_typed(code: str) -> None:
    forms = {normal_form(typed) for typed in (code, code.lower(), f" {code.title()} ")}
    assert len(forms) == 1
    assert re.fullmatch(r"[A-Z0-9-]{6,32}", forms.pop())


def test_a_generated_code_could_have_been_typed_by_hand() -> None:
    assert re.search(CODE_PATTERN, new_code())
