"""The root, the languages of the interface, and the picture of the sign-in page."""

from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.http.errors import empty_error, not_found
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.wire import Reply

routes = Routes()


@routes.on("GET", "/", access="anyone")
def root(call: Call) -> Reply:  # noqa: ARG001
    """Without a web client the way in is the API's own page."""
    found = empty_error(302).reply
    return found.with_headers({"Location": "api-docs/swagger"})


@routes.on("GET", "/Localization/Options", access="first-time-any")
def options(call: Call) -> Reply:
    return call.json([{"Name": "English", "Value": "en-US"}])


@routes.on("GET", "/Branding/Splashscreen", access="anyone")
def splash(call: Call) -> Reply:  # noqa: ARG001
    raise not_found()
