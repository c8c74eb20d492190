"""What is found by a text, and in which order names are listed, on each database."""

from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import String, literal, select

from zondarr.core.database import Database
from zondarr.core.search import contains, folded, search_text_of, sort_key

PLAIN = st.text(alphabet="abAB%_/\\ .äÄßΣ\u03c3\u03c2iIİ\u0131\u0308\u0307", max_size=6)
"""Letters of both cases, marks, and all that has a meaning in a pattern."""


@given(name=PLAIN, text=PLAIN.filter(bool))
@settings(
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_it_is_found_where_it_stands_in_any_case(
    database: Database, name: str, text: str
) -> None:
    column = literal(search_text_of([None, name]), String)
    async with database.unscoped("command line", reading=True) as session:
        found = await session.scalar(select(contains(column, text)))
    assert found == (folded(text) in folded(name))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Özlem", "özlem"),
        ("özlem", "ÖZLEM"),
        (normalize("NFD", "Özlem"), "Özlem"),
        ("Özlem", normalize("NFD", "ö")),
        ("Straße", "STRASSE"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("ЁЛКА", "ёлка"),
        ("ต้น", "ต้น"),
        ("İstanbul", "istanbul"),
        ("istanbul", "İSTANBUL"),
        ("I\u015f\u0131k", "\u0131\u015f\u0131k"),
        ("\u0131\u015f\u0131l", "IŞIL"),
        (normalize("NFD", "İpek"), "ipek"),
    ],
)
def test_a_name_is_found_however_it_is_typed(name: str, text: str) -> None:
    assert folded(text) in search_text_of([name])


def test_a_search_goes_from_no_name_into_the_next() -> None:
    assert search_text_of(["Ann", None, "a@b", "ANN", ""]) == "ann\na@b"


def test_names_are_sorted_by_their_letters_first() -> None:
    ordered = [
        "",
        "100 %",
        "Åke",
        "an",
        "Anna",
        "anna",
        "Ànna",
        "Łukasz",
        "olaf",
        "Ørsted",
        "Özlem",
        "zed",
        "Жанна",
        "山田",
    ]
    assert sorted(set(ordered), key=sort_key) == ordered
    assert sort_key("Özlem") == sort_key(normalize("NFD", "Özlem"))


@pytest.mark.parametrize("name", ["\ufdfa" * 100, "😀" * 254])
def test_a_key_is_never_too_long_for_an_index(name: str) -> None:
    assert len(sort_key(name).encode()) < 2500  # of PostgreSQL, which takes 2704 bytes
