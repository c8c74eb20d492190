"""The errors of media servers.

    ZondarrError
    ├── MediaClientError        one call failed; its kind decides the status
    └── UnknownServerTypeError  400  unknown_server_type

A message never contains a body, a key, a password or an address: guests may see it.
"""

from enum import StrEnum
from functools import partial
from typing import override
from urllib.parse import urlsplit

from zondarr.core.exceptions import ZondarrError


class ErrorKind(StrEnum):
    """What an error means for the caller, whatever the server type."""

    UNREACHABLE = "unreachable"
    """No response: refused, name not found, timed out, connection lost."""
    STARTING = "starting"
    """The server is starting. Its responses prove nothing."""
    UNAUTHORIZED = "unauthorized"
    """The key is wrong, revoked, or not an administrator's."""
    NOT_THIS_TYPE = "not_this_type"
    """Something responds, and it is not a server of the expected type."""
    REPLACED = "replaced"
    """Another server responds than the stored one. Its responses prove nothing."""
    TAKEN = "taken"
    """The account exists already, and it is not ours."""
    INVALID = "invalid"
    """The request cannot be fulfilled: a name, a password, an address."""
    REFUSED = "refused"
    """The server, or a rule of ours, does not allow this."""
    GONE = "gone"
    """What the call was about is not there (any more)."""
    BUSY = "busy"
    """Too many requests; a later attempt may work."""
    FAILED = "failed"
    """Any other failure of the server."""


STATUS: dict[ErrorKind, int] = {
    ErrorKind.UNREACHABLE: 504,
    ErrorKind.STARTING: 504,
    ErrorKind.BUSY: 504,
    ErrorKind.UNAUTHORIZED: 400,
    ErrorKind.NOT_THIS_TYPE: 400,
    ErrorKind.INVALID: 400,
    ErrorKind.REPLACED: 502,
    ErrorKind.TAKEN: 409,
    ErrorKind.REFUSED: 409,
    ErrorKind.GONE: 404,
    ErrorKind.FAILED: 502,
}

NO_ADDRESS = "(no address)"

MESSAGES: dict[str, str] = {
    ErrorKind.UNREACHABLE: "The media server did not answer.",
    ErrorKind.STARTING: "The media server is starting. Try again in a moment.",
    ErrorKind.UNAUTHORIZED: "The media server does not accept the key.",
    ErrorKind.NOT_THIS_TYPE: "What answers there is not a server of this type.",
    ErrorKind.REPLACED: "Another server answers at this address.",
    ErrorKind.TAKEN: "There is an account of that name on the media server already.",
    ErrorKind.INVALID: "The media server cannot accept this.",
    ErrorKind.REFUSED: "The media server does not allow this.",
    ErrorKind.GONE: "There is no such thing on the media server.",
    ErrorKind.BUSY: "The media server is busy. Try again in a moment.",
    ErrorKind.FAILED: "The media server failed.",
    "address_not_allowed": "This address may not be called from here.",
    "administrator": "An administrator of the media server is left alone.",
    "answer_doubtful": "The media server's answers contradict what is known of it. "
    "Nothing was changed.",
    "answer_too_large": "The media server's answer was too large.",
    "api_key_not_administrator": "The key is not one of an administrator.",
    "circuit_open": "It failed several times in a row, and is left alone for a moment.",
    "client_closed": "The media client was used outside its context.",
    "email_required": "An e-mail address or a sign-in with Plex is needed.",
    "home_full": "The owner's Plex Home is full.",
    "home_pin_invalid": "A PIN of four digits is needed, or none.",
    "invalid_email": "This is not an e-mail address.",
    "invalid_username": "The media server does not accept this name.",
    "libraries_missing": "None of these libraries is on the media server any more.",
    "library_required": "At least one library is needed.",
    "library_unknown": "The media server has no such library.",
    "listing_unsteady": "The media server's list changed too much while it was read.",
    "not_changed": "The media server did not make the change.",
    "not_https": "The server does not speak https there; try http or another port.",
    "not_owner": "The key is not that of the server's owner.",
    "own_account": "The owner of the server cannot be invited to it.",
    "password_required": "A password is needed.",
    "plex_tv_failed": "plex.tv is out of order.",
    "policy_not_kept": "The media server did not keep the rights it was given.",
    "rate_limited": "Too many requests for now. Try again in a moment.",
    "redirected": "The address leads elsewhere; use the one it leads to.",
    "server_replaced": "Another media server answers at this address.",
    "server_timeout": "The media server did not answer in time.",
    "server_type_unknown": "No Jellyfin or Plex server answers there.",
    "seerr_not_found": "No Seerr, Jellyseerr or Overseerr answers there.",
    "setup_not_finished": "The media server's own set-up is not finished.",
    "tls_error": "The media server's certificate cannot be trusted.",
    "unknown_user": "Plex knows no such user.",
    "url_invalid": "This is not the address of a server.",
    "user_already_exists": "The media server is shared with this person already.",
}


def public_url(url: str) -> str:
    """The address without user, password and query, which may be secret."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return NO_ADDRESS
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return NO_ADDRESS
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}{parts.path}".rstrip("/")


class MediaClientError(ZondarrError):
    """One call to a media server failed.

    operation    the protocol's method (`create_user`)
    server_url   for logs and operators, never for a guest
    kind, code   the meaning, and the exact reason; the code equals the kind where
                 there is no more detail
    cause        the underlying exception, if there was one
    in_doubt     true when the server may have done it nevertheless
    retry_after  seconds after which the server asked to retry, if it did
    server_message  the server's own sentence, for operators: it may name people
    """

    server_message: str | None = None

    def __init__(  # noqa: PLR0913 — the fields of one failure, all of them named
        self,
        operation: str,
        server_url: str,
        kind: ErrorKind = ErrorKind.FAILED,
        code: str | None = None,
        cause: BaseException | None = None,
        *,
        retry_after: float | None = None,
        in_doubt: bool = False,
    ) -> None:
        code = code or kind.value
        super().__init__(MESSAGES.get(code) or MESSAGES[kind])
        self.operation = operation
        self.server_url = public_url(server_url)
        self.kind = kind
        self.cause = cause
        self.in_doubt = in_doubt
        self._retry_after = retry_after
        # Every other error has its class's code and status; here they differ per
        # instance.
        self.code = code  # pyright: ignore[reportAttributeAccessIssue]
        self.status = STATUS[kind]  # pyright: ignore[reportAttributeAccessIssue]

    @override
    def __reduce__(self) -> tuple[object, ...]:
        """Durable work stores errors, but not the cause, whose request contains the
        key.
        """
        rebuild = partial(
            MediaClientError, retry_after=self._retry_after, in_doubt=self.in_doubt
        )
        known = (self.operation, self.server_url, self.kind, self.code)
        return rebuild, known, {"server_message": self.server_message}

    @property
    @override
    def retry_after(self) -> float | None:
        return self._retry_after

    @override
    def __repr__(self) -> str:
        return (
            f"MediaClientError({self.operation!r}, {self.server_url!r}, "
            f"kind={self.kind.value}, code={self.code})"
        )


class UnknownServerTypeError(ZondarrError):
    """No client is registered for this server type."""

    code = "unknown_server_type"
    status = 400

    def __init__(self, server_type: str) -> None:
        super().__init__("There is no client for this type of server.")
        self.server_type = server_type
