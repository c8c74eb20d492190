"""Pictures and files of a title: posters are drawn, and there is hardly a file."""

from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.http.errors import (
    not_found,
    problem,
    text_error,
)
from media_server_simulators.jellyfin.http.parameters import GUID, TEXT, WHOLE
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.items.catalogue import find
from media_server_simulators.jellyfin.items.item_parameters import IMAGE_KINDS
from media_server_simulators.jellyfin.items.pictures import image_tags
from media_server_simulators.poster import MEDIA_TYPE, draw_poster
from media_server_simulators.wire import Json, Reply
from media_server_simulators.world import Title

routes = Routes()


SIZE = {"maxWidth": WHOLE, "quality": WHOLE, "format": TEXT}


@routes.on(
    "GET",
    "/Items/{itemId}/Images/{imageType}",
    access="anyone",
    path={"itemId": GUID, "imageType": TEXT},
    query=SIZE,
)
@routes.on(
    "GET",
    "/Items/{itemId}/Images/{imageType}/{imageIndex}",
    access="anyone",
    path={"itemId": GUID, "imageType": TEXT, "imageIndex": TEXT},
    query=SIZE,
)
def image(call: Call) -> Reply:
    """Anybody may see it. A drawn poster is as wide as `maxWidth`; the real server
    gives what it has if that is smaller [images]."""
    title = _title(call)
    kind, place = call.text("imageType"), call.text("imageIndex")
    if kind not in IMAGE_KINDS:
        raise problem(400, {"imageType": [f"The value '{kind}' is not valid."]})
    if kind not in image_tags(title) or place not in {None, "0"}:
        raise text_error(404, f"{title.name} does not have an image of type {kind}")
    body = draw_poster(title.name, call.number("maxWidth"))
    return Reply(200, body, (("Content-Type", MEDIA_TYPE), ("Cache-Control", "public")))


@routes.on("GET", "/Items/{itemId}/Images", path={"itemId": GUID})
def images(call: Call) -> Reply:
    title = _title(call)
    size = len(draw_poster(title.name))
    rows: list[Json] = [
        {
            "ImageType": kind,
            "ImageTag": tag,
            "Path": f"{title.path.rpartition('/')[0]}/poster.png",
            "BlurHash": "",
            "Size": size,
        }
        for kind, tag in image_tags(title).items()
    ]
    return call.json(rows)


def _title(call: Call) -> Title:
    title = find(call.state, call.guid("itemId") or "")
    if title is None:
        raise not_found()
    return title


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
