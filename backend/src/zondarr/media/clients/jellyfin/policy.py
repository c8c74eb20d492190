"""The permissions of a Jellyfin user: read whole, changed, sent back whole, compared.

Pure functions on the raw policy. Two exceptions: `EnableLyricManagement` is never
returned when it is set, so it is always sent; `BlockedMediaFolders` is ignored on input
and overrides the libraries, so it is expected to read back empty. Scenarios
`policy_round_trip`, `policy_libraries`.
"""

from collections.abc import Iterable
from typing import cast

from zondarr.media.clients.jellyfin.shapes import Policy, User
from zondarr.media.types import ExternalUser, Permissions

NO_LOCKOUT = -1
"""LoginAttemptsBeforeLockout of every user that Jellyfin creates."""

DENIED_TO_GUESTS: Policy = {
    "IsAdministrator": False,
    "EnableCollectionManagement": False,
    "EnableSubtitleManagement": False,
    "EnableLyricManagement": False,
    "EnableContentDeletion": False,
    "EnableContentDeletionFromFolders": [],
    "EnableLiveTvManagement": False,
    "EnableRemoteControlOfOtherUsers": False,
    "EnableMediaConversion": False,
    # Channels of plug-ins are content outside the libraries.
    "EnableAllChannels": False,
    "EnabledChannels": [],
}

# Incremented by every wrong password that anybody types, at any moment.
SERVER_MANAGED_KEYS = frozenset({"InvalidLoginAttemptCount"})


ASSIGNED_BY_SERVER = frozenset({"Id", "UserId"})
"""Keys in the entries of a policy's lists (AccessSchedule) that the server assigns."""


def guest_policy(
    policy: Policy, library_ids: Iterable[str], permissions: Permissions
) -> Policy:
    """Exactly these libraries and permissions, still disabled."""
    wanted = {**policy, **DENIED_TO_GUESTS, "IsHidden": True}
    return disabled_policy(
        with_permissions(with_libraries(wanted, library_ids), permissions)
    )


def with_libraries(policy: Policy, library_ids: Iterable[str]) -> Policy:
    chosen = sorted({normalized_id(each) for each in library_ids})
    return {
        **policy,
        "EnableAllFolders": False,
        "EnabledFolders": chosen,
        "BlockedMediaFolders": [],
    }


def with_permissions(policy: Policy, permissions: Permissions) -> Policy:
    transcode = permissions.can_transcode
    return {
        **policy,
        "EnableContentDownloading": permissions.can_download,
        "EnableVideoPlaybackTranscoding": transcode,
        "EnableAudioPlaybackTranscoding": transcode,
        "EnablePlaybackRemuxing": transcode,
        "EnableLiveTvAccess": permissions.can_watch_live_tv,
        "EnableLiveTvManagement": False,
        "EnableRemoteAccess": permissions.can_access_remotely,
        "MaxActiveSessions": permissions.max_sessions or 0,
        "RemoteClientBitrateLimit": (permissions.max_bitrate_kbps or 0) * 1000,
    }


def enabled_policy(policy: Policy) -> Policy:
    """Enabled, with the failure counter reset: otherwise the next wrong password would
    lock the account.
    """
    return {**policy, "IsDisabled": False, "InvalidLoginAttemptCount": 0}


def disabled_policy(policy: Policy) -> Policy:
    return {**policy, "IsDisabled": True}


def marked_policy(policy: Policy, mark: str) -> Policy:
    """Disabled, and recognisable by a library id that does not exist."""
    return disabled_policy(with_libraries(policy, [mark]))


def is_marked(policy: Policy, mark: str) -> bool:
    return is_disabled(policy) and _strings(policy.get("EnabledFolders")) == [mark]


def with_every_key(policy: Policy) -> Policy:
    """The policy to send: an omitted key would take a permissive default."""
    return {"EnableLyricManagement": False, **policy}


def differences(wanted: Policy, read: Policy) -> list[str]:
    """The keys whose stored value differs from the one that was sent."""
    wanted, read = with_every_key(wanted), with_every_key(read)
    keys = (wanted.keys() | read.keys()) - SERVER_MANAGED_KEYS
    return sorted(
        key
        for key in keys
        if _comparable(wanted.get(key)) != _comparable(read.get(key))
    )


def _comparable(value: object) -> object:
    """Without the order of lists and the keys that the server assigns."""
    if isinstance(value, dict):
        entry = cast(dict[str, object], value).items()
        return {key: each for key, each in entry if key not in ASSIGNED_BY_SERVER}
    if isinstance(value, list):
        return sorted(map(_comparable, cast(list[object], value)), key=repr)
    return value


def normalized_id(id: str) -> str:
    """An id as the server returns it; as input it also accepts dashes and
    upper case.
    """
    return id.replace("-", "").strip("{}").lower()


def is_administrator(policy: Policy) -> bool:
    return policy.get("IsAdministrator") is True


def is_disabled(policy: Policy) -> bool:
    return policy.get("IsDisabled") is True


def is_untouched(policy: Policy) -> bool:
    """Whether the account may be one that nobody changed since it was created.

    Only then is its password tried: it may sign in from anywhere at any time, so the
    result is meaningful, and a wrong password cannot lock it.
    """
    return (
        not is_administrator(policy)
        and not is_disabled(policy)
        and policy.get("LoginAttemptsBeforeLockout", NO_LOCKOUT) == NO_LOCKOUT
        and policy.get("EnableRemoteAccess", True) is True
        and not policy.get("AccessSchedules")
    )


def external_user(user: User) -> ExternalUser:
    policy = user.policy
    return ExternalUser(
        id=normalized_id(user.id),
        username=user.name,
        enabled=not is_disabled(policy),
        is_admin=is_administrator(policy),
        all_libraries=policy.get("EnableAllFolders") is True,
        library_ids=tuple(map(normalized_id, _strings(policy.get("EnabledFolders")))),
        permissions=_permissions(policy),
        last_active_at=user.last_activity_date or user.last_login_date,
    )


def _permissions(policy: Policy) -> Permissions:
    return Permissions(
        can_download=policy.get("EnableContentDownloading") is True,
        can_transcode=policy.get("EnableVideoPlaybackTranscoding") is True,
        can_watch_live_tv=policy.get("EnableLiveTvAccess") is True,
        can_access_remotely=policy.get("EnableRemoteAccess") is True,
        max_sessions=_number(policy.get("MaxActiveSessions")) or None,
        max_bitrate_kbps=_number(policy.get("RemoteClientBitrateLimit")) // 1000
        or None,
    )


def _strings(value: object) -> list[str]:
    if not isinstance(value, list):
        return []
    return [str(each) for each in cast(list[object], value)]


def _number(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0
