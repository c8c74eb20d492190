"""Friends, those invited, and the Home, as v1 lists them; and ending all shares."""

from xml.etree.ElementTree import Element

from media_server_simulators.plex.rendering import element, xml_body
from media_server_simulators.plex.routing import Routes
from media_server_simulators.plex.settings import Sharing
from media_server_simulators.plex.sharing import live_or_pending
from media_server_simulators.plex.state import Account, Share
from media_server_simulators.plex.tv_call import TvCall
from media_server_simulators.wire import JsonObject, Reply

routes = Routes[TvCall]()


@routes.on("GET", "/api/users")
def users(call: TvCall) -> Reply:
    """Friends without a share are here too; an address without an account is not."""
    found = [_user(call, each) for each in _known(call)]
    result: JsonObject = {
        "friendlyName": "myPlex",
        "identifier": "com.plexapp.plugins.myplex",
        "totalSize": len(found),
        "size": len(found),
    }
    return xml_body(element("MediaContainer", result, *found))


@routes.on("PUT", "/api/v2/sharings/{id}")
def settings(call: TvCall) -> Reply:
    """A person's rights on all servers shared with them."""
    shares = _shares(call, _person(call))
    for share in shares:
        share.sharing.take(call.words())
    return Reply(200)


@routes.on("DELETE", "/api/v2/sharings/{id}")
def unshare(call: TvCall) -> Reply:
    """Ends the shares of every server with somebody; the friendship stays."""
    for share in _shares(call, _person(call)):
        del call.world.shares[share.id]
    return Reply(204)


def _person(call: TvCall) -> Account:
    wanted = call.number("id")
    found = next((each for each in _known(call) if each.id == wanted), None)
    if found is None:
        raise call.refused(404, 1002, "User not found")
    return found


def _known(call: TvCall) -> list[Account]:
    own = call.caller.id
    invited = {
        each.invited_id
        for each in live_or_pending(list(call.world.shares_of(call.caller)))
    }
    return [
        each
        for each in call.world.accounts.values()
        if each.id != own
        and (
            each.id in invited
            or each.home_of == own
            or call.world.are_friends(own, each.id)
        )
    ]


def _shares(call: TvCall, person: Account) -> list[Share]:
    mine = live_or_pending(list(call.world.shares_of(call.caller)))
    return [each for each in mine if each.invited_id == person.id]


def _user(call: TvCall, person: Account) -> Element:
    shares = _shares(call, person)
    sharing = shares[0].sharing if shares else Sharing()
    result: JsonObject = {
        "id": person.id,
        "title": person.title,
        "username": person.username,
        "email": person.email,
        "recommendationsPlaylistId": None,
        "thumb": f"https://plex.tv/users/{person.uuid}/avatar",
        "protected": person.home_pin is not None,
        "home": person.home_of == call.caller.id,
        "restricted": person.restricted,
    } | sharing.as_json()
    return element("User", result, *[_server(call, each) for each in shares])


def _server(call: TvCall, share: Share) -> Element:
    server = call.world.servers[share.machine_identifier]
    result: JsonObject = {
        "id": share.id,
        "serverId": server.sections[0].id - 1 if server.sections else 0,
        "machineIdentifier": server.machine_identifier,
        "name": server.name,
        "lastSeenAt": int(call.world.now().timestamp()),
        "numLibraries": len(share.section_ids),
        "allLibraries": len(share.section_ids) == len(server.sections),
        "owned": True,
        "pending": share.is_pending,
    }
    return element("Server", result)
