"""What a Jellyfin of each version holds and who watched it, page by page."""

from datetime import UTC, datetime

import httpx2
import pytest
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator, Version
from media_server_simulators.wire import Reply, Request
from media_server_simulators.world import Title
from tests.media.catalogues import stamps_of, watched_by

from zondarr.media.catalogue import TrackKind
from zondarr.media.clients.jellyfin import catalogue
from zondarr.media.clients.jellyfin.client import JellyfinClient
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.types import ItemKind, LibraryInfo

MAY = datetime(2026, 5, 1, tzinfo=UTC)


def titles(simulator: JellyfinSimulator, *kinds: str) -> dict[str, Title]:
    return {e.id: e for e in simulator.state.world.titles if e.kind in kinds}


async def library(client: JellyfinClient, kind: str) -> LibraryInfo:
    found = await client.get_libraries()
    return next(each for each in found if each.library_type == kind)


async def act(url: str, name: str, **order: object) -> None:
    async with httpx2.AsyncClient() as http:
        answer = await http.post(f"{url}/_simulator/{name}", json=order)
        assert answer.status_code == 200, answer.text


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PAGE", "LIGHT_PAGE", "DETAILS_PAGE", "WATCH_PAGE"):
        monkeypatch.setattr(catalogue, name, 30)


@pytest.mark.usefixtures("small_pages")
async def test_a_library_is_read_whole_with_files_and_tracks(
    client: JellyfinClient, simulator: JellyfinSimulator
) -> None:
    films = titles(simulator, "Movie")
    stamps, items = await stamps_of(
        client, await library(client, "movies"), details=True
    )
    assert stamps.keys() == items.keys() == films.keys()
    for own, film in films.items():
        item, (file,) = items[own], film.files
        (version,) = item.versions
        assert (item.kind, item.name, item.year) == ("movie", film.name, film.year)
        assert item.stamp == stamps[own] != ""
        assert item.added_at is not None
        assert item.provider_ids == {k.lower(): v for k, v in film.providers}
        assert (version.path, version.size) == (file.path, file.size)
        heard = [t.language for t in version.tracks if t.kind is TrackKind.AUDIO]
        assert heard == [t.language for t in file.streams if t.kind == "audio"]


@pytest.mark.usefixtures("small_pages")
async def test_shows_come_before_their_seasons_and_episodes(
    client: JellyfinClient, simulator: JellyfinSimulator
) -> None:
    shows = await library(client, "tvshows")
    stamps, items = await stamps_of(client, shows, details=True)
    kinds = [items[own].kind for own in stamps]
    assert kinds == sorted(kinds, key=lambda kind: kind is not ItemKind.SHOW)
    for own, episode in titles(simulator, "Episode").items():
        item = items[own]
        place = (item.series_id, item.season_id, item.season, item.number)
        known = (episode.series_id, episode.season_id, episode.season, episode.index)
        assert place == known


@pytest.mark.usefixtures("small_pages")
async def test_a_light_sweep_has_the_stamps_and_details_come_by_id(
    client: JellyfinClient, simulator: JellyfinSimulator
) -> None:
    movies = await library(client, "movies")
    whole, items = await stamps_of(client, movies, details=True)
    simulator.journal.clear()
    light, none = await stamps_of(client, movies)
    assert (light, none) == (whole, {})
    (page,) = {entry.request.path for entry in simulator.journal.entries}
    assert page == "/Items"
    some = list(light)[:40]
    unknown = "f" * 32
    details = await client.item_details([*some, unknown])
    assert {each.id: each for each in details} == {own: items[own] for own in some}


async def test_a_play_leaves_the_stamp_and_another_file_changes_it(
    client: JellyfinClient, simulator: JellyfinSimulator, url: str
) -> None:
    movies = await library(client, "movies")
    before, _ = await stamps_of(client, movies)
    first, second, *_ = before
    await act(url, "play", user="admin", item=first, at=MAY.isoformat())
    assert (await stamps_of(client, movies))[0] == before
    await act(url, "replace", item=second, size=5)
    after, _ = await stamps_of(client, movies)
    assert [own for own in before if after[own] != before[own]] == [second]


@pytest.mark.usefixtures("small_pages")
async def test_a_list_that_moves_while_it_is_read_is_read_again(
    client: JellyfinClient, simulator: JellyfinSimulator, url: str
) -> None:
    movies = await library(client, "movies")
    whole, _ = await stamps_of(client, movies)
    first = await client.library_page(movies, None, details=False)
    gone = first.stamps[3][0]
    await act(url, "vanish", items=[gone])
    seen, place = dict(first.stamps), first.next
    while place is not None:
        page = await client.library_page(movies, place, details=False)
        seen |= dict(page.stamps)
        place = page.next
    assert seen.keys() == whole.keys()


async def test_other_libraries_are_not_asked_and_unknown_ones_are_gone(
    client: JellyfinClient, simulator: JellyfinSimulator
) -> None:
    music = await library(client, "music")
    simulator.journal.clear()
    assert await stamps_of(client, music) == ({}, {})
    assert simulator.journal.entries == []
    unknown = LibraryInfo(external_id="e" * 32, name="x", library_type="movies")
    with pytest.raises(MediaClientError) as caught:
        await client.library_page(unknown, None, details=False)
    assert caught.value.kind is ErrorKind.GONE


@pytest.mark.usefixtures("small_pages")
async def test_what_an_account_did_is_told_and_only_that(
    client: JellyfinClient, url: str
) -> None:
    admin = next(e for e in await client.watch_accounts() if e.name == "admin")
    before, _ = await watched_by(client, admin.id)
    stamps, _ = await stamps_of(client, await library(client, "movies"))
    watched, begun, *_ = stamps
    await act(url, "play", user=admin.id, item=watched, at=MAY.isoformat())
    await act(url, "play", user=admin.id, item=begun, at=MAY.isoformat(), position=1800)
    facts, resume = await watched_by(client, admin.id)
    assert resume is None
    new = {each.item_id: each for each in facts if each not in before}
    assert new.keys() == {watched, begun}
    assert (new[watched].played, new[watched].last_played_at) == (True, MAY)
    assert (new[begun].played, new[begun].position) == (False, 1800)
    assert {each.play_count for each in new.values()} == {1}


SHORT = {FaultKind.EMPTY, FaultKind.SHRUNKEN}
"""Answers that are good but short: for the sync to judge."""


@pytest.mark.parametrize("simulator", [Version.V12_0], indirect=True)
@pytest.mark.parametrize("kind", sorted(set(FaultKind) - SHORT - {FaultKind.LATENCY}))
async def test_a_page_that_cannot_be_read_is_a_failure(
    client: JellyfinClient, simulator: JellyfinSimulator, kind: FaultKind
) -> None:
    movies = await library(client, "movies")
    value = 500 if kind is FaultKind.STATUS else None
    simulator.faults.add(Fault("/Items", kind, value=value, endless=True))
    with pytest.raises(MediaClientError) as caught:
        await client.library_page(movies, None, details=False)
    assert caught.value.operation == "library_page"


@pytest.mark.parametrize("simulator", [Version.V10_11], indirect=True)
async def test_a_page_that_is_too_much_for_the_server_is_asked_for_in_halves(
    client: JellyfinClient, simulator: JellyfinSimulator
) -> None:
    """A 10.11 answers long pages with 500."""
    movies = await library(client, "movies")
    whole, items = await stamps_of(client, movies, details=True)
    respond, most = simulator.respond, 60

    async def overcharged(request: Request) -> Reply:
        asked = dict(request.query)
        rows = max(int(asked.get("limit", "0")), asked.get("ids", "").count(",") + 1)
        return Reply(500) if rows > most else await respond(request)

    simulator.respond = overcharged
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "_SMALLEST", 20)
        assert await stamps_of(client, movies) == (whole, {})
        assert await stamps_of(client, movies, details=True) == (whole, items)
        assert len(await client.item_details(list(whole))) == len(whole)
        (admin,) = [e for e in await client.watch_accounts() if e.name == "admin"]
        await watched_by(client, admin.id)
        most = 10
        with pytest.raises(MediaClientError):
            await client.library_page(movies, None, details=False)
