"""Classifies Jellyfin's error responses by status, operation and kind of body.

The wording is not used. The kind of body says more than the status: a 401 without a
body means a bad key, one with a JSON string that the caller lacks the permission, one
with plain text a wrong name or password. A 404 with a JSON body is about the requested
resource; any other 404 means that there is no Jellyfin at this address.

Statuses and bodies: scenarios `auth_disabled`, `users_create`, `starting` and the
others that `api` names.
"""

from collections.abc import Callable
from enum import Enum, auto
from http import HTTPStatus
from typing import NamedTuple

import msgspec

from zondarr.media.exceptions import ErrorKind
from zondarr.media.transport import ClientResponse


class BodyKind(Enum):
    EMPTY = auto()
    STRING = auto()
    """A JSON string: refused by a controller."""
    PROBLEM = auto()
    """ProblemDetails: not found, model and JSON errors."""
    TEXT = auto()
    """`text/plain`: an exception was thrown."""
    FOREIGN = auto()
    """HTML and everything else: a proxy, a start page, another program."""


class Meaning(NamedTuple):
    kind: ErrorKind
    code: str | None = None


class _Problem(msgspec.Struct):
    title: str
    status: int


def body_kind(response: ClientResponse) -> BodyKind:
    if not response.body.strip():
        return BodyKind.EMPTY
    if response.media_type == "text/plain":
        return BodyKind.TEXT
    if "json" in response.media_type:
        for shape, kind in ((str, BodyKind.STRING), (_Problem, BodyKind.PROBLEM)):
            if _fits(response.body, shape):
                return kind
    return BodyKind.FOREIGN


def _fits(body: bytes, shape: type) -> bool:
    try:
        msgspec.json.decode(body, type=shape)
    except msgspec.DecodeError, UnicodeDecodeError:
        return False
    return True


def classify(response: ClientResponse) -> Meaning:
    """The meaning of an error response."""
    exact = _EXACT.get(response.status)
    if exact is not None:
        return exact(body_kind(response))
    if response.status in _SIMPLE:
        return _SIMPLE[HTTPStatus(response.status)]
    if HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST:
        return Meaning(ErrorKind.NOT_THIS_TYPE, "redirected")
    if response.status < HTTPStatus.MULTIPLE_CHOICES:
        return Meaning(ErrorKind.NOT_THIS_TYPE, None)
    return Meaning(ErrorKind.FAILED, "server_error")


def _bad_request(body: BodyKind) -> Meaning:
    if body is BodyKind.FOREIGN:
        return Meaning(ErrorKind.FAILED, "server_error")
    return Meaning(ErrorKind.INVALID)


def _unauthorized(body: BodyKind) -> Meaning:
    if body is BodyKind.EMPTY:
        return Meaning(ErrorKind.UNAUTHORIZED, "api_key_rejected")
    if body is BodyKind.TEXT:
        return Meaning(ErrorKind.REFUSED, "wrong_password")
    if body is BodyKind.STRING:
        return Meaning(ErrorKind.REFUSED, "not_permitted")
    return Meaning(ErrorKind.REFUSED, "blocked_by_proxy")


def _forbidden(body: BodyKind) -> Meaning:
    if body is BodyKind.EMPTY:
        return Meaning(ErrorKind.UNAUTHORIZED, "api_key_not_administrator")
    if body is BodyKind.FOREIGN:
        return Meaning(ErrorKind.REFUSED, "blocked_by_proxy")
    return Meaning(ErrorKind.REFUSED, "not_permitted")


def _not_found(body: BodyKind) -> Meaning:
    if body in {BodyKind.STRING, BodyKind.PROBLEM}:
        return Meaning(ErrorKind.GONE)
    return Meaning(ErrorKind.NOT_THIS_TYPE)


_EXACT: dict[int, Callable[[BodyKind], Meaning]] = {
    HTTPStatus.BAD_REQUEST: _bad_request,
    HTTPStatus.UNAUTHORIZED: _unauthorized,
    HTTPStatus.FORBIDDEN: _forbidden,
    HTTPStatus.NOT_FOUND: _not_found,
}

_SIMPLE: dict[HTTPStatus, Meaning] = {
    HTTPStatus.METHOD_NOT_ALLOWED: Meaning(ErrorKind.NOT_THIS_TYPE),
    HTTPStatus.REQUEST_TIMEOUT: Meaning(ErrorKind.UNREACHABLE, "server_timeout"),
    HTTPStatus.TOO_MANY_REQUESTS: Meaning(ErrorKind.BUSY),
    # A proxy's text for a server that does not respond.
    HTTPStatus.BAD_GATEWAY: Meaning(ErrorKind.UNREACHABLE),
    HTTPStatus.GATEWAY_TIMEOUT: Meaning(ErrorKind.UNREACHABLE, "server_timeout"),
    # With and without Retry-After, empty or HTML: all occur while it starts.
    HTTPStatus.SERVICE_UNAVAILABLE: Meaning(ErrorKind.STARTING),
}

CLEAR_REFUSALS: frozenset[ErrorKind] = frozenset(
    {
        ErrorKind.UNAUTHORIZED,
        ErrorKind.INVALID,
        ErrorKind.REFUSED,
        ErrorKind.GONE,
        ErrorKind.BUSY,
    }
)
"""After one of these the server has certainly done nothing."""
