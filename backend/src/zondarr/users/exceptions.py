"""Errors of actions on people.

ZondarrError     NotDeletedError     409, 502 or 504, with the failure's own code
ConflictError    UnsupportedError    unsupported
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import override

from zondarr.core.exceptions import ConflictError, ZondarrError


class UnsupportedError(ConflictError):
    """This type of server does not support it."""

    code = "unsupported"


class NotDeletedError(ZondarrError):
    """Some accounts could not be deleted; they and their person are kept.

    What was deleted stays deleted, and a repeated request continues with the rest.
    Status and code are those of the first failure; the text names each server.
    """

    def __init__(self, failures: Sequence[tuple[str, ZondarrError]]) -> None:
        reasons = " ".join(f"{server}: {error}" for server, error in failures)
        super().__init__(f"Not everything could be deleted. {reasons}")
        self._first = failures[0][1]
        # Other errors have their class's status; here it differs per instance.
        self.status = _status_of(self._first)  # pyright: ignore[reportAttributeAccessIssue]

    @property
    @override
    def error_code(self) -> str:
        return self._first.error_code

    @property
    @override
    def retry_after(self) -> float | None:
        return self._first.retry_after


def _status_of(error: ZondarrError) -> int:
    """A wrong stored key is the server's failure, not a wrong request."""
    answers = {HTTPStatus.CONFLICT, HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT}
    return error.status if error.status in answers else HTTPStatus.BAD_GATEWAY
