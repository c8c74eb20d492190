"""Names, ids and JSON as .NET reads them, for any of them."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_server_simulators.jellyfin.http.authorization import split_parts
from media_server_simulators.jellyfin.http.compression import stored_brotli
from media_server_simulators.jellyfin.http.malformed import complaint
from media_server_simulators.jellyfin.values import (
    collation,
    dashed,
    parse_guid,
    same_name,
)

IDS = st.uuids().map(lambda each: each.hex)


@given(IDS)
def test_an_id_is_read_from_any_of_its_forms(id_: str) -> None:
    with_dashes = dashed(id_)
    forms = (id_, id_.upper(), with_dashes, f"{{{with_dashes}}}", f"({with_dashes})")
    assert {parse_guid(form) for form in forms} == {id_}


@given(IDS, st.integers(0, 31))
def test_a_digit_less_is_no_id(id_: str, place: int) -> None:
    assert parse_guid(id_[:place] + id_[place + 1 :]) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Zoë Ł", "zoë ł", True),
        ("Zoë", unicodedata.normalize("NFD", "Zoë"), False),
        ("straße", "STRASSE", False),
    ],
)
def test_names_are_compared_as_by_invariant_upper_case(
    one: str, other: str, same: bool
) -> None:
    assert same_name(one, other) is same


def test_names_are_listed_as_a_culture_lists_them() -> None:
    names = ["zzz", "Zoë", "Created One", "create-guest", "5", "O'Neil", "no-password"]
    expected = ["5", "create-guest", "Created One", "no-password", "O'Neil", "Zoë"]
    assert sorted(names, key=collation) == [*expected, "zzz"]


PART = st.text(
    st.characters(categories=["Lu", "Ll", "Nd"], max_codepoint=127), min_size=1
)


@given(st.dictionaries(PART, PART, min_size=1))
def test_header_parts_come_back_quoted_or_not(parts: dict[str, str]) -> None:
    quoted = ", ".join(f'{key}="{value}"' for key, value in parts.items())
    plain = ",".join(f"{key}={value}" for key, value in parts.items())
    assert split_parts(quoted) == split_parts(plain) == parts


def test_a_comma_in_quotes_is_part_of_the_value() -> None:
    assert split_parts('Device="L%C3%A9a, box", DeviceId="1"') == {
        "Device": "Léa, box",
        "DeviceId": "1",
    }


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_what_is_cut_off_is_complained_about(value: object) -> None:
    whole = json.dumps({"Username": value})
    path, sentence = complaint(whole[:-1])
    assert path.startswith("$")
    assert "Path: $" in sentence


@given(st.binary(min_size=1, max_size=200_000))
def test_a_stored_brotli_stream_has_the_data_and_no_utf8_header(data: bytes) -> None:
    assert unbrotli(stored_brotli(data)) == data
    with pytest.raises(UnicodeDecodeError):
        stored_brotli(data * 16)[:1].decode()


def unbrotli(stream: bytes) -> bytes:
    """Read stored blocks back, by RFC 7932 and not by the writer's arithmetic."""
    at, found = 1, b""  # one bit for the window
    while True:
        if _bits(stream, at, 2) == 0b11:
            return found
        assert _bits(stream, at, 1) == 0
        assert _bits(stream, at + 1, 2) == 0
        length = _bits(stream, at + 3, 16) + 1
        assert _bits(stream, at + 19, 1) == 1
        start = (at + 20 + 7) // 8
        found += stream[start : start + length]
        at = 8 * (start + length)


def _bits(stream: bytes, at: int, count: int) -> int:
    whole = int.from_bytes(stream[at // 8 : at // 8 + 5], "little")
    return whole >> at % 8 & ((1 << count) - 1)
