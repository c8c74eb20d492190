"""The settings of a workspace, through the HTTP interface."""

from typing import Any

import httpx2
import pytest
from tests.catalogue.conftest import Cinema

GIB = 2**30


async def values(cinema: Cinema) -> dict[str, Any]:
    return {e["name"]: e["value"] for e in (await cinema.get("/settings"))["items"]}


async def change(
    cinema: Cinema, /, *, reset: str | None = None, **body: Any
) -> httpx2.Response:
    params = {"reset": reset} if reset else {}
    return await cinema.browser.patch("/api/v1/settings", json=body, params=params)


async def test_each_setting_has_a_default_a_range_and_a_unit_and_is_reset_by_name(
    cinema: Cinema,
) -> None:
    shown = {e["name"]: e for e in (await cinema.get("/settings"))["items"]}
    assert {name: each["default"] for name, each in shown.items()} == {
        "sync_hour": 4,
        "min_age_days": 90,
        "unwatched_after_days": 120,
        "favourites_count": True,
        "large_movie_bytes": 13 * GIB,
        "large_season_bytes": 15 * GIB,
        "large_counts": "largest",
        "audio": ["en", "fr"],
        "subtitles": ["fr"],
        "language_added_within_days": 1500,
        "strict": False,
        "specials": False,
        "recent_days": 7,
        "library_languages": [],
        "stuck_after_days": 90,
        "show_future": False,
        "hide_recent_releases": True,
        "awaiting_approval_days": 7,
        "request_title_language": [],
    }
    days = shown["unwatched_after_days"]
    assert (days["minimum"], days["maximum"], days["unit"]) == (0, 3650, "days")
    assert shown["large_counts"]["choices"] == ["largest", "sum"]
    library = {"library_id": str(await library_of(cinema)), "audio": ["de"]}
    wanted: dict[str, Any] = {
        "unwatched_after_days": 30,
        "language_added_within_days": None,
        "audio": ["fr-CA", "original"],
        "library_languages": [{**library, "subtitles": []}],
    }
    changed = await change(cinema, **wanted)
    assert changed.is_success, changed.text
    assert await values(cinema) == {
        **{name: each["default"] for name, each in shown.items()},
        **wanted,
    }
    assert (await change(cinema, reset="unwatched_after_days")).is_success
    assert (await values(cinema))["unwatched_after_days"] == 120
    page = await cinema.get("/insights/recent", recent_days=3)
    assert (page["policy"]["audio"], page["policy"]["recent_days"]) == (
        ["fr-CA", "original"],
        3,
    )


async def library_of(cinema: Cinema) -> str:
    server = await cinema.add("jellyfin")
    found = await cinema.get(f"/servers/{server}/libraries")
    return found["items"][0]["id"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"min_age_days": -1}, "min_age_days"),
        ({"recent_days": None}, "recent_days"),
        ({"large_counts": "most"}, "large_counts"),
        ({"audio": ["not a tag"]}, "audio"),
        ({"library_languages": [{"library_id": "x"}]}, "library_languages"),
        ({"colour": "red"}, "colour"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_wrong_value_is_refused_by_the_name_of_its_field(
    cinema: Cinema, body: dict[str, Any], field: str
) -> None:
    refused = await change(cinema, **body)
    assert refused.status_code == 400
    (problem,) = refused.json()["fields"]
    assert problem["field"].partition(".")[0].partition("[")[0] == field
    unknown = await change(cinema, reset="colour")
    assert (unknown.status_code, unknown.json()["fields"][0]["field"]) == (400, "reset")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "wrong",
    [{"recent_days": -1}, {"large_counts": "most"}, {"audio": "not a tag"}],
)
async def test_a_wrong_value_in_the_query_is_refused_by_its_name(
    cinema: Cinema, wrong: dict[str, Any]
) -> None:
    answer = await cinema.browser.get("/api/v1/insights/large", params=wrong)
    assert answer.status_code == 400, answer.text
    assert [each["field"] for each in answer.json()["fields"]] == list(wrong)
