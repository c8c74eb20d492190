"""The rights of a Jellyfin user: read whole, changed, sent back whole, compared.

Pure functions over the raw policy. The traps: `EnableLyricManagement` is never
returned when it is set, so it is always said; `BlockedMediaFolders` is ignored on
input and overrides the libraries, so it is expected to read back empty.
"""

from collections.abc import Iterable
from typing import cast

from zondarr.media.clients.jellyfin.shapes import Policy, User
from zondarr.media.types import ExternalUser, Permissions

NO_LOCKOUT = -1
"""LoginAttemptsBeforeLockout of every user that Jellyfin makes."""

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
    # Channels of plug-ins are content beside the libraries.
    "EnableAllChannels": False,
    "EnabledChannels": [],
}

# Rises with every wrong password anybody types, at any moment.
SERVER_MANAGED_KEYS = frozenset({"InvalidLoginAttemptCount"})


ASSIGNED_BY_SERVER = frozenset({"Id", "UserId"})
"""In the entries of a policy's lists (AccessSchedule): given when they are stored."""


def guest_policy(
    policy: Policy, library_ids: Iterable[str], permissions: Permissions
) -> Policy:
    """Exactly these libraries and rights, and nobody let in yet."""
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
    """Let in. With the counter as it was, the next wrong password would lock again."""
    return {**policy, "IsDisabled": False, "InvalidLoginAttemptCount": 0}


def disabled_policy(policy: Policy) -> Policy:
    return {**policy, "IsDisabled": True}


def marked_policy(policy: Policy, mark: str) -> Policy:
    """Kept out, and known again by a library that does not exist."""
    return disabled_policy(with_libraries(policy, [mark]))


def is_marked(policy: Policy, mark: str) -> bool:
    return is_disabled(policy) and _strings(policy.get("EnabledFolders")) == [mark]


def with_every_key(policy: Policy) -> Policy:
    """As it is to be posted: a key that is left out would be given away."""
    return {"EnableLyricManagement": False, **policy}


def differences(wanted: Policy, read: Policy) -> list[str]:
    """The keys in which what the server kept is not what it was given."""
    wanted, read = with_every_key(wanted), with_every_key(read)
    keys = (wanted.keys() | read.keys()) - SERVER_MANAGED_KEYS
    return sorted(
        key
        for key in keys
        if _comparable(wanted.get(key)) != _comparable(read.get(key))
    )


def _comparable(value: object) -> object:
    """Lists have no order, and what the server assigns is no difference."""
    if isinstance(value, dict):
        entry = cast(dict[str, object], value).items()
        return {key: each for key, each in entry if key not in ASSIGNED_BY_SERVER}
    if isinstance(value, list):
        return sorted(map(_comparable, cast(list[object], value)), key=repr)
    return value


def normalized_id(id: str) -> str:
    """An id as the server writes it; on input it also takes dashes and upper case."""
    return id.replace("-", "").strip("{}").lower()


def is_administrator(policy: Policy) -> bool:
    return policy.get("IsAdministrator") is True


def is_disabled(policy: Policy) -> bool:
    return policy.get("IsDisabled") is True


def is_untouched(policy: Policy) -> bool:
    """Whether it can be an account that nobody touched since it was made.

    Only such a one is asked for its password: it is let in from anywhere at any time,
    so the answer means something, and it cannot be locked out by a wrong one.
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
