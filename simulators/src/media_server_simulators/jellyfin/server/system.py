"""The server's identity, health and configuration."""

from media_server_simulators.jellyfin.http.access import is_local
from media_server_simulators.jellyfin.http.binding import Body
from media_server_simulators.jellyfin.http.call import Call, nothing
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.http.shapes import Shape
from media_server_simulators.jellyfin.values import compact, text, texts
from media_server_simulators.jellyfin.versions import Version
from media_server_simulators.wire import Json, JsonObject, Reply

routes = Routes()

CAST_RECEIVERS: list[Json] = [
    {"Id": "F007D354", "Name": "Stable"},
    {"Id": "6F511C87", "Name": "Unstable"},
]
NO_CACHE = (
    ("Cache-Control", "no-store, no-cache"),
    ("Pragma", "no-cache"),
    ("Expires", "Thu, 01 Jan 1970 00:00:00 GMT"),
)
FREE, USED = 84_248_551_424, 186_304_622_592
CONFIGURATION = Shape("MediaBrowser.Model.Configuration.ServerConfiguration", {})


def public_info(call: Call) -> JsonObject:
    state = call.state
    host = call.request.header("host") or "127.0.0.1:8096"
    return {
        "LocalAddress": f"http://{host}{state.base_path}",
        "ServerName": text(state.configuration, "ServerName")
        or state.world.server_name,
        "Version": state.version.value,
        "ProductName": "Jellyfin Server",
        "OperatingSystem": "",
        "Id": state.server_id,
        "StartupWizardCompleted": state.wizard_done,
    }


@routes.on("GET", "/System/Info/Public", access="anyone")
def show_public(call: Call) -> Reply:
    return call.json(public_info(call))


@routes.on("GET", "/System/Info", access="first-time-any-hour")
def show_info(call: Call) -> Reply:
    whole: JsonObject = {
        "OperatingSystemDisplayName": "",
        "HasPendingRestart": False,
        "IsShuttingDown": False,
        "SupportsLibraryMonitor": True,
        "WebSocketPortNumber": 8096,
        "CompletedInstallations": [],
        "CanSelfRestart": True,
        "CanLaunchWebBrowser": False,
        "ProgramDataPath": "/config",
        "WebPath": "/server/jellyfin-web",
        "ItemsByNamePath": "/config/metadata",
        "CachePath": "/server/cache",
        "LogPath": "/server/log",
        "InternalMetadataPath": "/config/metadata",
        "TranscodingTempPath": "/server/transcodes",
        "CastReceiverApplications": CAST_RECEIVERS,
        "HasUpdateAvailable": False,
        "EncoderLocation": "System",
        "SystemArchitecture": "X64",
    }
    return call.json(whole | public_info(call))


@routes.on(
    "GET",
    "/System/Info/Storage",
    access="elevated",
    versions=(Version.V10_11, Version.V12_0),
)
def show_storage(call: Call) -> Reply:
    mount = "/" if call.state.version.since_12 else None

    def folder(path: str, *, there: bool = True) -> JsonObject:
        return compact(
            {
                "Path": path,
                "FreeSpace": FREE if there else -1,
                "UsedSpace": USED if there else -1,
                "StorageType": "Fixed" if there else None,
                "DeviceId": (mount or path) if there else None,
            }
        )

    libraries: list[Json] = [
        {
            "Id": text(each, "ItemId"),
            "Name": text(each, "Name"),
            "Folders": [folder(path) for path in texts(each, "Locations")],
        }
        for each in call.state.folders
    ]
    return call.json(
        {
            "ProgramDataFolder": folder("/config"),
            "WebFolder": folder("/server/jellyfin-web", there=False),
            "ImageCacheFolder": folder("/server/images", there=False),
            "CacheFolder": folder("/server/cache"),
            "LogFolder": folder("/server/log"),
            "InternalMetadataFolder": folder("/config/metadata"),
            "TranscodingTempFolder": folder("/server/transcodes"),
            "Libraries": libraries,
        }
    )


@routes.on("GET", "/System/Endpoint")
def show_endpoint(call: Call) -> Reply:
    near = is_local(call.request.client)
    return call.json({"IsLocal": near, "IsInNetwork": near})


@routes.on("GET", "/System/Ping", access="anyone")
@routes.on("POST", "/System/Ping", access="anyone")
def ping(call: Call) -> Reply:
    return call.json("Jellyfin Server")


@routes.on("GET", "/health", access="anyone")
@routes.on("HEAD", "/health", access="anyone")
def health(call: Call) -> Reply:  # noqa: ARG001
    plain = (("Content-Type", "text/plain"), ("Vary", "Accept-Encoding"), *NO_CACHE)
    return Reply(200, b"Healthy", plain, chunked=True)


@routes.on("GET", "/System/Configuration")
def show_configuration(call: Call) -> Reply:
    return call.json(call.state.configuration)


@routes.on(
    "POST",
    "/System/Configuration",
    access="elevated",
    body=Body(CONFIGURATION, "configuration"),
)
def update_configuration(call: Call) -> Reply:
    """What is posted is the whole; a key left out falls back to the default."""
    posted = call.whole_body()
    known = call.state.configuration
    call.state.configuration = {
        key: posted.get(key, value) for key, value in known.items()
    }
    return nothing()


@routes.on("GET", "/Branding/Configuration", access="anyone")
def branding(call: Call) -> Reply:
    return call.json({"SplashscreenEnabled": False})


@routes.on("GET", "/Branding/Css", access="anyone")
@routes.on("GET", "/Branding/Css.css", access="anyone")
def css(call: Call) -> Reply:  # noqa: ARG001
    return Reply(200, b"", (("Content-Type", "text/css; charset=utf-8"),))
