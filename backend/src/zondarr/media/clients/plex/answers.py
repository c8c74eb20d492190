"""Classifies the error responses of plex.tv and of a media server.

plex.tv distinguishes most refusals only by a sentence: 422 is a wrong token, an
existing share, and a share with oneself. The sentence is kept for the operator.
"""

from http import HTTPStatus
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, fromstring

import msgspec

from zondarr.media.exceptions import ErrorKind
from zondarr.media.transport import ClientResponse

LONGEST_SENTENCE = 200
LONGEST_XML = 8 * 1024 * 1024
FORBIDDEN_IN_XML = ("<!DOCTYPE", "<!ENTITY", "\0")


class Meaning(NamedTuple):
    kind: ErrorKind
    code: str | None = None
    message: str | None = None


class _Error(msgspec.Struct):
    message: str | None = None


class _Errors(msgspec.Struct):
    errors: list[_Error]


def parse_xml(body: bytes) -> Element:
    """Parse the responses that plex.tv still sends as XML only; raises ValueError.

    A document type is refused, so there are no entities that could grow or read files.
    """
    if len(body) > LONGEST_XML:
        raise ValueError("too large")
    text = body.decode()
    if any(each in text for each in FORBIDDEN_IN_XML):
        raise ValueError("not the XML we expect")
    try:
        return fromstring(text)  # noqa: S314 — see above
    except ParseError as error:
        raise ValueError("not XML") from error


def sentence(response: ClientResponse) -> str | None:
    """The reason in plex.tv's words: JSON in v2, an attribute in v1."""
    try:
        if "json" in response.media_type:
            errors = msgspec.json.decode(response.body, type=_Errors).errors
            message = errors[0].message if errors else None
        elif "xml" in response.media_type:
            message = parse_xml(response.body).get("status")
        else:
            return None
    except ValueError:
        return None
    shown = "".join(each if each.isprintable() else " " for each in message or "")
    return " ".join(shown.split())[:LONGEST_SENTENCE] or None


def tv_meaning(response: ClientResponse) -> Meaning:
    """The meaning of an error response from plex.tv."""
    message = sentence(response)
    if response.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}:
        kind, code = _by_words((message or "").lower())
    elif response.status in _TV:
        kind, code = _TV[HTTPStatus(response.status)]
    else:
        kind, code = _other(response.status)
    return Meaning(kind, code, message)


def server_meaning(response: ClientResponse) -> Meaning:
    """The meaning of an error response from a media server."""
    if response.status in _SERVER:
        return Meaning(*_SERVER[HTTPStatus(response.status)])
    return Meaning(*_other(response.status))


def _by_words(message: str) -> tuple[ErrorKind, str | None]:
    for words, kind, code in _WORDS:
        if words in message:
            return kind, code
    return ErrorKind.INVALID, None


def _other(status: int) -> tuple[ErrorKind, str | None]:
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return ErrorKind.NOT_THIS_TYPE, None
    if status < HTTPStatus.BAD_REQUEST:
        return ErrorKind.NOT_THIS_TYPE, "redirected"
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return ErrorKind.REFUSED, None
    return ErrorKind.FAILED, "server_error"


_WORDS = (
    ("invalid token", ErrorKind.UNAUTHORIZED, "api_key_rejected"),
    ("already sharing", ErrorKind.TAKEN, "user_already_exists"),
    ("home is full", ErrorKind.REFUSED, "home_full"),
    ("already in", ErrorKind.TAKEN, "username_taken"),
    ("with yourself", ErrorKind.REFUSED, "own_account"),
    ("could not be found", ErrorKind.INVALID, "unknown_user"),
)

_BOTH: dict[HTTPStatus, tuple[ErrorKind, str | None]] = {
    HTTPStatus.UNAUTHORIZED: (ErrorKind.UNAUTHORIZED, "api_key_rejected"),
    HTTPStatus.REQUEST_TIMEOUT: (ErrorKind.UNREACHABLE, "server_timeout"),
    HTTPStatus.TOO_MANY_REQUESTS: (ErrorKind.BUSY, "rate_limited"),
    HTTPStatus.BAD_GATEWAY: (ErrorKind.UNREACHABLE, None),
    HTTPStatus.GATEWAY_TIMEOUT: (ErrorKind.UNREACHABLE, "server_timeout"),
}

_TV = _BOTH | {
    HTTPStatus.FORBIDDEN: (ErrorKind.REFUSED, "not_permitted"),
    HTTPStatus.NOT_FOUND: (ErrorKind.GONE, None),
    HTTPStatus.GONE: (ErrorKind.FAILED, "route_gone"),
    HTTPStatus.SERVICE_UNAVAILABLE: (ErrorKind.BUSY, None),
}

_SERVER = _BOTH | {
    HTTPStatus.BAD_REQUEST: (ErrorKind.INVALID, None),
    HTTPStatus.FORBIDDEN: (ErrorKind.UNAUTHORIZED, "not_owner"),
    HTTPStatus.NOT_FOUND: (ErrorKind.NOT_THIS_TYPE, None),
    HTTPStatus.SERVICE_UNAVAILABLE: (ErrorKind.STARTING, None),
}

CLEAR_REFUSALS: frozenset[ErrorKind] = frozenset(
    {
        ErrorKind.UNAUTHORIZED,
        ErrorKind.INVALID,
        ErrorKind.REFUSED,
        ErrorKind.TAKEN,
        ErrorKind.GONE,
    }
)
"""After one of these Plex has certainly done nothing."""
