"""The insight about requests: its list, its numbers, and what is protected from it."""

from typing import Any

import httpx2
import pytest
from tests.requests.conftest import Desk, days_ago

from zondarr.catalogue.models import TitleKind

FUTURE = {"released_on": 30}
LATELY = {"released_on": -10}


async def stuck(desk: Desk, **params: Any) -> Any:
    answer = await desk.browser.get("/api/v1/insights/stuck", params=params)
    assert answer.is_success, answer.text
    return answer.json()


async def numbers(desk: Desk, **params: Any) -> list[int]:
    return [
        each["request"]["external_id"]
        for each in (await stuck(desk, limit=200, sort="requested", **params))["items"]
    ]


async def amount(desk: Desk, **params: Any) -> dict[str, Any]:
    answer = await desk.browser.get("/api/v1/insights/summary", params=params)
    return next(e for e in answer.json()["items"] if e["insight"] == "stuck")


async def protect(desk: Desk, **body: Any) -> httpx2.Response:
    return await desk.browser.post("/api/v1/protections", json=body)


async def test_stuck_failed_gone_and_what_waits_for_approval_too_long_are_listed(
    desk: Desk,
) -> None:
    ask = desk.ask
    found = [
        await ask(asked=-500),
        await ask(asked=-450, request=4),
        await ask(asked=-430, media=7),
        await ask(asked=-8, request=1),
    ]
    await ask(asked=-6, request=1)
    await ask(dates=FUTURE)
    await ask(dates=LATELY)
    unknown = await ask(dates={})
    await ask(media=5)
    page = await stuck(desk, sort="requested")
    assert [row["request"]["external_id"] for row in page["items"]] == found
    assert (page["total"], page["undecided"]) == (4, 1)
    assert page["states"]["stuck"] == page["states"]["awaiting_approval"] == 1
    assert await numbers(desk, verdict="undecided") == [unknown]
    row = page["items"][0]
    assert row["title"]["id"] is None
    assert row["title"]["name"] == "Title 1"
    assert row["reason"] == row["request"]["reason"]
    summed = await amount(desk)
    assert (summed["findings"], summed["undecided"], summed["protected"]) == (4, 1, 0)
    assert await numbers(desk, awaiting_approval_days=9) == found[:3]


async def test_what_is_not_out_yet_or_came_out_lately_is_shown_on_demand(
    desk: Desk,
) -> None:
    old = await desk.ask()
    future = await desk.ask(dates=FUTURE, asked=-300)
    show = TitleKind.SERIES
    season = {1: {"first": 30, "last": 90, "episodes": 8}}
    later = await desk.ask(kind=show, seasons=season, asked=-200)
    lately = await desk.ask(dates=LATELY, asked=-100)
    assert await numbers(desk) == [old]
    assert await numbers(desk, show_future=True) == [old, future, later]
    assert await numbers(desk, hide_recent_releases=False) == [old, lately]
    assert (await amount(desk, show_future=True))["findings"] == 3
    stored = {"show_future": True, "stuck_after_days": 5}
    changed = await desk.browser.patch("/api/v1/settings", json=stored)
    assert changed.is_success, changed.text
    assert await numbers(desk) == [old, future, later, lately]
    assert (await stuck(desk))["policy"]["stuck_after_days"] == 5
    assert (await desk.states())[lately] == "stuck"


async def test_a_protected_request_is_hidden_until_the_protection_ends(
    desk: Desk,
) -> None:
    number, other = await desk.ask(asked=-500), await desk.ask()
    scope = {"request_id": str(desk.ids[number])}
    made = await protect(desk, scope=scope, preset="ignore_request")
    assert made.status_code == 201, made.text
    assert made.json()["request"]["name"] == "Title 1"
    assert made.json()["insight"] == "stuck"
    assert (
        await protect(desk, scope=scope, preset="ignore_request")
    ).status_code == 409
    assert await numbers(desk) == [other]
    assert await numbers(desk, verdict="protected") == [number]
    assert (await amount(desk))["protected"] == 1
    row = await desk.one(number)
    assert (row["state"], row["protection"]["preset"]) == ("stuck", "ignore_request")
    path = f"/api/v1/protections/{made.json()['id']}"
    ended = {"expires_at": days_ago(1).isoformat()}
    assert (await desk.browser.patch(path, json=ended)).is_success
    assert await numbers(desk) == [number, other]
    assert (await desk.browser.patch(path, json={"expires_at": None})).is_success
    assert await numbers(desk) == [other]
    assert (await desk.browser.delete(path)).status_code == 204
    assert await numbers(desk) == [number, other]
    assert (await desk.one(number))["protection"] is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_protected_title_hides_its_requests_and_other_insights_find_none(
    desk: Desk,
) -> None:
    title_id = await desk.title(listed=False, missing_since=days_ago(500))
    number = await desk.ask(title_id=title_id)
    assert await numbers(desk) == [number]
    scope = {"title_id": str(title_id)}
    assert (await protect(desk, scope=scope, insight="large")).is_success
    assert await numbers(desk) == [number]
    assert (await protect(desk, scope=scope)).is_success
    assert await numbers(desk) == []
    why = await desk.browser.get(f"/api/v1/titles/{title_id}/why")
    (own,) = [each for each in why.json()["items"] if each["insight"] == "stuck"]
    assert (own["verdict"], own["reason"]["code"]) == ("finding", "stuck")
    assert own["protection"] is not None
    wrong = {"request_id": str(desk.ids[number])}
    refused = await protect(desk, scope=wrong, insight="large")
    assert refused.status_code == 400
    assert refused.json()["fields"][0]["field"] == "insight"
