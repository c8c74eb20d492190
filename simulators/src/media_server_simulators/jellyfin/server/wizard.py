"""The startup wizard, and what is open to anyone while it is."""

from media_server_simulators.jellyfin.http.binding import Body
from media_server_simulators.jellyfin.http.call import Call, nothing
from media_server_simulators.jellyfin.http.errors import empty_error, text_error
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.http.shapes import Shape, boolean, string
from media_server_simulators.jellyfin.state import User
from media_server_simulators.jellyfin.users.passwords import change
from media_server_simulators.jellyfin.users.users import rename
from media_server_simulators.jellyfin.values import text
from media_server_simulators.wire import Reply

routes = Routes()

ASKED = ("ServerName", "UICulture", "MetadataCountryCode", "PreferredMetadataLanguage")
DTOS = "Jellyfin.Api.Models.StartupDtos"
CONFIGURATION = Shape(f"{DTOS}.StartupConfigurationDto", dict.fromkeys(ASKED, string))
USER = Shape(f"{DTOS}.StartupUserDto", {"Name": string, "Password": string})
REMOTE = Shape(
    f"{DTOS}.StartupRemoteAccessDto",
    {"EnableRemoteAccess": boolean, "EnableAutomaticPortMapping": boolean},
    needed=("EnableRemoteAccess",),
)


@routes.on("GET", "/Startup/Configuration", access="first-time-elevated")
def show(call: Call) -> Reply:
    config = call.state.configuration
    return call.json({name: text(config, name) for name in ASKED})


@routes.on(
    "POST",
    "/Startup/Configuration",
    access="first-time-elevated",
    body=Body(CONFIGURATION, "startupConfiguration"),
)
def configure(call: Call) -> Reply:
    for name in ASKED:
        call.state.configuration[name] = text(call.body, name)
    return nothing()


@routes.on("GET", "/Startup/User", access="first-time-elevated")
@routes.on("GET", "/Startup/FirstUser", access="first-time-elevated")
def first_user(call: Call) -> Reply:
    return call.json({"Name": _first(call).name})


@routes.on(
    "POST",
    "/Startup/User",
    access="first-time-elevated",
    body=Body(USER, "startupUserDto"),
)
def name_first_user(call: Call) -> Reply:
    """12.0 lets it be done once; 10.11 lets anyone take the first user over."""
    user = _first(call)
    if call.state.version.since_12 and user.secret is not None:
        raise empty_error(403)
    password = text(call.body, "Password")
    if not password.strip():
        raise text_error(400, "Password must not be empty")
    name = text(call.body, "Name")
    if name and name != user.name:
        rename(call.state, user, name)
    change(call.state, user, password)
    return nothing()


@routes.on(
    "POST",
    "/Startup/RemoteAccess",
    access="first-time-elevated",
    body=Body(REMOTE, "startupRemoteAccessDto"),
)
def remote_access(call: Call) -> Reply:  # noqa: ARG001
    return nothing()


@routes.on("POST", "/Startup/Complete", access="first-time-elevated")
def complete(call: Call) -> Reply:
    call.state.wizard_done = True
    call.state.configuration["IsStartupWizardCompleted"] = True
    return nothing()


def _first(call: Call) -> User:
    return next(iter(call.state.users.values()))
