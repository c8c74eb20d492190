"""Accounts, rights and tokens as a real Jellyfin has them, traps included."""

import asyncio

import pytest
from tests.asking import PASSWORD, Asker, header, served

from media_server_simulators.jellyfin import JellyfinSimulator, Version
from media_server_simulators.wire import Json, JsonObject

TEXT = "Error processing request."


@pytest.fixture
def simulator() -> JellyfinSimulator:
    return JellyfinSimulator()


async def test_a_refused_deletion_has_signed_the_administrator_out(
    simulator: JellyfinSimulator,
) -> None:
    admin = simulator.admin
    async with served(simulator) as ask:
        own = await ask.token(admin.name, admin.password)
        refused = await ask.delete(f"/Users/{admin.id}")
        assert (refused.status_code, refused.text) == (400, TEXT)
        assert (await ask.get("/Users/Me", auth=own)).status_code == 401
        assert (await ask.get(f"/Users/{admin.id}")).status_code == 200


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"IsAdministrator": False}, "There must be at least one user in the system"),
        ({"IsDisabled": True}, "Administrators cannot be disabled."),
    ],
)
async def test_the_last_administrator_is_guarded(
    simulator: JellyfinSimulator, change: JsonObject, sentence: str
) -> None:
    id_ = simulator.admin.id
    async with served(simulator) as ask:
        whole = await ask.policy(id_) | change
        refused = await ask.post(f"/Users/{id_}/Policy", whole)
        assert refused.status_code == 403
        assert refused.json().startswith(sentence)


async def test_a_post_of_two_keys_grants_what_was_not_named(
    simulator: JellyfinSimulator,
) -> None:
    async with served(simulator) as ask:
        denied: dict[str, Json] = {
            "EnableAllFolders": False,
            "EnableContentDownloading": False,
            "EnableLiveTvAccess": False,
            "MaxActiveSessions": 2,
        }
        id_ = await ask.user("guest", **denied)
        whole = await ask.policy(id_)
        keys = ("AuthenticationProviderId", "PasswordResetProviderId")
        await ask.post(f"/Users/{id_}/Policy", {key: whole[key] for key in keys})
        after = await ask.policy(id_)
        assert after["EnableAllFolders"] is True
        assert after["EnableLiveTvManagement"] is True
        assert after["MaxActiveSessions"] == 0


async def test_disabling_ends_tokens_for_good(simulator: JellyfinSimulator) -> None:
    async with served(simulator) as ask:
        id_ = await ask.user("guest")
        own = await ask.token("guest")
        whole = await ask.policy(id_)
        await ask.post(f"/Users/{id_}/Policy", whole | {"IsDisabled": True})
        assert (await ask.sign_in("guest")).status_code == 403
        await ask.post(f"/Users/{id_}/Policy", whole)
        assert (await ask.get("/Users/Me", auth=own)).status_code == 401
        assert (await ask.sign_in("guest")).status_code == 200


async def test_the_three_meanings_of_401(simulator: JellyfinSimulator) -> None:
    async with served(simulator) as ask:
        library = simulator.state.world.libraries[0].id
        await ask.user("guest", EnableAllFolders=False)
        own = await ask.token("guest")
        bad_key = await ask.get("/Users", auth='MediaBrowser Token="wrong"')
        wrong_password = await ask.sign_in("guest", "wrong")
        not_his = await ask.get("/Items", auth=own, parentId=library)
        assert (bad_key.status_code, bad_key.text) == (401, "")
        assert (wrong_password.status_code, wrong_password.text) == (401, TEXT)
        assert not_his.status_code == 401
        assert "not permitted to access Library" in not_his.json()


async def test_a_guests_token_passes_system_info_but_no_elevated_route(
    simulator: JellyfinSimulator,
) -> None:
    async with served(simulator) as ask:
        await ask.user("guest")
        own = await ask.token("guest")
        assert (await ask.get("/System/Info", auth=own)).status_code == 200
        for path in ("/Library/VirtualFolders", "/Auth/Keys", "/Devices"):
            answer = await ask.get(path, auth=own)
            assert (answer.status_code, answer.text) == (403, "")


@pytest.mark.parametrize("body", [{"Name": "bare"}, {"Name": "bare", "Password": ""}])
async def test_an_account_without_a_password_lets_anyone_in(
    simulator: JellyfinSimulator, body: JsonObject
) -> None:
    async with served(simulator) as ask:
        assert (await ask.post("/Users/New", body)).status_code == 200
        assert (await ask.sign_in("bare", "")).status_code == 200
        assert (await ask.sign_in("bare", "x")).status_code == 401


async def test_a_password_set_by_key_ends_the_users_tokens(
    simulator: JellyfinSimulator,
) -> None:
    async with served(simulator) as ask:
        id_ = await ask.user("guest")
        own = await ask.token("guest")
        new: JsonObject = {"NewPw": "Other-Passw0rd", "CurrentPw": "ignored"}
        answer = await ask.post("/Users/Password", new, userId=id_)
        assert answer.status_code == 204
        assert (await ask.get("/Users/Me", auth=own)).status_code == 401
        assert (await ask.sign_in("guest")).status_code == 401
        assert (await ask.sign_in("guest", "Other-Passw0rd")).status_code == 200


async def test_a_user_must_prove_his_password_to_change_it(
    simulator: JellyfinSimulator,
) -> None:
    async with served(simulator) as ask:
        await ask.user("guest")
        own = await ask.token("guest")
        wrong: JsonObject = {"CurrentPw": "wrong", "NewPw": "Other-Passw0rd"}
        refused = await ask.post("/Users/Password", wrong, auth=own)
        assert refused.status_code == 403
        assert refused.json() == "Invalid user or password entered."
        right: JsonObject = {"CurrentPw": PASSWORD, "NewPw": "Other-Passw0rd"}
        assert (await ask.post("/Users/Password", right, auth=own)).is_success
        assert (await ask.get("/Users/Me", auth=own)).is_success


async def test_a_second_sign_in_of_a_device_ends_its_first_token(
    simulator: JellyfinSimulator,
) -> None:
    async with served(simulator) as ask:
        await ask.user("guest")
        first = await ask.token("guest", device="tv")
        other = await ask.token("guest", device="phone")
        await ask.token("guest", device="tv")
        assert (await ask.get("/Users/Me", auth=first)).status_code == 401
        assert (await ask.get("/Users/Me", auth=other)).status_code == 200


async def test_sessions_at_the_limit_refuse_the_first_device_too(
    simulator: JellyfinSimulator,
) -> None:
    async with served(simulator) as ask:
        await ask.user("guest", MaxActiveSessions=1)
        assert (await ask.sign_in("guest", device="tv")).status_code == 200
        assert (await ask.sign_in("guest", device="phone")).status_code == 403
        assert (await ask.sign_in("guest", device="tv")).status_code == 403


async def test_a_device_that_is_not_his_is_refused(
    simulator: JellyfinSimulator,
) -> None:
    async with served(simulator) as ask:
        await ask.user("guest", EnableAllDevices=False, EnabledDevices=["tv"])
        assert (await ask.sign_in("guest", device="TV")).status_code == 200
        assert (await ask.sign_in("guest", device="phone")).status_code == 403


@pytest.mark.parametrize(
    ("version", "after", "disabled", "right"),
    [
        (Version.V10_10, 3, True, 403),
        (Version.V10_11, 3, False, 200),
        (Version.V12_0, 4, True, 403),
    ],
)
async def test_lockout(
    version: Version, after: int, disabled: bool, right: int
) -> None:
    async with served(JellyfinSimulator(version=version)) as ask:
        id_ = await ask.user("guest", LoginAttemptsBeforeLockout=3)
        for _ in range(3):
            assert (await ask.sign_in("guest", "wrong")).status_code == 401
        policy = await ask.policy(id_)
        assert policy["InvalidLoginAttemptCount"] == after
        assert policy["IsDisabled"] is disabled
        assert (await ask.sign_in("guest")).status_code == right


async def test_quick_connect_lets_a_disabled_user_in_without_a_password(
    simulator: JellyfinSimulator,
) -> None:
    async with served(simulator) as ask:
        id_ = await ask.user("guest", IsDisabled=True)
        begun = (await ask.post("/QuickConnect/Initiate", device="tv")).json()
        approve: dict[str, str] = {"code": begun["Code"]}
        first = await ask.post("/QuickConnect/Authorize", **approve)
        assert first.status_code == 400  # a key must say for whom
        assert (await ask.post("/QuickConnect/Authorize", **approve, userId=id_)).json()
        again = await ask.post("/QuickConnect/Authorize", **approve, userId=id_)
        assert again.status_code == 500
        secret: JsonObject = {"Secret": begun["Secret"]}
        entered = await ask.post("/Users/AuthenticateWithQuickConnect", secret)
        assert entered.json()["User"]["Id"] == id_


async def sign_in_by(ask: Asker, **headers: str) -> int:
    answer = await ask.client.get("/System/Info", headers=headers)
    return answer.status_code


@pytest.mark.parametrize(
    ("version", "status"),
    [(Version.V10_10, 200), (Version.V10_11, 200), (Version.V12_0, 401)],
)
async def test_old_ways_to_send_a_token(version: Version, status: int) -> None:
    async with served(JellyfinSimulator(version=version)) as ask:
        assert await sign_in_by(ask, **{"X-Emby-Token": ask.key}) == status
        assert await sign_in_by(ask, Authorization=f'Emby Token="{ask.key}"') == status
        old = await ask.client.get("/System/Info", params={"api_key": ask.key})
        assert old.status_code == status
        new = await ask.client.get("/System/Info", params={"apikey": ask.key})
        assert new.status_code == 200


async def test_a_base_path_is_part_of_every_path() -> None:
    simulator = JellyfinSimulator(base_path="/jellyfin")
    async with served(simulator) as ask:
        assert (await ask.get("/jellyfin/Users")).status_code == 200
        assert (await ask.get("/JELLYFIN/users/")).status_code == 200
        assert (await ask.get("/Users")).status_code == 404
        assert (await ask.get("/_simulator/state")).status_code == 200


async def test_header_parts_are_needed_to_sign_in(simulator: JellyfinSimulator) -> None:
    body: JsonObject = {"Username": simulator.admin.name, "Pw": "x"}
    async with served(simulator) as ask:
        bare = await ask.post(
            "/Users/AuthenticateByName", body, auth='MediaBrowser Client="a"'
        )
        assert (bare.status_code, bare.text) == (400, TEXT)
        whole = await ask.post("/Users/AuthenticateByName", body, auth=header("a"))
        assert whole.status_code == 401


@pytest.mark.parametrize("version", Version)
async def test_wrong_passwords_at_once_are_all_counted(version: Version) -> None:
    simulator = JellyfinSimulator(version=version)
    async with served(simulator) as ask:
        guest = await ask.user("guest")
        wrong = (ask.sign_in("guest", "wrong", f"device-{n}") for n in range(10))
        answers = await asyncio.gather(*wrong)
        assert {each.status_code for each in answers} == {401}
        assert (await ask.policy(guest))["InvalidLoginAttemptCount"] == 10


async def test_10_11_shows_a_sign_in_from_the_second_one_on() -> None:
    async with served(JellyfinSimulator(version=Version.V10_11)) as ask:
        guest = await ask.user("guest")
        own: list[JsonObject] = []
        later: list[JsonObject] = []
        for _ in range(3):
            own.append((await ask.sign_in("guest")).json()["User"])
            later.append((await ask.get(f"/Users/{guest}")).json())
        assert ["LastLoginDate" in each for each in later] == [False, True, True]
        assert ["LastLoginDate" in each for each in own] == [False, False, True]
        assert own[2]["LastLoginDate"] == later[1]["LastLoginDate"]


async def test_10_11_says_of_every_stream_whether_it_is_avc() -> None:
    for version in (Version.V10_11, Version.V12_0):
        simulator = JellyfinSimulator(version=version)
        async with served(simulator) as ask:
            listed = await ask.get(
                "/Items",
                userId=simulator.admin.id,
                recursive=True,
                includeItemTypes="Movie",
                fields="MediaStreams",
            )
        result = listed.json()["Items"]
        streams = [each for item in result for each in item["MediaStreams"]]
        avc = {each["Codec"]: each.get("IsAVC") for each in streams}
        other = False if version is Version.V10_11 else None
        assert avc["h264"] is True
        assert [avc["hevc"], avc["aac"], avc["subrip"]] == [other] * 3
