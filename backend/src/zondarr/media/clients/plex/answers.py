"""What the answers of plex.tv and of a media server mean.

plex.tv tells most refusals apart by its sentence alone: 422 is a wrong token, a share
that is there already, and one's own account. What it says is kept for the operator.
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
    said: str | None = None


class _Error(msgspec.Struct):
    message: str | None = None


class _Errors(msgspec.Struct):
    errors: list[_Error]


def parse_xml(body: bytes) -> Element:
    """Read what plex.tv still says in XML only; raises ValueError.

    Without a document type there are no entities, so nothing can grow or session out.
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
    """The reason as plex.tv words it: JSON in v2, an attribute in v1."""
    try:
        if "json" in response.media_type:
            errors = msgspec.json.decode(response.body, type=_Errors).errors
            said = errors[0].message if errors else None
        elif "xml" in response.media_type:
            said = parse_xml(response.body).get("status")
        else:
            return None
    except ValueError:
        return None
    shown = "".join(each if each.isprintable() else " " for each in said or "")
    return " ".join(shown.split())[:LONGEST_SENTENCE] or None


def tv_meaning(response: ClientResponse) -> Meaning:
    """Why plex.tv did not do what it was asked."""
    said = sentence(response)
    if response.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}:
        kind, code = _by_words((said or "").lower())
    elif response.status in _TV:
        kind, code = _TV[HTTPStatus(response.status)]
    else:
        kind, code = _other(response.status)
    return Meaning(kind, code, said)


def server_meaning(response: ClientResponse) -> Meaning:
    """Why a media server did not do what it was asked."""
    if response.status in _SERVER:
        return Meaning(*_SERVER[HTTPStatus(response.status)])
    return Meaning(*_other(response.status))


def _by_words(said: str) -> tuple[ErrorKind, str | None]:
    for words, kind, code in _WORDS:
        if words in said:
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
"""After one of these Plex has done nothing of what it was asked."""
