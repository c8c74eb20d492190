"""Tracks and versions that are ordered, as each kind of media server shows them."""

from typing import Any

import httpx2
import pytest

from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.languages import spelled
from media_server_simulators.plex import PlexServerSimulator, PlexWorld
from media_server_simulators.wire import Json

TRACKS: list[Json] = [
    {"language": "fre", "default": True, "channels": 6},
    {"language": "eng", "commentary": True},
    {"type": "subtitle", "language": "pt-BR", "forced": True},
    {"type": "subtitle", "hearing_impaired": True, "external": True, "title": "SDH"},
]
FILM: dict[str, Json] = {
    "name": "Harbour",
    "tracks": TRACKS,
    "versions": [{"size": 8, "height": 2160, "tracks": [{"language": "jpn"}]}],
    "size": 5,
}


async def ask(simulator: Any, path: str, body: Json = None, **headers: str) -> Any:
    transport = httpx2.ASGITransport(simulator.app)
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://server"
    ) as client:
        how = "GET" if body is None else "POST"
        answer = await client.request(how, path, json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def jellyfin_film(version: str) -> Any:
    simulator = JellyfinSimulator(make_world(items=0, people=0), version=version)
    await ask(simulator, "/_simulator/arrive", FILM)
    found = await ask(
        simulator,
        "/Items?recursive=true&includeItemTypes=Movie&fields=MediaSources",
        Authorization=f'MediaBrowser Token="{simulator.api_key}"',
    )
    (film,) = found["Items"]
    return film


async def test_flags_of_tracks_on_jellyfin() -> None:
    film = await jellyfin_film("12.0.0")
    first, second = film["MediaSources"]
    flags = ("IsDefault", "IsForced", "IsHearingImpaired", "IsExternal")
    assert [
        (s.get("Language"), s.get("Title"), [k for k in flags if s[k]])
        for s in first["MediaStreams"][1:]
    ] == [
        ("fra", None, ["IsDefault"]),
        ("eng", "Commentary", []),
        ("pt-BR", None, ["IsForced"]),
        (None, "SDH", ["IsHearingImpaired", "IsExternal"]),
    ]
    assert (first["Size"], second["Size"]) == (5, 8)
    assert [s.get("Language") for s in second["MediaStreams"]] == [None, "jpn"]


@pytest.mark.parametrize(
    ("version", "written"), [("10.10.7", "fre"), ("10.11.11", "fra")]
)
async def test_the_code_that_a_version_of_jellyfin_says(
    version: str, written: str
) -> None:
    film = await jellyfin_film(version)
    assert film["MediaSources"][0]["MediaStreams"][1]["Language"] == written


async def test_flags_of_tracks_on_plex() -> None:
    world = PlexWorld(make_world(items=0, people=0))
    simulator = PlexServerSimulator(world)
    await ask(simulator, "/_simulator/arrive", FILM)
    token = {"X-Plex-Token": simulator.token, "Accept": "application/json"}
    found = await ask(simulator, "/library/metadata/1", None, **token)
    (film,) = found["MediaContainer"]["Metadata"]
    first, second = (media["Part"][0] for media in film["Media"])
    flags = ("default", "forced", "hearingImpaired", "key")
    assert [
        (s.get("languageTag"), s.get("title"), [k for k in flags if k in s])
        for s in first["Stream"][1:]
    ] == [
        ("fr", None, ["default"]),
        ("en", "Commentary", []),
        ("pt-BR", None, ["forced"]),
        (None, "SDH", ["hearingImpaired", "key"]),
    ]
    assert (first["size"], second["size"]) == (5, 8)
    assert first["id"] != second["id"]


async def test_an_empty_server_answers_at_the_same_address() -> None:
    simulator = JellyfinSimulator(make_world(items=6, people=0))
    token = {"Authorization": f'MediaBrowser Token="{simulator.api_key}"'}
    path = "/Items?recursive=true&includeItemTypes=Movie"
    order: Json = {"server_id": "same", "keep_people": True, "empty": True}
    await ask(simulator, "/_simulator/replace", order)
    assert (await ask(simulator, path, None, **token))["TotalRecordCount"] == 0
    await ask(simulator, "/_simulator/replace", {"back": True})
    assert (await ask(simulator, path, None, **token))["TotalRecordCount"] == 3
    plex = PlexServerSimulator(PlexWorld(make_world(items=6, people=0)))
    await ask(plex, "/_simulator/replace", {"empty": True})
    token = {"X-Plex-Token": plex.token, "Accept": "application/json"}
    listed = await ask(plex, "/library/sections/1/all", None, **token)
    assert listed["MediaContainer"]["totalSize"] == 0


async def test_a_play_is_in_the_log_at_its_time() -> None:
    simulator = JellyfinSimulator(make_world(items=2, people=0))
    film = simulator.state.world.titles[0]
    at = "2026-02-03T04:05:06Z"
    order: Json = {"user": "admin", "item": film.id, "at": at}
    await ask(simulator, "/_simulator/play", order)
    token = {"Authorization": f'MediaBrowser Token="{simulator.api_key}"'}
    log = await ask(simulator, "/System/ActivityLog/Entries", None, **token)
    stopped = next(e for e in log["Items"] if e["Type"] == "VideoPlaybackStopped")
    assert (stopped["ItemId"], stopped["Date"][:19]) == (film.id, at[:19])


@pytest.mark.parametrize(
    ("written", "tag", "code"),
    [
        (None, None, None),
        ("eng", "en", "eng"),
        ("ger", "de", "deu"),
        ("fr_CA", "fr-CA", "fra"),
        ("qaa", "qaa", "qaa"),
        ("Klingon", None, None),
    ],
)
def test_a_language_is_spelled_as_plex_does(
    written: str | None, tag: str | None, code: str | None
) -> None:
    assert (spelled(written).tag, spelled(written).code) == (tag, code)
