"""A listing that is read while it changes, and servers that list in odd ways."""

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from sys import getrefcount
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.media.clients.plex.conftest import quick
from tests.media.servers import answering, connection, reply

from zondarr.media.clients.plex import paging
from zondarr.media.clients.plex.client import PlexClient
from zondarr.media.connections import HostStates
from zondarr.media.exceptions import MediaClientError
from zondarr.media.types import ItemKind, LibraryItem

type Change = Callable[[list[int]], None]


class Section:
    """Titles by number, as a server lists them: `cap` a page, whatever is asked for.

    After each answer the next of `changes` happens.
    """

    def __init__(
        self,
        count: int,
        cap: int,
        *,
        changes: list[Change] | None = None,
        told_total: bool = True,
    ) -> None:
        self.rows = list(range(count))
        self.stayed = set(self.rows)
        self.asked = 0
        self._cap, self._changes, self._told_total = cap, changes or [], told_total

    def answer(self, _: str, path: str) -> bytes:
        start = self.start(path)
        here = self.rows[start : start + self._cap]
        payload: dict[str, object] = {"Metadata": [{"ratingKey": str(e)} for e in here]}
        if self._told_total:
            payload["totalSize"] = len(self.rows)
        self.asked += 1
        if self._changes:
            self._changes.pop(0)(self.rows)
            self.stayed &= set(self.rows)
        return reply(200, json.dumps({"MediaContainer": payload}).encode())

    def start(self, path: str) -> int:
        return int(parse_qs(urlsplit(path).query)["X-Plex-Container-Start"][0])


async def read(answer: Callable[[str, str], bytes]) -> list[LibraryItem]:
    async with answering(answer) as url, client_of(url) as client:
        return [e async for e in client.library_items("1", ItemKind.MOVIE)]


def client_of(url: str) -> PlexClient:
    options = quick(url, attempts=1, connect_timeout=20, slow_timeout=20)
    return PlexClient(connection(url, "a-key", "plex"), HostStates(options))


async def keys(section: Section) -> list[int]:
    return [int(each.id) for each in await read(section.answer)]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 40), st.integers(2, 45), st.booleans())
async def test_any_number_of_titles_in_pages_of_any_size(
    count: int, cap: int, told_total: bool
) -> None:
    section = Section(count, cap, told_total=told_total)
    assert await keys(section) == section.rows


async def test_a_page_is_let_go_before_the_next_is_asked_for() -> None:
    section, taken, held = Section(9, 4), list[LibraryItem](), list[int]()

    def answer(head: str, path: str) -> bytes:
        held.extend(getrefcount(each) for each in taken[:1])
        return section.answer(head, path)

    async with answering(answer) as url, client_of(url) as client:
        async for each in client.library_items("1", ItemKind.MOVIE):
            taken.append(each)
    mine = [getrefcount(each) for each in [object()]]
    assert held == mine * 2


def gone(place: int) -> Change:
    def change(rows: list[int]) -> None:
        if rows:
            rows.pop(place % len(rows))

    return change


def added(number: int) -> Change:
    return lambda rows: rows.append(number)


def pushed_in(number: int) -> Change:
    return lambda rows: rows.insert(0, number)


new = st.integers(1000, 9999)
change = st.one_of(st.integers(0, 40).map(gone), new.map(added), new.map(pushed_in))


def together(some: list[Change]) -> Change:
    def change(rows: list[int]) -> None:
        for each in some:
            each(rows)

    return change


changes = st.lists(change, max_size=3).map(together)


@settings(max_examples=200, deadline=None)
@given(st.integers(8, 60), st.integers(8, 12), st.lists(changes, max_size=12))
async def test_what_stays_is_not_lost_and_not_told_twice_however_it_changes(
    count: int, cap: int, happens: list[Change]
) -> None:
    section = Section(count, cap, changes=happens)
    found = [each for each in await keys(section) if each < 1000]
    assert section.stayed <= set(found)
    assert len(found) == len(set(found))
    assert found == sorted(found)


@contextmanager
def suppress_unsteady() -> Generator[None]:
    try:
        yield
    except MediaClientError as error:
        if error.error_code != "listing_unsteady":
            raise


@settings(max_examples=100, deadline=None)
@given(st.integers(8, 40), st.integers(2, 12), st.data())
async def test_much_that_goes_at_once_is_read_whole_or_refused(
    count: int, cap: int, data: st.DataObject
) -> None:
    def shrink(rows: list[int]) -> None:
        rows[:] = [each for each in rows if each in kept]

    kept = data.draw(st.sets(st.integers(0, count - 1)))
    section = Section(count, cap, changes=[shrink])
    with suppress_unsteady():
        found = await keys(section)
        assert section.stayed <= set(found)


async def test_a_server_that_always_tells_the_first_page_is_refused() -> None:
    section = Section(50, 10)

    def first(method: str, path: str) -> bytes:
        return section.answer(method, path.replace("Start=9", "Start=0"))

    with pytest.raises(MediaClientError) as caught:
        await read(first)
    assert caught.value.error_code == "listing_unsteady"
    assert section.asked == 2


async def test_a_listing_that_never_ends_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paging, "ENDLESS", 50)
    grows: list[Change] = [lambda rows: rows.extend(range(len(rows), len(rows) + 20))]
    section = Section(20, 10, changes=grows * 1000)
    with pytest.raises(MediaClientError) as caught:
        await keys(section)
    assert caught.value.error_code == "listing_unsteady"


FILE = {"file": "/films/a.mkv", "size": 5}


MEDIA: list[tuple[object, list[int | None]]] = [
    ([{"Part": [FILE]}], [5]),
    ({"Part": FILE}, [5]),
    ([{"Part": [FILE, FILE]}, {"Part": [FILE, {"file": "/b.mkv"}]}], [10, None]),
    ([{}], [None]),
    (None, []),
]


@pytest.mark.parametrize(("media", "sizes"), MEDIA)
async def test_what_is_alone_or_missing_is_read_all_the_same(
    media: object, sizes: list[int | None]
) -> None:
    film = {
        "ratingKey": "7",
        "Media": media,
        "Guid": {"id": "tmdb://603"},
        "year": "1999",
        "addedAt": 10**18,
        "updatedAt": 0,
        "unheard": [{"of": 1}],
    }
    payload = json.dumps({"MediaContainer": {"Metadata": film}}).encode()
    empty = json.dumps({"MediaContainer": {}}).encode()

    def answer(_: str, path: str) -> bytes:
        return reply(200, payload if "Start=0" in path else empty)

    (found,) = await read(answer)
    assert [each.size for each in found.versions] == sizes
    assert found.provider_ids == {"tmdb": "603"}
    assert (found.year, found.added_at, found.updated_at) == (1999, None, None)


@pytest.mark.parametrize(
    "body",
    [b"{}", b"[]", b'{"MediaContainer":{"Metadata":[{"title":"no key"}]}}', b'{"Medi'],
)
async def test_what_is_no_listing_is_a_failure_and_no_empty_library(
    body: bytes,
) -> None:
    with pytest.raises(MediaClientError) as caught:
        await read(lambda _, __: reply(200, body))
    assert caught.value.error_code == "bad_answer"
