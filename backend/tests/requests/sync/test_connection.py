"""Connecting a Seerr: proven before it is stored, and its key stays here."""

import pytest
from media_server_simulators.faults import FaultKind
from media_server_simulators.seerr import Profile
from sqlalchemy import select
from tests.requests.sync.conftest import REQUESTS, Desk
from tests.simulated import playing_seerr, until

from zondarr.core.database import Database
from zondarr.requests.models import MediaRequest, Requester, RequestPage, RequestServer

NOT_CONNECTED = {"connected": False, "url": None, "api_key_set": False, "stale": False}


async def test_there_is_none_until_one_is_connected(desk: Desk) -> None:
    assert (await desk.get()).items() >= NOT_CONNECTED.items()
    for method, path in (("POST", "/sync"), ("POST", "/test"), ("DELETE", "")):
        answer = await desk.browser.request(method, f"/api/v1/integrations/seerr{path}")
        assert answer.status_code == 409
        assert answer.json()["error_code"] == "seerr_not_connected"
    assert (await desk.get("/users"))["items"] == []
    keyless = await desk.ask("PUT", status=400, url=desk.seerr.url)
    assert [each["field"] for each in keyless["fields"]] == ["api_key"]


@pytest.mark.parametrize("profile", Profile)
async def test_the_products_are_told_apart_also_behind_a_base_path(
    desk: Desk, profile: Profile
) -> None:
    async with playing_seerr(profile, base_path="/requests", requests=3) as seerr:
        found = await desk.ask("PUT", url=seerr.url + "/", api_key=seerr.api_key)
        assert (found["product"], found["version"]) == (profile, profile.version)
        assert (found["url"], found["api_key_set"]) == (seerr.url, True)
        assert (await desk.synced())["request_count"] == 3
        tested = await desk.ask("POST", "/integrations/seerr/test")
        assert tested["product"] == profile


async def test_a_wrong_key_is_not_stored(desk: Desk) -> None:
    refused = await desk.ask("PUT", status=400, url=desk.seerr.url, api_key="wrong")
    assert refused["error_code"] == "api_key_rejected"
    assert [each["field"] for each in refused["fields"]] == ["api_key"]
    assert "Seerr does not accept the key" in refused["detail"]
    assert (await desk.get())["connected"] is False


async def test_what_is_no_seerr_is_not_stored(desk: Desk) -> None:
    jellyfin = {"url": desk.jellyfin_url, "api_key": "any"}
    refused = await desk.ask("PUT", status=400, **jellyfin)
    assert refused["error_code"] == "seerr_not_found"
    assert [each["field"] for each in refused["fields"]] == ["url"]
    desk.fail(FaultKind.HTML)
    refused = await desk.ask("PUT", status=400, url=desk.seerr.url, api_key="any")
    assert refused["error_code"] == "seerr_not_found"


async def test_the_key_is_typed_again_for_another_host_and_never_shown(
    desk: Desk, database: Database
) -> None:
    await desk.connect()
    async with playing_seerr(requests=3) as other:
        refused = await desk.ask("PUT", status=400, url=other.url)
        assert refused["error_code"] == "api_key_needed"
        assert other.simulator.journal.entries == []
        tested = await desk.browser.post(
            "/api/v1/integrations/seerr/test", json={"url": other.url}
        )
        assert tested.json()["error_code"] == "api_key_needed"
    same = await desk.ask("PUT", url=desk.seerr.url)
    assert same["connected"]
    assert desk.seerr.api_key not in str(same)
    async with database.unscoped("command line", reading=True) as session:
        (row,) = await session.scalars(select(RequestServer))
    assert row.api_key.startswith("z1.")


async def test_another_address_is_read_anew_and_what_is_known_stays_until_then(
    desk: Desk,
) -> None:
    await desk.connect()
    before = await desk.synced()
    async with playing_seerr(requests=58) as other:
        await desk.ask("PUT", url=other.url, api_key=other.api_key)
        moved = await desk.get()
        assert moved["request_count"] == before["request_count"]
        assert moved["full_synced_at"] is None
        run = await desk.sync()
        assert run["error_code"] == "requests_shrunken"
        assert (await desk.get())["request_count"] == before["request_count"]
        confirmed = await desk.ask("POST", f"/runs/{run['id']}/confirm", 202)
        assert (await desk.ended(confirmed["run_id"]))["status"] == "succeeded"
        assert (await desk.get())["request_count"] == 58


@pytest.mark.parametrize("change", ["removed", "moved"])
async def test_a_sync_ends_when_the_connection_changes_under_it(
    desk: Desk, change: str
) -> None:
    await desk.connect()
    desk.fail(FaultKind.LATENCY, "/api/v1/request", value=400)
    answer = await desk.browser.post("/api/v1/integrations/seerr/sync")
    run_id = answer.json()["run_id"]
    await until(lambda: "/request" in desk.asked())
    if change == "removed":
        await desk.ask("DELETE", status=204)
        code, requests = "not_found", 0
    else:
        same = f"{desk.seerr.url}/".replace("127.0.0.1", "localhost")
        await desk.ask("PUT", url=same, api_key=desk.seerr.api_key)
        code, requests = "server_changed", 0
    run = await desk.ended(run_id)
    assert (run["status"], run["error_code"]) == ("failed", code)
    assert (await desk.get())["request_count"] == requests
    desk.mend()
    await desk.connect()
    assert (await desk.synced())["request_count"] == REQUESTS


async def test_removing_it_says_what_goes_and_takes_it_all(
    desk: Desk, database: Database
) -> None:
    await desk.add_jellyfin()
    await desk.connect()
    found = await desk.synced()
    preview = await desk.browser.delete(
        "/api/v1/integrations/seerr", params={"dry_run": True}
    )
    counts = {each["kind"]: each["count"] for each in preview.json()["consequences"]}
    assert counts["requests"] == found["request_count"]
    assert counts["requesters"] == found["requester_count"]
    assert (await desk.get())["connected"]
    desk.asked()
    await desk.ask("DELETE", status=204)
    assert desk.asked() == []
    assert (await desk.get()).items() >= NOT_CONNECTED.items()
    async with database.unscoped("command line", reading=True) as session:
        for table in (MediaRequest, Requester, RequestPage, RequestServer):
            assert (await session.scalars(select(table))).all() == []
