"""Media servers over HTTP, with the whole program behind it."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx2
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator

SERVERS = "/api/v1/servers"
FIELDS = {
    "id", "name", "server_type", "url", "public_url", "enabled", "api_key_set", "state",
    "checked_at", "seen_at", "version", "libraries_synced_at", "created_at",
    "updated_at",
}  # fmt: skip


def fields_of(answer: httpx2.Response) -> set[str]:
    return {problem["field"] for problem in answer.json()["fields"]}


async def add(
    browser: httpx2.AsyncClient, url: str, simulator: JellyfinSimulator
) -> dict[str, Any]:
    body = {"name": "Attic", "url": url, "api_key": simulator.api_key}
    answer = await browser.post(SERVERS, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_server_from_its_test_to_its_end(
    browser: httpx2.AsyncClient, url: str, simulator: JellyfinSimulator
) -> None:
    found = await browser.post(
        f"{SERVERS}/test", json={"url": url, "api_key": simulator.api_key}
    )
    assert found.status_code == 200
    assert found.json()["server_type"] == "jellyfin"
    assert len(found.json()["libraries"]) == 4

    server = await add(browser, url, simulator)
    assert set(server) == FIELDS
    assert (server["state"], server["api_key_set"]) == ("ok", True)
    one = f"{SERVERS}/{server['id']}"
    assert (await browser.get(one)).json() == server
    listed = (await browser.get(SERVERS, params={"q": "att"})).json()
    assert (listed["items"], listed["total"]) == ([server], 1)
    libraries = (await browser.get(f"{one}/libraries")).json()
    assert libraries["total"] == 4
    assert libraries["items"][0]["media_server_id"] == server["id"]

    renamed = await browser.patch(one, json={"name": "Cellar", "enabled": False})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "Cellar")
    assert (await browser.post(f"{one}/sync")).json()["error_code"] == "server_disabled"

    preview = await browser.delete(one, params={"dry_run": "true"})
    assert preview.status_code == 200
    counts = {each["kind"]: each["count"] for each in preview.json()["consequences"]}
    assert counts == {
        "libraries": 4,
        "users": 0,
        "identities": 0,
        "invitations": 0,
        "redemptions": 0,
        "leftovers": 0,
    }
    gone = await browser.delete(one)
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await browser.get(one)).status_code == 404
    assert (await browser.delete(one)).status_code == 404


async def test_a_sync_is_followed_to_its_end(
    browser: httpx2.AsyncClient, url: str, simulator: JellyfinSimulator
) -> None:
    server = await add(browser, url, simulator)
    simulator.state.folders.pop()
    begun = await browser.post(f"{SERVERS}/{server['id']}/sync")
    assert begun.status_code == 202
    run = await _ended(browser, begun.json()["run_id"])
    assert run["status"] == "succeeded", run
    assert "libraries: 1 missing" in run["progress"]["message"]

    simulator.faults.add(Fault("/", FaultKind.DROP, endless=True))
    begun = await browser.post(f"{SERVERS}/{server['id']}/sync")
    run = await _ended(browser, begun.json()["run_id"])
    assert run["status"] == "failed"
    assert run["error_code"] == "connection_lost"
    assert "Attic" in run["detail"]


async def test_what_was_typed_wrong_is_named(
    browser: httpx2.AsyncClient, url: str, simulator: JellyfinSimulator
) -> None:
    body = {"name": "Attic", "url": url, "api_key": simulator.api_key}
    for change, status, code, fields in (
        ({"api_key": "0" * 32}, 400, "api_key_rejected", {"api_key"}),
        ({"url": "ftp://x"}, 400, "validation_error", {"url"}),
        ({"server_type": "plex"}, 400, "not_this_type", {"url"}),
        ({"name": " "}, 400, "validation_error", {"name"}),
        ({"color": "red"}, 400, "validation_error", {"color"}),
    ):
        answer = await browser.post(SERVERS, json=body | change)
        assert (answer.status_code, answer.json()["error_code"]) == (status, code)
        assert fields_of(answer) == fields
    nowhere = await browser.post(SERVERS, json=body | {"url": "http://127.0.0.1:1"})
    assert nowhere.status_code == 504
    assert (await browser.get(SERVERS)).json()["total"] == 0


async def test_an_address_is_repaired_and_shown(
    browser: httpx2.AsyncClient, url: str, simulator: JellyfinSimulator
) -> None:
    pasted = f"  {url.removeprefix('http://')}/web/index.html#!/home "
    key = {"api_key": simulator.api_key}
    found = await browser.post(f"{SERVERS}/test", json=key | {"url": pasted})
    assert (found.status_code, found.json()["url"]) == (200, url)
    body = {"name": "Attic", "url": pasted, "public_url": "Films.Example.org/web/"}
    made = await browser.post(SERVERS, json=key | body)
    assert (made.status_code, made.json()["url"]) == (201, url)
    assert made.json()["public_url"] == "https://films.example.org"
    one = f"{SERVERS}/{made.json()['id']}"
    # The same address needs no key, however it is spelled.
    same = await browser.patch(one, json={"url": f"{url.upper()}/Web/"})
    assert (same.status_code, same.json()["url"]) == (200, url)
    assert same.json()["public_url"] == "https://films.example.org"
    found = await browser.get(SERVERS, params={"q": "FILMS.ex"})
    assert found.json()["total"] == 1
    for wrong in ("ftp://x", "http://me:pw@x", "x/?a=1", "http://x y", "x:99999"):
        refused = await browser.patch(one, json={"public_url": wrong})
        assert (refused.status_code, fields_of(refused)) == (400, {"public_url"})
        assert "pw" not in refused.text
        refused = await browser.post(f"{SERVERS}/test", json=key | {"url": wrong})
        assert (refused.status_code, fields_of(refused)) == (400, {"url"})
    cleared = await browser.patch(one, json={"public_url": None})
    assert (cleared.status_code, cleared.json()["public_url"]) == (200, None)


async def test_a_changed_host_needs_the_key_again(
    browser: httpx2.AsyncClient, url: str, simulator: JellyfinSimulator
) -> None:
    server = await add(browser, url, simulator)
    moved = await browser.patch(
        f"{SERVERS}/{server['id']}", json={"url": "http://elsewhere.test"}
    )
    assert (moved.status_code, fields_of(moved)) == (400, {"api_key"})


async def test_a_stored_server_is_tested_and_its_state_follows(
    browser: httpx2.AsyncClient, url: str, simulator: JellyfinSimulator
) -> None:
    server = await add(browser, url, simulator)
    one = f"{SERVERS}/{server['id']}"
    assert (await browser.post(f"{one}/test")).json()["name"] == "Living Room"
    simulator.faults.add(Fault("/", FaultKind.STARTING, endless=True))
    starting = await browser.post(f"{one}/test")
    assert (starting.status_code, starting.json()["error_code"]) == (504, "starting")
    assert (await browser.get(one)).json()["state"] == "starting"


async def test_no_answer_holds_the_key(
    browser: httpx2.AsyncClient, url: str, simulator: JellyfinSimulator
) -> None:
    server = await add(browser, url, simulator)
    one = f"{SERVERS}/{server['id']}"
    answers = [
        await browser.get(SERVERS),
        await browser.get(one),
        await browser.patch(one, json={"api_key": simulator.api_key}),
        await browser.post(f"{one}/test"),
        await browser.delete(one, params={"dry_run": "true"}),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert simulator.api_key not in answer.text
        assert "z1." not in answer.text


async def test_the_types_of_server_say_what_they_can_do(
    browser: httpx2.AsyncClient,
) -> None:
    types = {
        one["type"]: one for one in _items(await browser.get("/api/v1/server-types"))
    }
    assert types["jellyfin"]["label"] == "Jellyfin"
    assert "set_password" in types["jellyfin"]["capabilities"]
    assert "can_download" in types["jellyfin"]["permissions"]
    assert "allowed_labels" not in types["jellyfin"]["permissions"]
    assert "enable_disable_user" not in types["plex"]["capabilities"]
    assert set(types["plex"]["permissions"]) == {
        "can_download",
        "can_watch_live_tv",
        "can_use_channels",
        "allowed_ratings",
        "allowed_labels",
    }
    assert types["jellyfin"]["user_types"] == []
    assert types["plex"]["user_types"] == ["friend", "home"]


async def test_what_is_not_there_is_not_found(browser: httpx2.AsyncClient) -> None:
    one = f"{SERVERS}/{uuid4()}"
    answers = [
        await browser.get(one),
        await browser.patch(one, json={"name": "x"}),
        await browser.delete(one),
        await browser.delete(one, params={"dry_run": "true"}),
        await browser.post(f"{one}/test"),
        await browser.post(f"{one}/sync"),
        await browser.get(f"{one}/libraries"),
    ]
    assert {answer.status_code for answer in answers} == {404}


def _items(answer: httpx2.Response) -> list[dict[str, Any]]:
    return answer.json()["items"]


async def _ended(browser: httpx2.AsyncClient, run_id: str) -> dict[str, Any]:
    async with asyncio.timeout(10):
        while True:
            run = (await browser.get(f"/api/v1/runs/{run_id}")).json()
            if run.get("finished_at"):
                return run
            await asyncio.sleep(0.05)
