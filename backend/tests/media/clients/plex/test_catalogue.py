"""What a Plex server holds and who watched it, page by page."""

from datetime import UTC, datetime, timedelta

import pytest
from media_server_simulators.languages import spelled
from media_server_simulators.plex.state import Account
from media_server_simulators.plex.views import Play
from media_server_simulators.wire import Reply, Request
from media_server_simulators.world import Title
from tests.media.catalogues import stamps_of, watched_by
from tests.media.clients.plex.conftest import Plex

from zondarr.media.catalogue import TrackKind
from zondarr.media.clients.plex import catalogue, listing
from zondarr.media.exceptions import MediaClientError
from zondarr.media.types import ItemKind, LibraryInfo

MAY = datetime(2026, 5, 1, tzinfo=UTC)


async def library(plex: Plex, kind: str) -> LibraryInfo:
    found = await plex.client.get_libraries()
    return next(each for each in found if each.library_type == kind)


def titles(plex: Plex, kind: str) -> dict[str, Title]:
    world, numbers = plex.server.server.world, plex.server.catalogue.numbers
    return {str(numbers[e.id]): e for e in world.titles if e.kind == kind}


def paths(plex: Plex) -> list[str]:
    return [each.request.path for each in plex.server.journal.entries]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 30)
    monkeypatch.setattr(catalogue, "DETAILS_PAGE", 20)


@pytest.mark.usefixtures("small_pages")
async def test_films_have_stamps_and_their_tracks_come_by_id(plex: Plex) -> None:
    films = titles(plex, "Movie")
    stamps, none = await stamps_of(plex.client, await library(plex, "movie"))
    assert (stamps.keys(), none) == (films.keys(), {})
    before = len(paths(plex))
    details = await plex.client.item_details([*list(films)[:50], "999999"])
    assert len(paths(plex)) - before == 3
    assert {each.id for each in details} == set(list(films)[:50])
    for item in details:
        film = films[item.id]
        (version,), (file,) = item.versions, film.files
        assert (item.kind, item.name, item.stamp) == (
            ItemKind.MOVIE,
            film.name,
            stamps[item.id],
        )
        assert (version.path, version.size) == (file.path, file.size)
        assert item.provider_ids == {k.lower(): v for k, v in film.providers}
        heard = [t.language for t in version.tracks if t.kind is TrackKind.AUDIO]
        spoken = [t.language for t in file.streams if t.kind == "audio"]
        assert heard == [spelled(each).tag for each in spoken]


async def test_none_of_the_ids_is_there(plex: Plex) -> None:
    assert await plex.client.item_details(["999998", "999999"]) == []


@pytest.mark.usefixtures("small_pages")
async def test_shows_and_seasons_come_whole_and_before_episodes(plex: Plex) -> None:
    stamps, items = await stamps_of(plex.client, await library(plex, "show"))
    episodes = titles(plex, "Episode")
    assert stamps.keys() - items.keys() == episodes.keys()
    assert {each.kind for each in items.values()} == {ItemKind.SHOW, ItemKind.SEASON}
    order = [own in episodes for own in stamps]
    assert order == sorted(order)
    seasons = {e.id: e.number for e in items.values() if e.kind is ItemKind.SEASON}
    for item in await plex.client.item_details(list(episodes)):
        place = (item.season, item.number)
        assert place == (episodes[item.id].season, episodes[item.id].index)
        assert seasons[item.season_id or ""] == item.season
        assert items[item.series_id or ""].kind is ItemKind.SHOW


@pytest.fixture
def guest(plex: Plex) -> Account:
    return plex.world.register("Guest", "guest@example.org")


def watch(plex: Plex, who: Account, title: Title, at: datetime) -> None:
    plex.world.plays.append(Play(plex.server.machine_identifier, who.id, title.id, at))


@pytest.mark.usefixtures("small_pages")
async def test_each_play_is_told_once_over_any_number_of_readings(
    plex: Plex, guest: Account
) -> None:
    (one, film), (two, other), *_ = titles(plex, "Movie").items()
    for number in range(70):
        played = (film, other)[number % 2]
        watch(plex, guest, played, MAY + timedelta(seconds=number // 2))
    first, resume = await watched_by(plex.client, None)
    assert len(first) == 70
    assert {each.item_id for each in first} == {one, two}
    assert {each.account_id for each in first} == {str(guest.id)}
    last = MAY + timedelta(seconds=34)
    # In the very second of the last one that was read.
    watch(plex, plex.world.owner, film, last)
    watch(plex, guest, other, last + timedelta(days=1))
    second, resume = await watched_by(plex.client, None, resume)
    assert [each.account_id for each in second] == ["1", str(guest.id)]
    third, _ = await watched_by(plex.client, None, resume)
    assert third == []


async def test_accounts_are_those_that_the_server_counts(plex: Plex) -> None:
    (owner,) = await plex.client.watch_accounts()
    assert (owner.id, owner.name) == ("1", plex.world.owner.title)


async def test_a_page_that_is_too_much_for_the_server_is_asked_for_in_halves(
    plex: Plex, monkeypatch: pytest.MonkeyPatch
) -> None:
    movies = await library(plex, "movie")
    whole, _ = await stamps_of(plex.client, movies)
    respond = plex.server.respond

    async def overcharged(request: Request) -> Reply:
        size = int(dict(request.query).get("X-Plex-Container-Size", "0"))
        return Reply(500) if size > 60 else await respond(request)

    plex.server.respond = overcharged
    with pytest.raises(MediaClientError):
        await stamps_of(plex.client, movies)
    monkeypatch.setattr(listing, "SMALLEST_PAGE", 20)
    assert (await stamps_of(plex.client, movies))[0] == whole
