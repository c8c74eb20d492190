"""Errors of the connection to Seerr, and of its syncs.

InvalidError     SeerrNotAcceptedError    its own code, with the field at fault
                 KeyNeededError           api_key_needed (of servers)
ConflictError    SeerrChangedError        server_changed
                 NotConnectedError        seerr_not_connected
                 ActionNotPossibleError   request_action_not_possible
ZondarrError     RequestGoneError         404 request_gone
ZondarrError     SeerrFailedError         409/502/504, its own code
                 RequestSyncError         502, the code of what failed
                 RequestsShrunkenError    502 requests_shrunken
"""

from typing import override

from zondarr.core.exceptions import ConflictError, InvalidError, ZondarrError
from zondarr.media.exceptions import ErrorKind, MediaClientError

LABEL = "Seerr"


class SeerrNotAcceptedError(InvalidError):
    """The input does not lead to a Seerr that we may manage."""

    def __init__(self, error: MediaClientError, label: str) -> None:
        field = "api_key" if error.kind is ErrorKind.UNAUTHORIZED else "url"
        text = sentence(error, label)
        super().__init__(text, **{field: text})
        self._error_code = error.error_code

    @property
    @override
    def error_code(self) -> str:
        return self._error_code


class SeerrFailedError(ZondarrError):
    """Seerr failed. Status and code are the failure's own."""

    def __init__(self, error: MediaClientError, label: str) -> None:
        super().__init__(sentence(error, label))
        self._error = error
        # Other errors have their class's status; here it differs per instance.
        self.status = error.status  # pyright: ignore[reportAttributeAccessIssue]

    @property
    @override
    def error_code(self) -> str:
        return self._error.error_code

    @property
    @override
    def retry_after(self) -> float | None:
        return self._error.retry_after


class NotConnectedError(ConflictError):
    code = "seerr_not_connected"


class ActionNotPossibleError(ConflictError):
    """The request is in a state in which the action makes no sense."""

    code = "request_action_not_possible"

    def __init__(self, action: str, state: str) -> None:
        words = state.replace("_", " ")
        super().__init__(f"To {action} a request that is {words} is not possible.")


class RequestGoneError(ZondarrError):
    """Seerr has no such request any more; that was noted."""

    code = "request_gone"
    status = 404

    def __init__(self, label: str) -> None:
        super().__init__(f"{label} does not have this request any more.")


class SeerrChangedError(ConflictError):
    """Somebody changed the connection while Seerr was being called."""

    code = "server_changed"


class RequestSyncError(ZondarrError):
    """A step of a sync failed. The text says what to do."""

    status = 502

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self._error_code = code

    @property
    @override
    def error_code(self) -> str:
        return self._error_code


class RequestsShrunkenError(ZondarrError):
    """Seerr lists so few requests that its list may be wrong: the sync left all as it
    was and needs a confirmation.
    """

    code = "requests_shrunken"
    status = 502

    def __init__(self, label: str, *, lost: int, known: int) -> None:
        super().__init__(
            f"{label} does not list {lost} of {known} requests any more. What is known"
            " of them was left as it is. If that is right, confirm this run; if it is"
            f" not, look at {label} and sync again."
        )


def failure_of(error: MediaClientError, label: str = LABEL) -> ZondarrError:
    """The error to show to an operator when Seerr failed."""
    if error.status == InvalidError.status:
        return SeerrNotAcceptedError(error, label)
    return SeerrFailedError(error, label)


def sentence(error: MediaClientError, label: str = LABEL) -> str:
    """What went wrong; the sentences of clients are about media servers."""
    if error.kind is ErrorKind.STARTING:
        return f"{label} is starting. Try again in a moment."
    text = str(error)
    for words in ("The media server", "the media server"):
        text = text.replace(words, label)
    return text
