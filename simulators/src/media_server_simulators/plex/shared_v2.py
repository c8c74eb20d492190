"""Sharing as plex.tv's own web application does it now: JSON, on clients.plex.tv."""

from collections.abc import Callable, Iterable

from media_server_simulators.plex.accounts import brief
from media_server_simulators.plex.numbers import whole
from media_server_simulators.plex.pins import stamp
from media_server_simulators.plex.routing import Routes
from media_server_simulators.plex.settings import Sharing
from media_server_simulators.plex.sharing import (
    SharingError,
    Wish,
    change,
    mark_accepted,
    share_once,
)
from media_server_simulators.plex.state import Server, Share
from media_server_simulators.plex.tv_call import TvCall
from media_server_simulators.wire import Json, JsonObject, Reply

routes = Routes[TvCall]()
BASE = "/api/v2/shared_servers"


@routes.on("GET", f"{BASE}/owned/accepted")
def accepted(call: TvCall) -> Reply:
    """What was accepted, and what was since left, with the moment of leaving."""
    shares = call.world.shares_of(call.caller)
    found = [shape(call, each) for each in shares if each.accepted_at is not None]
    return call.answer("sharedServers", list[Json](found))


@routes.on("GET", f"{BASE}/owned/pending")
def pending(call: TvCall) -> Reply:
    shares = call.world.shares_of(call.caller)
    found = [shape(call, each) for each in shares if each.is_pending]
    return call.answer("sharedServers", list[Json](found))


@routes.on("GET", f"{BASE}/invites/owned/pending")
def invites_sent(call: TvCall) -> Reply:
    shares = [s for s in call.world.shares_of(call.caller) if s.is_pending]
    return call.answer("invites", _grouped(call, shares, lambda s: s.invited_email))


@routes.on("GET", f"{BASE}/invites/received/pending")
def invites_received(call: TvCall) -> Reply:
    mine = [
        each
        for each in call.world.shares.values()
        if each.is_pending and each.invited_id == call.caller.id
    ]
    return call.answer("invites", _grouped(call, mine, lambda s: s.owner_id))


@routes.on("POST", BASE)
def create(call: TvCall) -> Reply:
    body = call.body()
    server = call.owned(body.get("machineIdentifier"))
    email = body.get("invitedEmail")
    allowed = Sharing()
    allowed.take(_settings(body))
    wish = Wish(
        server,
        body.get("librarySectionIds"),
        email if isinstance(email, str) else None,
        whole(body.get("invitedId")),
        allowed,
        befriend=body.get("skipFriendship") is not True,
    )
    try:
        made = share_once(call.world, wish)
    except SharingError as error:
        raise _refusal(call, error) from error
    return call.answer("sharedServer", shape(call, made), 201)


@routes.on("POST", f"{BASE}/{{id}}")
def update(call: TvCall) -> Reply:
    share = _owned_share(call)
    body = call.body()
    server = call.world.servers[share.machine_identifier]
    try:
        if "librarySectionIds" in body:
            change(server, share, body["librarySectionIds"])
    except SharingError as error:
        raise _refusal(call, error) from error
    share.sharing.take(_settings(body))
    return call.answer("sharedServer", shape(call, share))


@routes.on("POST", f"{BASE}/{{id}}/accept")
def accept(call: TvCall) -> Reply:
    """Only by whom it is for."""
    share = call.world.shares.get(call.number("id"))
    if share is None or share.invited_id != call.caller.id or not share.is_pending:
        raise call.refused(404, 1002, "Shared server not found")
    mark_accepted(call.world, share)
    return call.answer("sharedServer", shape(call, share))


@routes.on("DELETE", f"{BASE}/{{id}}")
def delete(call: TvCall) -> Reply:
    """The owner takes it back; the guest leaves it, or declines it."""
    share = call.world.shares.get(call.number("id"))
    if share is None or call.caller.id not in {share.owner_id, share.invited_id}:
        raise call.refused(404, 1002, "Shared server not found")
    if call.caller.id == share.owner_id or share.is_pending:
        del call.world.shares[share.id]
    else:
        share.left_at = call.world.now()
    return Reply(204)


def shape(call: TvCall, share: Share) -> JsonObject:
    server = call.world.servers[share.machine_identifier]
    invited = call.world.accounts.get(share.invited_id or 0)
    settings = share.sharing.as_json()
    person: JsonObject | None = None
    if invited is not None:
        person = brief(invited)
        person["sharingSettings"] = settings
    return {
        "id": share.id,
        "name": server.name,
        "ownerId": share.owner_id,
        "invitedId": share.invited_id,
        "invitedEmail": share.invited_email,
        "serverId": server.sections[0].id - 1 if server.sections else 0,
        "accepted": share.accepted_at is not None,
        "acceptedAt": stamp(share.accepted_at),
        "deletedAt": None,
        "leftAt": stamp(share.left_at),
        "owned": call.caller.id == share.owner_id,
        "inviteToken": share.invite_token,
        "machineIdentifier": server.machine_identifier,
        "lastSeenAt": stamp(call.world.now()),
        "numLibraries": len(share.section_ids),
        "invited": person,
        "owner": brief(call.world.accounts[share.owner_id]),
        "sharingSettings": settings,
        "libraries": libraries(server, share),
        "allLibraries": len(share.section_ids) == len(server.sections),
    }


def libraries(server: Server, share: Share) -> list[Json]:
    return [
        {
            "id": each.id,
            "key": each.key,
            "title": each.title,
            "type": each.type,
        }
        for each in server.chosen(share.section_ids)
    ]


def _grouped(
    call: TvCall, shares: Iterable[Share], by: Callable[[Share], object]
) -> list[Json]:
    """One invitation for each person, with the servers that it is for."""
    groups: dict[object, list[Share]] = {}
    for share in shares:
        groups.setdefault(by(share), []).append(share)
    return [_invite(call, group) for group in groups.values()]


def _invite(call: TvCall, group: list[Share]) -> JsonObject:
    first = group[0]
    invited = call.world.accounts.get(first.invited_id or 0)
    return {
        "id": first.id,
        "ownerId": first.owner_id,
        "invitedId": first.invited_id,
        "invitedEmail": first.invited_email,
        "inviteToken": first.invite_token,
        "createdAt": stamp(first.invited_at),
        "friend": True,
        "home": False,
        "server": True,
        "owner": brief(call.world.accounts[first.owner_id]),
        "invited": brief(invited) if invited else None,
        "sharedServers": [shape(call, each) for each in group],
    }


def _owned_share(call: TvCall) -> Share:
    share = call.world.shares.get(call.number("id"))
    if share is None or share.owner_id != call.caller.id or share.left_at:
        raise call.refused(404, 1002, "Shared server not found")
    return share


def _settings(body: JsonObject) -> JsonObject:
    result = body.get("settings")
    return result if isinstance(result, dict) else {}


def _refusal(call: TvCall, error: SharingError) -> Exception:
    """v2 calls a refused wish 422 where v1 calls it 400."""
    status = 404 if error.status == 404 else 422  # noqa: PLR2004
    return call.refused(status, 1038, error.message)
