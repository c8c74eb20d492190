"""Which names we make accounts with, and when two of them are one."""

import pytest

from zondarr.media.names import is_acceptable_name, is_blank, normal_name, same_name


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "Zoë Łukasz",
        "a.b+c@example.org",
        "O'Neil",
        "東京",
        "x" * 64,
        "a-b_c",
        "ต้น",
        "नीता",
        "Jose\N{COMBINING ACUTE ACCENT}",
    ],
)
def test_these_names_are_fine(name: str) -> None:
    assert is_acceptable_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        " a",
        "a ",
        ".",
        "..",
        "x" * 65,
        "line\n",
        "a\nb",
        "a\tb",
        "a/b",
        "a:b",
        "😀",
        "<b>",
    ],
)
def test_these_names_are_not(name: str) -> None:
    assert not is_acceptable_name(name)


def test_a_name_is_composed_before_it_is_used() -> None:
    assert normal_name("Jose\N{COMBINING ACUTE ACCENT}") == "José"
    assert normal_name("ต้น") == "ต้น"


@pytest.mark.parametrize(
    "password", ["", " ", "\t", "\N{NO-BREAK SPACE}" * 8, "\N{IDEOGRAPHIC SPACE}" * 9]
)
def test_white_space_of_any_kind_is_no_password(password: str) -> None:
    assert is_blank(password)
    assert not is_blank(f"{password}x")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Anna", "aNNA", True),
        ("zoë ł", "Zoë Ł", True),
        ("Zoë", "Zoe\N{COMBINING DIAERESIS}", False),
        ("straße", "STRASSE", False),
        ("Anna", "Anne", False),
    ],
)
def test_names_are_compared_as_the_server_does(
    one: str, other: str, same: bool
) -> None:
    assert same_name(one, other) is same
    assert same_name(other, one) is same
