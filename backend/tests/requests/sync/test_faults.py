"""A Seerr that fails: requests are stale and say so, and nothing else changes."""

from typing import Any

import pytest
from media_server_simulators.faults import FaultKind
from tests.requests.sync.conftest import Desk
from tests.requests.sync.snapshots import snapshot

from zondarr.core.database import Database

FAULTS: dict[str, tuple[FaultKind, dict[str, Any], set[str]]] = {
    "slow": (FaultKind.LATENCY, {"value": 5_000}, {"server_timeout"}),
    "down": (FaultKind.DROP, {}, {"connection_lost", "unreachable"}),
    "starting": (FaultKind.STARTING, {}, {"connection_lost", "unreachable"}),
    "starting behind a proxy": (
        FaultKind.STARTING,
        {"value": "proxy"},
        {"unreachable"},
    ),
    "unavailable": (FaultKind.STATUS, {"value": 503}, {"starting"}),
    "broken": (FaultKind.STATUS, {"value": 500}, {"server_error"}),
    "a proxy's page": (FaultKind.HTML, {}, {"seerr_not_found"}),
    "cut answers": (FaultKind.TRUNCATE, {}, {"connection_lost", "bad_answer"}),
    "empty answers": (FaultKind.EMPTY, {}, {"seerr_not_found", "bad_answer"}),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_a_seerr_that_fails_changes_nothing_and_is_said_to_fail(
    desk: Desk, database: Database, name: str
) -> None:
    await desk.connect()
    before = await desk.synced()
    known = await snapshot(database)
    await desk.act("request", request=1, status="declined")
    kind, more, codes = FAULTS[name]
    desk.fail(kind, **more)
    run = await desk.sync()
    assert run["status"] == "failed"
    assert run["error_code"] in codes
    now = await desk.get()
    assert now["stale"]
    assert now["error_code"] == run["error_code"]
    assert "eerr" in now["error"]
    assert "edia server" not in now["error"]
    assert now["synced_at"] == before["synced_at"]
    assert await snapshot(database) == known
    desk.mend()
    mended = await desk.synced()
    assert (mended["stale"], mended["error_code"]) == (False, None)
    assert await snapshot(database) != known


async def test_a_list_that_is_suddenly_empty_or_far_shorter_stops_and_asks(
    desk: Desk, database: Database
) -> None:
    await desk.connect()
    before = await desk.synced()
    known = await snapshot(database)
    state = desk.seerr.simulator.state
    desk.fail(FaultKind.EMPTY, "/api/v1/request")
    assert (await desk.sync())["error_code"] == "requests_shrunken"
    desk.mend()
    for number in range(1, 14):
        state.remove_request(state.requests[number])
    run = await desk.sync()
    assert run["error_code"] == "requests_shrunken"
    assert "13 of 60" in run["detail"]
    assert await snapshot(database) == known
    assert (await desk.get())["stale"]
    confirmed = await desk.ask("POST", f"/runs/{run['id']}/confirm", 202)
    assert (await desk.ended(confirmed["run_id"]))["status"] == "succeeded"
    after = await desk.get()
    assert after["request_count"] == before["request_count"] - 13
    assert not after["stale"]


async def test_libraries_are_read_while_seerr_fails(desk: Desk) -> None:
    await desk.add_jellyfin()
    await desk.connect()
    desk.fail(FaultKind.HTML)
    started = await desk.ask("POST", "/catalogue/sync", 202, full=False)
    run = await desk.ended(started["run_id"])
    ends = {part["subject"]: part["status"] for part in run["parts"]}
    assert ends == {"Jellyfin": "succeeded", "Seerr": "failed"}
    assert run["error_code"] == "seerr_not_found"
    titles = await desk.browser.get("/api/v1/titles")
    assert titles.json()["total"] > 0


async def test_a_key_that_was_revoked_is_said_to_be_until_another_is_typed(
    desk: Desk,
) -> None:
    await desk.connect()
    await desk.synced()
    state = desk.seerr.simulator.state
    state.api_key = "another-key"
    assert (await desk.sync())["error_code"] == "api_key_rejected"
    assert (await desk.get())["error"].startswith("Seerr does not accept the key")
    await desk.connect()
    assert (await desk.get())["error_code"] is None
    await desk.synced()
