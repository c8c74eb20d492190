"""Sharing by the older paths of plex.tv, which answer in XML whatever is asked for."""

from xml.etree.ElementTree import Element

from media_server_simulators.plex.errors import Refusal, sentence
from media_server_simulators.plex.numbers import whole
from media_server_simulators.plex.rendering import element, xml_body
from media_server_simulators.plex.routing import Routes
from media_server_simulators.plex.settings import Sharing
from media_server_simulators.plex.sharing import (
    SharingError,
    Wish,
    change,
    live_or_pending,
    share_once,
)
from media_server_simulators.plex.state import Server, Share
from media_server_simulators.plex.tv_call import TvCall
from media_server_simulators.wire import JsonObject, Reply

routes = Routes[TvCall]()
BASE = "/api/servers/{mid}/shared_servers"


@routes.on("GET", "/api/servers/{mid}")
def server(call: TvCall) -> Reply:
    own = call.own_server()
    sections = [_section(own, None, each.id) for each in own.sections]
    result: JsonObject = {"name": own.name, "machineIdentifier": own.machine_identifier}
    whole = element("Server", result, *sections)
    return xml_body(element("MediaContainer", {"size": 1}, whole))


@routes.on("GET", BASE)
def shares(call: TvCall) -> Reply:
    """Every share, with the token that lets its guest into the media server."""
    own = call.own_server()
    found = [_shape(call, own, each) for each in _of(call, own)]
    return xml_body(_container(own, *found))


@routes.on("GET", f"{BASE}/{{id}}")
def one(call: TvCall) -> Reply:
    own = call.own_server()
    return xml_body(_container(own, _shape(call, own, _share(call, own))))


@routes.on("POST", BASE)
def create(call: TvCall) -> Reply:
    own, body = call.own_server(), call.body()
    wanted = _object(body, "shared_server")
    email = wanted.get("invited_email")
    allowed = Sharing()
    allowed.take(_object(body, "sharing_settings"))
    wish = Wish(
        own,
        wanted.get("library_section_ids"),
        email if isinstance(email, str) else None,
        whole(wanted.get("invited_id")),
        allowed,
    )
    try:
        made = share_once(call.world, wish)
    except SharingError as error:
        raise _refusal(error) from error
    return xml_body(_container(own, _shape(call, own, made)))


@routes.on("PUT", f"{BASE}/{{id}}")
def update(call: TvCall) -> Reply:
    own, body = call.own_server(), call.body()
    share = _share(call, own)
    wanted = _object(body, "shared_server")
    try:
        change(own, share, wanted.get("library_section_ids"))
    except SharingError as error:
        raise _refusal(error) from error
    share.sharing.take(_object(body, "sharing_settings"))
    return xml_body(_container(own, _shape(call, own, share)))


@routes.on("DELETE", f"{BASE}/{{id}}")
def delete(call: TvCall) -> Reply:
    """Accepted or still pending: it is gone."""
    del call.world.shares[_share(call, call.own_server()).id]
    return Reply(200)


def _container(own: Server, *inside: Element) -> Element:
    result: JsonObject = {
        "friendlyName": "myPlex",
        "identifier": "com.plexapp.plugins.myplex",
        "machineIdentifier": own.machine_identifier,
        "size": len(inside),
    }
    return element("MediaContainer", result, *inside)


def _shape(call: TvCall, own: Server, share: Share) -> Element:
    invited = call.world.accounts.get(share.invited_id or 0)
    result: JsonObject = {
        "id": share.id,
        "username": invited.title if invited else "",
        "email": share.invited_email,
        "userID": share.invited_id,
        "accessToken": share.access_token if share.is_live else "",
        "name": own.name,
        "acceptedAt": _seconds(share),
        "invitedAt": int(share.invited_at.timestamp()),
        "allLibraries": len(share.section_ids) == len(own.sections),
        "owned": True,
    } | share.sharing.as_json()
    sections = [_section(own, share, each.id) for each in own.sections]
    return element("SharedServer", result, *sections)


def _section(own: Server, share: Share | None, id: int) -> Element:
    (section,) = own.chosen([id])
    result: JsonObject = {
        "id": section.id,
        "key": section.key,
        "title": section.title,
        "type": section.type,
    }
    if share is not None:
        result["shared"] = section.id in share.section_ids
    return element("Section", result)


def _seconds(share: Share) -> int | None:
    return int(share.accepted_at.timestamp()) if share.accepted_at else None


def _of(call: TvCall, own: Server) -> list[Share]:
    here = own.machine_identifier
    mine = [s for s in call.world.shares.values() if s.machine_identifier == here]
    return live_or_pending(mine)


def _share(call: TvCall, own: Server) -> Share:
    wanted = call.number("id")
    found = next((each for each in _of(call, own) if each.id == wanted), None)
    if found is None:
        raise sentence(404, "Shared server not found.")
    return found


def _object(body: JsonObject, name: str) -> JsonObject:
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def _refusal(error: SharingError) -> Refusal:
    return sentence(error.status, error.message)
