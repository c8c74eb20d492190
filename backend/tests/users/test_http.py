"""People over HTTP, with the whole program behind it."""

from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator
from tests.simulated import SimulatedPlex
from tests.users.accounts import account, is_let_in

from zondarr.core.database import Database
from zondarr.media.types import ShareStatus
from zondarr.users.enrolment import Enrolment, enrol

PEOPLE, USERS = "/api/v1/identities", "/api/v1/users"


@pytest.fixture
async def ada(
    browser: httpx2.AsyncClient,
    database: Database,
    url: str,
    simulator: JellyfinSimulator,
) -> dict[str, Any]:
    """A person of the simulated server, as it shows itself over HTTP."""
    body = {"name": "Living room", "url": url, "api_key": simulator.api_key}
    server = (await browser.post("/api/v1/servers", json=body)).json()
    who = (await browser.get("/api/v1/session")).json()
    person = simulator.state.world.people[0]
    async with database.scoped(UUID(who["workspace"]["id"])) as session:
        enrolment = Enrolment(
            media_server_id=UUID(server["id"]),
            external_user_id=person.id,
            username=person.name,
        )
        identity = await enrol(
            session,
            display_name="Ada",
            email=None,
            expires_at=None,
            enrolments=[enrolment],
        )
    return (await browser.get(f"{PEOPLE}/{identity.id}")).json()


async def test_a_person_is_shown_with_accounts(
    browser: httpx2.AsyncClient, ada: dict[str, Any]
) -> None:
    assert set(ada) == {
        "id", "display_name", "email", "enabled", "expires_at", "created_at",
        "updated_at", "users", "ended_early",
    }  # fmt: skip
    (user,) = ada["users"]
    assert user["server_name"] == "Living room"
    assert user["missing_since"] is None
    assert (await browser.get(f"{USERS}/{user['id']}")).json() == user
    listed = (await browser.get(PEOPLE, params={"q": "ada"})).json()
    assert (listed["items"], listed["next_cursor"]) == ([ada], None)
    users = await browser.get(USERS, params={"identity_id": ada["id"]})
    assert users.json()["items"] == [user]


async def test_a_person_is_changed(
    browser: httpx2.AsyncClient, ada: dict[str, Any]
) -> None:
    body = {"display_name": "Ada L.", "expires_at": "2040-01-01T00:00:00+02:00"}
    changed = await browser.patch(f"{PEOPLE}/{ada['id']}", json=body)
    assert changed.status_code == 200
    assert changed.json()["expires_at"] == "2039-12-31T22:00:00Z"
    assert changed.json()["users"][0]["expires_at"] == "2039-12-31T22:00:00Z"
    for moment, total in (("2039-01-01T00:00:00Z", 0), ("2040-01-01T00:00:00Z", 1)):
        soon = await browser.get(PEOPLE, params={"expiring_before": moment})
        assert soon.json()["total"] == total
    naive = await browser.get(PEOPLE, params={"expiring_before": "2040-01-01T00:00:00"})
    assert naive.status_code == 400


async def test_a_person_is_kept_out_and_let_in(
    browser: httpx2.AsyncClient, ada: dict[str, Any], simulator: JellyfinSimulator
) -> None:
    name = ada["users"][0]["username"]
    for action, enabled in (("disable", False), ("enable", True)):
        done = await browser.post(f"{PEOPLE}/{ada['id']}/{action}")
        assert done.status_code == 200
        body = done.json()
        assert body["enabled"] is body["users"][0]["enabled"] is enabled
        (result,) = body["results"]
        assert (result["status"], result["error_code"]) == ("done", None)
        assert is_let_in(simulator, name) is enabled


async def test_a_person_is_deleted_after_saying_what_would_happen(
    browser: httpx2.AsyncClient, ada: dict[str, Any], simulator: JellyfinSimulator
) -> None:
    name, one = ada["users"][0]["username"], f"{PEOPLE}/{ada['id']}"
    preview = await browser.delete(one, params={"dry_run": "true"})
    assert preview.status_code == 200
    assert preview.json()["complete"] is True
    assert preview.json()["servers"][0]["outcome"] == "deleted"
    assert account(simulator, name) is not None

    simulator.faults.add(Fault("/", FaultKind.DROP, endless=True))
    failed = await browser.delete(one)
    assert (failed.status_code, failed.json()["error_code"]) == (504, "connection_lost")
    assert "Living room" in failed.json()["detail"]
    assert (await browser.get(one)).status_code == 200

    simulator.faults.remove()
    assert (await browser.delete(one)).status_code == 204
    assert account(simulator, name) is None
    assert (await browser.get(one)).status_code == 404


async def test_one_account_is_deleted(
    browser: httpx2.AsyncClient, ada: dict[str, Any]
) -> None:
    one = f"{USERS}/{ada['users'][0]['id']}"
    assert (await browser.delete(one)).status_code == 204
    assert (await browser.get(one)).status_code == 404
    assert (await browser.get(f"{PEOPLE}/{ada['id']}")).json()["users"] == []


async def test_what_is_not_there_is_not_found(browser: httpx2.AsyncClient) -> None:
    one = f"{PEOPLE}/{uuid4()}"
    answers = [
        await browser.get(one),
        await browser.patch(one, json={"display_name": "x"}),
        await browser.delete(one),
        await browser.delete(one, params={"dry_run": "true"}),
        await browser.post(f"{one}/enable"),
        await browser.post(f"{one}/disable"),
        await browser.get(f"{USERS}/{uuid4()}"),
        await browser.delete(f"{USERS}/{uuid4()}"),
    ]
    assert {answer.status_code for answer in answers} == {404}


async def test_access_that_was_taken_is_said_and_given_back(
    plex_browser: httpx2.AsyncClient, plex: SimulatedPlex, database: Database
) -> None:
    body = {"name": "Cinema", "url": plex.url, "api_key": plex.token}
    server = (await plex_browser.post("/api/v1/servers", json=body)).json()
    who = (await plex_browser.get("/api/v1/session")).json()
    guest = plex.guest("Ada", "ada@example.org")
    plex.share(guest, [0, 2])
    async with database.scoped(UUID(who["workspace"]["id"])) as session:
        enrolment = Enrolment(
            media_server_id=UUID(server["id"]),
            external_user_id=str(guest.id),
            username="Ada",
            standing=ShareStatus.PENDING,
        )
        identity = await enrol(
            session,
            display_name="Ada",
            email=None,
            expires_at=None,
            enrolments=[enrolment],
        )
    had = plex.seen_by("ada@example.org")
    for act, taken, sees in (("disable", True, None), ("enable", False, had)):
        answer = await plex_browser.post(f"{PEOPLE}/{identity.id}/{act}")
        assert answer.status_code == 200
        assert answer.json()["results"][0]["status"] == "done"
        (user,) = answer.json()["users"]
        assert (user["access_taken"], user["standing"]) == (taken, "pending")
        # Lists read columns, this answer an object: the rule is written in both.
        for path in (PEOPLE, USERS):
            (listed,) = (await plex_browser.get(path)).json()["items"]
            assert listed.get("users", [listed]) == [user]
        assert plex.seen_by("ada@example.org") == sees
