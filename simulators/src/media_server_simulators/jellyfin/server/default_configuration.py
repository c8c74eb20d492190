"""A server's configuration as it comes."""

from media_server_simulators.jellyfin.versions import Version
from media_server_simulators.wire import Json, JsonObject

NEW_IN_10_11 = {
    "CacheSize",
    "EnableGroupingMoviesIntoCollections",
    "EnableGroupingShowsIntoCollections",
}
KINDS: dict[str, tuple[list[str], list[str]]] = {
    "Book": ([], []),
    "Movie": ([], []),
    "MusicVideo": (["The Open Movie Database"], ["The Open Movie Database"]),
    "Series": ([], []),
    "MusicAlbum": (["TheAudioDB"], []),
    "MusicArtist": (["TheAudioDB"], []),
    "BoxSet": ([], []),
    "Season": ([], []),
    "Episode": ([], []),
}


def _metadata(kind: str, metadata: list[str], images: list[str]) -> JsonObject:
    return {
        "ItemType": kind,
        "DisabledMetadataSavers": [],
        "LocalMetadataReaderOrder": [],
        "DisabledMetadataFetchers": list[Json](metadata),
        "MetadataFetcherOrder": [],
        "DisabledImageFetchers": list[Json](images),
        "ImageFetcherOrder": [],
    }


def configuration(version: Version, server_name: str) -> JsonObject:
    whole: JsonObject = {
        "EnableMetrics": False,
        "EnableNormalizedItemByNameIds": True,
        "IsPortAuthorized": True,
        "QuickConnectAvailable": True,
        "EnableCaseSensitiveItemIds": True,
        "DisableLiveTvChannelUserDataName": True,
        "MetadataPath": "",
        "PreferredMetadataLanguage": "en",
        "MetadataCountryCode": "US",
        "SortReplaceCharacters": [".", "+", "%"],
        "SortRemoveCharacters": [",", "&", "-", "{", "}", "'"],
        "SortRemoveWords": ["the", "a", "an"],
        "MinResumePct": 5,
        "MaxResumePct": 90,
        "MinResumeDurationSeconds": 300,
        "MinAudiobookResume": 5,
        "MaxAudiobookResume": 5,
        "InactiveSessionThreshold": 0,
        "LibraryMonitorDelay": 60,
        "LibraryUpdateDuration": 30,
        "CacheSize": 200,
        "ImageSavingConvention": "Legacy",
        "MetadataOptions": [_metadata(kind, *pair) for kind, pair in KINDS.items()],
        "SkipDeserializationForBasicTypes": True,
        "ServerName": server_name,
        "UICulture": "en-US",
        "SaveMetadataHidden": False,
        "ContentTypes": [],
        "RemoteClientBitrateLimit": 0,
        "EnableFolderView": False,
        "EnableGroupingMoviesIntoCollections": False,
        "EnableGroupingShowsIntoCollections": False,
        "DisplaySpecialsWithinSeasons": True,
        "CodecsUsed": [],
        "PluginRepositories": [
            {
                "Name": "Jellyfin Stable",
                "Url": "https://repo.jellyfin.org/files/plugin/manifest.json",
                "Enabled": True,
            }
        ],
        "EnableExternalContentInSuggestions": True,
        "ImageExtractionTimeoutMs": 0,
        "PathSubstitutions": [],
        "EnableSlowResponseWarning": True,
        "SlowResponseThresholdMs": 500,
        "CorsHosts": ["*"],
        "ActivityLogRetentionDays": 30,
        "LibraryScanFanoutConcurrency": 0,
        "LibraryMetadataRefreshConcurrency": 0,
        "AllowClientLogUpload": True,
        "DummyChapterDuration": 0,
        "ChapterImageResolution": "MatchSource",
        "ParallelImageEncodingLimit": 0,
        "CastReceiverApplications": [
            {"Id": "F007D354", "Name": "Stable"},
            {"Id": "6F511C87", "Name": "Unstable"},
        ],
        "TrickplayOptions": TRICKPLAY,
    }
    if version.since_10_11:
        whole["EnableLegacyAuthorization"] = version.legacy_by_default
    else:
        whole = {key: value for key, value in whole.items() if key not in NEW_IN_10_11}
    return whole | {"LogFileRetentionDays": 3, "IsStartupWizardCompleted": True}


TRICKPLAY: JsonObject = {
    "EnableHwAcceleration": False,
    "EnableHwEncoding": False,
    "EnableKeyFrameOnlyExtraction": False,
    "ScanBehavior": "NonBlocking",
    "ProcessPriority": "BelowNormal",
    "Interval": 10000,
    "WidthResolutions": [320],
    "TileWidth": 10,
    "TileHeight": 10,
    "Qscale": 4,
    "JpegQuality": 90,
    "ProcessThreads": 1,
}
