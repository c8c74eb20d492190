"""The list of requests: filters, orders, pages, counts."""

from typing import Any

import pytest
from sqlalchemy import event
from tests.requests.conftest import Desk, days_ago
from tests.requests.drawn import Draw

from zondarr.catalogue.models import TitleKind
from zondarr.users.models import Identity


async def test_lists_are_filtered_sorted_and_counted_by_state(  # noqa: PLR0915
    desk: Desk,
) -> None:
    person = Identity(display_name="Ana's own name")
    await desk.store(person)
    await desk.requester("ana", identity_id=person.id)
    title_id = await desk.title(name="Zulu")
    here = await desk.ask(by="ana", asked=-10, title_id=title_id)
    old = await desk.ask(by="ben", asked=-500, name="Alpha")
    waits = await desk.ask(by="ben", asked=-5, request=1, name="Beta")
    show = await desk.ask(kind=TitleKind.SERIES, dates={}, name="Gamma")
    await desk.ask(missing_since=days_ago(1))

    async def found(**params: Any) -> list[int]:
        return [
            each["external_id"]
            for each in (await desk.get(limit=200, **params))["items"]
        ]

    assert await found() == [waits, here, show, old]
    assert await found(sort="requested") == [old, show, here, waits]
    assert await found(sort="title") == [old, waits, show, here]
    assert await found(sort="-requester") == [waits, old, here, show]
    assert await found(state=["stuck", "awaiting_approval"]) == [waits, old]
    assert await found(q="ALPH") == [old]
    assert await found(q="ana") == [here]
    assert await found(type="series") == [show]
    assert await found(title_id=str(title_id)) == [here]
    assert await found(identity_id=str(person.id)) == [here]
    assert await found(requested_by=str(desk.requesters["ben"])) == [waits, old]
    page = await desk.get(state="stuck", requested_by=str(desk.requesters["ben"]))
    assert page["total"] == 1
    counts = {state: n for state, n in page["states"].items() if n}
    assert counts == {"stuck": 1, "awaiting_approval": 1}
    row = await desk.one(here)
    assert row["requester"]["identity"] == "Ana's own name"
    assert row["title"]["name"] == "Zulu"
    assert row["url"] == f"http://seerr:5055/base/movie/{here}"
    wrong = await desk.browser.get("/api/v1/requests", params={"sort": "colour"})
    assert wrong.status_code == 400
    unknown = await desk.browser.get("/api/v1/requests", params={"state": "lost"})
    assert unknown.status_code == 400


@pytest.mark.parametrize("sort", ["-requested", "title", "requester"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_pages_have_every_request_once(desk: Desk, sort: str) -> None:
    for number in range(7):
        await desk.ask(by="ana" if number % 2 else "ben", asked=-number // 2)
    seen: list[int] = []
    cursor: str | None = None
    while True:
        params = {"cursor": cursor} if cursor else {}
        page = await desk.get(limit=3, sort=sort, **params)
        seen += [each["external_id"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(desk.ids)
    whole = await desk.get(limit=200, sort=sort)
    assert seen == [each["external_id"] for each in whole["items"]]
    other = await desk.browser.get(
        "/api/v1/requests", params={"sort": "modified", "cursor": cursor or "x"}
    )
    assert other.status_code == 400


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_all_of_six_thousand_requests_are_listed_in_few_queries(
    desk: Desk,
) -> None:
    draw = Draw(1)
    for number in range(6000):
        draw.request(number)
    async with desk.database.scoped(desk.workspace_id) as session:
        del draw.rows[next(iter(draw.rows))][:]
        for rows in draw.rows.values():
            for row in rows:
                if "server_id" in row:
                    row["server_id"] = desk.server_id
        await draw.store(session)
    queries = 0

    def count(*_: object) -> None:
        nonlocal queries
        queries += 1

    async def of_a_page(limit: int) -> tuple[Any, int]:
        nonlocal queries
        queries = 0
        return await desk.get(limit=limit), queries

    engine = desk.database.reader.sync_engine
    event.listen(engine, "before_cursor_execute", count)
    first, _ = await of_a_page(200)
    few, of_few = await of_a_page(5)
    many, of_many = await of_a_page(200)
    event.remove(engine, "before_cursor_execute", count)
    assert first["total"] == sum(first["states"].values()) == 6000
    assert (len(few["items"]), len(many["items"])) == (5, 200)
    assert 0 < of_few == of_many
