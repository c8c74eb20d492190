"""A simulated Seerr over HTTP: keys, pages, approvals, and what a test may order."""

import json
from collections.abc import Generator

import httpx2
import pytest

from media_server_simulators.generator import make_world
from media_server_simulators.seerr import Profile, SeerrSimulator
from media_server_simulators.seerr.furnishing import Crowd
from media_server_simulators.server import serve_in_thread

WORLD = make_world(items=60, people=6)


@pytest.fixture
def seerr() -> SeerrSimulator:
    return SeerrSimulator(WORLD, crowd=Crowd(requests=25, users=8))


@pytest.fixture
def client(seerr: SeerrSimulator) -> Generator[httpx2.Client]:
    with (
        serve_in_thread(seerr) as url,
        httpx2.Client(
            base_url=f"{url}/api/v1", headers={"X-Api-Key": seerr.api_key}
        ) as client,
    ):
        yield client


def test_the_key_decides_between_401_and_403(client: httpx2.Client) -> None:
    del client.headers["X-Api-Key"]
    missing = client.get("/request")
    assert missing.status_code == 401
    assert missing.json()["message"] == "cookie 'connect.sid' required"
    assert client.get("/request", headers={"X-Api-Key": ""}).status_code == 401
    wrong = client.get("/request", headers={"X-Api-Key": "wrong"})
    assert wrong.status_code == 403
    assert wrong.json()["status"] == 403


def test_a_word_in_place_of_a_users_number_is_nobody(client: httpx2.Client) -> None:
    assert client.get("/auth/me", headers={"X-API-User": "me"}).status_code == 403
    assert client.get("/auth/me", headers={"X-API-User": "2"}).json()["id"] == 2


def test_requests_come_in_pages_newest_first(client: httpx2.Client) -> None:
    first = client.get("/request", params={"take": 10}).json()
    assert first["pageInfo"] == {"pages": 3, "pageSize": 10, "results": 25, "page": 1}
    last = client.get("/request", params={"take": 10, "skip": 20}).json()
    ids = [row["id"] for row in first["results"]]
    assert ids == sorted(ids, reverse=True)
    assert len(last["results"]) == 5
    assert client.get("/request", params={"take": -1}).status_code == 500
    assert client.get("/request", params={"filter": "x"}).status_code == 400


def test_its_titles_and_people_are_those_of_the_world(client: httpx2.Client) -> None:
    rows = client.get("/request", params={"take": 100}).json()["results"]
    here = {title.id for title in WORLD.titles}
    found = [r["media"]["jellyfinMediaId"] for r in rows]
    assert len({each for each in found if each} & here) >= 5
    users = client.get("/user", params={"take": 100}).json()["results"]
    people = {person.id for person in WORLD.people}
    assert {u["jellyfinUserId"] for u in users} & people
    assert {u["userType"] for u in users} == {1, 2, 3}


def test_it_shows_every_state_of_requests_and_media(client: httpx2.Client) -> None:
    rows = client.get("/request", params={"take": 100}).json()["results"]
    assert {row["status"] for row in rows} == {1, 2, 3, 4, 5}
    status = {r["media"]["status4k" if r["is4k"] else "status"] for r in rows}
    assert status == {1, 2, 3, 4, 5, 6, 7}


def test_approving_lets_the_media_follow(client: httpx2.Client) -> None:
    pending = client.get("/request", params={"filter": "pending"}).json()["results"]
    one = f"/request/{pending[0]['id']}"
    answer = client.post(f"{one}/approve").json()
    assert (answer["status"], answer["media"]["status"]) == (2, 2)
    assert client.get(one).json()["media"]["status"] == 3
    assert client.post(f"{one}/decline").json()["status"] == 3
    assert client.get(one).json()["media"]["status"] == 1
    assert client.delete(one).status_code == 204
    assert client.get(one).status_code == 404


def test_a_request_is_made_as_it_was_ordered(
    seerr: SeerrSimulator, client: httpx2.Client
) -> None:
    control = str(client.base_url).replace("/api/v1/", "/_simulator")
    order = {
        "type": "tv",
        "tmdb": 777,
        "name": "Harbour Watch",
        "user": "Ann",
        "status": "approved",
        "media_status": 4,
        "at": "2026-01-02T03:04:05Z",
        "seasons": [
            {"number": 1, "media_status": "available"},
            {"number": 2, "first_aired": "2026-11-01", "episodes": 3},
        ],
    }
    made = httpx2.post(f"{control}/request", json=order).json()["request"]
    row = client.get(f"/request/{made['id']}").json()
    assert row["createdAt"] == "2026-01-02T03:04:05.000Z"
    assert row["requestedBy"]["displayName"] == "Ann"
    assert [s["status"] for s in row["media"]["seasons"]] == [5]
    season = client.get("/tv/777/season/2").json()
    assert [e["airDate"] for e in season["episodes"]] == [
        "2026-11-01",
        "2026-11-08",
        "2026-11-15",
    ]
    bad = httpx2.post(f"{control}/request", json={"tmdb": 1, "status": "odd"})
    assert bad.status_code == 400
    assert "pending" in json.loads(bad.content)["detail"]


def test_a_row_of_another_seerr_can_be_ordered(
    seerr: SeerrSimulator, client: httpx2.Client
) -> None:
    row = client.get("/request/1").json()
    row |= {"title": "Brass Band", "requestedBy": {"displayName": "Bo"}}
    del row["id"]
    row["media"] |= {"tmdbId": 888, "status": 7}
    known = ("type", "status", "is4k", "createdAt", "title", "requestedBy", "media")
    control = str(client.base_url).replace("/api/v1/", "/_simulator")
    order = {name: row[name] for name in known}
    made = httpx2.post(f"{control}/request", json=order).json()["request"]
    again = client.get(f"/request/{made['id']}").json()
    assert again["media"]["tmdbId"] == 888
    assert again["status"] == row["status"]
    assert again["media"]["status"] == 7
    assert again["createdAt"] == row["createdAt"]
    assert client.get("/movie/888").json()["title"] == "Brass Band"


def test_overseerr_speaks_of_less() -> None:
    simulator = SeerrSimulator(WORLD, profile=Profile.OVERSEERR, base_path="/seerr")
    with serve_in_thread(simulator) as url:
        key = {"X-Api-Key": simulator.api_key}
        base = f"{url}/seerr/api/v1"
        public = httpx2.get(f"{base}/settings/public").json()
        assert "mediaServerType" not in public
        rows = httpx2.get(f"{base}/request?take=100", headers=key).json()["results"]
        assert {row["status"] for row in rows} == {1, 2, 3}
        assert 6 in {row["media"]["status"] for row in rows}
        assert 7 not in {row["media"]["status"] for row in rows}
        odd = httpx2.get(f"{base}/request?filter=deleted", headers=key)
        assert odd.status_code == 400
        assert httpx2.get(f"{url}/api/v1/status").status_code == 404


def test_six_thousand_requests_of_forty_users() -> None:
    simulator = SeerrSimulator(WORLD, crowd=Crowd(6000, 40))
    assert len(simulator.state.requests) == 6000
    assert len(simulator.state.users) == 40
