"""`/status` and `/settings`, for everybody and for the administrator."""

from collections.abc import Awaitable

from media_server_simulators.seerr.call import Call
from media_server_simulators.seerr.errors import json_body
from media_server_simulators.seerr.jellyfin_link import jellyfin_users, libraries
from media_server_simulators.seerr.profiles import Profile
from media_server_simulators.seerr.routing import Route
from media_server_simulators.seerr.scan import scan
from media_server_simulators.seerr.state import State
from media_server_simulators.seerr.values import Permission
from media_server_simulators.wire import Json, JsonObject, Reply

ADMIN = (Permission.ADMIN,)
SHOWN_TO_ALL = (
    "applicationTitle",
    "applicationUrl",
    "hideAvailable",
    "localLogin",
    "discoverRegion",
    "originalLanguage",
    "partialRequestsEnabled",
    "cacheImages",
    "locale",
    "newPlexLogin",
)
SINCE_JELLYSEERR = (
    "hideBlocklisted",
    "hideBlacklisted",
    "mediaServerLogin",
    "streamingRegion",
    "enableSpecialEpisodes",
    "youtubeUrl",
)


def routes(profile: Profile) -> list[Route]:
    found = [
        Route("GET", "/status", status, public=True),
        Route("GET", "/settings/public", public, public=True),
        Route("GET", "/settings/main", main, rights=ADMIN),
        Route("POST", "/settings/main", change_main, rights=ADMIN),
        Route("POST", "/settings/initialize", initialize, rights=ADMIN),
        Route("GET", "/settings/about", about, rights=ADMIN),
        Route("GET", "/settings/radarr", services, rights=ADMIN),
        Route("GET", "/settings/sonarr", services, rights=ADMIN),
    ]
    if not profile.knows_jellyfin:
        return found
    here = "/settings/jellyfin"
    return [
        *found,
        Route("GET", here, jellyfin, rights=ADMIN),
        Route("GET", f"{here}/library", library, rights=ADMIN),
        Route("GET", f"{here}/users", users, rights=ADMIN),
        Route("GET", f"{here}/sync", sync_status, rights=ADMIN),
        Route("POST", f"{here}/sync", start_sync, rights=ADMIN),
    ]


def defaults(profile: Profile) -> JsonObject:
    """The settings of a fresh installation."""
    word = profile.blocklist_word
    return {
        "applicationTitle": profile.product_name,
        "applicationUrl": "",
        "cacheImages": False,
        "defaultPermissions": int(Permission.REQUEST),
        "defaultQuotas": {"movie": {}, "tv": {}},
        "hideAvailable": False,
        f"hide{word.capitalize()}ed": False,
        "localLogin": True,
        "mediaServerLogin": True,
        "newPlexLogin": True,
        "discoverRegion": "",
        "streamingRegion": "",
        "originalLanguage": "",
        f"{word}edTags": "",
        f"{word}edTagsLimit": 50,
        "partialRequestsEnabled": True,
        "enableSpecialEpisodes": False,
        "locale": "en",
        "youtubeUrl": "",
    }


def status(call: Call) -> Reply:
    return json_body(
        {
            "version": call.state.version,
            "commitTag": "local",
            "updateAvailable": False,
            "commitsBehind": 0,
            "restartRequired": False,
        }
    )


def public(call: Call) -> Reply:
    state = call.state
    names = SHOWN_TO_ALL
    if state.profile.knows_jellyfin:
        names = (*names, *SINCE_JELLYSEERR)
    shown: JsonObject = {"initialized": state.initialized}
    shown |= {name: state.main[name] for name in names if name in state.main}
    shown |= {
        "movie4kEnabled": False,
        "series4kEnabled": False,
        "vapidPublic": state.push_key,
        "enablePushRegistration": False,
        "emailEnabled": False,
    }
    if state.profile.knows_jellyfin:
        shown |= {
            "jellyfinExternalHost": "",
            "jellyfinForgotPasswordUrl": "",
            "mediaServerType": int(state.media_server),
            "userEmailRequired": False,
        }
    return json_body(shown)


def main(call: Call) -> Reply:
    return json_body(_main(call.state))


def _main(state: State) -> JsonObject:
    shown: JsonObject = {"apiKey": state.api_key} | state.main
    if state.profile.knows_jellyfin:
        shown["mediaServerType"] = int(state.media_server)
    return shown


def change_main(call: Call) -> Reply:
    known = call.state.main.keys() & call.body.keys()
    call.state.main |= {name: call.body[name] for name in known}
    return json_body(_main(call.state))


def initialize(call: Call) -> Reply:
    call.state.initialized = True
    return public(call) if not call.state.profile.knows_jellyfin else _initialized()


def _initialized() -> Reply:
    return json_body({"initialized": True})


def about(call: Call) -> Reply:
    state = call.state
    return json_body(
        {
            "version": state.version,
            "totalMediaItems": len(state.media),
            "totalRequests": len(state.requests),
            "appDataPath": "/app/config",
        }
    )


def services(call: Call) -> Reply:  # noqa: ARG001
    """No Radarr or Sonarr is ever connected."""
    return json_body([])


def jellyfin(call: Call) -> Reply:
    place = call.state.jellyfin
    rows: list[Json] = [*place.libraries]
    return json_body(
        {
            "name": place.name,
            "ip": place.ip,
            "port": place.port,
            "useSsl": place.use_ssl,
            "urlBase": place.url_base,
            "externalHostname": "",
            "jellyfinForgotPasswordUrl": "",
            "libraries": rows,
            "serverId": place.server_id,
            "apiKey": place.api_key,
        }
    )


def library(call: Call) -> Awaitable[Reply]:
    return _library(call)


async def _library(call: Call) -> Reply:
    """`sync` reads them anew, `enable` names those to scan: all others are off."""
    place = call.state.jellyfin
    asked = dict(call.request.query)
    if asked.get("sync"):
        place.libraries = await libraries(call.state)
    enabled = asked.get("enable", "").split(",")
    for row in place.libraries:
        row["enabled"] = row["id"] in enabled
    rows: list[Json] = [*place.libraries]
    return json_body(rows)


def users(call: Call) -> Awaitable[Reply]:
    return _users(call)


async def _users(call: Call) -> Reply:
    rows: list[Json] = [
        {
            "username": each.name,
            "id": each.id,
            "thumb": f"/avatarproxy/{each.id}",
            "email": each.name,
        }
        for each in await jellyfin_users(call.state)
    ]
    return json_body(rows)


def sync_status(call: Call) -> Reply:  # noqa: ARG001
    """A scan is over before anybody can ask for it."""
    return json_body({"running": False, "progress": 0, "total": 0})


def start_sync(call: Call) -> Awaitable[Reply]:
    return _start_sync(call)


async def _start_sync(call: Call) -> Reply:
    if call.body.get("start"):
        await scan(call.state)
    running = call.body.get("start") is True
    return json_body({"running": running, "progress": 0, "total": 0})
