"""Authentication and authorization of requests.

Every route below /api is closed: it needs a session, and a change also its CSRF token
and a role above `viewer`. Routes that are open declare it:

    opt = PUBLIC        no session; a cookie is ignored
    opt = VIEWERS_TOO   a change that a viewer may make, of their own settings
"""

from collections.abc import Awaitable, Callable, Mapping
from hmac import compare_digest
from typing import Any, cast, override

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from zondarr.accounts.exceptions import CsrfFailedError, RoleMissingError
from zondarr.accounts.models import Role
from zondarr.accounts.sessions import COOKIE, Principal, Sessions
from zondarr.core.exceptions import UnauthorizedError

type Connection = ASGIConnection[Any, Any, Any, Any]

CSRF_HEADER = "X-CSRF-Token"
PUBLIC: Mapping[str, Any] = {"public": True}
VIEWERS_TOO: Mapping[str, Any] = {"viewers_too": True}

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_RANK = {Role.VIEWER: 0, Role.ADMIN: 1, Role.OWNER: 2}


class AuthenticationMiddleware(ASGIMiddleware):
    """Sets `scope["user"]`: the `Principal`, or None on an open route."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    @override
    async def handle(
        self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp
    ) -> None:
        scope["user"] = await self._admit(scope) if _is_closed(scope) else None
        await next_app(scope, receive, send)

    async def _admit(self, scope: Scope) -> Principal:
        connection: Connection = ASGIConnection(scope)
        principal = await self._identify(connection)
        if principal is None:
            raise UnauthorizedError("Sign in first.")
        if cast("HTTPScope", scope)["method"] not in _READING:
            _check_change(connection, principal)
        return principal

    async def _identify(self, connection: Connection) -> Principal | None:
        if "Authorization" in connection.headers:
            # API tokens do not exist yet; a cookie sent with one is ignored.
            return None
        token = connection.cookies.get(COOKIE)
        return await self._sessions.find_principal(token) if token else None


def _is_closed(scope: Scope) -> bool:
    opt = scope["route_handler"].opt
    return scope["path"].startswith("/api/") and not opt.get("public")


def _check_change(connection: Connection, principal: Principal) -> None:
    given = connection.headers.get(CSRF_HEADER, "")
    if not compare_digest(given.encode(), principal.csrf_token.encode()):
        raise CsrfFailedError
    viewers_too = connection.route_handler.opt.get("viewers_too")
    if principal.role is Role.VIEWER and not viewers_too:
        raise RoleMissingError(Role.ADMIN)


def principal_of(connection: Connection) -> Principal:
    """The caller; raises `UnauthorizedError` on a route without one."""
    principal: object = connection.user if "user" in connection.scope else None
    if not isinstance(principal, Principal):
        raise UnauthorizedError("Sign in first.")
    return principal


# Guards await nothing but are async: Litestar runs sync ones in a thread.


async def signed_in(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Any account of the workspace."""
    principal_of(connection)


def requires_role(
    role: Role,
) -> Callable[[Connection, BaseRouteHandler], Awaitable[None]]:
    """An account of the workspace with this role or a higher one."""

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        if _RANK[principal_of(connection).role] < _RANK[role]:
            raise RoleMissingError(role)

    return guard
