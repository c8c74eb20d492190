"""Seerr's two statuses, each with each, alike for 4K: the table of `docs/requests.md`.

The film is long out and approved, and no server has it.
"""

import re
from pathlib import Path

import pytest
from tests.requests.conftest import Desk

from zondarr.media.requests import MediaStatus, RequestStatus
from zondarr.requests.states import RequestState

DOCUMENT = Path(__file__).parents[3] / "docs" / "requests.md"


def table() -> dict[tuple[int, int], str]:
    """By request status and media status, as the document has it."""
    found: dict[tuple[int, int], str] = {}
    for line in DOCUMENT.read_text().splitlines():
        row = re.match(r"\| (\d) [a-z]+ \|(.+)\|$", line)
        if row:
            cells = [cell.strip() for cell in row[2].split("|")]
            for media, cell in zip(MediaStatus, cells, strict=True):
                found[int(row[1]), media.value] = cell
    return found


def test_the_document_has_every_pair_of_statuses() -> None:
    pairs = {(one.value, other.value) for one in RequestStatus for other in MediaStatus}
    assert set(table()) == pairs
    assert set(table().values()) <= {state.value for state in RequestState}


async def test_every_pair_of_statuses_has_the_state_of_the_document(
    desk: Desk,
) -> None:
    expected: dict[int, tuple[tuple[int, int, bool], str]] = {}
    for (request, media), state in table().items():
        for is_4k in (False, True):
            number = await desk.ask(request=request, media=media, is_4k=is_4k)
            expected[number] = (request, media, is_4k), state
    found = await desk.states()
    assert {expected[n][0]: state for n, state in found.items()} == dict(
        expected.values()
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_our_catalogue_has_says_nothing_of_a_request_in_4k(
    desk: Desk,
) -> None:
    title_id = await desk.title()
    plain = await desk.ask(title_id=title_id)
    in_4k = await desk.ask(title_id=title_id, is_4k=True)
    assert await desk.states() == {plain: "available", in_4k: "stuck"}
