"""The rights of a guest: what is meant and nothing else, whatever stood there."""

from typing import cast
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from zondarr.media.clients.jellyfin.policy import (
    DENIED_TO_GUESTS,
    differences,
    disabled_policy,
    enabled_policy,
    external_user,
    guest_policy,
    is_untouched,
    normalized_id,
    with_every_key,
    with_libraries,
    with_permissions,
)
from zondarr.media.clients.jellyfin.shapes import Policy, User
from zondarr.media.types import Permissions

KEYS = [
    "IsAdministrator",
    "IsDisabled",
    "IsHidden",
    "EnableAllFolders",
    "EnabledFolders",
    "EnableContentDeletion",
    "EnableContentDeletionFromFolders",
    "EnableContentDownloading",
    "EnableLiveTvManagement",
    "EnableLyricManagement",
    "InvalidLoginAttemptCount",
    "MaxActiveSessions",
    "RemoteClientBitrateLimit",
    "BlockedMediaFolders",
    "SyncPlayAccess",
    "AKeyNobodyKnows",
]
values = st.one_of(
    st.booleans(), st.none(), st.integers(-9, 9), st.text(), st.lists(st.text())
)
policies: st.SearchStrategy[Policy] = st.dictionaries(st.sampled_from(KEYS), values)
limits = st.none() | st.integers(1, 100_000)
permissions_of_any_kind = st.builds(
    Permissions,
    can_download=st.booleans(),
    can_transcode=st.booleans(),
    can_watch_live_tv=st.booleans(),
    can_access_remotely=st.booleans(),
    max_sessions=limits,
    max_bitrate_kbps=limits,
)
ids = st.uuids().map(str)


@given(policies, st.lists(ids, max_size=5), permissions_of_any_kind)
def test_a_guest_has_what_was_meant_and_nothing_else(
    policy: Policy, library_ids: list[str], permissions: Permissions
) -> None:
    wanted = guest_policy(policy, library_ids, permissions)
    seen = external_user(User(id="1" * 32, name="guest", policy=wanted))
    assert seen.permissions == permissions
    assert set(seen.library_ids) == {UUID(each).hex for each in library_ids}
    assert (seen.all_libraries, seen.is_admin, seen.enabled) == (False, False, False)
    assert {key: wanted[key] for key in DENIED_TO_GUESTS} == DENIED_TO_GUESTS
    untouched = {
        key: policy[key]
        for key in ("SyncPlayAccess", "AKeyNobodyKnows")
        if key in policy
    }
    assert untouched.items() <= wanted.items()


@given(policies, st.lists(ids), permissions_of_any_kind)
def test_a_change_touches_only_what_it_is_about(
    policy: Policy, library_ids: list[str], permissions: Permissions
) -> None:
    user = User(id="1" * 32, policy=policy)
    before = external_user(user)
    by_libraries = external_user(
        User(id=user.id, policy=with_libraries(policy, library_ids))
    )
    by_rights = external_user(
        User(id=user.id, policy=with_permissions(policy, permissions))
    )
    assert by_libraries.permissions == before.permissions
    assert by_rights.library_ids == before.library_ids
    assert by_libraries.enabled == by_rights.enabled == before.enabled


@given(policies)
def test_letting_in_and_keeping_out_undo_each_other(policy: Policy) -> None:
    assert (
        differences(enabled_policy(disabled_policy(policy)), enabled_policy(policy))
        == []
    )
    assert enabled_policy(policy)["InvalidLoginAttemptCount"] == 0


@given(policies)
def test_a_policy_is_equal_to_itself_in_any_order(policy: Policy) -> None:
    other_way_round = {key: _turned(policy[key]) for key in reversed(policy)}
    assert differences(policy, other_way_round) == []


def _turned(value: object) -> object:
    if isinstance(value, list):
        return cast(list[object], value)[::-1]
    return value


@given(policies, st.sampled_from(KEYS), values)
def test_any_difference_is_seen(policy: Policy, key: str, value: object) -> None:
    wanted = {**policy, key: value}
    other = {**policy, key: "something else entirely"}
    expected = [] if key == "InvalidLoginAttemptCount" else [key]
    assert differences(wanted, other) == expected


def test_the_right_that_is_never_returned_is_always_said() -> None:
    assert with_every_key({})["EnableLyricManagement"] is False
    assert (
        with_every_key({"EnableLyricManagement": True})["EnableLyricManagement"] is True
    )
    assert differences({"EnableLyricManagement": False}, {}) == []


def test_folders_blocked_long_ago_are_noticed() -> None:
    """They override the libraries and cannot be changed: the access is not as asked."""
    policy: Policy = {"BlockedMediaFolders": ["Films"]}
    assert differences(
        with_libraries(policy, []), {**with_libraries(policy, []), **policy}
    )


def test_only_an_untouched_account_is_asked_for_its_password() -> None:
    fresh: Policy = {"IsDisabled": False, "LoginAttemptsBeforeLockout": -1}
    assert is_untouched(fresh)
    assert not is_untouched({**fresh, "LoginAttemptsBeforeLockout": 3})
    assert not is_untouched({**fresh, "IsDisabled": True})
    assert not is_untouched({**fresh, "IsAdministrator": True})


@given(st.uuids())
def test_an_id_is_one_in_every_form(id: UUID) -> None:
    assert normalized_id(f"{{{id}}}") == normalized_id(str(id).upper()) == id.hex


def test_what_the_server_assigns_to_the_entries_of_a_list_is_no_difference() -> None:
    day = {"DayOfWeek": "Monday", "StartHour": 1.0, "EndHour": 2.0}
    stored = {**day, "Id": 7, "UserId": str(UUID(int=1))}
    assert differences({"AccessSchedules": [day]}, {"AccessSchedules": [stored]}) == []
    later = {**stored, "EndHour": 3.0}
    assert differences({"AccessSchedules": [day]}, {"AccessSchedules": [later]})
    assert differences({"AccessSchedules": [day]}, {"AccessSchedules": []})
