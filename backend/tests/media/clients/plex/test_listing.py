"""What a library holds and who watched it, read from the simulated server."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.generator import make_world
from media_server_simulators.plex import PlexServerSimulator, PlexWorld
from media_server_simulators.plex.state import Account
from media_server_simulators.plex.views import Play
from media_server_simulators.server import serve
from media_server_simulators.world import Title
from tests.media.clients.plex.conftest import Plex, quick
from tests.media.servers import connection

from zondarr.media.clients.plex.client import PlexClient
from zondarr.media.clients.plex.listing import PAGE
from zondarr.media.connections import HostStates
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.operations import current_operation
from zondarr.media.types import ItemKind, LibraryItem

FILMS = PAGE + 200
ALL = "/library/sections/1/all"
MAY = datetime(2026, 5, 1, tzinfo=UTC)


async def all_of[T](rows: AsyncIterator[T]) -> list[T]:
    return [each async for each in rows]


def titles(plex: Plex, kind: str) -> list[Title]:
    found = [each for each in plex.server.server.world.titles if each.kind == kind]
    return sorted(found, key=lambda each: each.added)


def numbers(plex: Plex, found: list[Title]) -> list[str]:
    return [str(plex.server.catalogue.numbers[each.id]) for each in found]


async def test_a_library_is_read_whole_and_the_oldest_first(plex: Plex) -> None:
    films = await all_of(plex.client.library_items("1", ItemKind.MOVIE))
    expected = titles(plex, "Movie")
    assert [each.id for each in films] == numbers(plex, expected)
    for film, title in zip(films, expected, strict=True):
        (version,), (file,) = film.versions, title.files
        assert (version.paths, version.size) == ((file.path,), file.size)
        assert (film.kind, film.title, film.year) == ("movie", title.name, title.year)
        assert film.released_on == f"{title.premiere:%Y-%m-%d}"
        assert film.added_at == title.added.replace(microsecond=0)
        assert film.provider_ids == {k.lower(): v for k, v in title.providers}


async def test_episodes_name_their_season_and_their_show(plex: Plex) -> None:
    shows, seasons, episodes = [
        await all_of(plex.client.library_items("2", kind))
        for kind in (ItemKind.SHOW, ItemKind.SEASON, ItemKind.EPISODE)
    ]
    assert [len(each) for each in (shows, seasons, episodes)] == [
        len(titles(plex, kind)) for kind in ("Series", "Season", "Episode")
    ]
    above = {each.id: each.parent_id for each in seasons}
    assert set(above.values()) <= {each.id for each in shows}
    assert all(above[e.parent_id or ""] == e.grandparent_id for e in episodes)
    assert not any(each.versions or each.parent_id for each in shows)


async def test_only_what_changed_since_is_asked_for(plex: Plex) -> None:
    expected = titles(plex, "Movie")[-7:]
    since = expected[0].added
    found = await all_of(
        plex.client.library_items("1", ItemKind.MOVIE, updated_since=since)
    )
    assert [each.id for each in found] == numbers(plex, expected)


async def test_a_section_may_be_empty_and_one_that_is_not_there_is_gone(
    plex: Plex,
) -> None:
    assert await all_of(plex.client.library_items("3", ItemKind.MOVIE)) == []
    for key in ("99", "1/../2", "?", ""):
        with pytest.raises(MediaClientError) as caught:
            await all_of(plex.client.library_items(key, ItemKind.MOVIE))
        assert caught.value.kind in {ErrorKind.GONE, ErrorKind.NOT_THIS_TYPE}
        assert caught.value.operation == "library_items"


@pytest.fixture
async def many() -> AsyncGenerator[tuple[PlexServerSimulator, PlexClient]]:
    """A server with more films than a page holds, and no patience with it."""
    simulator = PlexServerSimulator(PlexWorld(make_world(items=2 * FILMS)))
    async with serve(simulator) as url:
        states = HostStates(quick(url, slow_timeout=4))
        client = PlexClient(connection(url, simulator.token, "plex"), states)
        async with client:
            yield simulator, client


async def a_page(films: AsyncIterator[LibraryItem]) -> list[LibraryItem]:
    return [await anext(films) for _ in range(PAGE)]


def fault(kind: FaultKind, *, times: int = 0) -> Fault:
    value = {FaultKind.STATUS: 500, FaultKind.LATENCY: 9000}.get(kind)
    return Fault(ALL, kind, value=value, times=times, endless=not times)


async def test_several_pages_are_one_list(
    many: tuple[PlexServerSimulator, PlexClient],
) -> None:
    simulator, client = many
    found = await all_of(client.library_items("1", ItemKind.MOVIE))
    assert len({each.id for each in found}) == len(found) == FILMS
    assert len(simulator.journal.entries) == 2


@pytest.mark.parametrize("kind", FaultKind)
async def test_whatever_fails_in_the_middle_is_told_and_nothing_is_lost(
    many: tuple[PlexServerSimulator, PlexClient], kind: FaultKind
) -> None:
    simulator, client = many
    films = client.library_items("1", ItemKind.MOVIE)
    begun = await a_page(films)
    simulator.faults.add(fault(kind))
    with pytest.raises(MediaClientError) as caught:
        await anext(films)
    assert caught.value.operation == "library_items"
    assert len({each.id for each in begun}) == PAGE


PASSING = set(FaultKind) - {FaultKind.HTML, FaultKind.LATENCY}


@pytest.mark.parametrize("kind", sorted(PASSING))
async def test_one_bad_moment_in_the_middle_is_overcome(
    many: tuple[PlexServerSimulator, PlexClient], kind: FaultKind
) -> None:
    simulator, client = many
    films = client.library_items("1", ItemKind.MOVIE)
    begun = await a_page(films)
    simulator.faults.add(fault(kind, times=1))
    found = begun + await all_of(films)
    assert len({each.id for each in found}) == len(found) == FILMS


async def test_an_answer_that_is_too_large_is_refused(plex: Plex) -> None:
    states = HostStates(quick(plex.server.url, max_answer_bytes=2000))
    own = connection(plex.server.url, plex.server.token, "plex")
    async with PlexClient(own, states) as client:
        with pytest.raises(MediaClientError) as caught:
            await all_of(client.library_items("1", ItemKind.MOVIE))
    assert caught.value.error_code == "answer_too_large"


async def test_what_the_caller_does_between_two_titles_is_his(plex: Plex) -> None:
    with structlog.testing.capture_logs() as logs:
        left = plex.client.library_items("1", ItemKind.MOVIE)
        await anext(left)
        assert current_operation() == "call"
        with pytest.raises(LookupError):
            await left.athrow(LookupError)
        assert logs == []
        found = await all_of(plex.client.library_items("1", ItemKind.MOVIE))
    (line,) = logs
    assert (line["operation"], line["rows"]) == ("library_items", len(found))


@pytest.fixture
def guest(plex: Plex) -> Account:
    return plex.world.register("Guest", "guest@example.org")


def watch(plex: Plex, who: Account, title: Title, at: datetime) -> None:
    plex.world.plays.append(Play(plex.server.machine_identifier, who.id, title.id, at))


async def test_history_tells_who_watched_what_and_when(
    plex: Plex, guest: Account
) -> None:
    film, episode = titles(plex, "Movie")[0], titles(plex, "Episode")[0]
    watch(plex, guest, episode, MAY + timedelta(days=1))
    watch(plex, plex.world.owner, film, MAY)
    first, second = await all_of(plex.client.history())
    assert (first.user_id, first.username) == ("1", plex.world.owner.title)
    assert [first.item_id, second.item_id] == numbers(plex, [film, episode])
    assert (first.kind, first.title, first.watched_at) == ("movie", film.name, MAY)
    assert (first.library_id, second.library_id) == ("1", "2")
    assert (second.user_id, second.username) == (str(guest.id), None)
    (late,) = await all_of(plex.client.history(since=MAY + timedelta(hours=1)))
    (shown,) = await all_of(plex.client.history(library_id="2"))
    assert late == shown == second


async def test_history_outlives_its_titles(plex: Plex) -> None:
    film = titles(plex, "Movie")[0]
    watch(plex, plex.world.owner, film, MAY)
    plex.server.catalogue.delete(film)
    (event,) = await all_of(plex.client.history())
    assert event.title == film.name


async def test_a_long_history_is_read_whole_and_in_order(plex: Plex) -> None:
    film, count = titles(plex, "Movie")[0], PAGE + 5
    for number in range(count):
        watch(plex, plex.world.owner, film, MAY + timedelta(minutes=number))
    found = await all_of(plex.client.history())
    expected = [MAY + timedelta(minutes=number) for number in range(count)]
    assert [each.watched_at for each in found] == expected


@pytest.mark.parametrize("path", ["/accounts", "/status/sessions/history/all"])
async def test_history_without_the_owners_right_is_refused(
    plex: Plex, path: str
) -> None:
    plex.server.faults.add(Fault(path, FaultKind.STATUS, value=403, endless=True))
    with pytest.raises(MediaClientError) as caught:
        await all_of(plex.client.history())
    assert caught.value.error_code == "not_owner"
    assert caught.value.operation == "history"


async def test_the_server_is_asked_to_leave_out_what_nobody_reads(plex: Plex) -> None:
    (film,) = titles(plex, "Movie")[:1]
    await all_of(plex.client.library_items("1", ItemKind.MOVIE))
    sent = await plex.server.respond(plex.server.journal.entries[-1].request)
    payload = json.loads(sent.body)["MediaContainer"]["Metadata"][0]
    assert film.overview
    assert film.genres
    assert not {"summary", "Genre"} & payload.keys()
    assert {
        "ratingKey",
        "title",
        "addedAt",
        "updatedAt",
        "Media",
        "Guid",
    } <= payload.keys()
