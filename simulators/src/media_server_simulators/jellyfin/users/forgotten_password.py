"""A forgotten password, and the PIN that would reset it."""

import secrets
from datetime import timedelta

from media_server_simulators.jellyfin.http.binding import Body
from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.http.shapes import Shape, string
from media_server_simulators.jellyfin.users.users import named
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
