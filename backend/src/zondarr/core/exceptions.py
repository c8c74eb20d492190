"""The exceptions of the program; their class decides the response.

    ZondarrError                500  internal_error
    ├── ConfigurationError           (ends the start with a message)
    ├── RepositoryError         500  internal_error
    ├── InvalidError            400  validation_error, with the fields that are wrong
    ├── UnauthorizedError       401  unauthorized
    ├── ForbiddenError          403  forbidden
    ├── NotFoundError           404  not_found
    ├── ConflictError           409  conflict
    ├── GoneError               410  gone
    ├── TooManyRequestsError    429  too_many_requests
    └── MediaClientError        see zondarr.media.exceptions

A feature defines its own next to the service that raises them.
"""

from typing import ClassVar, Self, override
from uuid import UUID


class ZondarrError(Exception):
    """An expected error. Its text is shown to the caller."""

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500

    @property
    def error_code(self) -> str:
        """A code for programs; some errors set it per instance."""
        return self.code

    @property
    def retry_after(self) -> float | None:
        """Seconds after which a retry makes sense, if known."""
        return None


class ConfigurationError(ZondarrError):
    """The program cannot start with these settings; the text says what to change."""

    code = "configuration_error"


class RepositoryError(ZondarrError):
    """The database failed; `__cause__` is its own error."""


class DuplicateError(RepositoryError):
    """A unique value exists already."""


class RefusedError(RepositoryError):
    """Another constraint refused the change: what it refers to is gone."""


class Problem(str):
    """What is wrong with one field: a message, and a code for programs."""

    __slots__ = ("code",)

    def __new__(cls, text: str, code: str) -> Self:
        problem = super().__new__(cls, text)
        problem.code = code
        return problem


class InvalidError(ZondarrError):
    """The request is invalid. `fields` maps a field to its `Problem`, or to a message
    if the error's own code is enough.
    """

    code = "validation_error"
    status = 400

    def __init__(self, message: str, /, **fields: str) -> None:
        super().__init__(message)
        self.fields = fields


class UnauthorizedError(ZondarrError):
    code = "unauthorized"
    status = 401


class ForbiddenError(ZondarrError):
    code = "forbidden"
    status = 403


class NotFoundError(ZondarrError):
    code = "not_found"
    status = 404

    def __init__(self, resource: str, identifier: UUID | str) -> None:
        super().__init__(f"{resource} {identifier} was not found.")
        self.resource = resource
        self.identifier = str(identifier)


class ConflictError(ZondarrError):
    """`existing_id` is the id of the row that is there already, if that is why."""

    code = "conflict"
    status = 409
    existing_id: UUID | None = None


class GoneError(ZondarrError):
    code = "gone"
    status = 410


class TooManyRequestsError(ZondarrError):
    code = "too_many_requests"
    status = 429

    def __init__(self, seconds: float) -> None:
        super().__init__("Too many tries. Wait a moment and try again.")
        self.seconds = seconds

    @property
    @override
    def retry_after(self) -> float:
        return self.seconds
