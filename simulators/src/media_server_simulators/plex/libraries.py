"""A media server's own paths: who it is, its libraries and their titles."""

import re
from collections.abc import Callable

from media_server_simulators.plex.errors import page
from media_server_simulators.plex.media_query import (
    asked,
    depends_on_views,
    fitting,
    in_order,
    seconds,
)
from media_server_simulators.plex.numbers import whole
from media_server_simulators.plex.rendering import container
from media_server_simulators.plex.routing import Routes
from media_server_simulators.plex.server_call import ServerCall
from media_server_simulators.plex.state import Section
from media_server_simulators.plex.title_shape import describe
from media_server_simulators.plex.versions import SERVER_VERSION
from media_server_simulators.poster import MEDIA_TYPE, draw_poster
from media_server_simulators.wire import Json, JsonObject, Reply
from media_server_simulators.world import Title

routes = Routes[ServerCall]()
POSTER = re.compile(r"/library/metadata/(?P<id>\d+)/thumb(/\d+)?")
FIRST_TYPE = {"movie": 1, "show": 2, "artist": 8}


@routes.on("GET", "/identity", "anyone")
def identity(call: ServerCall) -> Reply:
    return container(
        call.request,
        {
            "size": 0,
            "claimed": True,
            "machineIdentifier": call.server.machine_identifier,
            "version": SERVER_VERSION,
        },
    )


@routes.on("GET", "/")
def root(call: ServerCall) -> Reply:
    owner = call.world.accounts[call.server.owner_id]
    return container(
        call.request,
        {
            "size": 0,
            "allowCameraUpload": True,
            "allowChannelAccess": True,
            "allowMediaDeletion": call.is_owner,
            "allowSharing": call.is_owner,
            "allowSync": True,
            "backgroundProcessing": True,
            "certificate": True,
            "companionProxy": True,
            "eventStream": True,
            "friendlyName": call.server.name,
            "machineIdentifier": call.server.machine_identifier,
            "multiuser": True,
            "myPlex": True,
            "myPlexMappingState": "mapped",
            "myPlexSigninState": "ok",
            "myPlexSubscription": owner.plex_pass,
            "myPlexUsername": owner.email,
            "platform": "Linux",
            "platformVersion": "6.1",
            "updatedAt": seconds(call.world.now()),
            "version": SERVER_VERSION,
        },
    )


@routes.on("GET", "/library")
def library(call: ServerCall) -> Reply:
    result: JsonObject = {
        "size": 1,
        "title1": "Plex Library",
        "identifier": "com.plexapp.plugins.library",
        "Directory": [{"key": "sections", "title": "Library Sections"}],
    }
    return container(call.request, result)


@routes.on("GET", "/library/sections")
def sections(call: ServerCall) -> Reply:
    """The libraries that the caller may see, under the server's own keys."""
    found = [_section(call, each) for each in call.visible]
    result: JsonObject = {
        "size": len(found),
        "allowSync": False,
        "title1": "Plex Library",
        "Directory": list[Json](found),
    }
    return container(call.request, result)


@routes.on("GET", "/library/sections/{key}/all")
def titles(call: ServerCall) -> Reply:
    section = call.section()
    kind = whole(call.query("type") or FIRST_TYPE.get(section.type, 1))
    if kind is None:
        raise page(400, "Bad Request")
    found = _listed(call, section, kind)
    return paged(call, found, lambda title: describe(call, title, section))


def _listed(call: ServerCall, section: Section, kind: int) -> list[Title]:
    seen: tuple[int, ...] = ()
    if depends_on_views(call):
        account = call.account.id if call.account else 0
        seen = (account, len(call.world.plays), call.world.views.revision)
    what = (section.key, kind, asked(call), seen)

    def make() -> list[Title]:
        titles = call.catalogue.of(section.library.id, kind)
        return in_order(call, fitting(call, titles))

    return call.catalogue.kept(what, make)


@routes.on("GET", "/library/metadata/{ids}")
def metadata(call: ServerCall) -> Reply:
    """Several ids, separated by commas; those that are not there are left out."""
    found = [
        describe(call, title, section, whole=True)
        for key in call.path["ids"].split(",")
        if (title := call.catalogue.title(key)) is not None
        and (section := section_of(call, title)) is not None
    ]
    if not found:
        raise page(404, "Not Found")
    result: JsonObject = {"size": len(found), "Metadata": list[Json](found)}
    return container(call.request, result)


@routes.on("GET", "/library/metadata/{id}/thumb")
@routes.on("GET", "/library/metadata/{id}/thumb/{stamp}")
def thumb(call: ServerCall) -> Reply:
    return _poster(call, call.path["id"], None)


@routes.on("GET", "/photo/:/transcode")
def transcoded(call: ServerCall) -> Reply:
    """A picture of its own in another size; other addresses are not fetched."""
    picture = POSTER.fullmatch(call.query("url") or "")
    width = whole(call.query("width"))
    if picture is None or width is None:
        raise page(400, "Bad Request")
    return _poster(call, picture["id"], width)


def _poster(call: ServerCall, key: str, width: int | None) -> Reply:
    title = call.catalogue.title(key)
    if title is None or section_of(call, title) is None:
        raise page(404, "Not Found")
    if title.kind not in {"Movie", "Series"}:
        raise page(404, "Not Found")
    body = draw_poster(title.name, width)
    return Reply(200, body, (("Content-Type", MEDIA_TYPE),))


@routes.on("GET", "/library/metadata/{id}/children")
def children(call: ServerCall) -> Reply:
    title = call.catalogue.title(call.path["id"])
    section = section_of(call, title) if title else None
    if title is None or section is None:
        raise page(404, "Not Found")
    below = call.catalogue.children(title)
    return paged(call, below, lambda each: describe(call, each, section))


@routes.on("GET", "/library/metadata/{id}/allLeaves")
def all_leaves(call: ServerCall) -> Reply:
    """The episodes of a show or season."""
    title = call.catalogue.title(call.path["id"])
    section = section_of(call, title) if title else None
    if title is None or section is None:
        raise page(404, "Not Found")
    leaves = call.catalogue.leaves(title)
    return paged(call, leaves, lambda each: describe(call, each, section))


@routes.on("DELETE", "/library/metadata/{id}", "owner")
def delete(call: ServerCall) -> Reply:
    title = call.catalogue.title(call.path["id"])
    if title is None:
        raise page(404, "Not Found")
    call.catalogue.delete(title)
    return Reply(200)


def section_of(call: ServerCall, title: Title) -> Section | None:
    return next((e for e in call.visible if e.library.id == title.library_id), None)


def paged[T](
    call: ServerCall, rows: list[T], shape: Callable[[T], JsonObject]
) -> Reply:
    """A page of rows; its numbers are in the answer and in its headers."""
    start, size = call.window()
    here = rows[start : start + size]
    result: JsonObject = {"size": len(here), "totalSize": len(rows), "offset": start}
    result["Metadata"] = [shape(each) for each in here]
    headers = {
        "X-Plex-Container-Start": str(start),
        "X-Plex-Container-Total-Size": str(len(rows)),
    }
    return container(call.request, result).with_headers(headers)


def _section(call: ServerCall, section: Section) -> JsonObject:
    mid = call.server.machine_identifier
    return {
        "allowSync": True,
        "agent": "tv.plex.agents.movie",
        "scanner": "Plex Movie",
        "key": section.key,
        "type": section.type,
        "title": section.title,
        "language": "en-US",
        "uuid": f"{section.library.id[:8]}-{mid[:4]}",
        "updatedAt": 1_700_000_000,
        "createdAt": 1_600_000_000,
        "scannedAt": 1_700_000_000,
        "content": True,
        "directory": True,
        "hidden": 0,
        "filters": True,
        "refreshing": False,
        "Location": [
            {"id": number, "path": path}
            for number, path in enumerate(section.library.folders, 1)
        ],
    }
