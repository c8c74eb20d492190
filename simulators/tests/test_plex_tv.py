"""The simulated plex.tv: pins, friends, shares and Homes."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from tests.plex_asking import SHARED, Plex, plex

from media_server_simulators.plex import Throttle
from media_server_simulators.plex.state import Account

APPROVE = "/_simulator/plex/approve-pin"


@pytest.fixture
async def tv() -> AsyncGenerator[Plex]:
    async with plex() as asking:
        yield asking


@pytest.fixture
def guest(tv: Plex) -> Account:
    return tv.world.register("Guest", "guest@example.org")


async def test_a_pin_gives_its_token_to_the_client_that_asked(tv: Plex) -> None:
    pin = (await tv.ask("POST", "/api/v2/pins?strong=true", token="")).json()
    path = f"/api/v2/pins/{pin['id']}"
    assert (await tv.ask("GET", path, token="")).json()["authToken"] is None
    given = {"code": pin["code"], "person": "new@example.org"}
    assert (await tv.ask("POST", APPROVE, given)).status_code == 200
    token = (await tv.ask("GET", path, token="")).json()["authToken"]
    user = await tv.get("/api/v2/user", token=token)
    assert user["email"] == "new@example.org"
    other = await tv.ask("GET", path, token="", client="another-client")
    assert (other.status_code, other.json()["errors"][0]["code"]) == (404, 1020)


async def test_a_pin_expires(tv: Plex) -> None:
    pin = (await tv.ask("POST", "/api/v2/pins", token="")).json()
    later = tv.world.now() + timedelta(seconds=pin["expiresIn"] + 1)
    tv.world.now = lambda: later
    assert (await tv.ask("POST", APPROVE, {"code": pin["code"]})).status_code == 404
    gone = await tv.ask("GET", f"/api/v2/pins/{pin['id']}", token="")
    assert (gone.status_code, gone.json()["errors"][0]["code"]) == (404, 1020)


async def test_a_pin_without_a_client_is_refused(tv: Plex) -> None:
    answer = await tv.tv_client.post("/api/v2/pins")
    assert answer.status_code == 400


@pytest.mark.parametrize(("token", "status"), [("", 401), ("x" * 20, 401), ("x", 422)])
async def test_a_wrong_token_is_refused(tv: Plex, token: str, status: int) -> None:
    answer = await tv.ask("GET", "/api/v2/user", token=token)
    assert answer.status_code == status


async def test_a_share_is_pending_until_its_guest_accepts_it(
    tv: Plex, guest: Account
) -> None:
    asked = tv.sections[1:3]
    made = await tv.share(sections=asked, invitedEmail="guest@example.org")
    assert made.status_code == 201
    share = made.json()
    assert [each["id"] for each in share["libraries"]] == asked
    assert share["invitedId"] == guest.id
    assert len(await tv.rows(f"{SHARED}/owned/pending")) == 1
    assert await tv.rows(f"{SHARED}/owned/accepted") == []
    path = f"{SHARED}/{share['id']}/accept"
    assert (await tv.ask("POST", path)).status_code == 404
    (invite,) = await tv.rows(f"{SHARED}/invites/received/pending", token=guest.token)
    assert [each["id"] for each in invite["sharedServers"]] == [share["id"]]
    assert (await tv.ask("POST", path, token=guest.token)).status_code == 200
    assert await tv.rows(f"{SHARED}/owned/pending") == []
    (accepted,) = await tv.rows(f"{SHARED}/owned/accepted")
    assert (accepted["accepted"], accepted["leftAt"]) == (True, None)
    assert tv.world.are_friends(guest.id, tv.world.owner.id)


async def test_an_address_without_an_account_is_bound_when_it_gets_one(
    tv: Plex,
) -> None:
    made = await tv.share(sections=tv.sections[:1], invitedEmail="Later@Example.org")
    assert made.json()["invitedId"] is None
    assert made.json()["invited"] is None
    register = "/_simulator/plex/register"
    later = (await tv.ask("POST", register, {"email": "later@example.org"})).json()
    (pending,) = await tv.rows(f"{SHARED}/owned/pending")
    assert pending["invitedId"] == later["id"]


async def test_a_guest_who_leaves_is_told_apart_from_one_never_there(
    tv: Plex, guest: Account
) -> None:
    share = await tv.shared_with(guest, tv.sections[:1])
    left = await tv.ask("DELETE", f"{SHARED}/{share}", token=guest.token)
    assert left.status_code == 204
    (found,) = await tv.rows(f"{SHARED}/owned/accepted")
    assert found["leftAt"] is not None
    assert (await tv.from_server("/", token=guest.token)).status_code == 401
    again = await tv.share(sections=tv.sections[:1], invitedId=guest.id)
    assert again.json()["accepted"] is True


async def test_ending_all_shares_keeps_the_friend(tv: Plex, guest: Account) -> None:
    _ = await tv.shared_with(guest, tv.sections)
    path = f"/api/v2/sharings/{guest.id}"
    assert (await tv.ask("DELETE", path)).status_code == 204
    assert await tv.rows(f"{SHARED}/owned/accepted") == []
    users = (await tv.ask("GET", "/api/users")).text
    assert "guest@example.org" in users
    assert "<Server " not in users


async def test_what_cannot_be_shared_is_said(tv: Plex, guest: Account) -> None:
    one = tv.sections[:1]
    _ = await tv.share(sections=one, invitedId=guest.id)
    twice = await tv.share(sections=one, invitedEmail="guest@example.org")
    assert twice.status_code == 422
    assert "already sharing" in twice.json()["errors"][0]["message"]
    body = {"shared_server": {"library_section_ids": one, "invited_id": guest.id}}
    old = await tv.ask("POST", f"/api/servers/{tv.mid}/shared_servers", body)
    assert old.status_code == 400
    assert old.text.splitlines()[1].startswith('<Response code="400" status="You\'re')
    own = await tv.share(sections=one, invitedEmail=tv.world.owner.email)
    assert own.status_code == 422
    assert (await tv.share(sections=one, invitedId=7)).status_code == 404
    stranger = await tv.share(sections=[1], invitedEmail="x@example.org")
    assert stranger.status_code == 422
    assert len(tv.world.shares) == 1


async def test_a_share_changes_to_exactly_the_libraries_and_rights_named(
    tv: Plex, guest: Account
) -> None:
    share = await tv.shared_with(guest, tv.sections[:2])
    body = {"librarySectionIds": tv.sections[2:], "settings": {"allowSync": True}}
    changed = await tv.ask("POST", f"{SHARED}/{share}", body)
    assert [e["id"] for e in changed.json()["libraries"]] == tv.sections[2:]
    assert changed.json()["sharingSettings"]["allowSync"] is True
    empty = await tv.ask("POST", f"{SHARED}/{share}", {"librarySectionIds": []})
    assert empty.status_code == 422
    assert tv.world.shares[share].section_ids == tv.sections[2:]


async def test_nobody_but_the_owner_reaches_his_server(
    tv: Plex, guest: Account
) -> None:
    share = await tv.shared_with(guest, tv.sections[:1])
    for method, path in (
        ("GET", f"/api/v2/servers/{tv.mid}"),
        ("GET", f"/api/servers/{tv.mid}/shared_servers"),
        ("POST", f"{SHARED}/{share}"),
    ):
        answer = await tv.ask(method, path, token=guest.token)
        assert answer.status_code == 404, path


@pytest.mark.parametrize(
    "path",
    ["/api/invites/requested", "/api/invites/requests/1", "/api/v2/friends/1"],
)
async def test_what_was_taken_away_is_gone(tv: Plex, path: str) -> None:
    assert (await tv.ask("GET", path)).status_code == 410


async def test_a_managed_user_has_a_share_at_once_and_takes_it_along(tv: Plex) -> None:
    made = await tv.ask("POST", "/api/home/users?title=Kid")
    assert made.status_code == 201
    (kid,) = tv.world.home_of(tv.world.owner)
    share = await tv.share(sections=tv.sections[:1], invitedId=kid.id)
    assert share.json()["accepted"] is True
    pin = f"/api/v2/home/users/restricted/{kid.id}?pin="
    assert (await tv.ask("POST", f"{pin}12")).status_code == 422
    assert (await tv.ask("POST", f"{pin}1234")).status_code == 204
    switch = f"/api/home/users/{kid.id}/switch?pin="
    assert (await tv.ask("POST", f"{switch}0000")).status_code == 401
    assert "authenticationToken" in (await tv.ask("POST", f"{switch}1234")).text
    gone = await tv.ask("DELETE", f"/api/home/users/{kid.id}")
    assert gone.status_code == 200
    assert not tv.world.shares


async def test_v2_answers_in_xml_unless_json_is_asked_for(tv: Plex) -> None:
    answer = await tv.ask("GET", "/api/v2/resources", as_xml=True)
    assert answer.headers["content-type"].startswith("application/xml")
    assert "<resources><resource " in answer.text


async def test_who_asks_too_often_must_wait() -> None:
    now = 0.0
    throttle = Throttle(rate=2, burst=3, clock=lambda: now)
    async with plex(throttle=throttle) as tv:
        statuses = [(await tv.ask("GET", "/api/v2/user")).status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        refused = await tv.ask("GET", "/api/v2/user")
        assert refused.headers["retry-after"] == "1"
        now = 0.5
        assert (await tv.ask("GET", "/api/v2/user")).status_code == 200
        other = await tv.ask("GET", "/api/v2/user", client="somebody else")
        assert other.status_code == 200


async def test_faults_and_the_journal_work_as_elsewhere(
    tv: Plex, guest: Account
) -> None:
    fault = {"path_prefix": SHARED, "kind": "lost_response", "method": "POST"}
    assert (await tv.ask("POST", "/_simulator/faults", fault)).status_code == 201
    with pytest.raises(ConnectionResetError):
        _ = await tv.share(sections=tv.sections[:1], invitedId=guest.id)
    assert len(await tv.rows(f"{SHARED}/owned/pending")) == 1
    state = await tv.get("/_simulator/state")
    assert [each["status"] for each in state["shares"]] == ["pending"]
    assert tv.tv.journal.entries[0].fault == "lost_response"


async def test_the_sign_in_page_offers_people(tv: Plex) -> None:
    page = await tv.ask("GET", "/auth", token="")
    assert f'value="{tv.world.owner.id}"' in page.text


async def test_guests_may_act_in_their_own_browsers(tv: Plex, guest: Account) -> None:
    made = await tv.share(sections=tv.sections[:1], invitedId=guest.id)
    given = {"share_id": made.json()["id"]}
    acted = list[int]()
    for what in ("leave", "accept", "accept", "leave", "leave"):
        answer = await tv.ask("POST", f"/_simulator/plex/{what}", given)
        acted.append(answer.status_code)
    assert acted == [404, 200, 404, 200, 404]
    assert tv.world.shares[given["share_id"]].status == "left"


@pytest.mark.parametrize(("given", "kept"), [(2, 2), ("1", 1), ("²", 0), ([], 0)])
async def test_tuners_are_a_number_or_none(
    tv: Plex, guest: Account, given: object, kept: int
) -> None:
    share = await tv.shared_with(guest, tv.sections[:1])
    body = {"settings": {"allowTuners": given}}
    changed = await tv.ask("POST", f"{SHARED}/{share}", body)
    assert changed.json()["sharingSettings"]["allowTuners"] == kept
