"""Two operators change the same row: the second gets an error with both values."""

from typing import Any

import httpx2
import pytest
from media_server_simulators.jellyfin import JellyfinSimulator
from tests.servers.test_http import add
from tests.simulated import browser, registry, simulator, url

__all__ = ["browser", "registry", "simulator", "url"]

LATE = "2090-10-31T01:30:00Z"


async def _changed_by_another(
    browser: httpx2.AsyncClient, one: str, theirs: dict[str, Any], mine: dict[str, Any]
) -> dict[str, Any]:
    """The row was read, then changed by somebody else, then by us."""
    read = (await browser.get(one)).json()
    changed = await browser.patch(one, json=theirs)
    assert changed.status_code == 200, changed.text
    body = mine | {"expected_updated_at": read["updated_at"]}
    refused = await browser.patch(one, json=body)
    assert refused.status_code == 409, refused.text
    answer = refused.json()
    assert answer["error_code"] == "edit_conflict"
    assert answer["updated_at"] == changed.json()["updated_at"]
    now = (await browser.get(one)).json()
    assert now == changed.json()
    again = mine | {"expected_updated_at": now["updated_at"]}
    assert (await browser.patch(one, json=again)).status_code == 200
    return {each["field"]: each for each in answer["conflicts"]}


async def test_an_edit_of_a_changed_row_is_refused_with_both_values(
    browser: httpx2.AsyncClient, url: str, simulator: JellyfinSimulator
) -> None:
    server = await add(browser, url, simulator)
    conflicts = await _changed_by_another(
        browser,
        f"/api/v1/servers/{server['id']}",
        {"name": "Theirs"},
        {"name": "Mine", "api_key": simulator.api_key},
    )
    assert conflicts == {"name": {"field": "name", "sent": "Mine", "current": "Theirs"}}

    libraries = (await browser.get(f"/api/v1/servers/{server['id']}/libraries")).json()[
        "items"
    ]
    body = {
        "server_ids": [server["id"]],
        "library_ids": [libraries[0]["id"]],
        "expires_at": LATE,
    }
    made = await browser.post("/api/v1/invitations", json=body)
    one = f"/api/v1/invitations/{made.json()['id']}"
    theirs = [each["id"] for each in libraries[:2]]
    mine = [libraries[0]["id"]]
    conflicts = await _changed_by_another(
        browser, one, {"library_ids": theirs}, {"label": "x", "library_ids": mine}
    )
    assert conflicts["label"] == {"field": "label", "sent": "x", "current": None}
    assert conflicts["library_ids"]["sent"] == mine
    assert set(conflicts["library_ids"]["current"]) == set(theirs)
    assert (await browser.get(one)).json()["expires_at"] == LATE


async def test_a_use_of_an_invitation_is_no_edit_of_it(
    browser: httpx2.AsyncClient, url: str, simulator: JellyfinSimulator
) -> None:
    server = await add(browser, url, simulator)
    body = {"server_ids": [server["id"]], "all_libraries": True, "code": "MOVIE-NIGHT"}
    made = (await browser.post("/api/v1/invitations", json=body)).json()
    guest = {"username": "ann", "password": "correct horse"}
    joined = await browser.post("/api/v1/join/MOVIE-NIGHT", json=guest)
    assert joined.status_code == 202, joined.text
    edit = {"label": "x", "expected_updated_at": made["updated_at"]}
    changed = await browser.patch(f"/api/v1/invitations/{made['id']}", json=edit)
    assert changed.status_code == 200, changed.text
    assert changed.json()["use_count"] == 1


@pytest.mark.parametrize("moment", ["yesterday", 5, "2030-01-01T00:00:00"])
async def test_a_version_is_a_moment_with_its_zone(
    browser: httpx2.AsyncClient,
    url: str,
    simulator: JellyfinSimulator,
    moment: object,
) -> None:
    server = await add(browser, url, simulator)
    edit = {"name": "x", "expected_updated_at": moment}
    refused = await browser.patch(f"/api/v1/servers/{server['id']}", json=edit)
    assert refused.status_code == 400
