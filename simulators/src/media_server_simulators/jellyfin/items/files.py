"""Pictures and files of a title: there are no pictures, and hardly a file."""

from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.http.errors import not_found
from media_server_simulators.jellyfin.http.parameters import GUID, TEXT
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.items.catalogue import find
from media_server_simulators.wire import Reply

routes = Routes()


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
