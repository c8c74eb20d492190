"""Titles, media and the blocklist of a simulated Seerr, and how it fails."""

from collections.abc import Generator

import httpx2
import pytest

from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.generator import make_world
from media_server_simulators.seerr import SeerrSimulator
from media_server_simulators.seerr.furnishing import Crowd
from media_server_simulators.server import serve_in_thread

WORLD = make_world(items=40, people=2)
FILM, SHOW = 100_500, 200_500


@pytest.fixture
def seerr() -> SeerrSimulator:
    return SeerrSimulator(WORLD, crowd=Crowd(requests=0, users=2))


@pytest.fixture
def client(seerr: SeerrSimulator) -> Generator[httpx2.Client]:
    with (
        serve_in_thread(seerr) as url,
        httpx2.Client(
            base_url=f"{url}/api/v1",
            headers={"X-Api-Key": seerr.api_key},
            timeout=0.5,
        ) as client,
    ):
        yield client


def ask(client: httpx2.Client, kind: str, tmdb: int, **more: object) -> httpx2.Response:
    body = {"mediaType": kind, "mediaId": tmdb, **more}
    return client.post("/request", json=body)


def test_a_title_is_as_tmdb_knows_it(client: httpx2.Client) -> None:
    film = client.get(f"/movie/{FILM}").json()
    assert film["title"] == "Film 500"
    assert "mediaInfo" not in film
    show = client.get(f"/tv/{SHOW}").json()
    assert [each["seasonNumber"] for each in show["seasons"]] == [1, 2, 3, 4]
    assert len(client.get(f"/tv/{SHOW}/season/2").json()["episodes"]) == 8
    assert client.get("/movie/5").json() == {"message": "Unable to retrieve movie."}
    assert client.get("/movie/5").status_code == 500
    assert client.get("/movie/abc").status_code == 400
    world = client.get("/movie/900003").json()
    named = [t for t in WORLD.titles if ("Tmdb", "900003") in t.providers]
    assert world["title"] == named[0].name
    assert "(VF)" in client.get("/movie/900003?language=fr").json()["title"]


def test_seasons_asked_for_before_are_left_out(client: httpx2.Client) -> None:
    first = ask(client, "tv", SHOW, seasons=[1, 2], is4k=False)
    assert first.status_code == 201
    second = ask(client, "tv", SHOW, seasons=[2, 3], is4k=False).json()
    assert [each["seasonNumber"] for each in second["seasons"]] == [3]
    none = ask(client, "tv", SHOW, seasons=[1, 3], is4k=False)
    assert (none.status_code, none.json()) == (
        202,
        {"message": "No seasons available to request"},
    )
    assert len(ask(client, "tv", SHOW, seasons=[1]).json()["seasons"]) == 1


def test_media_that_is_there_completes_its_request(client: httpx2.Client) -> None:
    media = ask(client, "movie", FILM).json()["media"]["id"]
    partial = client.post(f"/media/{media}/partial", json={})
    assert partial.status_code == 400
    assert client.post(f"/media/{media}/nonsense", json={}).status_code == 400
    assert client.post(f"/media/{media}/available", json={}).json()["status"] == 5
    assert client.get("/request/1").json()["status"] == 5
    unchanged = client.post(f"/media/{media}/deleted", json={})
    assert (unchanged.status_code, unchanged.json()["status"]) == (200, 5)
    assert client.post("/media/999/available", json={}).status_code == 404
    assert client.delete(f"/media/{media}").status_code == 204
    assert client.delete(f"/media/{media}").status_code == 404
    assert client.get("/request").json()["pageInfo"]["results"] == 0


def test_the_filter_deleted_of_media_filters_nothing(client: httpx2.Client) -> None:
    for number in range(3):
        _ = ask(client, "movie", FILM + number)
    every = client.get("/media", params={"filter": "deleted", "take": 2}).json()
    assert every["pageInfo"]["results"] == 3
    processing = client.get("/media", params={"filter": "processing"}).json()
    assert processing["pageInfo"] == {
        "pages": 1,
        "pageSize": 20,
        "results": 3,
        "page": 1,
    }
    assert client.get("/media?filter=available").json()["results"] == []


def test_deleting_a_file_is_never_answered(client: httpx2.Client) -> None:
    media = ask(client, "movie", FILM).json()["media"]["id"]
    with pytest.raises(httpx2.ReadTimeout):
        _ = client.delete(f"/media/{media}/file")
    assert client.delete("/media/999/file").status_code == 404


def test_what_is_blocked_cannot_be_asked_for(client: httpx2.Client) -> None:
    row = {"tmdbId": FILM, "mediaType": "movie", "title": "Film 500", "user": 1}
    assert client.post("/blocklist", json=row).status_code == 201
    assert client.post("/blocklist", json=row).status_code == 409
    refused = ask(client, "movie", FILM)
    assert (refused.status_code, refused.json()["message"]) == (
        403,
        "This media is blocklisted.",
    )
    listed = client.get("/blocklist").json()["results"]
    assert [each["tmdbId"] for each in listed] == [FILM]
    (media,) = client.get("/media").json()["results"]
    assert client.delete(f"/media/{media['id']}").status_code == 204
    assert client.get("/media").json()["results"][0]["status"] == 6
    assert client.delete(f"/blocklist/{FILM}").status_code == 204
    assert client.get("/media").json()["results"] == []
    lost = client.get(f"/blocklist/{FILM}")
    assert lost.status_code == 401
    assert "Blocklist" in lost.json()["message"]


def test_it_fails_as_ordered(seerr: SeerrSimulator, client: httpx2.Client) -> None:
    path = "/api/v1/request"
    for kind in (FaultKind.DROP, FaultKind.STARTING, FaultKind.LOST_RESPONSE):
        seerr.faults.add(Fault(path, kind))
        with pytest.raises(httpx2.TransportError):
            _ = ask(client, "movie", FILM)
    assert len(seerr.state.requests) == 1  # of the lost answer
    seerr.faults.add(Fault(path, FaultKind.STARTING, value="proxy"))
    assert client.get("/request").status_code == 502
    seerr.faults.add(Fault(path, FaultKind.HTML))
    assert "text/html" in client.get("/request").headers["Content-Type"]
    seerr.faults.add(Fault(path, FaultKind.EMPTY))
    assert client.get("/request").json()["results"] == []
    seerr.faults.add(Fault(path, FaultKind.SHRUNKEN, value=0))
    short = client.get("/request").json()
    assert (short["results"], short["pageInfo"]["results"]) == ([], 1)
    assert client.get("/request").json()["pageInfo"]["results"] == 1
