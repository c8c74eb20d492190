"""Filters and orders of the activity log, most of them new in 12.0."""

from datetime import UTC, datetime

import httpx2
import pytest

from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.jellyfin.activity import note

ANN = "a" * 32


def with_log(version: str) -> JellyfinSimulator:
    simulator = JellyfinSimulator(make_world(items=0, people=0), version=version)
    state = simulator.state
    admin = next(iter(state.users))
    for month, kind, name, user, severity in (
        (1, "UserCreated", "one", admin, "Information"),
        (2, "AuthenticationFailed", "Three", ANN, "Error"),
        (3, "UserDeleted", "two", "0" * 32, "Information"),
    ):
        at = datetime(2026, month, 1, tzinfo=UTC)
        note(state, kind, name, user_id=user, severity=severity, at=at)
    return simulator


async def names(simulator: JellyfinSimulator, query: str) -> list[str] | int:
    transport = httpx2.ASGITransport(simulator.app)
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://server"
    ) as http:
        answer = await http.get(
            f"/System/ActivityLog/Entries?{query}",
            headers={"Authorization": f'MediaBrowser Token="{simulator.api_key}"'},
        )
    if answer.status_code != 200:
        return answer.status_code
    return [each["Name"] for each in answer.json()["Items"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["two", "Three", "one"]),
        ("limit=-1&startIndex=-1", ["two", "Three", "one"]),
        ("startIndex=1&limit=1", ["Three"]),
        ("sortBy=DateCreated", ["one", "Three", "two"]),
        ("sortOrder=Ascending", ["two", "Three", "one"]),
        (
            "sortBy=LogSeverity&sortBy=Name&sortOrder=Descending",
            ["Three", "two", "one"],
        ),
        ("sortBy=Username&sortOrder=Descending", ["one", "two", "Three"]),
        ("sortBy=Name&sortOrder=Ascending&sortOrder=Descending", 500),
        ("sortBy=Name,Type", 400),
        ("severity=Error", ["Three"]),
        ("severity=Loud", 400),
        ("type=user", ["two", "one"]),
        ("name=T", ["two", "Three"]),
        ("username=dmi", ["one"]),
        ("hasUserId=true&maxDate=2026-01-15", ["one"]),
    ],
)
async def test_what_is_read_of_the_log(query: str, found: list[str] | int) -> None:
    assert await names(with_log("12.0.0"), query) == found


async def test_an_older_server_knows_none_of_it() -> None:
    query = "type=user&username=dmi&sortBy=Name"
    assert await names(with_log("10.11.11"), query) == ["two", "Three", "one"]
