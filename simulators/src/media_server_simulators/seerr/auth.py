"""`/auth`: who am I, and the three ways to sign in."""

from collections.abc import Awaitable
from datetime import timedelta
from email.utils import format_datetime

from media_server_simulators.seerr.access import COOKIE, OWNER
from media_server_simulators.seerr.call import Call
from media_server_simulators.seerr.errors import json_body, message
from media_server_simulators.seerr.jellyfin_link import (
    SignedIn,
    new_api_key,
    server_name,
    sign_in,
)
from media_server_simulators.seerr.profiles import Profile
from media_server_simulators.seerr.routing import Route
from media_server_simulators.seerr.shapes import new_user_shape, user_shape
from media_server_simulators.seerr.state import JellyfinSettings, User
from media_server_simulators.seerr.validation import TEXT, Body
from media_server_simulators.seerr.values import (
    SESSION_DAYS,
    MediaServer,
    Permission,
    UserType,
)
from media_server_simulators.wire import JsonObject, Reply


def routes(profile: Profile) -> list[Route]:
    named = Body({"username": TEXT, "password": TEXT}, ("username", "password"))
    local = Body({"email": TEXT, "password": TEXT}, ("email", "password"))
    found = [
        Route("GET", "/auth/me", me),
        Route("POST", "/auth/local", sign_in_locally, public=True, body=local),
        Route("POST", "/auth/logout", sign_out),
    ]
    if profile.knows_jellyfin:
        found.append(
            Route("POST", "/auth/jellyfin", by_jellyfin, public=True, body=named)
        )
    return found


def me(call: Call) -> Reply:
    return json_body(user_shape(call.state, call.caller, settings=True))


def sign_in_locally(call: Call) -> Reply:
    """Only the address was read: the rest of the answer is what a new user has."""
    user = call.state.user_of_email(str(call.body["email"]))
    if user is None or not user.password or user.password != call.body["password"]:
        raise message(403, "Access denied.")
    shown: JsonObject = {
        "permissions": 0,
        "warnings": [],
        "id": user.id,
        "requestCount": 0,
        "displayName": user.email,
    }
    return _with_cookie(call, user, shown)


def sign_out(call: Call) -> Reply:
    for cookie, owner in list(call.state.sessions.items()):
        if owner == call.caller.id:
            del call.state.sessions[cookie]
    return json_body({"status": "ok"})


def by_jellyfin(call: Call) -> Awaitable[Reply]:
    return _by_jellyfin(call)


async def _by_jellyfin(call: Call) -> Reply:
    """The first to sign in connects the Jellyfin and becomes the owner."""
    state, body = call.state, call.body
    first = state.unclaimed or state.media_server is MediaServer.NOT_CONFIGURED
    if first and not body.get("hostname"):
        raise message(500, "NO_ADMIN_USER")
    if not first and body.get("hostname"):
        raise message(500, "Jellyfin hostname already configured")
    place = _place(body) if first else state.jellyfin
    name, password = str(body["username"]), str(body["password"])
    without_key = JellyfinSettings(
        ip=place.ip, port=place.port, use_ssl=place.use_ssl, url_base=place.url_base
    )
    person = await sign_in(state, without_key, name, password)
    if first:
        return await _become_owner(call, place, person)
    user = state.user_of_jellyfin(person.id)
    if user is None:
        return _newcomer(call, person)
    user.avatar = f"/avatarproxy/{person.id}?v=null"
    user.jellyfin_username = person.name
    return _with_cookie(call, user, user_shape(state, user, private=False))


def _place(body: JsonObject) -> JellyfinSettings:
    port = body.get("port")
    return JellyfinSettings(
        ip=str(body["hostname"]),
        port=port if isinstance(port, int) else 8096,
        use_ssl=body.get("useSsl") is True,
        url_base=str(body.get("urlBase") or ""),
    )


async def _become_owner(call: Call, place: JellyfinSettings, person: SignedIn) -> Reply:
    if not person.is_administrator:
        raise message(403, "NOT_ADMIN")
    state, email = call.state, call.body.get("email")
    place.api_key, place.server_id = person.token, person.server_id
    place.name = await server_name(place)
    place.api_key = await new_api_key(place) or person.token
    state.jellyfin, state.media_server = place, MediaServer.JELLYFIN
    number = OWNER if state.unclaimed else state.next_id("user")
    state.unclaimed = False
    owner = state.add_user(
        User(
            id=number,
            created=state.now(),
            type=UserType.JELLYFIN,
            email=str(email or person.name).lower(),
            jellyfin_username=person.name,
            jellyfin_id=person.id,
            permissions=int(Permission.ADMIN),
            avatar=f"/avatarproxy/{person.id}?v=undefined",
        )
    )
    return _with_cookie(call, owner, new_user_shape(state, owner))


def _newcomer(call: Call, person: SignedIn) -> Reply:
    state = call.state
    if not state.main.get("newPlexLogin", True):
        raise message(403, "Access denied.")
    user = state.add_user(
        User(
            id=state.next_id("user"),
            created=state.now(),
            type=UserType.JELLYFIN,
            email=person.name.lower(),
            jellyfin_username=person.name,
            jellyfin_id=person.id,
            avatar=f"/avatarproxy/{person.id}?v=undefined",
        )
    )
    return _with_cookie(call, user, new_user_shape(state, user))


def _with_cookie(call: Call, user: User, shown: JsonObject) -> Reply:
    until = call.state.now() + timedelta(days=SESSION_DAYS)
    cookie = call.state.sign_in(user)
    value = f"{COOKIE}={cookie}; Path=/; Expires={format_datetime(until, usegmt=True)}"
    return json_body(shown).with_headers(
        {"Set-Cookie": f"{value}; HttpOnly; SameSite=Lax"}
    )
