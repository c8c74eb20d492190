"""Whatever is asked of a list, it is answered or refused, and nothing breaks."""

import base64
import json
from typing import Any
from uuid import uuid4

import httpx2
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

LISTS = {
    "/api/v1/servers": ["name", "created_at"],
    "/api/v1/identities": ["display_name", "created_at", "expires_at"],
    "/api/v1/users": ["username", "created_at"],
    "/api/v1/invitations": ["code", "created_at", "use_count"],
}
LAST, FIRST = "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
moments = st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat())
values = words | st.integers() | moments | st.sampled_from([LAST, FIRST])


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(path=st.sampled_from(sorted(LISTS)), descending=st.booleans(), data=st.data())
async def test_a_cursor_of_anyones_making_breaks_nothing(
    browser: httpx2.AsyncClient, path: str, descending: bool, data: st.DataObject
) -> None:
    sort = "-" * descending + data.draw(st.sampled_from(LISTS[path]))
    cursor = json.dumps([sort, data.draw(values), str(uuid4())]).encode()
    query = {"sort": sort, "cursor": base64.urlsafe_b64encode(cursor).decode()}
    answer = await browser.get(path, params=query)
    assert answer.status_code in {200, 400}, answer.text


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(q=words, moment=moments | words)
@example(q="\0", moment=LAST)
@example(q="%", moment=FIRST)
async def test_any_filter_is_answered_or_refused(
    browser: httpx2.AsyncClient, q: str, moment: str
) -> None:
    query: dict[str, Any] = {"q": q, "expiring_before": moment}
    answer = await browser.get("/api/v1/identities", params=query)
    assert answer.status_code in {200, 400}, answer.text
