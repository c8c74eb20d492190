"""Control paths: what virtual people do in their own browsers, and the whole state."""

import json

from media_server_simulators.control import json_reply
from media_server_simulators.plex.numbers import whole
from media_server_simulators.plex.pins import approve, stamp
from media_server_simulators.plex.sharing import mark_accepted
from media_server_simulators.plex.state import (
    Account,
    Pin,
    PlexWorld,
    Server,
    Share,
)
from media_server_simulators.plex.views import Play
from media_server_simulators.wire import Json, JsonObject, Reply, Request

PREFIX = "/_simulator/plex/"


def act(world: PlexWorld, request: Request) -> Reply | None:
    """Act as a person; None for a path that is no act. 400 and 404 have a reason."""
    if request.method != "POST" or not request.path.startswith(PREFIX):
        return None
    order = _object(request.body)
    if order is None:
        return json_reply({"detail": "the body is no JSON object"}, 400)
    what = ACTS.get(request.path.removeprefix(PREFIX))
    return None if what is None else what(world, order)


def _object(body: bytes) -> JsonObject | None:
    try:
        order: Json = json.loads(body or b"{}")
    except ValueError:
        return None
    return order if isinstance(order, dict) else None


def _approve(world: PlexWorld, order: JsonObject) -> Reply:
    """Without a person: the first who is not the owner. An unknown one signs up."""
    person = order.get("person")
    account = _someone(world, str(person)) if person else _first_guest(world)
    pin = approve(world, str(order.get("code", "")), account)
    if pin is None:
        return json_reply({"detail": "no PIN waits with this code"}, 404)
    return json_reply({"id": pin.id, "person": _account(world, account)})


def _accept(world: PlexWorld, order: JsonObject) -> Reply:
    share = world.shares.get(whole(order.get("share_id")) or 0)
    if share is None or share.invited_id is None or not share.is_pending:
        return json_reply({"detail": "no share of this id waits for an account"}, 404)
    mark_accepted(world, share)
    return json_reply(_share(world, share))


def _leave(world: PlexWorld, order: JsonObject) -> Reply:
    share = world.shares.get(whole(order.get("share_id")) or 0)
    if share is None or not share.is_live:
        return json_reply({"detail": "no accepted share has this id"}, 404)
    share.left_at = world.now()
    return json_reply(_share(world, share))


def _register(world: PlexWorld, order: JsonObject) -> Reply:
    email = str(order.get("email") or "").strip().lower()
    if "@" not in email or world.find(email):
        return json_reply({"detail": "email is missing or taken"}, 400)
    return json_reply(_account(world, _someone(world, email)), 201)


def _play(world: PlexWorld, order: JsonObject) -> Reply:
    mid = str(order.get("machine_identifier") or next(iter(world.servers)))
    person, key = world.find(str(order.get("person", ""))), order.get("rating_key")
    server = world.servers.get(mid)
    number = whole(key) or 0
    if server is None or person is None or not 0 < number <= len(server.world.titles):
        return json_reply({"detail": "no such server, person or title"}, 404)
    title = server.world.titles[number - 1]
    world.plays.append(Play(mid, person.id, title.id, world.now()))
    return json_reply({"title": title.name, "person": person.title}, 201)


ACTS = {
    "approve-pin": _approve,
    "accept": _accept,
    "leave": _leave,
    "register": _register,
    "play": _play,
}


def _someone(world: PlexWorld, person: str) -> Account:
    found = world.find(person)
    if found is not None:
        return found
    name = person.partition("@")[0].strip() or "guest"
    email = person if "@" in person else f"{name.lower().replace(' ', '.')}@example.org"
    return world.register(name, email.lower())


def _first_guest(world: PlexWorld) -> Account:
    others = (a for a in world.accounts.values() if a is not world.owner and a.email)
    return next(others, None) or _someone(world, "guest@example.org")


def describe(world: PlexWorld) -> JsonObject:
    """Everything, with tokens: who tests must be able to be anybody."""
    return {
        "owner_id": world.owner.id,
        "servers": [_server(each) for each in world.servers.values()],
        "accounts": [_account(world, each) for each in world.accounts.values()],
        "shares": [_share(world, each) for each in world.shares.values()],
        "friends": [
            {"ids": list[Json](sorted(pair)), "accepted": accepted}
            for pair, accepted in world.friends.items()
        ],
        "pins": [_pin(each) for each in world.pins.values()],
    }


def _account(world: PlexWorld, account: Account) -> JsonObject:
    return {
        "id": account.id,
        "username": account.username,
        "title": account.title,
        "email": account.email,
        "token": account.token,
        "home_of": account.home_of,
        "restricted": account.restricted,
        "restriction_profile": account.profile,
        "home_pin": account.home_pin,
        "friend": world.are_friends(account.id, world.owner.id),
    }


def _share(world: PlexWorld, share: Share) -> JsonObject:
    server = world.servers[share.machine_identifier]
    sections = server.chosen(share.section_ids)
    return {
        "id": share.id,
        "status": share.status,
        "machine_identifier": share.machine_identifier,
        "owner_id": share.owner_id,
        "invited_id": share.invited_id,
        "invited_email": share.invited_email,
        "section_ids": list[Json](share.section_ids),
        "section_keys": [each.key for each in sections],
        "libraries": [each.title for each in sections],
        "settings": share.sharing.as_json(),
        "access_token": share.access_token,
        "accepted_at": stamp(share.accepted_at),
        "left_at": stamp(share.left_at),
    }


def _server(server: Server) -> JsonObject:
    return {
        "machine_identifier": server.machine_identifier,
        "name": server.name,
        "owner_id": server.owner_id,
        "url": server.url,
        "access_token": server.access_token,
        "sections": [
            {
                "id": each.id,
                "key": each.key,
                "title": each.title,
                "type": each.type,
                "library_id": each.library.id,
            }
            for each in server.sections
        ],
    }


def _pin(pin: Pin) -> JsonObject:
    return {
        "id": pin.id,
        "code": pin.code,
        "client": pin.client,
        "account_id": pin.account_id,
        "token": pin.token,
        "expires_at": stamp(pin.expires),
    }
