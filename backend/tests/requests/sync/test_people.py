"""Seerr's users are linked to our people by their ids on media servers, or by hand."""

from typing import Any
from uuid import UUID

from media_server_simulators.seerr.state import User
from tests.requests.sync.conftest import SEERR, Desk


async def person(desk: Desk, name: str) -> tuple[str, str]:
    """Somebody joins; gives the person's id and the account's on Jellyfin."""
    servers = await desk.browser.get("/api/v1/servers")
    (server,) = servers.json()["items"]
    libraries = await desk.browser.get(f"/api/v1/servers/{server['id']}/libraries")
    code = f"CODE-{name}".upper()
    await desk.ask(
        "POST",
        "/invitations",
        201,
        code=code,
        server_ids=[server["id"]],
        library_ids=[libraries.json()["items"][0]["id"]],
    )
    guest = {"username": name, "password": "a guest's own"}
    joined = await desk.browser.post(f"/api/v1/join/{code}", json=guest)
    assert joined.status_code == 202, joined.text
    while True:
        found = await desk.browser.get("/api/v1/users", params={"q": name})
        if users := found.json()["items"]:
            return users[0]["identity_id"], users[0]["external_user_id"]


def users_of(desk: Desk) -> list[User]:
    return list(desk.seerr.simulator.state.users.values())


async def linked(desk: Desk) -> dict[str, Any]:
    return {
        name: (each["identity_id"], each["link"])
        for name, each in (await desk.users()).items()
        if each["link"]
    }


async def test_ids_link_however_they_are_written_and_names_never_do(
    desk: Desk,
) -> None:
    await desk.add_jellyfin()
    ada, ada_id = await person(desk, "ada")
    _, _ = await person(desk, "bert")
    _, first, second, *_ = users_of(desk)
    first.jellyfin_id = str(UUID(ada_id)).upper()
    second.username = "bert"
    await desk.connect()
    await desk.synced()
    assert await linked(desk) == {first.display_name: (ada, "id")}
    found = (await desk.users())[first.display_name]
    assert found["identity"] == "ada"
    assert first.display_name not in await desk.users(unlinked=True)
    assert "bert" in await desk.users(unlinked=True, q="BERT")


async def test_a_person_who_comes_later_is_found_by_the_next_sync(desk: Desk) -> None:
    await desk.add_jellyfin()
    await desk.connect()
    await desk.synced()
    assert await linked(desk) == {}
    ada, ada_id = await person(desk, "ada")
    users_of(desk)[1].jellyfin_id = ada_id
    await desk.synced()
    assert await linked(desk) == {users_of(desk)[1].display_name: (ada, "id")}


async def test_what_is_said_by_hand_wins_and_stays(desk: Desk) -> None:
    await desk.add_jellyfin()
    ada, ada_id = await person(desk, "ada")
    bert, bert_id = await person(desk, "bert")
    _, first, second, *_ = users_of(desk)
    first.jellyfin_id, second.jellyfin_id = ada_id, bert_id
    await desk.connect()
    await desk.synced()
    users = await desk.users()
    by_hand = await desk.ask(
        "PATCH",
        f"{SEERR}/users/{users[first.display_name]['id']}",
        identity_id=bert,
    )
    assert (by_hand["identity"], by_hand["link"]) == ("bert", "hand")
    url = f"/api/v1{SEERR}/users/{users[second.display_name]['id']}"
    nobody = await desk.browser.patch(url, json={"identity_id": None})
    assert (nobody.json()["identity_id"], nobody.json()["link"]) == (None, "unlinked")
    for full in (False, True):
        await desk.synced(full=full)
        assert await linked(desk) == {
            first.display_name: (bert, "hand"),
            second.display_name: (None, "unlinked"),
        }
    gone = await desk.browser.delete(f"/api/v1/identities/{bert}")
    assert gone.is_success, gone.text
    await desk.synced()
    # Whom an operator chose is gone, so the ids count again.
    assert (await linked(desk))[first.display_name] == (ada, "id")


async def test_nobody_is_linked_to_a_person_who_is_not_there(desk: Desk) -> None:
    await desk.connect()
    await desk.synced()
    some = next(iter((await desk.users()).values()))
    missing = "01a22880-c7d3-761d-b06e-6b761bd95512"
    await desk.ask(
        "PATCH", f"{SEERR}/users/{some['id']}", status=404, identity_id=missing
    )
    await desk.ask("PATCH", f"{SEERR}/users/{missing}", status=404, identity_id=missing)
