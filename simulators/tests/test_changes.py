"""What happens to a media server without its API being asked, alike on both kinds."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from media_server_simulators.control import ControlledSimulator
from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator, Version
from media_server_simulators.plex import PlexServerSimulator, PlexTvSimulator, PlexWorld
from media_server_simulators.wire import Json, JsonObject

FILMS = 3
LONG_AGO = "2020-02-03T04:05:06+00:00"
type Row = dict[str, Any]


@dataclass
class House:
    """One simulator, and how its API shows what the tests look at."""

    simulator: ControlledSimulator
    client: httpx2.AsyncClient
    films: Callable[[], Any]
    libraries: Callable[[], Any]
    identity: Callable[[], Any]
    user: str

    async def order(self, act: str, **body: Json) -> httpx2.Response:
        return await self.client.post(f"/_simulator/{act}", json=body)

    async def done(self, act: str, **body: Json) -> Row:
        answer = await self.order(act, **body)
        assert answer.status_code == 200, answer.text
        result: Row = answer.json()
        return result

    async def names(self) -> set[str]:
        return {each["name"] for each in await self.films()}

    async def film(self, name: str) -> Row:
        (found,) = [each for each in await self.films() if each["name"] == name]
        return found


async def a_client(stack: AsyncExitStack, app: Any, **headers: str) -> Any:
    client = httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://server", headers=headers
    )
    return await stack.enter_async_context(client)


async def jellyfin(stack: AsyncExitStack, version: Version) -> House:
    simulator = JellyfinSimulator(make_world(items=2 * FILMS), version=version)
    token = f'MediaBrowser Token="{simulator.api_key}"'
    client = await a_client(stack, simulator.app, Authorization=token)
    admin = simulator.admin

    async def films() -> list[Row]:
        query = {
            "userId": simulator.admin.id,
            "recursive": "true",
            "includeItemTypes": "Movie",
            "fields": "MediaSources,DateCreated",
        }
        rows = (await client.get("/Items", params=query)).json()["Items"]
        return [
            {
                "id": row["Id"],
                "name": row["Name"],
                "added": row["DateCreated"][:19],
                "size": row["MediaSources"][0]["Size"],
                "path": row["MediaSources"][0]["Path"],
                "languages": [
                    each.get("Language")
                    for each in row["MediaSources"][0]["MediaStreams"]
                    if each["Type"] == "Audio"
                ],
                "plays": row["UserData"]["PlayCount"]
                if row["UserData"]["Played"]
                else 0,
                "stopped_at": row["UserData"]["PlaybackPositionTicks"] / 10_000_000,
                "played_on": row["UserData"].get("LastPlayedDate", "")[:10],
            }
            for row in rows
        ]

    async def libraries() -> set[str]:
        rows = (await client.get("/Library/VirtualFolders")).json()
        return {each["Name"] for each in rows}

    async def identity() -> str:
        result: str = (await client.get("/System/Info/Public")).json()["Id"]
        return result

    return House(simulator, client, films, libraries, identity, admin.name)


async def plex(stack: AsyncExitStack) -> House:
    world = PlexWorld(make_world(items=2 * FILMS))
    simulator = PlexServerSimulator(world)
    headers = {"X-Plex-Token": simulator.token, "Accept": "application/json"}
    client = await a_client(stack, simulator.app, **headers)

    async def sections() -> list[Row]:
        result = (await client.get("/library/sections")).json()["MediaContainer"]
        rows: list[Row] = result["Directory"]
        return rows

    async def films() -> list[Row]:
        for section in await sections():
            if section["type"] == "movie" and section["title"] == "Movies":
                path = f"/library/sections/{section['key']}/all"
                listed = (await client.get(path)).json()["MediaContainer"]["Metadata"]
                return [await film(each["ratingKey"]) for each in listed]
        return []

    async def film(key: str) -> Row:
        result = (await client.get(f"/library/metadata/{key}")).json()
        (row,) = result["MediaContainer"]["Metadata"]
        (part,) = row["Media"][0]["Part"]
        added = datetime.fromtimestamp(row["addedAt"], UTC)
        played = datetime.fromtimestamp(row.get("lastViewedAt", 0), UTC)
        return {
            "id": key,
            "name": row["title"],
            "added": added.isoformat()[:19],
            "size": part["size"],
            "path": part["file"],
            "languages": [
                each.get("languageCode")
                for each in part["Stream"]
                if each["streamType"] == 2
            ],
            "plays": row.get("viewCount", 0),
            "stopped_at": row.get("viewOffset", 0) / 1000,
            "played_on": played.isoformat()[:10],
        }

    async def libraries() -> set[str]:
        return {each["title"] for each in await sections()}

    async def identity() -> str:
        result = (await client.get("/identity")).json()["MediaContainer"]
        mid: str = result["machineIdentifier"]
        return mid

    return House(simulator, client, films, libraries, identity, world.owner.title)


@pytest.fixture(params=["plex", *Version])
async def house(request: pytest.FixtureRequest) -> AsyncGenerator[House]:
    async with AsyncExitStack() as stack:
        kind = request.param
        yield await (plex(stack) if kind == "plex" else jellyfin(stack, Version(kind)))


async def test_a_film_arrives_now_or_when_it_is_said(house: House) -> None:
    before = await house.names()
    tracks: list[Json] = [{"language": "dan"}, {"type": "subtitle", "language": "eng"}]
    await house.done(
        "arrive", name="Harbour", size=7, tracks=tracks, providers={"tmdb": "1"}
    )
    await house.done("arrive", item={"name": "Lamp", "added": LONG_AGO})
    assert await house.names() == before | {"Harbour", "Lamp"}
    film = await house.film("Harbour")
    assert (film["size"], film["languages"]) == (7, ["dan"])
    assert film["added"][:10] == f"{datetime.now(UTC):%Y-%m-%d}"
    assert (await house.film("Lamp"))["added"] == LONG_AGO[:19]


async def test_what_vanished_can_return(house: House) -> None:
    name = min(await house.names())
    film = await house.film(name)
    await house.done("vanish", items=[film["id"]])
    assert name not in await house.names()
    await house.done("arrive", item=name)
    assert (await house.film(name))["id"] == film["id"]


async def test_a_library_vanishes_with_what_is_in_it(house: House) -> None:
    assert await house.films()
    await house.done("vanish", library="Movies")
    assert "Movies" not in await house.libraries()
    assert "Shows" in await house.libraries()
    assert await house.films() == []


async def test_an_episode_brings_its_season_and_series(house: House) -> None:
    result = await house.done("arrive", type="episode", series="Tides", season=2)
    assert [each["type"] for each in result["items"]] == ["Series", "Season", "Episode"]
    result = await house.done(
        "arrive", type="episode", series="Tides", season=2, episode=2
    )
    assert [each["type"] for each in result["items"]] == ["Episode"]


async def test_other_tracks_in_the_same_file(house: House) -> None:
    name = min(await house.names())
    before = await house.film(name)
    tracks: list[Json] = [{"language": "kor"}, {"language": "jpn"}]
    await house.done("retag", item=name, tracks=tracks)
    after = await house.film(name)
    assert after["languages"] == ["kor", "jpn"]
    assert (after["id"], after["path"]) == (before["id"], before["path"])


async def test_a_larger_file_of_the_same_name(house: House) -> None:
    name = min(await house.names())
    before = await house.film(name)
    await house.done("replace", item=name, size=99)
    after = await house.film(name)
    assert after["size"] == 99
    same = ("id", "path", "added")
    assert [after[each] for each in same] == [before[each] for each in same]


async def test_what_was_watched_stays_with_a_file_of_another_name(house: House) -> None:
    name = min(await house.names())
    await house.done("play", user=house.user, item=name)
    await house.done("replace", item=name, path="/media/movies/better.mkv")
    after = await house.film(name)
    assert (after["path"], after["plays"]) == ("/media/movies/better.mkv", 1)


async def test_a_play_is_counted_when_it_was(house: House) -> None:
    name = min(await house.names())
    await house.done("play", user=house.user, item=name, at=LONG_AGO)
    film = await house.film(name)
    assert (film["plays"], film["stopped_at"]) == (1, 0)
    assert film["played_on"] == LONG_AGO[:10]


async def test_a_play_that_stopped_in_between_is_not_finished(house: House) -> None:
    name = min(await house.names())
    await house.done("play", user=house.user, item=name, position=2700)
    film = await house.film(name)
    assert (film["plays"], film["stopped_at"]) == (0, 2700)


async def test_another_server_answers_until_the_old_one_is_back(house: House) -> None:
    first = await house.identity()
    await house.done("replace")
    second = await house.identity()
    assert second != first
    assert await house.films()
    await house.done("replace", back=True)
    assert await house.identity() == first
    assert (await house.order("replace", back=True)).status_code == 404


async def test_a_server_is_replaced_by_one_that_is_named(house: House) -> None:
    result = await house.done("replace", server_id="0" * 32)
    assert result == {"server_id": "0" * 32}
    assert await house.identity() == "0" * 32


async def test_the_clock_is_set_and_goes_on(house: House) -> None:
    await house.done("clock", now=LONG_AGO)
    result = await house.done("clock", advance=86400)
    assert result["now"].startswith("2020-02-04T04:05:0")
    await house.done("arrive", name="Harbour")
    assert (await house.film("Harbour"))["added"][:10] == "2020-02-04"
    result = await house.done("clock", now=None)
    assert datetime.fromisoformat(result["now"]).year >= 2026


@pytest.mark.parametrize(
    ("act", "body", "status"),
    [
        ("arrive", {}, 400),
        ("arrive", {"name": "X", "type": "song"}, 400),
        ("arrive", {"name": "X", "library": "Nowhere"}, 404),
        ("vanish", {}, 400),
        ("vanish", {"items": ["Nothing Of The Kind"]}, 404),
        ("vanish", {"library": "Nowhere"}, 404),
        ("play", {"user": "Nobody At All", "item": "FILM"}, 404),
        ("play", {"item": "FILM"}, 400),
        ("retag", {"tracks": []}, 400),
        ("clock", {}, 400),
        ("clock", {"now": "soon"}, 400),
        ("replace", {"unknown": 1}, 400),
        ("nothing", {}, 404),
    ],
)
async def test_an_order_that_cannot_be_done_is_refused(
    house: House, act: str, body: JsonObject, status: int
) -> None:
    before = await house.films()
    if body.get("item") == "FILM":
        body = body | {"item": before[0]["id"]}
    answer = await house.order(act, **body)
    assert answer.status_code == status, answer.text
    assert await house.films() == before


async def test_a_standby_lacks_one_account_and_keeps_the_rest() -> None:
    async with AsyncExitStack() as stack:
        simulator = JellyfinSimulator(make_world(people=0))
        token = f'MediaBrowser Token="{simulator.api_key}"'
        client = await a_client(stack, simulator.app, Authorization=token)
        for name in ("Ann", "Ben"):
            made = await client.post("/Users/New", json={"Name": name})
            assert made.status_code == 200
        order = {"server_id": "same", "keep_people": True, "without": ["ann"]}
        before = (await client.get("/System/Info")).json()["Id"]
        await client.post("/_simulator/replace", json=order)
        assert (await client.get("/System/Info")).json()["Id"] == before
        users = (await client.get("/Users")).json()
        assert {each["Name"] for each in users} == {"admin", "Ben"}
        await client.post("/_simulator/replace", json={"back": True})
        users = (await client.get("/Users")).json()
        assert {each["Name"] for each in users} == {"admin", "Ann", "Ben"}


async def test_a_fresh_installation_may_refuse_the_old_key() -> None:
    async with AsyncExitStack() as stack:
        simulator = JellyfinSimulator(make_world(people=2))
        token = f'MediaBrowser Token="{simulator.api_key}"'
        client = await a_client(stack, simulator.app, Authorization=token)
        await client.post("/_simulator/replace", json={"keep_keys": False})
        assert (await client.get("/Users")).status_code == 401
        state = (await client.get("/_simulator/state")).json()
        assert [each["name"] for each in state["users"]] == ["admin"]


async def test_people_of_plex_do_not_go_with_a_server() -> None:
    async with AsyncExitStack() as stack:
        house = await plex(stack)
        answer = await house.order("replace", keep_people=True)
        assert answer.status_code == 400
        assert "plex.tv" in answer.json()["detail"]


async def test_one_clock_for_plex_tv_and_its_servers() -> None:
    async with AsyncExitStack() as stack:
        world = PlexWorld(make_world(items=0, people=0))
        tv = await a_client(stack, PlexTvSimulator(world).app)
        answer = await tv.post("/_simulator/clock", json={"now": LONG_AGO})
        assert answer.status_code == 200
        assert world.now().year == 2020
        assert (await tv.post("/_simulator/vanish", json={})).status_code == 404
