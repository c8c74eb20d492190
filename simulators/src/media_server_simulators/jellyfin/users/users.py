"""Users: list, show, make, rename, delete."""

import re
from unicodedata import category

from media_server_simulators.jellyfin.activity import note, user_note
from media_server_simulators.jellyfin.http.binding import Body
from media_server_simulators.jellyfin.http.call import Call, nothing
from media_server_simulators.jellyfin.http.errors import (
    bad_argument,
    exception_error,
    problem,
    text_error,
)
from media_server_simulators.jellyfin.http.parameters import FLAG, GUID
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.http.shapes import Shape, string
from media_server_simulators.jellyfin.state import Event, EventKind, Secret, State, User
from media_server_simulators.jellyfin.users.policy import count, new_policy
from media_server_simulators.jellyfin.users.tokens import revoke_tokens
from media_server_simulators.jellyfin.users.user_shape import (
    CONFIGURATION,
    USER,
    new_configuration,
    shown,
)
from media_server_simulators.jellyfin.values import (
    child,
    collation,
    flag,
    new_guid,
    same_name,
    text,
)
from media_server_simulators.jellyfin.versions import Version
from media_server_simulators.wire import JsonObject, Reply

routes = Routes()

NAME = {
    Version.V10_10: re.compile(r"^[\w \-'._@]+$", re.ASCII),
    Version.V10_11: re.compile(r"^(?!\s)[\w \-'._@+]+(?<!\s)$", re.ASCII),
    Version.V12_0: re.compile(r"^(?!\s)(?!\.{1,2}$)[\w \-'._@+]+(?<!\s)$", re.ASCII),
}
WORDLY = ("L", "Mn", "Nd", "Pc")  # what .NET counts as \w
PLANE = 0xFFFF  # beyond it .NET sees two surrogates, which are no letters
NEW_USER = Shape(
    "Jellyfin.Api.Models.UserDtos.CreateUserByName",
    {"Name": string, "Password": string},
    needed=("Name",),
    filled=("Name",),
)


def named(state: State, name: str) -> User | None:
    return next((u for u in state.users.values() if same_name(u.name, name)), None)


@routes.on("GET", "/Users", query={"isHidden": FLAG, "isDisabled": FLAG})
def list_users(call: Call) -> Reply:
    found = sorted(call.state.users.values(), key=lambda user: collation(user.name))
    for query, name in (("isHidden", "IsHidden"), ("isDisabled", "IsDisabled")):
        wanted = call.flag(query)
        found = [u for u in found if wanted is None or flag(u.policy, name) == wanted]
    return call.json([shown(call.state, user) for user in found])


@routes.on("GET", "/Users/Public", access="anyone")
def list_public(call: Call) -> Reply:
    """Whom the sign-in page may show: neither hidden nor disabled."""
    found = sorted(call.state.users.values(), key=lambda user: collation(user.name))
    seen = [
        u
        for u in found
        if not flag(u.policy, "IsHidden") and not flag(u.policy, "IsDisabled")
    ]
    return call.json([shown(call.state, user) for user in seen])


@routes.on("GET", "/Users/Me")
def show_me(call: Call) -> Reply:
    if call.caller.user is None:
        raise problem(400)
    return call.json(shown(call.state, call.caller.user))


@routes.on("GET", "/Users/{userId}", access="any-hour", path={"userId": GUID})
def show_user(call: Call) -> Reply:
    user = call.user(call.guid("userId"), sentence="User not found")
    return call.json(shown(call.state, user))


@routes.on("POST", "/Users/New", access="elevated", body=Body(NEW_USER, "request"))
def create_user(call: Call) -> Reply:
    name, password = text(call.body, "Name"), call.body.get("Password")
    check_name(call.state, name)
    if named(call.state, name) is not None:
        raise bad_argument()
    user = User(new_guid(), name, new_policy(), new_configuration())
    user.internal_id = 1 + max(each.internal_id for each in call.state.users.values())
    call.state.users[user.id] = user
    user_note(call.state, "UserCreated", user, "User {} has been created")
    if isinstance(password, str):
        user.secret = Secret.of(password) if password else None
        user_note(
            call.state,
            "UserPasswordChanged",
            user,
            "Password has been changed for user {}",
        )
    return call.json(shown(call.state, user, just_made=True))


def check_name(state: State, name: str) -> None:
    """What the server takes for a name; a newline at the end slips through."""
    if not name.strip() or not NAME[state.version].search(_plain(name)):
        raise bad_argument()


def _plain(name: str) -> str:
    """Each character beyond ASCII as the letter or the sign that .NET takes it for."""
    return "".join(c if c.isascii() else "a" if _is_wordly(c) else "!" for c in name)


def _is_wordly(character: str) -> bool:
    return ord(character) <= PLANE and category(character).startswith(WORDLY)


@routes.on("DELETE", "/Users/{userId}", access="elevated", path={"userId": GUID})
def delete_user(call: Call) -> Reply:
    """Tokens first, then the guards: a refused deletion has signed the user out."""
    user = call.user(call.guid("userId"))
    revoke_tokens(call.state, user.id)
    if len(call.state.users) == 1:
        raise exception_error(500)
    if (
        flag(user.policy, "IsAdministrator")
        and count(call.state, "IsAdministrator") == 1
    ):
        raise bad_argument()
    remove(call.state, user)
    return nothing()


def remove(state: State, user: User) -> None:
    del state.users[user.id]
    for key in [key for key in state.watched if key[0] == user.id]:
        watch = state.watched.pop(key)
        if state.version is Version.V10_11:
            state.cached_watches[user.internal_id, key[1]] = watch
    note(state, "UserDeleted", f"User {user.name} has been deleted")


@routes.on("POST", "/Users", query={"userId": GUID}, body=Body(USER, "updateUser"))
def update_user(call: Call) -> Reply:
    return _update(call, call.own_or(call.guid("userId")))


@routes.on(
    "POST", "/Users/{userId}", path={"userId": GUID}, body=Body(USER, "updateUser")
)
def update_user_by_path(call: Call) -> Reply:
    return _update(call, call.guid("userId"))


def _update(call: Call, id: str | None) -> Reply:
    """The name and the configuration are stored; a policy inside is not."""
    user = call.user(id)
    require_own(call, user, "User update not allowed.")
    name = text(call.body, "Name")
    if name != user.name:
        rename(call.state, user, name)
    configure(user, child(call.body, "Configuration"))
    return nothing()


def rename(state: State, user: User, name: str) -> None:
    check_name(state, name)
    only_case = same_name(name, user.name)
    if only_case and state.version is Version.V10_11:
        raise bad_argument()
    other = next((u for u in state.users.values() if u.name == name), None)
    if state.version.since_10_11:
        other = next(
            (
                u
                for u in state.users.values()
                if u is not user and same_name(u.name, name)
            ),
            None,
        )
    if other is not None and other is not user:
        raise bad_argument()
    user.name = name
    state.publish(Event(EventKind.RENAMED, user_id=user.id))


def require_own(call: Call, user: User, sentence: str) -> None:
    """Raises 403 unless the caller is an administrator, or the user and allowed to."""
    own = call.caller.user
    if call.caller.is_admin:
        return
    if (
        own is None
        or own.id != user.id
        or not flag(own.policy, "EnableUserPreferenceAccess")
    ):
        raise text_error(403, sentence)


def configure(user: User, configuration: JsonObject) -> None:
    known = {key: value for key, value in configuration.items() if value is not None}
    user.configuration = user.configuration | known


@routes.on(
    "POST",
    "/Users/Configuration",
    query={"userId": GUID},
    body=Body(CONFIGURATION, "userConfig"),
)
def update_configuration(call: Call) -> Reply:
    return _configure(call, call.own_or(call.guid("userId")))


@routes.on(
    "POST",
    "/Users/{userId}/Configuration",
    path={"userId": GUID},
    body=Body(CONFIGURATION, "userConfig"),
)
def update_configuration_by_path(call: Call) -> Reply:
    return _configure(call, call.guid("userId"))


def _configure(call: Call, id: str | None) -> Reply:
    user = call.user(id)
    require_own(call, user, "User configuration update not allowed")
    configure(user, call.body)
    return nothing()
