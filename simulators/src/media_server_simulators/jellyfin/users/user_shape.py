"""A user as the API shows them, and the configuration that they may change."""

from media_server_simulators.jellyfin.http.shapes import (
    Shape,
    boolean,
    enum,
    guid,
    optional,
    string,
)
from media_server_simulators.jellyfin.state import State, User
from media_server_simulators.jellyfin.users.policy import GUIDS, POLICY
from media_server_simulators.jellyfin.values import compact, stamp
from media_server_simulators.wire import JsonObject

CAST_RECEIVER = "F007D354"
DEFAULTS: JsonObject = {
    "PlayDefaultAudioTrack": True,
    "SubtitleLanguagePreference": "",
    "DisplayMissingEpisodes": False,
    "GroupedFolders": [],
    "SubtitleMode": "Default",
    "DisplayCollectionsView": False,
    "EnableLocalPassword": False,
    "OrderedViews": [],
    "LatestItemsExcludes": [],
    "MyMediaExcludes": [],
    "HidePlayedInLatest": True,
    "RememberAudioSelections": True,
    "RememberSubtitleSelections": True,
    "EnableNextEpisodeAutoPlay": True,
}
LISTS = ("GroupedFolders", "OrderedViews", "LatestItemsExcludes", "MyMediaExcludes")
CONFIGURATION = Shape(
    "MediaBrowser.Model.Configuration.UserConfiguration",
    {
        **{
            name: boolean for name, value in DEFAULTS.items() if isinstance(value, bool)
        },
        **dict.fromkeys(LISTS, GUIDS),
        "AudioLanguagePreference": string,
        "SubtitleLanguagePreference": string,
        "CastReceiverId": string,
        "SubtitleMode": enum(
            "Jellyfin.Database.Implementations.Enums.SubtitlePlaybackMode",
            "Default",
            "Always",
            "OnlyForced",
            "None",
            "Smart",
        ),
    },
    defaults=DEFAULTS,
)
USER = Shape(
    "MediaBrowser.Model.Dto.UserDto",
    {
        "Name": string,
        "ServerId": string,
        "ServerName": string,
        "Id": guid,
        "PrimaryImageTag": string,
        "HasPassword": boolean,
        "HasConfiguredPassword": boolean,
        "HasConfiguredEasyPassword": boolean,
        "EnableAutoLogin": optional(boolean),
        "LastLoginDate": string,
        "LastActivityDate": string,
        "Configuration": CONFIGURATION,
        "Policy": POLICY,
    },
    defaults={"Configuration": dict(DEFAULTS), "Policy": dict(POLICY.defaults)},
)


def new_configuration() -> JsonObject:
    return {**DEFAULTS, "CastReceiverId": CAST_RECEIVER}


def shown(state: State, user: User, *, just_made: bool = False) -> JsonObject:
    """10.11 shows whether there is a password, but not in the answer to a creation."""
    has = state.version.since_12 or (user.secret is not None and not just_made)
    return compact(
        {
            "Name": user.name,
            "ServerId": state.server_id,
            "Id": user.id,
            "HasPassword": has,
            "HasConfiguredPassword": has,
            "HasConfiguredEasyPassword": False,
            "EnableAutoLogin": False,
            "LastLoginDate": stamp(user.last_login) if user.last_login else None,
            "LastActivityDate": stamp(user.last_activity)
            if user.last_activity
            else None,
            "Configuration": user.configuration,
            "Policy": user.policy,
        }
    )
