"""Libraries that are renamed, moved, removed and made again."""

from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from media_server_simulators.control import ControlledSimulator
from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.plex import PlexServerSimulator, PlexWorld
from media_server_simulators.wire import Json


@dataclass
class Place:
    """A media server; its libraries and films as {name: id}, and a film's path."""

    simulator: ControlledSimulator
    headers: dict[str, str]

    async def ask(self, method: str, path: str, body: Json = None) -> Any:
        transport = httpx2.ASGITransport(self.simulator.app)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://server", headers=self.headers
        ) as http:
            answer = await http.request(method, path, json=body)
        assert answer.status_code in {200, 204}, answer.text
        return answer.json() if answer.content else None

    async def order(self, **body: Json) -> Any:
        return await self.ask("POST", "/_simulator/library", body)

    async def libraries(self) -> dict[str, str]:
        raise NotImplementedError

    async def films(self) -> dict[str, str]:
        raise NotImplementedError


class JellyfinPlace(Place):
    async def libraries(self) -> dict[str, str]:
        rows = await self.ask("GET", "/Library/VirtualFolders")
        return {each["Name"]: each["ItemId"] for each in rows}

    async def films(self) -> dict[str, str]:
        libraries = await self.libraries()
        path = f"/Items?parentId={libraries['Films']}&recursive=true&fields=Path"
        rows = (await self.ask("GET", path))["Items"]
        return {each["Path"]: each["Id"] for each in rows}


class PlexPlace(Place):
    async def libraries(self) -> dict[str, str]:
        rows = (await self.ask("GET", "/library/sections"))["MediaContainer"]
        return {each["title"]: each["key"] for each in rows["Directory"]}

    async def films(self) -> dict[str, str]:
        key = (await self.libraries())["Films"]
        rows = (await self.ask("GET", f"/library/sections/{key}/all"))["MediaContainer"]
        return {
            each["Media"][0]["Part"][0]["file"]: each["ratingKey"]
            for each in rows["Metadata"]
        }


def jellyfin() -> Place:
    simulator = JellyfinSimulator(make_world(items=4, people=0))
    token = f'MediaBrowser Token="{simulator.api_key}"'
    return JellyfinPlace(simulator, {"Authorization": token})


def plex() -> Place:
    simulator = PlexServerSimulator(PlexWorld(make_world(items=4, people=0)))
    token = {"X-Plex-Token": simulator.token, "Accept": "application/json"}
    return PlexPlace(simulator, token)


@pytest.mark.parametrize(("kind", "keeps_id"), [(jellyfin, False), (plex, True)])
async def test_a_renamed_library_keeps_its_titles(kind: Any, keeps_id: bool) -> None:
    place = kind()
    before = (await place.libraries())["Movies"]
    answer = await place.order(library="Movies", name="Films")
    after = (await place.libraries())["Films"]
    assert answer == {"library": {"id": after, "name": "Films"}}
    assert (after == before) is keeps_id
    assert "Movies" not in await place.libraries()
    assert len(await place.films()) == 2
    await place.order(library="Films", name="Movies")
    await place.order(library=(await place.libraries())["Movies"], name="Films")
    assert len(await place.films()) == 2


@pytest.mark.parametrize(("kind", "keeps_ids"), [(jellyfin, False), (plex, True)])
async def test_a_library_in_another_folder(kind: Any, keeps_ids: bool) -> None:
    place = kind()
    await place.order(library="Movies", name="Films")
    before = await place.films()
    await place.ask("POST", "/_simulator/play", played(before))
    await place.order(library="Films", path="/mnt/films")
    after = await place.films()
    assert [each.replace("/mnt/films", "/media/movies") for each in after] == [*before]
    assert (list(after.values()) == list(before.values())) is keeps_ids


def played(films: dict[str, str]) -> Json:
    return {"user": "admin", "item": next(iter(films.values()))}


async def test_what_was_watched_goes_with_a_moved_library_on_jellyfin() -> None:
    place = jellyfin()
    await place.order(library="Movies", name="Films")
    await place.ask("POST", "/_simulator/play", played(await place.films()))
    await place.order(library="Films", path="/mnt/films")
    admin = (await place.ask("GET", "/Users"))[0]["Id"]
    seen = f"/Items?recursive=true&includeItemTypes=Movie&isPlayed=true&userId={admin}"
    assert (await place.ask("GET", seen))["TotalRecordCount"] == 1


@pytest.mark.parametrize(("kind", "keeps_ids"), [(jellyfin, True), (plex, False)])
async def test_a_library_is_removed_and_made_again(kind: Any, keeps_ids: bool) -> None:
    place = kind()
    await place.order(library="Movies", name="Films")
    before = await place.films()
    await place.ask("POST", "/_simulator/vanish", {"library": "Films"})
    assert "Films" not in await place.libraries()
    await place.order(library="Films", again=True)
    after = await place.films()
    assert list(after) == list(before)
    assert (list(after.values()) == list(before.values())) is keeps_ids


async def test_jellyfins_own_routes_do_the_same() -> None:
    place, base = jellyfin(), "/Library/VirtualFolders"
    await place.ask("POST", f"{base}/Name?name=Movies&newName=Films")
    before = await place.films()
    await place.ask("DELETE", f"{base}?name=Films")
    everything = "/Items?recursive=true&includeItemTypes=Movie"
    assert (await place.ask("GET", everything))["TotalRecordCount"] == 0
    again = f"{base}?name=Films&collectionType=movies&paths=/media/movies"
    await place.ask("POST", again)
    assert await place.films() == before
