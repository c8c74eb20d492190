"""A new server, made of a world: its people, libraries, views and first API key."""

import secrets
from dataclasses import dataclass

from media_server_simulators.jellyfin.items.catalogue import USER_ROOT
from media_server_simulators.jellyfin.server.default_configuration import configuration
from media_server_simulators.jellyfin.state import ApiKey, Secret, State, User
from media_server_simulators.jellyfin.users.policy import (
    administrator_policy,
    new_policy,
)
from media_server_simulators.jellyfin.users.user_shape import new_configuration
from media_server_simulators.jellyfin.values import child, compact, hashed_guid, listed
from media_server_simulators.jellyfin.versions import Version
from media_server_simulators.wire import Json, JsonObject
from media_server_simulators.world import Library, Person, World


@dataclass(frozen=True, slots=True)
class Admin:
    id: str
    name: str
    password: str


@dataclass(frozen=True, slots=True)
class Installation:
    """One server with what is needed to get into it."""

    state: State
    api_key: str
    admin: Admin


def install(
    world: World, version: Version, base_path: str, *, api_key: str | None = None
) -> Installation:
    """A fresh server. `api_key` is a new one where none is given.

    `/Auth/Keys` does not list it: a fresh server has no keys there.
    """
    state = new_state(world, version, base_path)
    key = api_key or secrets.token_hex(16)
    state.api_keys[key] = ApiKey(key, "Simulator", state.now(), listed=False)
    admin = world.administrator
    return Installation(state, key, Admin(admin.id, admin.name, admin.password))


def new_state(world: World, version: Version, base_path: str) -> State:
    state = State(
        version=version,
        world=world,
        configuration=configuration(version, world.server_name),
        folders=[each.recorded or _folder(each) for each in world.libraries],
        views=list(world.views)
        or [view(world.server_id, e.id, e.name, e.kind) for e in world.libraries],
        base_path=base_path.rstrip("/"),
    )
    for person in (world.administrator, *world.people):
        state.users[person.id] = _user(person)
        state.users[person.id].internal_id = len(state.users)
    if world.just_scanned:
        state.users[world.administrator.id].last_activity = state.now()
    return state


def _user(person: Person) -> User:
    policy = administrator_policy() if person.administrator else new_policy()
    policy |= child(person.recorded, "Policy")
    if person.disabled:
        policy["IsDisabled"] = True
    if person.libraries is not None:
        policy["EnableAllFolders"] = False
        policy["EnabledFolders"] = listed(list(person.libraries))
    settings = new_configuration() | child(person.recorded, "Configuration")
    secret = Secret.of(person.password) if person.password else None
    return User(person.id, person.name, policy, settings, secret)


def _folder(library: Library) -> JsonObject:
    paths: list[Json] = [{"Path": path} for path in library.folders]
    return {
        "Name": library.name,
        "Locations": listed(list(library.folders)),
        "CollectionType": library.kind,
        "LibraryOptions": {**LIBRARY_OPTIONS, "PathInfos": paths},
        "ItemId": library.id,
        "RefreshStatus": "Idle",
    }


def view(server_id: str, library_id: str, name: str, kind: str) -> JsonObject:
    return compact(
        {
            "Name": name,
            "ServerId": server_id,
            "Id": library_id,
            "Etag": hashed_guid(library_id),
            "SortName": name.lower(),
            "Path": f"/config/root/default/{name}",
            "ParentId": USER_ROOT,
            "Type": "CollectionFolder",
            "CollectionType": kind or None,
            "DisplayPreferencesId": library_id,
        }
    )


LIBRARY_OPTIONS: JsonObject = {
    "Enabled": True,
    "EnablePhotos": True,
    "EnableRealtimeMonitor": True,
    "EnableLUFSScan": True,
    "EnableChapterImageExtraction": False,
    "ExtractChapterImagesDuringLibraryScan": False,
    "EnableTrickplayImageExtraction": False,
    "ExtractTrickplayImagesDuringLibraryScan": False,
    "PathInfos": [],
    "SaveLocalMetadata": False,
    "EnableInternetProviders": False,
    "EnableAutomaticSeriesGrouping": False,
    "EnableEmbeddedTitles": False,
    "EnableEmbeddedExtrasTitles": False,
    "EnableEmbeddedEpisodeInfos": False,
    "AutomaticRefreshIntervalDays": 0,
    "SeasonZeroDisplayName": "Specials",
    "MetadataSavers": [],
    "DisabledLocalMetadataReaders": [],
    "LocalMetadataReaderOrder": ["Nfo"],
    "DisabledSubtitleFetchers": [],
    "SubtitleFetcherOrder": [],
    "DisabledMediaSegmentProviders": [],
    "MediaSegmentProviderOrder": [],
    "SkipSubtitlesIfEmbeddedSubtitlesPresent": False,
    "SkipSubtitlesIfAudioTrackMatches": False,
    "RequirePerfectSubtitleMatch": True,
    "SaveSubtitlesWithMedia": True,
    "SaveLyricsWithMedia": False,
    "SaveTrickplayWithMedia": False,
    "DisabledLyricFetchers": [],
    "LyricFetcherOrder": [],
    "PreferNonstandardArtistsTag": False,
    "UseCustomTagDelimiters": False,
    "CustomTagDelimiters": ["/", "|", ";", "\\"],
    "DelimiterWhitelist": [],
    "AutomaticallyAddToCollection": False,
    "AllowEmbeddedSubtitles": "AllowAll",
    "TypeOptions": [],
}
