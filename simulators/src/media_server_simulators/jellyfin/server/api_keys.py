"""API keys: an administrator's power without a user."""

from media_server_simulators.jellyfin.http.call import Call, nothing
from media_server_simulators.jellyfin.http.parameters import TEXT
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.state import ApiKey
from media_server_simulators.jellyfin.users.tokens import new_token
from media_server_simulators.jellyfin.values import MIN_DATE, NOBODY, stamp
from media_server_simulators.wire import Json, JsonObject, Reply

routes = Routes()


@routes.on("GET", "/Auth/Keys", access="elevated")
def list_keys(call: Call) -> Reply:
    shown: list[Json] = [
        _shown(key) for key in call.state.api_keys.values() if key.listed
    ]
    return call.json({"Items": shown, "TotalRecordCount": len(shown), "StartIndex": 0})


@routes.on(
    "POST", "/Auth/Keys", access="elevated", query={"app": TEXT}, required=("app",)
)
def make_key(call: Call) -> Reply:
    key = ApiKey(new_token(), call.text("app") or "", call.state.now())
    call.state.api_keys[key.token] = key
    return nothing()


@routes.on("DELETE", "/Auth/Keys/{key}", access="elevated", path={"key": TEXT})
def revoke_key(call: Call) -> Reply:
    """Revoking an unknown one is no error."""
    _ = call.state.api_keys.pop(call.text("key") or "", None)
    return nothing()


def _shown(key: ApiKey) -> JsonObject:
    return {
        "Id": 0,
        "AccessToken": key.token,
        "DeviceId": "",
        "AppName": key.app,
        "AppVersion": "",
        "DeviceName": "",
        "UserId": NOBODY,
        "IsActive": False,
        "DateCreated": stamp(key.created),
        "DateLastActivity": MIN_DATE,
    }
