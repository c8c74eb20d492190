"""Routes that others ask in passing: a forgotten password, options, files, the root."""

import secrets
from datetime import timedelta

from media_server_simulators.jellyfin.binding import Body
from media_server_simulators.jellyfin.call import Call
from media_server_simulators.jellyfin.catalogue import find
from media_server_simulators.jellyfin.errors import bare, not_found
from media_server_simulators.jellyfin.kinds import GUID, TEXT
from media_server_simulators.jellyfin.routing import Routes
from media_server_simulators.jellyfin.shapes import Shape, string
from media_server_simulators.jellyfin.users import named
from media_server_simulators.jellyfin.values import stamp, text
from media_server_simulators.wire import Reply

routes = Routes()

FORGOT = Shape(
    "Jellyfin.Api.Models.UserDtos.ForgotPasswordDto",
    {"EnteredUsername": string},
    filled=("EnteredUsername",),
)
PIN = Shape(
    "Jellyfin.Api.Models.UserDtos.ForgotPasswordPinDto",
    {"Pin": string},
    filled=("Pin",),
)


@routes.on("GET", "/", access="anyone")
def root(call: Call) -> Reply:  # noqa: ARG001
    """Without a web client the way in is the API's own page."""
    found = bare(302).reply
    return found.with_headers({"Location": "api-docs/swagger"})


@routes.on(
    "POST",
    "/Users/ForgotPassword",
    access="anyone",
    body=Body(FORGOT, "forgotPasswordRequest"),
)
def forgot(call: Call) -> Reply:
    user = named(call.state, text(call.body, "EnteredUsername"))
    if user is None:
        return call.json({"Action": "InNetworkRequired", "PinFile": ""})
    until = call.state.now() + timedelta(minutes=30)
    return call.json(
        {
            "Action": "PinCode",
            "PinFile": f"/config/passwordreset{secrets.token_hex(16)}.json",
            "PinExpirationDate": stamp(until),
        }
    )


@routes.on(
    "POST",
    "/Users/ForgotPassword/Pin",
    access="anyone",
    body=Body(PIN, "forgotPasswordPinRequest"),
)
def enter_pin(call: Call) -> Reply:
    """No pin is ever right: the file that holds one is on no disk."""
    return call.json({"Success": False, "UsersReset": []})


@routes.on("GET", "/Localization/Options", access="first-time-any")
def options(call: Call) -> Reply:
    return call.json([{"Name": "English", "Value": "en-US"}])


@routes.on("GET", "/Branding/Splashscreen", access="anyone")
def splash(call: Call) -> Reply:  # noqa: ARG001
    raise not_found()


@routes.on(
    "GET",
    "/Items/{itemId}/Images/{imageType}",
    access="anyone",
    path={"itemId": GUID, "imageType": TEXT},
)
@routes.on(
    "GET",
    "/Items/{itemId}/Images/{imageType}/{imageIndex}",
    access="anyone",
    path={"itemId": GUID, "imageType": TEXT, "imageIndex": TEXT},
)
def image(call: Call) -> Reply:  # noqa: ARG001
    """There are no pictures."""
    raise not_found()


@routes.on("GET", "/Items/{itemId}/Images", path={"itemId": GUID})
def images(call: Call) -> Reply:
    if find(call.state, call.guid("itemId") or "") is None:
        raise not_found()
    return call.json([])


@routes.on(
    "GET",
    "/Items/{itemId}/Download",
    access="right:EnableContentDownloading",
    path={"itemId": GUID},
)
def download(call: Call) -> Reply:
    """A few bytes stand for the file."""
    if find(call.state, call.guid("itemId") or "") is None:
        raise not_found()
    return Reply(200, b"\x1aE\xdf\xa3", (("Content-Type", "video/x-matroska"),))
