"""How a Plex Media Server lists titles, and the watch history."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.plex_asking import Plex, plex

from media_server_simulators.generator import make_world
from media_server_simulators.plex import PlexWorld
from media_server_simulators.plex.state import Account
from media_server_simulators.wire import JsonObject
from media_server_simulators.world import MediaFile, Title

SHOW, SEASON = "1" * 32, "2" * 32


@pytest.fixture
async def tv() -> AsyncGenerator[Plex]:
    """Three films and a show, numbered from 1."""
    world = make_world(items=0, people=0)
    films, shows, *_ = (library.id for library in world.libraries)
    file = MediaFile("x", "/x.mkv", 5, 10**10)
    film = Title("a" * 32, "Movie", "The Zoo", films, moment(2021), files=(file,))
    show = Title(SHOW, "Series", "A Tide", shows, moment(2020))
    part = replace(film, kind="Episode", library_id=shows, series_id=SHOW)
    rows = [
        replace(film, year=1999, rating="PG", genres=("Drama",)),
        replace(film, id="b" * 32, name="Attic", saved=moment(2024)),
        replace(film, id="c" * 32, name="Mole", added=moment(2022)),
        show,
        replace(show, id=SEASON, kind="Season", index=1, series_id=SHOW),
        replace(part, id="d" * 32, name="Second", season_id=SEASON, index=2),
        replace(part, id="e" * 32, name="First", season_id=SEASON, index=1),
    ]
    async with plex(PlexWorld(replace(world, make_titles=lambda: rows))) as asking:
        yield asking


def moment(year: int) -> datetime:
    return datetime(year, 6, 1, tzinfo=UTC)


def seconds(year: int) -> int:
    return int(moment(year).timestamp())


async def rows(tv: Plex, path: str, token: str | None = None) -> list[JsonObject]:
    answer = await tv.from_server(path, **({} if token is None else {"token": token}))
    assert answer.status_code == 200, answer.text
    result: list[JsonObject] = answer.json()["MediaContainer"]["Metadata"]
    return result


async def titles(tv: Plex, asked: str, token: str | None = None) -> list[str]:
    section = "2" if "type=" in asked and "type=1" not in asked else "1"
    listed = await rows(tv, f"/library/sections/{section}/all?{asked}", token)
    return [str(each["title"]) for each in listed]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Attic", "Mole", "The Zoo"]),
        ("type=4", ["First", "Second"]),
        ("type=8", []),
        ("type=9", []),
        ("type=10", []),
        (f"updatedAt>={seconds(2024)}", ["Attic"]),
        (f"addedAt>>={seconds(2021)}", ["Mole"]),
        (f"addedAt<={seconds(2021)}", ["Attic", "The Zoo"]),
        (f"addedAt>={seconds(2021)}&sort=addedAt:desc", ["Mole", "The Zoo", "Attic"]),
        ("sort=updatedAt:desc,title", ["Attic", "Mole", "The Zoo"]),
        ("sort=titleSort:desc", ["The Zoo", "Mole", "Attic"]),
        ("title=o", ["Mole", "The Zoo"]),
        ("title==mole", ["Mole"]),
        ("title!=o", ["Attic"]),
        ("year=1999,2000", ["The Zoo"]),
        ("genre=drama", ["The Zoo"]),
        ("contentRating=PG", ["The Zoo"]),
        ("id=2,3", ["Attic", "Mole"]),
        ("type=4&show.id=4", ["First", "Second"]),
        ("unknown=1", ["Attic", "Mole", "The Zoo"]),
    ],
)
async def test_a_listing_is_filtered_and_ordered(
    tv: Plex, asked: str, found: list[str]
) -> None:
    assert await titles(tv, asked) == found


async def test_a_mark_by_hand_is_a_view_and_no_history(tv: Plex) -> None:
    guest = tv.world.register("Guest", "guest@example.org")
    _ = await tv.shared_with(guest, tv.sections)
    await mark(tv, "scrobble?key=4", guest)
    assert await titles(tv, "type=4&unwatched=1") == ["First", "Second"]
    assert await titles(tv, "type=4&unwatched=1", guest.token) == []
    (show,) = await rows(tv, "/library/sections/2/all?type=2", guest.token)
    assert (show["leafCount"], show["viewedLeafCount"], show["childCount"]) == (2, 2, 1)
    (show,) = await rows(tv, "/library/sections/2/all?type=2")
    assert show["viewedLeafCount"] == 0
    await mark(tv, "unscrobble?key=6", guest)
    assert await titles(tv, "type=4&unwatched=1", guest.token) == ["Second"]
    await mark(tv, "progress?key=1&time=90000", guest)
    (film,) = await rows(tv, "/library/metadata/1", guest.token)
    assert (film["viewOffset"], "viewCount" in film) == (90000, False)
    assert await rows(tv, "/status/sessions/history/all") == []


async def mark(tv: Plex, how: str, account: Account) -> None:
    answer = await tv.from_server(f"/:/{how}", token=account.token)
    assert answer.status_code == 200


async def test_history_of_a_show_and_of_a_time(tv: Plex) -> None:
    for key, year in ("1", 2022), ("6", 2021), ("7", 2023):
        order = {"user": tv.world.owner.title, "item": key, "at": f"{moment(year)}"}
        _ = await tv.server_client.post("/_simulator/play", json=order)

    async def found(asked: str) -> list[object]:
        path = f"/status/sessions/history/all?{asked}"
        return [each["ratingKey"] for each in await rows(tv, path)]

    assert await found("") == ["6", "1", "7"]
    assert await found("sort=viewedAt:desc") == ["7", "1", "6"]
    assert await found("metadataItemID=4") == ["6", "7"]
    assert await found(f"viewedAt>={seconds(2022)}&viewedAt<={seconds(2022)}") == ["1"]
    assert await found("librarySectionID=2&accountID=1") == ["6", "7"]
    keys = [
        each["historyKey"] for each in await rows(tv, "/status/sessions/history/all")
    ]
    assert len(set(keys)) == 3
