"""Plex Home: managed users without an address of their own, and their PINs."""

from xml.etree.ElementTree import Element

from media_server_simulators.plex.errors import sentence
from media_server_simulators.plex.rendering import element, xml_body
from media_server_simulators.plex.routing import Routes
from media_server_simulators.plex.state import Account
from media_server_simulators.plex.tv_call import TvCall
from media_server_simulators.wire import JsonObject, Reply

routes = Routes[TvCall]()
LARGEST = 15
BASE = "/api/home/users"
PIN = 4


@routes.on("GET", BASE)
def users(call: TvCall) -> Reply:
    """The owner of the Home first."""
    owner = _admin(call)
    found = [_user(each, owner) for each in (owner, *call.world.home_of(owner))]
    result: JsonObject = {
        "friendlyName": "myPlex",
        "identifier": "com.plexapp.plugins.myplex",
        "id": owner.id,
        "size": len(found),
        "guestEnabled": False,
    }
    return xml_body(element("MediaContainer", result, *found))


@routes.on("POST", BASE)
def create(call: TvCall) -> Reply:
    """A managed user by `title`, or an existing account by `invitedEmail`."""
    owner = call.caller
    mates = list(call.world.home_of(owner))
    if len(mates) + 1 >= LARGEST:
        raise sentence(400, "Your Plex Home is full.")
    email, title = call.query("invitedEmail"), (call.query("title") or "").strip()
    member = _existing(call, email) if email else _managed(call, title, mates)
    member.home_of = owner.id
    return xml_body(_user(member, owner), 201)


@routes.on("PUT", f"{BASE}/{{id}}")
def pin_of_own(call: TvCall) -> Reply:
    """Somebody's own PIN; an empty one takes it away."""
    if call.number("id") != call.caller.id:
        raise sentence(403, "You may only change your own PIN.")
    if call.caller.home_pin not in {None, call.query("currentPin")}:
        raise sentence(401, "The current PIN is wrong.")
    call.caller.home_pin = call.query("pin") or None
    return xml_body(_user(call.caller, call.caller))


@routes.on("DELETE", f"{BASE}/{{id}}")
def delete(call: TvCall) -> Reply:
    """A managed user is deleted with all shares; an account only leaves the Home."""
    member = _member(call)
    if member.restricted:
        call.world.forget(member)
    else:
        member.home_of = None
    return Reply(200)


@routes.on("POST", f"{BASE}/{{id}}/switch")
def switch(call: TvCall) -> Reply:
    """A token for a member, if the PIN is right."""
    member = _member(call)
    if member.home_pin is not None and call.query("pin") != member.home_pin:
        raise sentence(401, "The PIN is wrong.")
    token: JsonObject = {"authenticationToken": call.world.token_for(member)}
    answer = _user(member, call.caller)
    answer.attrib.update({name: str(value) for name, value in token.items()})
    return xml_body(answer, 201)


@routes.on("POST", "/api/v2/home/users/restricted/{id}")
def managed(call: TvCall) -> Reply:
    """A managed user's PIN and restriction profile, set by the Home's owner."""
    member = _member(call)
    if not member.restricted:
        raise call.refused(400, 1000, "The user is not a managed user")
    pin = call.query("pin")
    if pin is not None and not (pin.isascii() and pin.isdigit() and len(pin) == PIN):
        raise call.refused(422, 1000, "PIN must be four digits")
    if call.query("removePin") in {"1", "true"}:
        member.home_pin = None
    elif pin is not None:
        member.home_pin = pin
    member.profile = call.query("restrictionProfile") or member.profile
    return Reply(204)


def _admin(call: TvCall) -> Account:
    return call.world.accounts.get(call.caller.home_of or 0, call.caller)


def _member(call: TvCall) -> Account:
    member = call.world.accounts.get(call.number("id"))
    if member is None or member.home_of != call.caller.id:
        raise sentence(404, "The user could not be found.")
    return member


def _managed(call: TvCall, title: str, mates: list[Account]) -> Account:
    if not title:
        raise sentence(400, "A title is needed.")
    if title.lower() in {each.title.lower() for each in mates}:
        raise sentence(400, "A user of this name is already in your Plex Home.")
    member = call.world.register(title, None)
    member.restricted = True
    return member


def _existing(call: TvCall, email: str) -> Account:
    found = call.world.find(email)
    if found is None:
        raise sentence(404, "The user could not be found.")
    if found.home_of is not None or found is call.caller:
        raise sentence(400, "The user is already in a Plex Home.")
    return found


def _user(member: Account, owner: Account) -> Element:
    result: JsonObject = {
        "id": member.id,
        "uuid": member.uuid,
        "admin": member is owner,
        "guest": False,
        "restricted": member.restricted,
        "restrictionProfile": member.profile,
        "protected": member.home_pin is not None,
        "hasPassword": not member.restricted,
        "title": member.title,
        "username": member.username,
        "email": member.email,
        "thumb": f"https://plex.tv/users/{member.uuid}/avatar",
    }
    return element("User", result)
