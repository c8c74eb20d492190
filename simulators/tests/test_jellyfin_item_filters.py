"""What the parameters of /Items leave, and in which order."""

from dataclasses import replace
from datetime import UTC, datetime

import httpx2
import pytest

from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.orders import Order
from media_server_simulators.wire import JsonObject
from media_server_simulators.world import MediaFile, Stream, Title, World

KINDS = "Movie,Series,Season,Episode"


def moment(year: int) -> datetime:
    return datetime(year, 6, 1, tzinfo=UTC)


def a_file(
    own: str, width: int, *languages: str | None, subtitle: str = ""
) -> MediaFile:
    streams = [Stream("video", "h264"), *(Stream("audio", "aac", e) for e in languages)]
    streams += [Stream("subtitle", "subrip", subtitle)] if subtitle else []
    return MediaFile(
        own, f"/f/{own}.mkv", 1 << 30, 54 * 10**9, tuple(streams), "", width
    )


def small_world() -> World:
    world = make_world(items=0, people=1)
    films, shows, *_ = (library.id for library in world.libraries)
    film = Title("f" * 32, "Movie", "The Éclair", films, moment(2021))
    rows = [
        replace(
            film, year=1999, premiere=moment(1999), rating="PG", tags=("Keep It",),
            genres=("Science Fiction",), overview="O", providers=(("Tmdb", "1"),),
            files=(a_file("f" * 32, 1920, "deu"), a_file("e" * 32, 3840, "fra")),
        ),
        replace(
            film, id="a" * 32, name="Zebra 9", rating="R", premiere=moment(2099),
            files=(a_file("a" * 32, 640, None, subtitle="eng"),),
        ),
        replace(film, id="b" * 32, name="Zebra 10", files=(a_file("b" * 32, 1280),)),
        Title("1" * 32, "Series", "Show", shows, moment(2020), rating="PG-13"),
        Title("2" * 32, "Season", "Season 1", shows, moment(2020), index=1,
              series_id="1" * 32),
        *(
            Title(f"{n}" * 32, "Episode", f"Part {n}", shows, moment(2020), index=n,
                  season=1, series_id="1" * 32, season_id="2" * 32,
                  files=(a_file(f"{n}" * 32, 1920, "deu"),))
            for n in (3, 4)
        ),
        Title("5" * 32, "Series", "An Empty Show", shows, moment(2022)),
    ]  # fmt: skip
    return replace(world, make_titles=lambda: rows)


async def names(simulator: JellyfinSimulator, **query: object) -> list[str]:
    asked = {"recursive": True, "includeItemTypes": KINDS} | query
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(simulator.app), base_url="http://jellyfin"
    ) as http:
        answer = await http.get(
            "/Items",
            params={name: str(value) for name, value in asked.items()},
            headers={"Authorization": f'MediaBrowser Token="{simulator.api_key}"'},
        )
    body: JsonObject = answer.json() if answer.status_code == 200 else {}
    found = body.get("Items", [str(answer.status_code)])
    assert isinstance(found, list)
    return [str(e["Name"]) if isinstance(e, dict) else str(e) for e in found]


ALL = [
    "Season 1",
    "Part 3",
    "Part 4",
    "The Éclair",
    "An Empty Show",
    "Show",
    "Zebra 9",
    "Zebra 10",
]

SHOW = ["Season 1", "Part 3", "Part 4"]
FILMS = ["The Éclair", "Zebra 9", "Zebra 10"]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ({}, ALL),
        ({"excludeItemTypes": "Movie"}, ALL),
        ({"includeItemTypes": "Movie", "nameStartsWith": "E"}, FILMS[:1]),
        ({"includeItemTypes": "Movie", "nameStartsWithOrGreater": "z"}, FILMS[1:]),
        ({"includeItemTypes": "Movie", "nameLessThan": "zebra 0000000010"}, FILMS[:2]),
        ({"searchTerm": "eclair"}, FILMS[:1]),
        ({"searchTerm": "show"}, ["Show", "An Empty Show"]),
        ({"genres": "science-fiction|Nothing"}, FILMS[:1]),
        ({"tags": "keep it"}, FILMS[:1]),
        ({"isNews": False, "includeItemTypes": "Movie"}, FILMS),
        ({"isKids": True}, []),
        ({"isUnaired": True}, ["Zebra 9"]),
        ({"isUnaired": False}, ["The Éclair"]),
        ({"minCommunityRating": 1}, []),
        ({"hasOverview": True}, FILMS[:1]),
        ({"hasOfficialRating": True}, ["The Éclair", "Show", "Zebra 9"]),
        ({"officialRatings": "R|PG-13"}, ["Show", "Zebra 9"]),
        ({"hasParentalRating": True}, ALL),
        ({"hasParentalRating": False}, ["An Empty Show", "Zebra 10"]),
        ({"maxOfficialRating": "PG"}, ["The Éclair", "An Empty Show", "Zebra 10"]),
        ({"minOfficialRating": "R", "includeItemTypes": "Movie"}, FILMS[1:]),
        ({"parentIndexNumber": 1}, ["Part 3", "Part 4"]),
        ({"audioLanguages": "deu"}, ["Season 1", "Part 3", "Part 4", FILMS[0], "Show"]),
        ({"audioLanguages": "fra"}, FILMS[:1]),
        ({"audioLanguages": "und"}, ["Zebra 9"]),
        ({"hasSubtitles": True}, ["Zebra 9"]),
        ({"isHd": True, "includeItemTypes": "Movie"}, ["Zebra 10"]),
        ({"is4K": True}, FILMS[:1]),
        ({"is4K": False}, []),
        ({"isHd": False}, ["Zebra 9"]),
        ({"minWidth": 3000}, FILMS[:1]),
        ({"maxWidth": 1000}, ["Zebra 9"]),
        ({"hasTrailer": True}, []),
        ({"hasTrailer": False}, ALL),
        ({"studios": "Nobody"}, []),
        ({"locationTypes": "Virtual"}, []),
        ({"locationTypes": "FileSystem,Virtual,Remote,Offline"}, ALL),
        ({"filters": "IsFolder"}, ["Season 1", "An Empty Show", "Show"]),
        ({"filters": "IsNotFolder", "includeItemTypes": "Episode"}, ALL[1:3]),
        ({"adjacentTo": "a" * 32, "includeItemTypes": "Movie"}, FILMS),
        ({"adjacentTo": "b" * 32, "includeItemTypes": "Movie"}, FILMS[1:]),
        ({"adjacentTo": "9" * 32}, []),
        ({"isFavorite": True}, ["500"]),
        ({"filters": "IsResumable"}, ["500"]),
    ],
)  # fmt: skip
async def test_a_filter_leaves_what_a_real_server_leaves(
    query: dict[str, object], left: list[str]
) -> None:
    assert await names(JellyfinSimulator(small_world()), **query) == left


@pytest.mark.parametrize(
    ("by", "order", "first"),
    [
        ("Default", "Descending", "Season 1"),
        ("AirTime", "Descending", "Zebra 10"),
        ("Name", "Ascending", "An Empty Show"),
        ("IsFolder", "Ascending", "Part 3"),
        ("IndexNumber", "Descending", "Part 4"),
        ("OfficialRating", "Descending", "Zebra 9"),
        ("SeriesSortName", "Descending", "Season 1"),
        ("CommunityRating", "Descending", "Season 1"),
        ("DateCreated,SortName", "Descending,Descending", "An Empty Show"),
        ("PremiereDate", "Descending", "Zebra 9"),
        ("Runtime", "Ascending", "Season 1"),
    ],
)
async def test_the_first_of_an_order(by: str, order: str, first: str) -> None:
    simulator = JellyfinSimulator(small_world())
    assert (await names(simulator, sortBy=by, sortOrder=order))[0] == first


@pytest.mark.parametrize(
    ("version", "query", "left"),
    [
        ("12.0.0", {"isPlayed": True}, ["Part 3", "An Empty Show"]),
        ("12.0.0", {"filters": "IsResumable"}, ["Season 1", "Show"]),
        ("12.0.0", {"filters": "IsUnplayed", "includeItemTypes": "Series"}, ["Show"]),
        ("10.11.11", {"isPlayed": True}, ["Part 3"]),
        ("10.11.11", {"isPlayed": True, "includeItemTypes": "Series"}, ["Show"]),
        ("10.11.11", {"filters": "IsResumable"}, []),
        ("12.0.0", {"sortBy": "DatePlayed", "sortOrder": "Descending"}, ["Part 3"]),
        ("12.0.0", {"filters": "Dislikes", "includeItemTypes": "Movie"}, FILMS),
    ],
)
async def test_a_show_of_which_one_episode_was_watched(
    version: str, query: dict[str, object], left: list[str]
) -> None:
    simulator = JellyfinSimulator(small_world(), version=version)
    user = next(u for u in simulator.state.users.values() if u.name == "admin")
    watch = simulator.acts()["play"]
    _ = watch(Order({"user": user.id, "item": "3" * 32}))
    assert (await names(simulator, userId=user.id, **query))[: len(left) or 1] == left


@pytest.mark.parametrize(
    ("policy", "left"),
    [
        ({"MaxParentalRating": 10}, ["The Éclair", "An Empty Show", "Zebra 10"]),
        ({"BlockUnratedItems": ["Series"]}, [*SHOW[:3], FILMS[0], "Show", *FILMS[1:]]),
        ({"AllowedTags": ["keep it"]}, FILMS[:1]),
        ({"BlockedTags": ["KEEP IT"]}, [e for e in ALL if e != FILMS[0]]),
        ({"EnableAllFolders": False}, []),
    ],
)
async def test_a_limited_user_sees_episodes_as_their_show(
    policy: JsonObject, left: list[str]
) -> None:
    simulator = JellyfinSimulator(small_world())
    user = next(iter(simulator.state.users.values()))
    user.policy |= policy
    assert await names(simulator, userId=user.id) == left
