"""Scheduled tasks: listed, never run."""

from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.http.parameters import FLAG
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.state import State
from media_server_simulators.jellyfin.values import hashed_guid, stamp
from media_server_simulators.wire import Json, JsonObject, Reply

routes = Routes()

HOUR = 36_000_000_000  # ticks
DAILY, TWICE, OFTEN = 24 * HOUR, 12 * HOUR, 6 * HOUR
SCAN = "RefreshLibrary"
# name, key, category, hours between runs as ticks (0: by hand), at the server's start
TASKS = (
    ("Audio Normalization", "AudioNormalization", "Library", DAILY, False),
    ("Clean Activity Log", "CleanActivityLog", "Maintenance", 0, False),
    ("Clean Cache Directory", "DeleteCacheFiles", "Maintenance", DAILY, False),
    ("Clean Log Directory", "CleanLogFiles", "Maintenance", DAILY, False),
    ("Clean Transcode Directory", "DeleteTranscodeFiles", "Maintenance", DAILY, True),
    ("Download missing lyrics", "DownloadLyrics", "Library", DAILY, False),
    ("Download missing subtitles", "DownloadSubtitles", "Library", DAILY, False),
    ("Extract Chapter Images", "RefreshChapterImages", "Library", 0, False),
    ("Generate Trickplay Images", "RefreshTrickplayImages", "Library", 0, False),
    ("Keyframe Extractor", "KeyframeExtraction", "Library", 0, False),
    ("Media Segment Scan", "TaskExtractMediaSegments", "Library", TWICE, False),
    (
        "Migrate Trickplay Image Location",
        "MoveTrickplayImages",
        "Maintenance",
        0,
        False,
    ),
    ("Optimize database", "OptimizeDatabaseTask", "Maintenance", OFTEN, False),
    ("Refresh People", "RefreshPeople", "Library", 7 * DAILY, False),
    ("Scan Media Library", SCAN, "Library", TWICE, False),
    ("Update Plugins", "PluginUpdates", "Application", DAILY, True),
    ("User data cleanup task", "CleanupUserDataTask", "Maintenance", 0, False),
)
OLD_TASK = (
    "Clean up collections and playlists",
    "CleanCollectionsAndPlaylists",
    "Maintenance",
    0,
    True,
)


@routes.on(
    "GET",
    "/ScheduledTasks",
    access="elevated",
    query={"isHidden": FLAG, "isEnabled": FLAG},
)
def list_tasks(call: Call) -> Reply:
    if call.flag("isHidden"):
        return call.json([])
    known = TASKS if call.state.version.since_12 else (*TASKS, OLD_TASK)
    shown = [_shown(call.state, *task) for task in sorted(known)]
    return call.json(list[Json](shown))


def _shown(
    state: State, name: str, key: str, category: str, every: int, at_start: bool
) -> JsonObject:
    triggers: list[Json] = [{"Type": "StartupTrigger"}] if at_start else []
    if every:
        triggers.append({"Type": "IntervalTrigger", "IntervalTicks": every})
    result: JsonObject = {
        "Name": name,
        "State": "Idle",
        "Id": hashed_guid(key),
        "Triggers": triggers,
        "Description": f"{name}.",
        "Category": category,
        "IsHidden": False,
        "Key": key,
    }
    if key == SCAN and state.last_scan is not None:
        when = stamp(state.last_scan)
        result["LastExecutionResult"] = {
            "StartTimeUtc": when,
            "EndTimeUtc": when,
            "Status": "Completed",
            "Name": name,
            "Key": key,
            "Id": hashed_guid(key),
        }
    return result
