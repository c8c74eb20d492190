"""The exceptions of the program; their class says what a caller is told.

    ZondarrError                500  internal_error
    ├── ConfigurationError           (ends the start with a sentence)
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
    """Anything we raise on purpose. Its text is meant for the person who asked."""

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500

    @property
    def error_code(self) -> str:
        """The word a program can act on; some errors decide it when raised."""
        return self.code

    @property
    def retry_after(self) -> float | None:
        """Seconds after which another try makes sense, if that is known."""
        return None


class ConfigurationError(ZondarrError):
    """The program cannot start like this; the text names what to change."""

    code = "configuration_error"


class RepositoryError(ZondarrError):
    """The database failed; `__cause__` is its own error."""


class DuplicateError(RepositoryError):
    """A unique value is there already."""


class RefusedError(RepositoryError):
    """Another rule of the table refused the change: what it refers to is gone."""


class Problem(str):
    """What is wrong with one field: a text, and a code that a program can act on."""

    __slots__ = ("code",)

    def __new__(cls, text: str, code: str) -> Self:
        problem = super().__new__(cls, text)
        problem.code = code
        return problem


class InvalidError(ZondarrError):
    """What was sent cannot be used. `fields` maps a field to what is wrong with it: a
    `Problem`, or a text where the error's own code says enough."""

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
