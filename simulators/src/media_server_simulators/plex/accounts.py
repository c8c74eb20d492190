"""Who an account is, and which servers it may use."""

from media_server_simulators.plex.pins import stamp
from media_server_simulators.plex.routing import Routes
from media_server_simulators.plex.state import Account, Section, Server
from media_server_simulators.plex.tv_call import TvCall
from media_server_simulators.plex.versions import SERVER_VERSION
from media_server_simulators.wire import Json, JsonObject, Reply

routes = Routes[TvCall]()
NO_RELAY = "http://127.0.0.1:1"
FEATURES = ("sync", "pass", "home", "webhooks", "livetv", "dvr")


@routes.on("GET", "/api/v2/user")
def user(call: TvCall) -> Reply:
    return call.answer("user", _user(call))


@routes.on("GET", "/api/v2/ping")
def ping(call: TvCall) -> Reply:
    return call.answer("pong", {"pong": True})


@routes.on("GET", "/api/v2/resources")
def resources(call: TvCall) -> Reply:
    """The caller's own servers, and those with a share they accepted."""
    own = [
        _resource(call, server, server.access_token)
        for server in call.world.servers.values()
        if server.owner_id == call.caller.id
    ]
    shared = [
        _resource(
            call, call.world.servers[share.machine_identifier], share.access_token
        )
        for share in call.world.shares.values()
        if share.is_live and share.invited_id == call.caller.id
    ]
    return call.answer("resources", [*own, *shared])


@routes.on("GET", "/api/v2/servers/{mid}")
def server(call: TvCall) -> Reply:
    own = call.own_server()
    result: JsonObject = {
        "name": own.name,
        "machineIdentifier": own.machine_identifier,
        "librarySections": [section_json(each) for each in own.sections],
    }
    return call.answer("Server", result)


def section_json(section: Section) -> JsonObject:
    return {
        "id": section.id,
        "key": section.key,
        "title": section.title,
        "type": section.type,
    }


def brief(account: Account) -> JsonObject:
    """An account as lists show it, without its token."""
    return {
        "id": account.id,
        "uuid": account.uuid,
        "title": account.title,
        "username": account.username,
        "email": account.email,
        "friendlyName": "",
        "thumb": f"https://plex.tv/users/{account.uuid}/avatar",
        "home": account.home_of is not None,
        "restricted": account.restricted,
    }


def _user(call: TvCall) -> JsonObject:
    account = call.caller
    mates = list(call.world.home_of(account))
    passed = account.plex_pass
    result: JsonObject = {
        "joinedAt": 1_500_000_000,
        "locale": None,
        "emailOnlyAuth": False,
        "hasPassword": not account.restricted,
        "protected": account.home_pin is not None,
        "authToken": call.plex("token"),
        "mailingListStatus": "removed",
        "mailingListActive": False,
        "scrobbleTypes": "",
        "country": "DE",
        "subscriptionDescription": "Plex Pass" if passed else None,
        "restrictionProfile": account.profile,
        "anonymous": False,
        "home": account.home_of is not None or bool(mates),
        "homeAdmin": bool(mates),
        "guest": False,
        "homeSize": len(mates) + 1,
        "maxHomeSize": 15,
        "rememberExpiresAt": None,
        "confirmed": True,
        "backupCodesCreated": False,
        "twoFactorEnabled": False,
        "adsConsent": None,
        "experimentalFeatures": False,
        "subscription": {
            "active": passed,
            "subscribedAt": "2020-01-01 00:00:00 UTC" if passed else None,
            "status": "Active" if passed else "Inactive",
            "paymentService": None,
            "plan": "lifetime" if passed else None,
            "features": list[Json](FEATURES) if passed else [],
        },
        "profile": {
            "autoSelectAudio": True,
            "defaultAudioLanguage": "en",
            "defaultSubtitleLanguage": "en",
            "autoSelectSubtitle": 0,
            "defaultSubtitleAccessibility": 0,
            "defaultSubtitleForced": 0,
        },
        "entitlements": [],
        "roles": ["plexpass"] if passed else [],
    }
    return brief(account) | result


def _resource(call: TvCall, server: Server, token: str) -> JsonObject:
    owner = call.world.accounts[server.owner_id]
    own = owner.id == call.caller.id
    now = stamp(call.world.now())
    host = server.url.partition("://")[2].partition(":")[0]
    return {
        "name": server.name,
        "product": "Plex Media Server",
        "productVersion": SERVER_VERSION,
        "platform": "Linux",
        "platformVersion": "6.1",
        "device": "PC",
        "clientIdentifier": server.machine_identifier,
        "createdAt": "2020-01-01T00:00:00Z",
        "lastSeenAt": now,
        "provides": "server",
        "ownerId": None if own else owner.id,
        "sourceTitle": None if own else owner.title,
        "publicAddress": host,
        "accessToken": token,
        "owned": own,
        "home": call.caller.home_of == owner.id,
        "synced": False,
        "relay": True,
        "presence": True,
        "httpsRequired": False,
        "publicAddressMatches": True,
        "dnsRebindingProtection": False,
        "natLoopbackSupported": True,
        "connections": _connections(call, server, local=own),
    }


def _connections(call: TvCall, server: Server, *, local: bool) -> list[Json]:
    """Where the server listens, and the relay for who asks for it, where nothing
    does."""
    found = [_connection(server.url, local=local, relay=False)]
    if call.query("includeRelay") == "1":
        found.append(_connection(NO_RELAY, local=False, relay=True))
    return [*found]


def _connection(url: str, *, local: bool, relay: bool) -> JsonObject:
    host, _, port = url.partition("://")[2].partition(":")
    return {
        "protocol": "http",
        "address": host,
        "port": int(port) if port.isdigit() else 80,
        "uri": url,
        "local": local,
        "relay": relay,
        "IPv6": False,
    }
