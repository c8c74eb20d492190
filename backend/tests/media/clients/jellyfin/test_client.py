"""The client against a Jellyfin of each version."""

import asyncio
from datetime import timedelta

import pytest
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator, Version
from tests.media.clients.jellyfin.seen import (
    paths_of,
    sign_in,
    user_named,
    views_of,
)
from tests.media.servers import connection

from zondarr.media.clients import register_clients
from zondarr.media.clients.jellyfin.client import JellyfinClient
from zondarr.media.connections import ClientOptions, HostStates
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.registry import ClientRegistry
from zondarr.media.types import AccountRequest, Permissions, ServerType

PASSWORD = "Guest-Passw0rd"
NOBODY = "0123456789abcdef0123456789abcdef"


async def test_the_server_is_who_it_says(
    simulator: JellyfinSimulator, client: JellyfinClient
) -> None:
    info = await client.server_info()
    assert await client.test_connection()
    assert info.id == simulator.state.server_id
    assert info.version.startswith(simulator.state.version.value.rpartition(".")[0])
    assert info.name


async def test_its_libraries_are_listed_with_their_own_words(
    simulator: JellyfinSimulator, client: JellyfinClient
) -> None:
    del simulator.state.folders[0]["CollectionType"]
    libraries = await client.get_libraries()
    assert [each.library_type for each in libraries] == [
        "mixed",
        "tvshows",
        "music",
        "homevideos",
    ]
    assert [each.external_id for each in libraries] == [
        each.id for each in simulator.state.world.libraries
    ]


async def test_its_users_are_each_listed_once(
    simulator: JellyfinSimulator, client: JellyfinClient
) -> None:
    users = await client.list_users()
    assert sorted(user.id for user in users) == sorted(simulator.state.users)
    assert [user.username for user in users if user.is_admin] == ["admin"]


async def test_an_account_has_exactly_what_was_meant(
    simulator: JellyfinSimulator, client: JellyfinClient, url: str
) -> None:
    films, shows, *_ = await client.get_libraries()
    chosen = [films.external_id, shows.external_id]
    permissions = Permissions(can_download=True, max_sessions=2, max_bitrate_kbps=8000)
    made = await client.create_user(
        "Zoë O'Neil", PASSWORD, library_ids=chosen, permissions=permissions
    )
    assert made.username == "Zoë O'Neil"
    assert (made.enabled, made.is_admin, made.all_libraries) == (True, False, False)
    assert set(made.library_ids) == set(chosen)
    assert made.permissions == permissions
    token = await sign_in(url, "Zoë O'Neil", PASSWORD)
    assert token is not None
    assert set(await views_of(url, token, made.id)) == set(chosen)
    policy = simulator.state.users[made.id].policy
    assert policy["EnableContentDeletion"] is False
    assert policy["EnableLiveTvManagement"] is False
    assert policy["EnableAllChannels"] is False


async def test_it_is_kept_out_until_its_rights_were_read_back(
    simulator: JellyfinSimulator, client: JellyfinClient
) -> None:
    await client.create_user("guest", PASSWORD)
    assert paths_of(simulator) == [
        "POST /Users/New",
        "GET /Users/{id}",
        "POST /Users/{id}/Policy",
        "POST /Users/Password",
        "GET /Users/{id}",
        "POST /Users/{id}/Policy",
        "GET /Users/{id}",
    ]


@pytest.mark.parametrize("name", ["guest", "GUEST"])
async def test_a_taken_name_is_told_from_an_invalid_one(
    simulator: JellyfinSimulator, client: JellyfinClient, name: str
) -> None:
    await client.create_user("Guest", PASSWORD)
    before = simulator.describe()
    for call in (
        client.create_user(name, "Other-Passw0rd"),
        client.plan_account(AccountRequest(username=name)),
    ):
        with pytest.raises(MediaClientError) as caught:
            await call
        assert caught.value.kind is ErrorKind.TAKEN
        assert caught.value.error_code == "username_taken"
    assert simulator.describe()["users"] == before["users"]


@pytest.mark.parametrize("name", ["", "line\n", "x" * 300, " a", "a/b", ".."])
async def test_a_name_nobody_should_have_is_not_even_sent(
    simulator: JellyfinSimulator, client: JellyfinClient, name: str
) -> None:
    with pytest.raises(MediaClientError) as caught:
        await client.create_user(name, PASSWORD)
    assert caught.value.error_code == "invalid_username"
    assert paths_of(simulator) == []


async def test_a_name_this_version_does_not_take_is_invalid_before_anything_is_made(
    simulator: JellyfinSimulator, client: JellyfinClient
) -> None:
    if simulator.state.version is not Version.V10_10:
        await client.create_user("a+b", PASSWORD)
        return
    with pytest.raises(MediaClientError) as caught:
        await client.plan_account(AccountRequest(username="a+b"))
    assert caught.value.error_code == "invalid_username"


async def test_a_library_that_is_not_there_is_never_written(
    simulator: JellyfinSimulator, client: JellyfinClient
) -> None:
    films, *_ = await client.get_libraries()
    chosen = [films.external_id]
    made = await client.create_user("guest", PASSWORD, library_ids=chosen)
    before = simulator.describe()
    wrong = [*chosen, NOBODY]
    for call in (
        client.set_library_access(made.id, wrong),
        client.plan_account(AccountRequest(username="other", library_ids=wrong)),
        client.create_user("other", PASSWORD, library_ids=wrong),
    ):
        with pytest.raises(MediaClientError) as caught:
            await call
        assert (caught.value.status, caught.value.code) == (400, "library_unknown")
    assert simulator.describe()["users"] == before["users"]


@pytest.mark.parametrize("password", ["", "   "])
async def test_an_empty_password_is_never_sent(
    simulator: JellyfinSimulator, client: JellyfinClient, password: str
) -> None:
    plan = await client.plan_account(AccountRequest(username="guest"))
    made = await client.open_account(plan)
    simulator.journal.clear()
    for call in (
        client.create_user("other", password),
        client.set_password(made.id, password),
        client.finish_account(plan, made.id, password),
    ):
        with pytest.raises(MediaClientError) as caught:
            await call
        assert caught.value.error_code == "password_required"
    assert paths_of(simulator) == []


async def test_an_account_is_disabled_before_it_is_deleted(
    simulator: JellyfinSimulator, url: str
) -> None:
    pause = 0.15
    careful = HostStates(ClientOptions(delete_pause=pause))
    async with JellyfinClient(connection(url, simulator.api_key), careful) as client:
        made = await client.create_user("guest", PASSWORD)
        simulator.journal.clear()
        assert await client.delete_user(made.id) is True
        assert await client.delete_user(made.id) is False
    _, shut, gone, *_ = simulator.journal.entries
    assert paths_of(simulator)[:4] == [
        "GET /Users/{id}",
        "POST /Users/{id}/Policy",
        "DELETE /Users/{id}",
        "GET /Users/{id}",
    ]
    assert gone.at - shut.at >= timedelta(seconds=pause)
    assert made.id not in simulator.state.users


async def test_an_administrator_is_left_alone(
    simulator: JellyfinSimulator, client: JellyfinClient
) -> None:
    simulator.journal.clear()
    admin = simulator.admin.id
    for call in (
        client.delete_user(admin),
        client.set_user_enabled(admin, enabled=False),
        client.set_password(admin, PASSWORD),
    ):
        with pytest.raises(MediaClientError) as caught:
            await call
        assert caught.value.kind is ErrorKind.REFUSED
        assert caught.value.error_code == "administrator"
    assert set(paths_of(simulator)) == {"GET /Users/{id}"}


async def test_disabling_ends_the_sessions_and_enabling_lets_in_again(
    simulator: JellyfinSimulator, client: JellyfinClient, url: str
) -> None:
    made = await client.create_user("guest", PASSWORD)
    assert await sign_in(url, "guest", PASSWORD) is not None
    assert await client.set_user_enabled(made.id, enabled=False) is True
    assert await sign_in(url, "guest", PASSWORD) is None
    assert made.id not in {d.user_id for d in simulator.state.devices.values()}
    assert await client.set_user_enabled(made.id, enabled=True) is True
    assert await sign_in(url, "guest", PASSWORD) is not None


async def test_one_who_locked_himself_out_is_not_locked_again_at_once(
    simulator: JellyfinSimulator, client: JellyfinClient, url: str
) -> None:
    made = await client.create_user("guest", PASSWORD)
    simulator.state.users[made.id].policy["LoginAttemptsBeforeLockout"] = 3
    for _ in range(3):
        await sign_in(url, "guest", "wrong")
    assert await client.set_user_enabled(made.id, enabled=True) is True
    await sign_in(url, "guest", "wrong")
    assert await sign_in(url, "guest", PASSWORD) is not None


async def test_libraries_and_rights_change_apart_from_each_other(
    simulator: JellyfinSimulator, client: JellyfinClient
) -> None:
    films, shows, *_ = [each.external_id for each in await client.get_libraries()]
    made = await client.create_user("guest", PASSWORD, library_ids=[films])
    strange = simulator.state.users[made.id].policy
    strange["SyncPlayAccess"] = "None"
    rights = Permissions(can_watch_live_tv=True, can_transcode=False)
    assert await client.update_permissions(made.id, rights) is True
    assert await client.set_library_access(made.id, [shows]) is True
    now = next(user for user in await client.list_users() if user.id == made.id)
    assert (now.library_ids, now.permissions, now.enabled) == ((shows,), rights, True)
    assert simulator.state.users[made.id].policy["SyncPlayAccess"] == "None"
    assert await client.set_library_access(made.id, []) is True
    now = next(user for user in await client.list_users() if user.id == made.id)
    assert (now.library_ids, now.all_libraries) == ((), False)


async def test_a_new_password_is_the_only_one(client: JellyfinClient, url: str) -> None:
    made = await client.create_user("guest", PASSWORD)
    assert await client.set_password(made.id, "Another-Passw0rd") is True
    assert await sign_in(url, "guest", PASSWORD) is None
    assert await sign_in(url, "guest", "Another-Passw0rd") is not None


@pytest.mark.parametrize(
    "id", [NOBODY, "0" * 32, "nonsense", "", "../Sessions", NOBODY * 9]
)
async def test_nobody_is_changed_when_there_is_no_such_user(
    simulator: JellyfinSimulator, client: JellyfinClient, id: str
) -> None:
    before = simulator.describe()["users"]
    assert await client.delete_user(id) is False
    assert await client.set_user_enabled(id, enabled=False) is False
    assert await client.set_user_enabled(id, enabled=True) is False
    assert await client.set_library_access(id, []) is False
    assert await client.update_permissions(id, Permissions()) is False
    assert await client.set_password(id, PASSWORD) is False
    assert simulator.describe()["users"] == before


async def test_ten_changes_at_once_are_made_one_after_another(
    simulator: JellyfinSimulator, client: JellyfinClient
) -> None:
    """Posted at once, each would be answered with 204 and only the last would stay."""
    libraries = [each.external_id for each in await client.get_libraries()]
    made = await client.create_user("guest", PASSWORD)
    await asyncio.gather(
        *(client.set_library_access(made.id, [each]) for each in libraries),
        *(
            client.update_permissions(made.id, Permissions(max_sessions=n))
            for n in (1, 2)
        ),
        client.set_user_enabled(made.id, enabled=False),
    )
    now = user_named(simulator, "guest").policy
    assert now["IsDisabled"] is True
    assert now["EnabledFolders"] == [libraries[-1]]
    assert now["MaxActiveSessions"] == 2


async def test_a_wrong_key_is_told_from_one_without_the_right(
    simulator: JellyfinSimulator, client: JellyfinClient, url: str, states: HostStates
) -> None:
    await client.create_user("guest", PASSWORD)
    guests_token = await sign_in(url, "guest", PASSWORD)
    assert guests_token is not None
    for key, code in (
        ("wrong", "api_key_rejected"),
        ("", "api_key_rejected"),
        ('a"b, c\n', "api_key_rejected"),
        (guests_token, "api_key_not_administrator"),
    ):
        async with JellyfinClient(connection(url, key), states) as stranger:
            assert await stranger.test_connection() is False
            with pytest.raises(MediaClientError) as caught:
                await stranger.server_info()
        assert caught.value.kind is ErrorKind.UNAUTHORIZED
        assert caught.value.error_code == code


async def test_an_unfinished_set_up_proves_no_key(
    simulator: JellyfinSimulator, client: JellyfinClient
) -> None:
    simulator.state.wizard_done = False
    assert await client.test_connection() is False
    with pytest.raises(MediaClientError) as caught:
        await client.server_info()
    assert caught.value.error_code == "setup_not_finished"


@pytest.mark.parametrize("phase", ["setup", "loading", None])
async def test_nothing_is_concluded_from_a_server_that_starts(
    simulator: JellyfinSimulator, client: JellyfinClient, url: str, phase: str | None
) -> None:
    simulator.faults.add(Fault("/", FaultKind.STARTING, value=phase, endless=True))
    calls = [
        client.server_info(),
        client.list_users(),
        client.get_libraries(),
        client.delete_user(NOBODY),
        client.plan_account(AccountRequest(username="guest")),
    ]
    assert await client.test_connection() is False
    for call in calls:
        with pytest.raises(MediaClientError) as caught:
            await call
        assert caught.value.kind is ErrorKind.STARTING
        assert caught.value.retry_after == (
            5 if phase == "setup" and call is not calls[0] else None
        )


async def test_an_empty_list_of_users_is_no_answer(
    simulator: JellyfinSimulator, client: JellyfinClient
) -> None:
    simulator.faults.add(Fault("/Users", FaultKind.EMPTY, endless=True))
    with pytest.raises(MediaClientError) as caught:
        await client.list_users()
    assert caught.value.error_code == "empty_answer"


async def test_the_type_of_a_server_is_found_by_asking_it(
    simulator: JellyfinSimulator, url: str
) -> None:
    registry = ClientRegistry()
    register_clients(registry)
    registry.configure(ClientOptions(attempts=1))
    assert await registry.detect_server_type(url) is ServerType.JELLYFIN
    simulator.faults.add(Fault("/", FaultKind.STARTING))
    with pytest.raises(MediaClientError) as caught:
        await registry.detect_server_type(url)
    assert caught.value.kind is ErrorKind.STARTING
    assert caught.value.operation == "detect_server_type"
    for kind, value in (
        (FaultKind.HTML, None),
        (FaultKind.STATUS, 404),
        (FaultKind.STATUS, 401),
    ):
        simulator.faults.add(Fault("/", kind, value=value, times=2))
        with pytest.raises(MediaClientError) as caught:
            await registry.detect_server_type(url)
        assert caught.value.error_code == "server_type_unknown"
