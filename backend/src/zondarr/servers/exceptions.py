"""Errors of actions on servers.

InvalidError     ServerNotAcceptedError        its own code, with the field at fault
                 KeyNeededError                api_key_needed
ConflictError    ServerDisabledError           server_disabled
                 ServerInUseError              server_in_use
                 ServerChangedError            server_changed
                 ServerExistsError             server_exists
                 ServerReplacedError           server_replaced
ZondarrError     ServerFailedError             409/502/504, its own code
                 ShrunkenAnswerError           502 libraries_missing
                 AccountsInDoubtError          502 accounts_missing
"""

from typing import override
from uuid import UUID

from zondarr.core.exceptions import ConflictError, InvalidError, ZondarrError
from zondarr.media.exceptions import ErrorKind, MediaClientError


class ServerNotAcceptedError(InvalidError):
    """The input does not lead to a server that we may manage."""

    def __init__(
        self, error: MediaClientError, name: str | None, key: str = "api_key"
    ) -> None:
        field = key if error.kind is ErrorKind.UNAUTHORIZED else "url"
        super().__init__(_sentence(error, name), **{field: str(error)})
        self._error_code = error.error_code

    @property
    @override
    def error_code(self) -> str:
        return self._error_code


class ServerFailedError(ZondarrError):
    """A media server failed; the text names it. Status and code are the
    failure's own.
    """

    def __init__(self, error: MediaClientError, name: str | None) -> None:
        super().__init__(_sentence(error, name))
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


class KeyNeededError(InvalidError):
    """A key is only sent to the host it was entered for."""

    code = "api_key_needed"


class ServerDisabledError(ConflictError):
    code = "server_disabled"


class ServerInUseError(ConflictError):
    code = "server_in_use"


class ServerChangedError(ConflictError):
    """Somebody changed the server while it was being called."""

    code = "server_changed"


class ServerExistsError(ConflictError):
    """The same server is stored already, perhaps under another address."""

    code = "server_exists"

    def __init__(self, id: UUID, name: str, *, enabled: bool) -> None:
        off = "" if enabled else ", switched off"
        super().__init__(f"This server has been added already: {name}{off}.")
        self.existing_id = id


class ServerReplacedError(ConflictError):
    """Another server responds there than the one that was added."""

    code = "server_replaced"

    def __init__(self, name: str, found: str) -> None:
        super().__init__(
            f"Another server answers there: {found}, not {name}. If it takes its place,"
            + " confirm it with confirm_new_identity: accounts and libraries that only"
            + " the earlier one had are then kept as missing."
        )


class ShrunkenAnswerError(ZondarrError):
    """A response lacks so many known libraries that it may be wrong; nothing is
    concluded from it.
    """

    code = "libraries_missing"
    status = 502


class AccountsInDoubtError(ShrunkenAnswerError):
    """The same for accounts. The accounts that were listed are updated."""

    code = "accounts_missing"

    def __init__(self, doubtful: int, known: int) -> None:
        super().__init__(
            f"The server does not name {doubtful} of {known} accounts of people known"
            " here. They were left as they are. If that is right, sync it once more and"
            " accept what is missing."
        )


def failure_of(
    error: MediaClientError, name: str | None = None, *, key: str = "api_key"
) -> ZondarrError:
    """The error to show to an operator when a media server failed; names the server if
    known.

    `key` is the request field that held the key.
    """
    if error.status == InvalidError.status:
        return ServerNotAcceptedError(error, name, key)
    return ServerFailedError(error, name)


def _sentence(error: MediaClientError, name: str | None) -> str:
    return str(error) if name is None else f"{name}: {error}"
