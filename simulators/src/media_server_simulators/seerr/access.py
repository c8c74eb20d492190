"""Who asks: the key of the settings, or the cookie of somebody signed in."""

from http.cookies import CookieError, SimpleCookie

from media_server_simulators.seerr.errors import forbidden, no_key
from media_server_simulators.seerr.routing import Route
from media_server_simulators.seerr.state import State, User
from media_server_simulators.wire import Request

COOKIE = "connect.sid"
OWNER = 1


def identify(state: State, request: Request) -> User | None:
    """The key acts as the owner, or as the user with the number in `X-API-User`.

    A real server ended at a word in place of the number; here it is nobody's.
    """
    key = request.header("x-api-key")
    if key and key == state.api_key:
        number = (request.header("x-api-user") or str(OWNER)).strip()
        return state.users.get(int(number)) if number.isdecimal() else None
    cookie = _cookie(request)
    return state.users.get(state.sessions.get(cookie or "", 0))


def admit(user: User | None, route: Route) -> None:
    """Raises 401 where no key was sent, and 403 where it is not good enough."""
    if route.public:
        return
    if user is None or (route.rights and not user.may(*route.rights)):
        raise forbidden()


def demand_key(request: Request, route: Route) -> None:
    """The validator looks for a key or cookie first, whatever it is worth."""
    sent = request.header("x-api-key") or _cookie(request)
    if not sent and not route.public:
        raise no_key(request.path)


def _cookie(request: Request) -> str | None:
    try:
        jar = SimpleCookie(request.header("cookie") or "")
    except CookieError:
        return None
    return jar[COOKIE].value if COOKIE in jar else None
