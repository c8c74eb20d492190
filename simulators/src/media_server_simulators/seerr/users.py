"""`/user`: who has an account on this Seerr."""

import hashlib
from collections.abc import Awaitable

from media_server_simulators.seerr.call import Call
from media_server_simulators.seerr.errors import json_body, message
from media_server_simulators.seerr.jellyfin_link import jellyfin_users
from media_server_simulators.seerr.paging import Page
from media_server_simulators.seerr.profiles import Profile
from media_server_simulators.seerr.routing import Route
from media_server_simulators.seerr.shapes import (
    new_user_shape,
    request_shape,
    user_shape,
)
from media_server_simulators.seerr.state import MediaRequest, State, User
from media_server_simulators.seerr.validation import (
    NUMBER,
    PAGE_NUMBER,
    TEXT,
    Body,
    Rule,
)
from media_server_simulators.seerr.values import Permission, UserType
from media_server_simulators.wire import Json, JsonObject, Reply

MANAGE = (Permission.MANAGE_USERS,)
OWNER = 1
PAGE_OF_REQUESTS = 20
NOT_FOUND = "User not found."


def routes(profile: Profile) -> list[Route]:
    query = {
        "take": PAGE_NUMBER,
        "skip": PAGE_NUMBER,
        "sort": Rule(allowed=("created", "updated", "requests", "displayname")),
        "q": TEXT,
    }
    pages = {"take": PAGE_NUMBER, "skip": PAGE_NUMBER}
    number = {"userId": NUMBER}
    new = Body({"email": TEXT, "username": TEXT, "permissions": NUMBER})
    one = "/user/{userId}"
    rights = f"{one}/settings/permissions"
    found = [
        Route("GET", "/user", listed, query=query),
        Route("POST", "/user", create, rights=MANAGE, body=new),
        Route("PUT", "/user", change_several, rights=MANAGE),
        Route("POST", "/user/import-from-plex", import_plex, rights=MANAGE),
        Route("GET", one, single, path=number),
        Route("PUT", one, rename, rights=MANAGE, path=number),
        Route("DELETE", one, delete, rights=MANAGE, path=number),
        Route("GET", f"{one}/requests", requests_of, path=number, query=pages),
        Route("GET", f"{one}/quota", quota, path=number),
        Route("GET", rights, permissions, rights=MANAGE, path=number),
        Route("POST", rights, set_permissions, rights=MANAGE, path=number),
    ]
    if profile.knows_jellyfin:
        path = "/user/import-from-jellyfin"
        found.append(Route("POST", path, import_jellyfin, rights=MANAGE))
    return found


def listed(call: Call) -> Reply:
    state, page = call.state, Page.of(call)
    rows = list(state.users.values())
    wanted = (call.text("q") or "").lower()
    if wanted:
        rows = [each for each in rows if _matches(each, wanted)]
    match call.query.get("sort"):
        case "updated":
            rows.sort(key=lambda u: u.updated or u.created, reverse=True)
        case "requests":
            rows.sort(key=lambda u: state.request_counts[u.id], reverse=True)
        case "displayname":
            rows.sort(key=lambda u: u.display_name.lower())
        case _:
            pass  # in the order in which they came
    private = call.may(Permission.MANAGE_USERS)
    return json_body(
        page.of_rows(rows, lambda u: user_shape(state, u, private=private))
    )


def _matches(user: User, wanted: str) -> bool:
    names = user.email, user.username, user.plex_username, user.jellyfin_username
    return any(wanted in (name or "").lower() for name in names)


def find(call: Call) -> User:
    found = call.state.users.get(call.number("userId") or 0)
    if found is None:
        raise message(404, NOT_FOUND)
    return found


def single(call: Call) -> Reply:
    private = call.may(Permission.MANAGE_USERS)
    user = find(call)
    return json_body(user_shape(call.state, user, private=private, settings=private))


def create(call: Call) -> Reply:
    """Of a new user neither the e-mail nor anything computed is shown."""
    email, name = call.body.get("email"), call.body.get("username")
    known = email if isinstance(email, str) else name
    if not isinstance(known, str):
        sentence = "Cannot read properties of undefined (reading 'toLowerCase')"
        raise message(500, sentence)
    if call.state.user_of_email(known) is not None:
        exists = "User already exists with submitted email."
        raise message(409, exists, ["USER_EXISTS"])
    given, password = call.body.get("permissions"), call.body.get("password")
    user = call.state.add_user(
        User(
            id=call.state.next_id("user"),
            created=call.state.now(),
            type=UserType.LOCAL,
            email=known.lower(),
            username=name if isinstance(name, str) else None,
            password=password if isinstance(password, str) else None,
            permissions=given if isinstance(given, int) else int(Permission.REQUEST),
            avatar=gravatar(known),
        )
    )
    return json_body(new_user_shape(call.state, user), 201)


def gravatar(email: str) -> str:
    digest = hashlib.md5(email.lower().encode(), usedforsecurity=False).hexdigest()
    return f"https://gravatar.com/avatar/{digest}?default=mm&size=200"


def rename(call: Call) -> Reply:
    """The answer was read before the change, and lacks the rights it did not set."""
    user = find(call)
    if user.id == OWNER and call.caller.id != OWNER:
        sentence = "You do not have permission to modify this user"
        raise message(403, sentence)
    shown = user_shape(call.state, user, private=False)
    name, rights = call.body.get("username"), call.body.get("permissions")
    if isinstance(name, str) or name is None:
        user.username = name
        shown["username"] = name
    if isinstance(rights, int):
        user.permissions = rights
        shown["permissions"] = rights
    else:
        del shown["permissions"]
    call.state.touch(user)
    return json_body(shown)


def change_several(call: Call) -> Reply:
    ids, rights = call.body.get("ids"), call.body.get("permissions")
    changed: list[Json] = []
    for one in ids if isinstance(ids, list) else []:
        user = call.state.users.get(one) if isinstance(one, int) else None
        if user is None or user.id == OWNER:
            continue
        if isinstance(rights, int):
            user.permissions = rights
        changed.append(user_shape(call.state, user, private=False))
    return json_body(changed)


def delete(call: Call) -> Reply:
    """Their requests go with them; the answer shows both as they were."""
    user = find(call)
    if user.id == OWNER:
        raise message(405, "This account cannot be deleted.")
    if user.may() and call.caller.id != OWNER:
        sentence = "You cannot delete users with administrative privileges."
        raise message(405, sentence)
    state = call.state
    shown = user_shape(state, user, private=False)
    shown["requests"] = [_deleted(state, each) for each in state.requests_of(user)]
    state.remove_user(user)
    return json_body(shown)


def _deleted(state: State, request: MediaRequest) -> JsonObject:
    shown = request_shape(state, request, media_seasons=True, settings=True)
    del shown["id"]
    return shown


def requests_of(call: Call) -> Reply:
    user, page = find(call), Page.of(call, PAGE_OF_REQUESTS)
    own = user is call.caller
    if not own and not call.may(Permission.MANAGE_REQUESTS, Permission.REQUEST_VIEW):
        sentence = "You do not have permission to view this user's requests."
        raise message(403, sentence)
    rows = sorted(call.state.requests_of(user), key=lambda r: r.id, reverse=True)
    return json_body(page.of_rows(rows, lambda r: request_shape(call.state, r)))


def quota(call: Call) -> Reply:
    user = find(call)
    if user is not call.caller and not call.may(*MANAGE, Permission.MANAGE_REQUESTS):
        sentence = "You do not have permission to access this endpoint."
        raise message(403, sentence)
    none: JsonObject = {"used": 0, "restricted": False}
    return json_body({"movie": none, "tv": none})


def permissions(call: Call) -> Reply:
    return json_body({"permissions": int(find(call).permissions)})


def set_permissions(call: Call) -> Reply:
    user, given = find(call), call.body.get("permissions")
    if user.id == OWNER:
        sentence = "You do not have permission to modify this user"
        raise message(403, sentence)
    if isinstance(given, int):
        user.permissions = given
        call.state.touch(user)
    return json_body({"permissions": int(user.permissions)})


def import_jellyfin(call: Call) -> Awaitable[Reply]:
    return _import_jellyfin(call)


async def _import_jellyfin(call: Call) -> Reply:
    """Those who are here already are left out; an unknown id becomes nobody."""
    state = call.state
    known = {each.id: each for each in await jellyfin_users(state)}
    ids = call.body.get("jellyfinUserIds")
    if not isinstance(ids, list):
        raise message(500, "body.jellyfinUserIds is not iterable")
    created: list[Json] = []
    for one in map(str, ids):
        if state.user_of_jellyfin(one) is not None:
            continue
        person = known.get(one.replace("-", "").lower())
        user = state.add_user(
            User(
                id=state.next_id("user"),
                created=state.now(),
                type=UserType.JELLYFIN,
                email=person.name.lower() if person else "",
                jellyfin_username=person.name if person else None,
                jellyfin_id=person.id if person else None,
                avatar=f"/avatarproxy/{person.id if person else 'undefined'}",
            )
        )
        created.append(new_user_shape(state, user))
    return json_body(created, 201)


def import_plex(call: Call) -> Reply:
    """People with access to the Plex servers."""
    ids = call.body.get("plexIds")
    wanted = {str(each) for each in ids} if isinstance(ids, list) else None
    created: list[Json] = []
    for person in call.state.plex_people():
        known = any(u.plex_id == person.id for u in call.state.users.values())
        if known or (wanted is not None and str(person.id) not in wanted):
            continue
        user = call.state.add_user(
            User(
                id=call.state.next_id("user"),
                created=call.state.now(),
                type=UserType.PLEX,
                email=person.email,
                plex_username=person.name,
                plex_id=person.id,
                avatar=f"https://plex.tv/users/{person.id}/avatar",
            )
        )
        created.append(new_user_shape(call.state, user))
    return json_body(created, 201)
