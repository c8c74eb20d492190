"""Setting and blanking passwords."""

from media_server_simulators.jellyfin.activity import user_note
from media_server_simulators.jellyfin.http.binding import Body
from media_server_simulators.jellyfin.http.call import Call, nothing
from media_server_simulators.jellyfin.http.errors import (
    bad_argument,
    empty_error,
    text_error,
)
from media_server_simulators.jellyfin.http.parameters import GUID
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.http.shapes import Shape, boolean, string
from media_server_simulators.jellyfin.state import Secret, State, User
from media_server_simulators.jellyfin.users.password_check import check_password
from media_server_simulators.jellyfin.users.tokens import revoke_tokens
from media_server_simulators.jellyfin.users.users import require_own
from media_server_simulators.jellyfin.values import flag, text
from media_server_simulators.jellyfin.versions import Version
from media_server_simulators.wire import Reply

routes = Routes()

EASY_PASSWORD = Shape(
    "Jellyfin.Api.Models.UserDtos.UpdateUserEasyPassword",
    {"NewPassword": string, "NewPw": string, "ResetPassword": boolean},
)
PASSWORD = Shape(
    "Jellyfin.Api.Models.UserDtos.UpdateUserPassword",
    {
        "CurrentPassword": string,
        "CurrentPw": string,
        "NewPw": string,
        "ResetPassword": boolean,
    },
)


@routes.on(
    "POST", "/Users/Password", query={"userId": GUID}, body=Body(PASSWORD, "request")
)
def set_password(call: Call) -> Reply:
    return _set(call, call.guid("userId"))


@routes.on(
    "POST",
    "/Users/{userId}/Password",
    path={"userId": GUID},
    body=Body(PASSWORD, "request"),
)
def set_password_by_path(call: Call) -> Reply:
    return _set(call, call.guid("userId"))


@routes.on(
    "POST",
    "/Users/{userId}/EasyPassword",
    path={"userId": GUID},
    body=Body(EASY_PASSWORD, "request"),
    versions=(Version.V10_10, Version.V10_11),
)
def set_easy_password(call: Call) -> Reply:  # noqa: ARG001
    """Closed before it was taken away."""
    raise empty_error(403)


def _set(call: Call, asked: str | None) -> Reply:
    user = call.user(call.own_or(asked))
    require_own(call, user, "User is not allowed to update the password.")
    if flag(call.body, "ResetPassword"):
        change(call.state, user, "")
        return nothing()
    names_himself = call.caller.user is not None and call.caller.user.id == asked
    if not call.caller.is_admin or names_himself:
        current = text(call.body, "CurrentPw")
        if not check_password(
            call.state, user, current, call.request.client, session=False
        ):
            raise text_error(403, "Invalid user or password entered.")
    change(call.state, user, text(call.body, "NewPw"))
    revoke_tokens(call.state, user.id, but=call.caller.token)
    return nothing()


def change(state: State, user: User, password: str) -> None:
    if flag(user.policy, "IsAdministrator") and not password.strip():
        raise bad_argument()
    user.secret = Secret.of(password) if password else None
    user_note(
        state, "UserPasswordChanged", user, "Password has been changed for user {}"
    )
