"""A user's rights: what a new user gets, what a post that leaves keys out means."""

from media_server_simulators.jellyfin.http.binding import Body
from media_server_simulators.jellyfin.http.call import Call, nothing
from media_server_simulators.jellyfin.http.errors import (
    bad_argument,
    exception_error,
    text_error,
)
from media_server_simulators.jellyfin.http.parameters import GUID
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.http.shapes import (
    Reader,
    Shape,
    array,
    boolean,
    double,
    enum,
    guid,
    integer,
    optional,
    string,
)
from media_server_simulators.jellyfin.state import State, User
from media_server_simulators.jellyfin.users.tokens import revoke_tokens
from media_server_simulators.jellyfin.values import flag
from media_server_simulators.jellyfin.versions import Version
from media_server_simulators.wire import Json, JsonObject, Reply

routes = Routes()

LAST_ENABLED = "There must be at least one enabled user in the system."
LOGIN = "Jellyfin.Server.Implementations.Users.DefaultAuthenticationProvider"
RESET = "Jellyfin.Server.Implementations.Users.DefaultPasswordResetProvider"
ENUMS = "Jellyfin.Database.Implementations.Enums"

STRINGS = array(string, "System.String[]")
GUIDS = array(guid, "System.Guid[]")
SCHEDULE = Shape(
    "Jellyfin.Database.Implementations.Entities.AccessSchedule",
    {
        "Id": integer,
        "UserId": guid,
        "DayOfWeek": enum(
            f"{ENUMS}.DynamicDayOfWeek",
            "Sunday",
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
            "Saturday",
            "Everyday",
            "Weekday",
            "Weekend",
        ),
        "StartHour": double,
        "EndHour": double,
    },
    defaults={"Id": 0, "DayOfWeek": "Sunday", "StartHour": 0.0, "EndHour": 0.0},
)
UNRATED = enum(
    f"{ENUMS}.UnratedItem",
    "Movie",
    "Trailer",
    "Series",
    "Music",
    "Book",
    "LiveTvChannel",
    "LiveTvProgram",
    "ChannelContent",
    "Other",
)
SYNC_PLAY = enum(
    f"{ENUMS}.SyncPlayUserAccessType", "CreateAndJoinGroups", "JoinGroups", "None"
)
FLAGS: dict[str, tuple[bool, bool]] = {
    # name: (a new user's, the constructor's for a key that a post leaves out)
    "IsAdministrator": (False, False),
    "IsHidden": (True, True),
    "EnableCollectionManagement": (False, False),
    "EnableSubtitleManagement": (False, False),
    "EnableLyricManagement": (False, False),
    "IsDisabled": (False, False),
    "EnableUserPreferenceAccess": (True, True),
    "EnableRemoteControlOfOtherUsers": (False, False),
    "EnableSharedDeviceControl": (True, True),
    "EnableRemoteAccess": (True, True),
    "EnableLiveTvManagement": (False, True),
    "EnableLiveTvAccess": (True, True),
    "EnableMediaPlayback": (True, True),
    "EnableAudioPlaybackTranscoding": (True, True),
    "EnableVideoPlaybackTranscoding": (True, True),
    "EnablePlaybackRemuxing": (True, True),
    "ForceRemoteSourceTranscoding": (False, False),
    "EnableContentDeletion": (False, False),
    "EnableContentDownloading": (True, True),
    "EnableSyncTranscoding": (True, True),
    "EnableMediaConversion": (True, True),
    "EnableAllDevices": (True, True),
    "EnableAllChannels": (True, True),
    "EnableAllFolders": (True, True),
    "EnablePublicSharing": (True, True),
}
LISTS: dict[str, Reader] = {
    "BlockedTags": STRINGS,
    "AllowedTags": STRINGS,
    "AccessSchedules": array(SCHEDULE.read, f"{SCHEDULE.dotnet}[]"),
    "BlockUnratedItems": array(UNRATED, f"{ENUMS}.UnratedItem[]"),
    "EnableContentDeletionFromFolders": STRINGS,
    "EnabledDevices": STRINGS,
    "EnabledChannels": GUIDS,
    "EnabledFolders": GUIDS,
    "BlockedMediaFolders": GUIDS,
    "BlockedChannels": GUIDS,
}
# Stored although null is sent for them; null for any other list is an error.
MAY_BE_NULL = {"BlockUnratedItems", "BlockedMediaFolders", "BlockedChannels"}
IGNORED = {"BlockedMediaFolders", "BlockedChannels"}
NUMBERS = {
    "InvalidLoginAttemptCount": 0,
    "LoginAttemptsBeforeLockout": -1,
    "MaxActiveSessions": 0,
    "RemoteClientBitrateLimit": 0,
}


def _defaults(place: int) -> JsonObject:
    made: JsonObject = {name: pair[place] for name, pair in FLAGS.items()}
    lists: JsonObject = {name: list[Json]() for name in LISTS}
    tail: JsonObject = {"SyncPlayAccess": "CreateAndJoinGroups"}
    return made | lists | dict[str, Json](NUMBERS) | tail


POLICY = Shape(
    "MediaBrowser.Model.Users.UserPolicy",
    {
        **dict.fromkeys(FLAGS, boolean),
        **LISTS,
        **dict.fromkeys(NUMBERS, integer),
        "MaxParentalRating": optional(integer),
        "MaxParentalSubRating": optional(integer),
        "AuthenticationProviderId": string,
        "PasswordResetProviderId": string,
        "SyncPlayAccess": SYNC_PLAY,
    },
    filled=("PasswordResetProviderId", "AuthenticationProviderId"),
    defaults=_defaults(1),
)


def new_policy() -> JsonObject:
    return _defaults(0) | {
        "AuthenticationProviderId": LOGIN,
        "PasswordResetProviderId": RESET,
    }


def administrator_policy() -> JsonObject:
    """What the wizard gives the first user."""
    rights = (
        "IsAdministrator",
        "EnableContentDeletion",
        "EnableRemoteControlOfOtherUsers",
    )
    return new_policy() | dict.fromkeys(rights, True)


@routes.on(
    "POST",
    "/Users/{userId}/Policy",
    access="elevated",
    path={"userId": GUID},
    body=Body(POLICY, "newPolicy"),
)
def update_policy(call: Call) -> Reply:
    """The guards look at the rights the user has now, not at those that are posted."""
    user, policy = call.user(call.guid("userId")), call.body
    admin, disable = flag(user.policy, "IsAdministrator"), flag(policy, "IsDisabled")
    if (
        admin
        and not flag(policy, "IsAdministrator")
        and count(call.state, "IsAdministrator") == 1
    ):
        raise text_error(
            403,
            "There must be at least one user in the system with administrative access.",
        )
    if admin and disable:
        raise text_error(403, "Administrators cannot be disabled.")
    if disable and not flag(user.policy, "IsDisabled"):
        if len(call.state.users) - count(call.state, "IsDisabled") == 1:
            raise text_error(403, LAST_ENABLED)
        revoke_tokens(call.state, user.id, but=call.caller.token)
    store(call.state, user, policy)
    return nothing()


def count(state: State, name: str) -> int:
    return sum(flag(user.policy, name) for user in state.users.values())


def store(state: State, user: User, policy: JsonObject) -> None:
    """Raises what the server throws at a null list, with nothing stored."""
    for name in LISTS:
        if policy.get(name) is None and name == "AccessSchedules":
            raise exception_error(500)
        if policy.get(name) is None and name not in MAY_BE_NULL:
            raise bad_argument()
    kept = {name: value for name, value in policy.items() if name not in IGNORED}
    user.policy = user.policy | kept
    user.policy["BlockUnratedItems"] = policy.get("BlockUnratedItems") or []
    user.policy["LoginAttemptsBeforeLockout"] = (
        policy.get("LoginAttemptsBeforeLockout") or 3
    )
    schedules = policy.get("AccessSchedules")
    if isinstance(schedules, list):
        user.policy["AccessSchedules"] = [
            {**each, "Id": place, "UserId": user.id}
            for place, each in enumerate(schedules, 1)
            if isinstance(each, dict)
        ]
    for name in ("MaxParentalRating", "MaxParentalSubRating"):
        if policy.get(name) is None:
            _ = user.policy.pop(name, None)
    if state.version is Version.V10_10:
        _ = user.policy.pop("MaxParentalSubRating", None)
