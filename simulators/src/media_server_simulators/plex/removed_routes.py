"""Paths that tutorials and SDKs still use and that plex.tv has taken away."""

from media_server_simulators.plex.errors import sentence
from media_server_simulators.plex.routing import Routes
from media_server_simulators.plex.tv_call import TvCall
from media_server_simulators.wire import Reply

routes = Routes[TvCall]()


def gone(_: TvCall) -> Reply:
    raise sentence(410, "Gone")


for template in (
    "/api/invites/requested",
    "/api/invites/requested/{id}",
    "/api/invites/requests",
    "/api/invites/requests/{id}",
    "/api/friends",
    "/api/friends/{id}",
    "/api/v2/friends",
    "/api/v2/friends/{id}",
):
    for method in ("GET", "POST", "PUT", "DELETE"):
        _ = routes.on(method, template, "anyone")(gone)
