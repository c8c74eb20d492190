"""What is done with requests in Seerr, from here."""

from typing import Any

import httpx2
from media_server_simulators.faults import Fault, FaultKind
from tests.requests.sync.conftest import Desk

LIST = "/api/v1/requests"


async def rows(desk: Desk, **params: Any) -> list[Any]:
    answer = await desk.browser.get(LIST, params={"limit": 200, **params})
    assert answer.is_success, answer.text
    return answer.json()["items"]


async def do(
    desk: Desk, row: Any, action: str, *, dry_run: bool = False
) -> httpx2.Response:
    method = "DELETE" if action == "delete" else "POST"
    path = f"{LIST}/{row['id']}" + ("" if action == "delete" else f"/{action}")
    params = {"dry_run": "true"} if dry_run else {}
    return await desk.browser.request(method, path, params=params)


async def ask_seerr(desk: Desk, method: str, row: Any) -> httpx2.Response:
    url = f"{desk.seerr.url}/api/v1/request/{row['external_id']}"
    async with httpx2.AsyncClient() as http:
        key = {"X-Api-Key": desk.seerr.api_key}
        return await http.request(method, url, headers=key)


async def in_seerr(desk: Desk, row: Any) -> Any:
    """Its status in Seerr; None if it is gone."""
    answer = await ask_seerr(desk, "GET", row)
    return answer.json()["status"] if answer.is_success else None


async def pending(desk: Desk) -> list[Any]:
    """Waiting for approval; after a first sync."""
    await desk.connect()
    await desk.synced()
    return await rows(desk, state="awaiting_approval")


async def test_a_request_is_declined_approved_retried_and_deleted_in_seerr(
    desk: Desk,
) -> None:
    row = (await pending(desk))[0]
    assert {"approve", "decline", "delete"} == set(row["actions"])
    desk.asked()
    for action in ("approve", "decline", "delete"):
        preview = await do(desk, row, action, dry_run=True)
        assert preview.status_code == 200, preview.text
        body = preview.json()
        assert (body["dry_run"], body["state"]) == (True, "awaiting_approval")
        sentence = body["consequences"][0]["sentence"]
        assert (row["title"]["name"] or row["title"]["tmdb"]) in sentence
    assert desk.asked() == []
    assert await in_seerr(desk, row) == 1

    declined = await do(desk, row, "decline")
    assert declined.status_code == 200, declined.text
    assert declined.json()["state"] == "declined"
    assert await in_seerr(desk, row) == 3
    again = await do(desk, row, "decline")
    assert (again.status_code, again.json()["error_code"]) == (
        409,
        "request_action_not_possible",
    )
    approved = (await do(desk, row, "approve")).json()
    assert (approved["request_status"], await in_seerr(desk, row)) == (2, 2)
    assert approved["approved_at"] is not None
    if "retry" in approved["actions"]:
        retried = await do(desk, row, "retry")
        assert (retried.status_code, await in_seerr(desk, row)) == (200, 2)
    assert (await do(desk, row, "delete")).status_code == 204
    assert await in_seerr(desk, row) is None
    assert row["id"] not in {each["id"] for each in await rows(desk)}
    assert (await do(desk, row, "approve")).status_code == 404
    # A sync finds it as it is stored.
    run = await desk.sync()
    assert run["status"] == "succeeded"


async def test_an_answer_that_was_lost_is_read_again_and_a_failure_changes_nothing(
    desk: Desk,
) -> None:
    first, second, third, *_ = await pending(desk)
    faults = desk.seerr.simulator.faults
    faults.add(Fault("/api/v1/request", FaultKind.LOST_RESPONSE, method="POST"))
    lost = await do(desk, first, "approve")
    assert lost.status_code == 200, lost.text
    assert lost.json()["request_status"] == 2
    faults.remove()
    faults.add(Fault("/api/v1/request", FaultKind.LOST_RESPONSE, method="DELETE"))
    assert (await do(desk, second, "delete")).status_code == 204
    faults.remove()
    desk.fail(FaultKind.DROP)
    failed = await do(desk, third, "approve")
    assert failed.status_code == 504, failed.text
    assert failed.json()["error_code"]
    desk.mend()
    assert await in_seerr(desk, third) == 1
    (kept,) = [each for each in await rows(desk) if each["id"] == third["id"]]
    assert kept["state"] == "awaiting_approval"


async def test_what_seerr_does_not_have_any_more_is_said_and_leaves_the_list(
    desk: Desk,
) -> None:
    row = (await pending(desk))[0]
    assert (await ask_seerr(desk, "DELETE", row)).is_success
    answer = await do(desk, row, "approve")
    assert (answer.status_code, answer.json()["error_code"]) == (404, "request_gone")
    assert row["id"] not in {each["id"] for each in await rows(desk)}


async def test_many_are_done_one_by_one_and_those_that_failed_can_be_sent_again(
    desk: Desk,
) -> None:
    found = (await pending(desk))[:3]
    ids = [each["id"] for each in found]
    body = {"action": "approve", "request_ids": [*ids, ids[0]]}

    async def bulk(**params: Any) -> Any:
        answer = await desk.browser.post(f"{LIST}/bulk", json=body, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    preview = await bulk(dry_run=True)
    assert [each["status"] for each in preview["items"]] == ["would_be_done"] * 3
    assert [await in_seerr(desk, each) for each in found] == [1, 1, 1]
    number = found[1]["external_id"]
    desk.fail(FaultKind.STATUS, f"/api/v1/request/{number}/", value=500)
    some = await bulk()
    statuses = {each["request_id"]: each["status"] for each in some["items"]}
    assert list(statuses.values()) == ["done", "failed", "done"]
    assert (some["done"], some["failed"]) == (2, 1)
    assert some["items"][1]["error_code"]
    desk.mend()
    body["request_ids"] = [ids[1]]
    rest = await bulk()
    assert rest["items"][0]["status"] == "done"
    assert rest["items"][0]["request"]["request_status"] == 2
    assert [await in_seerr(desk, each) for each in found] == [2, 2, 2]
