"""Invitations as an operator's browser makes, finds, changes and deletes them."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid7

import httpx2
import pytest
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.server import serve
from tests.simulated import another_jellyfin, browser, simulator, url

__all__ = ["browser", "simulator", "url"]

INVITATIONS = "/api/v1/invitations"


class Desk:
    """An operator with a server, `Attic`, and their requests."""

    def __init__(self, browser: httpx2.AsyncClient) -> None:
        self.browser = browser
        self.server = ""
        self.libraries: list[str] = []

    async def add_server(self, name: str, url: str, key: str) -> str:
        body = {"name": name, "url": url, "api_key": key}
        answer = await self.browser.post("/api/v1/servers", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    async def libraries_of(self, server: str) -> list[str]:
        answer = await self.browser.get(f"/api/v1/servers/{server}/libraries")
        return [one["id"] for one in answer.json()["items"]]

    async def ask(self, **more: Any) -> httpx2.Response:
        given = {"server_ids": [self.server], "library_ids": self.libraries[:1]}
        body = {name: it for name, it in (given | more).items() if it != "left out"}
        return await self.browser.post(INVITATIONS, json=body)

    async def invite(self, **more: Any) -> dict[str, Any]:
        answer = await self.ask(**more)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def change(self, invitation: dict[str, Any], **sent: Any) -> httpx2.Response:
        return await self.browser.patch(f"{INVITATIONS}/{invitation['id']}", json=sent)

    async def codes(self, **query: str) -> list[str]:
        answer = await self.browser.get(INVITATIONS, params=query)
        assert answer.status_code == 200, answer.text
        return [one["code"] for one in answer.json()["items"]]

    async def open(self, code: str) -> httpx2.Response:
        """As a guest does."""
        return await self.browser.get(f"/api/v1/join/{code}")


type Second = tuple[str, str]
"""Address and key of a second server."""


@pytest.fixture
async def second() -> AsyncGenerator[Second]:
    other = another_jellyfin()
    async with serve(other) as address:
        yield address, other.api_key


@pytest.fixture
async def desk(
    browser: httpx2.AsyncClient, simulator: JellyfinSimulator, url: str
) -> Desk:
    desk = Desk(browser)
    desk.server = await desk.add_server("Attic", url, simulator.api_key)
    desk.libraries = await desk.libraries_of(desk.server)
    return desk


def refusal(answer: httpx2.Response, field: str) -> str:
    """The error of an invalid field."""
    assert answer.status_code == 400, answer.text
    (fault,) = [one for one in answer.json()["fields"] if one["field"] == field]
    return fault["message"]


async def test_what_is_left_out_of_an_invitation_has_its_default(desk: Desk) -> None:
    made = await desk.invite()
    assert made["permissions"] == {
        "can_download": False,
        "can_transcode": True,
        "can_watch_live_tv": False,
        "can_access_remotely": True,
        "max_sessions": None,
        "max_bitrate_kbps": None,
        "can_use_channels": False,
        "allowed_ratings": [],
        "allowed_labels": [],
    }
    assert len(made["code"]) == len("7K3M-Q9TZ-2HBV")
    assert made["url"] == f"http://zondarr.test/join/{made['code']}"
    reported = {name: made[name] for name in ("status", "enabled", "use_count", "gaps")}
    assert reported == {"status": "active", "enabled": True, "use_count": 0, "gaps": []}
    assert (made["on_failure"], made["plex_user_type"]) == ("undo", "friend")
    assert made["created_by"]
    again = await desk.browser.get(f"{INVITATIONS}/{made['id']}")
    assert again.json() == made


async def test_a_code_of_ones_own_is_taken_once_in_any_case(desk: Desk) -> None:
    made = await desk.invite(code="movie-Night")
    assert made["code"] == "MOVIE-NIGHT"
    assert (await desk.open("Movie-night")).status_code == 200
    again = await desk.ask(code="MOVIE-night")
    assert again.status_code == 409
    assert again.json()["error_code"] == "code_taken"


async def test_a_code_that_is_part_of_our_own_addresses_is_taken(desk: Desk) -> None:
    answer = await desk.ask(code="Redemptions")
    assert answer.status_code == 409
    assert answer.json()["error_code"] == "code_taken"


async def test_a_code_of_other_signs_or_lengths_is_refused(desk: Desk) -> None:
    for code in ("SHORT", "with space", "ümlaut-code", "X" * 33, "NEW-LINE\n"):
        assert refusal(await desk.ask(code=code), "code")


async def test_the_end_lies_ahead(desk: Desk) -> None:
    past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    assert refusal(await desk.ask(expires_at=past), "expires_at") == "is in the past"


async def test_libraries_are_chosen_one_by_one_or_all(desk: Desk) -> None:
    for wrong in (
        {"library_ids": None},
        {"all_libraries": True},
        {"library_ids": "left out"},
    ):
        assert "exactly one" in refusal(await desk.ask(**wrong), "library_ids")
    made = await desk.invite(library_ids="left out", all_libraries=True)
    assert made["all_libraries"]
    offer = (await desk.open(made["code"])).json()
    assert len(offer["servers"][0]["libraries"]) == len(desk.libraries)


async def test_each_server_gives_something_and_nothing_is_of_another(
    desk: Desk, second: Second
) -> None:
    cellar = await desk.add_server("Cellar", *second)
    both = await desk.ask(server_ids=[desk.server, cellar])
    assert "Cellar" in refusal(both, "library_ids")
    foreign = (await desk.libraries_of(cellar))[:1]
    answer = await desk.ask(library_ids=[*desk.libraries[:1], *foreign])
    assert "was not chosen" in refusal(answer, "library_ids")


async def test_what_is_not_there_is_not_found(desk: Desk) -> None:
    nowhere = str(uuid7())
    for answer in (
        await desk.ask(server_ids=[nowhere]),
        await desk.ask(library_ids=[nowhere]),
        await desk.browser.get(f"{INVITATIONS}/{nowhere}"),
        await desk.browser.get(f"{INVITATIONS}/{nowhere}/qr.svg"),
        await desk.browser.get(f"{INVITATIONS}/{nowhere}/redemptions"),
        await desk.browser.patch(f"{INVITATIONS}/{nowhere}", json={}),
        await desk.browser.delete(f"{INVITATIONS}/{nowhere}"),
    ):
        assert answer.status_code == 404
        assert nowhere in answer.json()["detail"]


async def test_only_what_is_sent_changes_and_null_clears(desk: Desk) -> None:
    made = await desk.invite(label="Cinema", max_uses=3, message="Welcome")
    answer = await desk.change(made, label=None, max_uses=5)
    assert answer.status_code == 200, answer.text
    changed = answer.json()
    moved = {name for name in made if changed[name] != made[name]}
    assert moved == {"label", "max_uses", "updated_at"}
    assert (changed["label"], changed["max_uses"]) == (None, 5)
    refused = await desk.change(made, code="OTHER-CODE")
    assert refused.status_code == 400


async def test_its_status_says_why_it_can_no_longer_be_used(desk: Desk) -> None:
    made = await desk.invite(code="MOVIE-NIGHT")
    past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    for sent, status in (
        ({"expires_at": past}, "expired"),
        ({"enabled": False}, "disabled"),
    ):
        assert (await desk.change(made, **sent)).json()["status"] == status
        answer = await desk.open("MOVIE-NIGHT")
        assert answer.status_code == 410
        assert answer.json()["error_code"] == f"invitation_{status}"
        assert await desk.codes(status=status) == ["MOVIE-NIGHT"]
        assert await desk.codes(status="active") == []
    answer = await desk.change(made, enabled=True, expires_at=None)
    assert answer.json()["status"] == "active"


async def test_invitations_are_found_by_code_label_and_server(
    desk: Desk, second: Second
) -> None:
    cellar = await desk.add_server("Cellar", *second)
    there = {"server_ids": [cellar], "library_ids": "left out", "all_libraries": True}
    await desk.invite(code="MOVIE-NIGHT", label="For the neighbours")
    await desk.invite(code="FAMILY-ONLY", label="Aunts & 100% uncles", **there)
    assert await desk.codes(q="movie") == ["MOVIE-NIGHT"]
    assert await desk.codes(q="NEIGHBOUR") == ["MOVIE-NIGHT"]
    assert await desk.codes(q="100%") == ["FAMILY-ONLY"]
    assert await desk.codes(q="%") == ["FAMILY-ONLY"]
    assert await desk.codes(server_id=cellar) == ["FAMILY-ONLY"]
    assert len(await desk.codes()) == 2


async def test_a_list_is_walked_page_by_page_and_misses_none(desk: Desk) -> None:
    made = {(await desk.invite())["code"] for _ in range(5)}
    seen: list[str] = []
    query: dict[str, str] = {"limit": "2"}
    while query.get("cursor") != "None":
        page = (await desk.browser.get(INVITATIONS, params=query)).json()
        assert page["total"] == 5
        seen += [one["code"] for one in page["items"]]
        query["cursor"] = str(page["next_cursor"])
    assert len(seen) == 5
    assert set(seen) == made


async def test_a_server_that_is_switched_off_leaves_a_gap_that_is_named(
    desk: Desk,
) -> None:
    made = await desk.invite(code="MOVIE-NIGHT")
    path = f"/api/v1/servers/{desk.server}"
    await desk.browser.patch(path, json={"enabled": False})
    shown = (await desk.browser.get(f"{INVITATIONS}/{made['id']}")).json()
    assert shown["gaps"]
    assert shown["server_ids"] == [desk.server]


async def test_a_deleted_invitation_is_unknown_to_guests(desk: Desk) -> None:
    made = await desk.invite(code="MOVIE-NIGHT")
    path = f"{INVITATIONS}/{made['id']}"
    assert (await desk.browser.delete(path)).status_code == 204
    assert (await desk.browser.get(path)).status_code == 404
    gone = await desk.open("MOVIE-NIGHT")
    assert gone.status_code == 404
    assert gone.json()["error_code"] == "invitation_not_found"


async def test_its_link_is_shown_as_a_picture_to_scan(desk: Desk) -> None:
    made = await desk.invite()
    answer = await desk.browser.get(f"{INVITATIONS}/{made['id']}/qr.svg")
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert "<svg " in answer.text


async def test_who_used_it_is_told_with_each_server(desk: Desk) -> None:
    made = await desk.invite(code="MOVIE-NIGHT", max_uses=1)
    guest = {"username": "ada", "password": "correct horse"}
    joined = await desk.browser.post("/api/v1/join/MOVIE-NIGHT", json=guest)
    assert joined.status_code == 202, joined.text
    program = {"Authorization": f"Bearer {joined.json()['token']}"}
    path = f"/api/v1/join/redemptions/{joined.json()['redemption_id']}"
    status = "running"
    while status == "running":
        answer = await desk.browser.get(path, headers=program)
        status = answer.json()["status"]
    page = (await desk.browser.get(f"{INVITATIONS}/{made['id']}/redemptions")).json()
    (used,) = page["items"]
    assert (used["status"], used["guest"]) == ("succeeded", "ada")
    (part,) = used["servers"]
    assert (part["id"], part["name"], part["status"]) == (desk.server, "Attic", "done")
    shown = (await desk.browser.get(f"{INVITATIONS}/{made['id']}")).json()
    assert (shown["use_count"], shown["status"]) == (1, "exhausted")
    (again,) = (await desk.browser.get("/api/v1/redemptions")).json()["items"]
    assert again == used


async def test_a_guest_is_sent_to_the_public_address(desk: Desk) -> None:
    public = {"public_url": "films.example.org"}
    server = f"/api/v1/servers/{desk.server}"
    assert (await desk.browser.patch(server, json=public)).status_code == 200
    made = await desk.invite()
    guest = {"username": "ines", "password": "a long password"}
    begun = await desk.browser.post(f"/api/v1/join/{made['code']}", json=guest)
    assert begun.status_code == 202, begun.text
    path = f"/api/v1/join/redemptions/{begun.json()['redemption_id']}"
    bearer = {"Authorization": f"Bearer {begun.json()['token']}"}
    async with asyncio.timeout(30):
        while True:
            reported = (await desk.browser.get(path, headers=bearer)).json()
            if reported["status"] != "running":
                break
            await asyncio.sleep(0.05)
    assert [one["url"] for one in reported["servers"]] == ["https://films.example.org"]
