"""Classifies error responses of Seerr by status and shape of the body.

A 401 of the request validator, which lists `errors`, means that no key arrived; any
other 401 with a message is a handler's, and means that a right is missing. A 403 with
`error` means a wrong key, one with `message` a missing right. A response that is no
JSON comes from a proxy, or from another program.

Scenarios `auth`, `requests`.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import NamedTuple, cast

import msgspec

from zondarr.media.exceptions import ErrorKind
from zondarr.media.transport import ClientResponse

type Body = Mapping[str, object] | None
"""The object that was sent, if it was one."""


class Meaning(NamedTuple):
    kind: ErrorKind
    code: str | None = None


CLEAR_REFUSALS = frozenset(
    {
        ErrorKind.UNAUTHORIZED,
        ErrorKind.INVALID,
        ErrorKind.REFUSED,
        ErrorKind.GONE,
        ErrorKind.BUSY,
    }
)
"""After one of these Seerr has certainly done nothing."""


def json_object(response: ClientResponse) -> Body:
    if "json" not in response.media_type:
        return None
    try:
        body: object = msgspec.json.decode(response.body)
    except msgspec.DecodeError, UnicodeDecodeError:
        return None
    return cast("Mapping[str, object]", body) if isinstance(body, dict) else None


def classify(response: ClientResponse) -> Meaning:
    """The meaning of an error response."""
    exact = _EXACT.get(response.status)
    if exact is not None:
        return exact(json_object(response))
    if response.status in _SIMPLE:
        return _SIMPLE[response.status]
    if HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST:
        return Meaning(ErrorKind.NOT_THIS_TYPE, "redirected")
    if response.status < HTTPStatus.MULTIPLE_CHOICES:
        return Meaning(ErrorKind.NOT_THIS_TYPE, "seerr_not_found")
    return Meaning(ErrorKind.FAILED, "server_error")


def _bad_request(body: Body) -> Meaning:
    if body is None:
        return Meaning(ErrorKind.FAILED, "server_error")
    return Meaning(ErrorKind.INVALID)


def _unauthorized(body: Body) -> Meaning:
    if body is None:
        return Meaning(ErrorKind.REFUSED, "blocked_by_proxy")
    if "errors" in body:
        return Meaning(ErrorKind.UNAUTHORIZED, "api_key_rejected")
    return Meaning(ErrorKind.REFUSED, "not_permitted")


def _forbidden(body: Body) -> Meaning:
    if body is None:
        return Meaning(ErrorKind.REFUSED, "blocked_by_proxy")
    if "error" in body:
        return Meaning(ErrorKind.UNAUTHORIZED, "api_key_rejected")
    return Meaning(ErrorKind.REFUSED, "not_permitted")


def _not_found(body: Body) -> Meaning:
    """The validator, which lists `errors`, does not know the path itself."""
    if body is not None and "message" in body and "errors" not in body:
        return Meaning(ErrorKind.GONE)
    return Meaning(ErrorKind.NOT_THIS_TYPE, "seerr_not_found")


_EXACT: dict[int, Callable[[Body], Meaning]] = {
    HTTPStatus.BAD_REQUEST: _bad_request,
    HTTPStatus.UNAUTHORIZED: _unauthorized,
    HTTPStatus.FORBIDDEN: _forbidden,
    HTTPStatus.NOT_FOUND: _not_found,
}

_SIMPLE: dict[int, Meaning] = {
    HTTPStatus.METHOD_NOT_ALLOWED: Meaning(ErrorKind.NOT_THIS_TYPE, "seerr_not_found"),
    HTTPStatus.REQUEST_TIMEOUT: Meaning(ErrorKind.UNREACHABLE, "server_timeout"),
    HTTPStatus.CONFLICT: Meaning(ErrorKind.REFUSED),
    HTTPStatus.TOO_MANY_REQUESTS: Meaning(ErrorKind.BUSY),
    # A proxy's text for a server that does not respond.
    HTTPStatus.BAD_GATEWAY: Meaning(ErrorKind.UNREACHABLE),
    HTTPStatus.GATEWAY_TIMEOUT: Meaning(ErrorKind.UNREACHABLE, "server_timeout"),
    HTTPStatus.SERVICE_UNAVAILABLE: Meaning(ErrorKind.STARTING),
}
