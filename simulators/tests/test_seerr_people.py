"""Who has an account on a simulated Seerr, and how they come to it."""

from collections.abc import Generator
from dataclasses import dataclass

import httpx2
import pytest

from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.plex import PlexWorld
from media_server_simulators.seerr import SeerrSimulator, Start
from media_server_simulators.seerr.furnishing import Crowd
from media_server_simulators.server import serve_in_thread

WORLD = make_world(items=20, people=4)
PASSWORD = "Guest-Passw0rd"
ADMIN = {"username": "admin", "password": "Admin-Passw0rd"}


@dataclass(frozen=True)
class Household:
    seerr: SeerrSimulator
    jellyfin: JellyfinSimulator
    place: dict[str, object]
    client: httpx2.Client

    def use_key(self) -> None:
        self.client.headers["X-Api-Key"] = self.seerr.api_key


@pytest.fixture
def new() -> Generator[Household]:
    """A Seerr that nobody has set up, beside a Jellyfin."""
    seerr, jellyfin = SeerrSimulator(WORLD, start=Start.FRESH), JellyfinSimulator(WORLD)
    with (
        serve_in_thread(seerr) as url,
        serve_in_thread(jellyfin) as jellyfin_url,
        httpx2.Client(base_url=f"{url}/api/v1") as client,
    ):
        port = int(jellyfin_url.rpartition(":")[2])
        place: dict[str, object] = {"hostname": "127.0.0.1", "port": port}
        yield Household(seerr, jellyfin, place, client)


def test_the_first_to_sign_in_sets_it_up(new: Household) -> None:
    client = new.client
    assert client.get("/settings/public").json()["mediaServerType"] == 4
    lost = client.post(
        "/auth/jellyfin", json=ADMIN | {"hostname": "127.0.0.1", "port": 1}
    )
    assert (lost.status_code, lost.json()) == (404, {"message": "INVALID_URL"})
    wrong = client.post("/auth/jellyfin", json=ADMIN | new.place | {"password": "x"})
    assert (wrong.status_code, wrong.json()["message"]) == (401, "INVALID_CREDENTIALS")
    owner = client.post("/auth/jellyfin", json=ADMIN | new.place)
    assert owner.json()["permissions"] == 2
    assert client.get("/settings/main").json()["apiKey"] == new.seerr.api_key
    libraries = client.get("/settings/jellyfin/library", params={"sync": "true"}).json()
    assert [each["name"] for each in libraries] == ["Movies", "Shows"]
    assert client.post("/settings/initialize").json() == {"initialized": True}
    assert client.get("/settings/public").json()["mediaServerType"] == 2


def test_a_key_used_first_sets_it_up_as_well(new: Household) -> None:
    new.use_key()
    assert new.client.get("/auth/me").json()["jellyfinUsername"] == "admin"
    assert new.client.get("/request").json()["pageInfo"]["results"] == 0


def test_one_that_nobody_has_signed_in_to_is_set_up_anew(new: Household) -> None:
    seerr = SeerrSimulator(WORLD, crowd=Crowd(0, 1), start=Start.UNCLAIMED)
    with (
        serve_in_thread(seerr) as url,
        httpx2.Client(base_url=f"{url}/api/v1") as client,
    ):
        assert client.get("/settings/public").json()["initialized"] is True
        key = {"X-Api-Key": seerr.api_key}
        assert client.get("/auth/me", headers=key).status_code == 200
        own = ADMIN | new.place | {"email": "owner@example.org"}
        assert client.post("/auth/jellyfin", json=own).json()["id"] == 1
        me = client.get("/auth/me", headers=key).json()
        assert me["email"] == "owner@example.org"
        assert client.post("/auth/jellyfin", json=own).status_code == 500


def test_a_scan_finds_what_the_jellyfin_has(new: Household) -> None:
    new.use_key()
    asked = {"mediaType": "movie", "mediaId": 900_003}
    assert new.client.post("/request", json=asked).json()["media"]["status"] == 2
    key = new.jellyfin.api_key
    new.seerr.connect(f"http://127.0.0.1:{new.place['port']}", key)
    _ = new.client.post("/settings/jellyfin/sync", json={"start": True})
    row = new.client.get("/request/1").json()
    assert (row["status"], row["media"]["status"]) == (5, 5)
    assert row["media"]["mediaAddedAt"] < row["createdAt"]
    media = new.client.get("/media", params={"take": 100}).json()
    assert media["pageInfo"]["results"] == 11  # ten films and a show
    assert {each["status"] for each in media["results"]} == {5}


def test_people_of_the_jellyfin_are_imported_once(new: Household) -> None:
    new.use_key()
    known = new.client.get("/settings/jellyfin/users").json()
    ids = [each["id"] for each in known if each["username"] != "admin"][:2]
    imported = "/user/import-from-jellyfin"
    first = new.client.post(imported, json={"jellyfinUserIds": ids})
    assert first.status_code == 201
    assert [each["jellyfinUserId"] for each in first.json()] == ids
    assert new.client.post(imported, json={"jellyfinUserIds": ids}).json() == []
    unknown = new.client.post(imported, json={"jellyfinUserIds": ["0" * 32]}).json()
    assert unknown[0]["jellyfinUsername"] is None
    assert new.client.post(imported, json={}).status_code == 500


def test_only_those_whom_plex_lets_in_are_imported(new: Household) -> None:
    new.use_key()
    new.seerr.connect_plex(PlexWorld(WORLD))
    assert new.client.post("/user/import-from-plex", json={}).json() == []


def test_a_local_user_signs_in_and_sees_their_own() -> None:
    seerr = SeerrSimulator(WORLD, crowd=Crowd(requests=0, users=1))
    with (
        serve_in_thread(seerr) as url,
        httpx2.Client(base_url=f"{url}/api/v1") as client,
    ):
        key = {"X-Api-Key": seerr.api_key}
        new = {"email": "Ann@example.org", "username": "Ann", "password": PASSWORD}
        assert client.post("/user", json=new, headers=key).status_code == 201
        twice = client.post("/user", json=new, headers=key)
        assert (twice.status_code, twice.json()["errors"]) == (409, ["USER_EXISTS"])
        wrong = {"email": "ann@example.org", "password": "wrong"}
        assert client.post("/auth/local", json=wrong).status_code == 403
        right = wrong | {"password": PASSWORD}
        assert client.post("/auth/local", json=right).json()["id"] == 2
        film = {"mediaType": "movie", "mediaId": 100_100}
        assert client.post("/request", json=film).json()["status"] == 1
        other = {"mediaType": "movie", "mediaId": 100_101, "is4k": False}
        assert client.post("/request", json=other, headers=key).status_code == 201
        again = client.post("/request", json=other, headers=key)
        assert again.status_code == 409
        assert client.get("/request").json()["pageInfo"]["results"] == 1
        assert client.post("/request/1/approve").status_code == 403
        assert client.get("/settings/main").status_code == 403
        assert "email" not in client.get("/user").json()["results"][0]


def test_a_deleted_user_takes_their_requests_along() -> None:
    seerr = SeerrSimulator(WORLD, crowd=Crowd(requests=0, users=3))
    with (
        serve_in_thread(seerr) as url,
        httpx2.Client(
            base_url=f"{url}/api/v1", headers={"X-Api-Key": seerr.api_key}
        ) as client,
    ):
        film = {"mediaType": "movie", "mediaId": 100_100, "userId": 2}
        _ = client.post("/request", json=film)
        gone = client.delete("/user/2")
        assert gone.status_code == 200
        assert len(gone.json()["requests"]) == 1
        assert client.get("/request").json()["pageInfo"]["results"] == 0
        info = client.get("/movie/100100").json()["mediaInfo"]
        assert (info["status"], info["requests"]) == (1, [])
        assert client.delete("/user/2").status_code == 404
        assert client.delete("/user/1").status_code == 405
