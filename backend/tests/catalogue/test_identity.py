"""Which title an item is, over everything that happens to it and its library."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from tests.catalogue.conftest import Cinema

from zondarr.catalogue.models import MediaItem
from zondarr.core.clock import utc_now
from zondarr.core.database import Database

MAY = datetime(2026, 5, 1, tzinfo=UTC)
KINDS = ("jellyfin", "plex")


async def synced(cinema: Cinema) -> dict[str, Any]:
    run = await cinema.sync()
    assert run["status"] == "succeeded", run
    return await cinema.titles()


def ids(titles: Mapping[str, Any]) -> dict[str, str]:
    return {name: each["id"] for name, each in titles.items()}


def first(titles: Mapping[str, Any], kind: str) -> str:
    return min(name for name, each in titles.items() if each["type"] == kind)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_library_that_is_renamed_moved_or_made_again_keeps_its_titles(
    cinema: Cinema, kind: str
) -> None:
    await cinema.add(kind)
    before = await synced(cinema)
    film = first(before, "movie")
    await cinema.act(kind, "library", library="Movies", name="Films")
    renamed = await synced(cinema)
    assert ids(renamed) == ids(before)
    assert {each["library"] for each in renamed[film]["copies"]} == {"Films"}

    # Where ids are made of paths, all of them are other ones now.
    await cinema.act(kind, "library", library="Films", path="/elsewhere/films")
    moved = await synced(cinema)
    assert ids(moved) == ids(before)
    shown = await cinema.get(f"/titles/{moved[film]['id']}")
    present = [e for e in shown["leaves"] if e["missing_since"] is None]
    assert present[0]["files"][0]["path"].startswith("/elsewhere/films")
    assert moved[film]["added_at"] == before[film]["added_at"]

    await cinema.act(kind, "vanish", library="Films")
    without = await synced(cinema)
    assert {each["type"] for each in without.values()} == {"series"}
    gone = await cinema.get(f"/titles/{before[film]['id']}")
    assert gone["missing_since"] is not None
    await cinema.act(kind, "library", library="Films", again=True)
    assert ids(await synced(cinema)) == ids(before)


async def test_a_film_and_a_show_of_one_number_stay_apart_also_when_one_goes(
    cinema: Cinema,
) -> None:
    await cinema.add("jellyfin")
    number = {"tmdb": "1399"}
    for kind, name in (("movie", "The Film"), ("series", "The Show")):
        await cinema.act("jellyfin", "arrive", type=kind, name=name, providers=number)
    both = await synced(cinema)
    film, show = both["The Film"], both["The Show"]
    assert film["id"] != show["id"]
    assert film["provider_ids"]["tmdb"] == show["provider_ids"]["tmdb"] == "1399"
    await cinema.act("jellyfin", "vanish", items=["The Film"])
    left = await synced(cinema)
    assert left["The Show"]["id"] == show["id"]
    assert "The Film" not in left
    assert (await cinema.get(f"/titles/{film['id']}"))["missing_since"] is not None


async def test_an_item_without_ids_of_providers_is_found_by_its_path(
    cinema: Cinema,
) -> None:
    await cinema.add("jellyfin")
    film = {"name": "Home Movie", "path": "/media/movies/home.mkv"}
    await cinema.act("jellyfin", "arrive", **film, id="a" * 32)
    before = (await synced(cinema))["Home Movie"]
    await cinema.act("jellyfin", "vanish", items=["a" * 32])
    await cinema.act("jellyfin", "arrive", **film, id="b" * 32)
    after = (await synced(cinema))["Home Movie"]
    assert after["id"] == before["id"]
    assert [each["external_id"] for each in after["copies"]] == ["b" * 32]
    # The same name somewhere else is another film.
    await cinema.act("jellyfin", "arrive", name="Home Movie", path="/media/movies/2")
    assert (await cinema.get("/titles", q="Home Movie"))["total"] == 1
    await cinema.sync()
    assert (await cinema.get("/titles", q="Home Movie"))["total"] == 2


async def test_a_show_that_turns_out_to_be_another_one_takes_its_episodes_along(
    cinema: Cinema,
) -> None:
    await cinema.add("jellyfin")
    titles = await synced(cinema)
    name = first(titles, "series")
    (show,) = [
        each
        for each in cinema.jellyfin.state.world.titles
        if (each.kind, each.name) == ("Series", name)
    ]
    before = await cinema.get(f"/titles/{titles[name]['id']}")
    other = {"id": show.id, "path": show.path, "type": "series"}
    ids_now = {"tmdb": "987654", "imdb": "tt987654", "tvdb": "987654"}
    await cinema.act("jellyfin", "arrive", **other, name="Another", providers=ids_now)
    after = await synced(cinema)
    assert name not in after
    shown = await cinema.get(f"/titles/{after['Another']['id']}")
    assert shown["id"] != before["id"]
    assert shown["size"] == before["size"]
    assert {e["id"] for e in shown["leaves"]} == {e["id"] for e in before["leaves"]}
    gone = await cinema.get(f"/titles/{before['id']}")
    assert (gone["leaves"], gone["missing_since"] is None) == ([], False)


@pytest.mark.parametrize("kind", KINDS)
async def test_what_returns_after_more_than_a_week_arrives_anew(
    cinema: Cinema, database: Database, kind: str
) -> None:
    await cinema.add(kind)
    before = await synced(cinema)
    films = sorted(name for name, each in before.items() if each["type"] == "movie")
    soon, late = films[:2]
    for name, absence in ((soon, timedelta(days=6)), (late, timedelta(days=8))):
        await cinema.act(kind, "vanish", items=[name])
        assert name not in await synced(cinema)
        async with database.unscoped("set-up") as session:
            lost = update(MediaItem).where(MediaItem.missing_since > MAY)
            await session.execute(lost.values(missing_since=utc_now() - absence))
        await cinema.act(kind, "arrive", item=name)
        back = (await synced(cinema))[name]
        assert back["id"] == before[name]["id"]
        assert (back["added_at"] > before[name]["added_at"]) is (name == late)
        assert (back["arrived_at"] > before[name]["arrived_at"]) is (name == late)


@pytest.mark.parametrize("kind", KINDS)
async def test_an_upgrade_arrives_and_does_not_make_a_title_new(
    cinema: Cinema, kind: str
) -> None:
    await cinema.add(kind)
    before = await synced(cinema)
    film, show = first(before, "movie"), first(before, "series")
    await cinema.act(kind, "replace", item=film, path="/media/movies/x.mkv", size=9)
    number = {"series": show, "season": 1, "episode": 77}
    await cinema.act(kind, "arrive", type="episode", name="New", size=3, **number)
    after = await synced(cinema)
    assert after[film]["added_at"] == before[film]["added_at"]
    assert after[film]["arrived_at"] > before[film]["arrived_at"]
    assert after[show]["added_at"] > before[show]["added_at"]
    shown = await cinema.get(f"/titles/{after[film]['id']}")
    present = [e for e in shown["leaves"] if e["missing_since"] is None]
    assert [each["arrival"] for each in present] == ["upgrade"]
    assert shown["size"] == 9
