"""Turns exceptions into error responses; the only place that does.

The exception's class decides the response. Text of an exception that is not ours is
never sent: it may contain a path, a query or a secret. It is logged with the same
correlation id.
"""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from math import ceil
from typing import Any, Self, cast
from uuid import UUID

import structlog
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, ValidationException
from msgspec import UNSET, UnsetType

from zondarr.api.bodies import plain
from zondarr.core.clock import utc_now
from zondarr.core.edit_conflict import EditConflictError
from zondarr.core.exceptions import ConflictError, InvalidError, Problem, ZondarrError
from zondarr.core.schemas import ResponseBody
from zondarr.media.exceptions import ErrorKind, MediaClientError

log = structlog.get_logger(__name__)

INTERNAL = "Something went wrong on our side; the correlation id leads to its cause."
_SENTENCES = {
    400: ("bad_request", "The request is not valid."),
    401: ("unauthorized", "Sign in first."),
    403: ("forbidden", "This is not allowed."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not know that method."),
    413: ("payload_too_large", "The request is too large."),
    415: ("unsupported_media_type", "The body must be sent as application/json."),
    429: ("too_many_requests", "Too many tries. Wait a moment and try again."),
    503: ("unavailable", "Not available at the moment. Try again later."),
}
_FIELDS_OF = {
    ErrorKind.UNAUTHORIZED: "api_key",
    ErrorKind.NOT_THIS_TYPE: "url",
}
_FIELDS_OF_CODE = {
    "invalid_username": "username",
    "password_required": "password",
    "email_required": "email",
    "url_invalid": "url",
    "address_not_allowed": "url",
    "redirected": "url",
}


class ErrorField(ResponseBody, kw_only=True, frozen=True):
    """A wrong field of the request: a message, and a code for programs, such as
    `required`, `too_long` or `wrong_format`.
    """

    field: str
    code: str
    message: str

    @classmethod
    def of(cls, field: str, problem: str, error_code: str) -> Self:
        code = problem.code if isinstance(problem, Problem) else error_code
        if code == InvalidError.code:
            code = "invalid"
        return cls(field=field, code=code, message=problem)


class EditConflict(ResponseBody, kw_only=True, frozen=True):
    """A field of an edit, as it was sent and as it is stored now."""

    field: str
    sent: Any
    current: Any


class ErrorBody(ResponseBody, kw_only=True, frozen=True):
    """The body of every error response. `fields` lists wrong fields; `conflicts` and
    `updated_at` are set if somebody else changed the row meanwhile; `existing_id` if
    the same object exists already.
    """

    detail: str
    error_code: str
    timestamp: datetime
    correlation_id: str
    fields: list[ErrorField] | UnsetType = UNSET
    conflicts: list[EditConflict] | UnsetType = UNSET
    updated_at: datetime | UnsetType = UNSET
    existing_id: UUID | UnsetType = UNSET


class Failure:
    """The response for an exception."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        conflict: ConflictError | None = None,
    ) -> None:
        self.status = status
        self.code = code
        self.detail = detail
        self.fields = fields or {}
        self.headers = dict(headers or {})
        self.conflict = conflict

    def body(self, correlation_id: str) -> ErrorBody:
        fields = [
            ErrorField.of(name, problem, self.code)
            for name, problem in self.fields.items()
        ]
        conflict = self.conflict
        edit = conflict if isinstance(conflict, EditConflictError) else None
        return ErrorBody(
            detail=self.detail,
            error_code=self.code,
            timestamp=utc_now(),
            correlation_id=correlation_id,
            fields=fields or UNSET,
            conflicts=_conflicts(edit) if edit else UNSET,
            updated_at=edit.updated_at if edit else UNSET,
            existing_id=(conflict and conflict.existing_id) or UNSET,
        )


def failure_of(error: Exception) -> Failure:
    """The response for any exception."""
    if isinstance(error, ExceptionGroup):
        inner = cast("ExceptionGroup[Exception]", error).exceptions
        return failure_of(inner[0]) if len(inner) == 1 else _internal()
    if isinstance(error, ZondarrError):
        return _of_ours(error)
    if isinstance(error, HTTPException):
        return _of_litestar(error)
    return _internal()


def _internal() -> Failure:
    return Failure(500, "internal_error", INTERNAL)


def _of_ours(error: ZondarrError) -> Failure:
    if error.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return _internal()
    headers: dict[str, str] = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, ceil(error.retry_after)))
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return Failure(
        error.status,
        error.error_code,
        str(error),
        fields=_fields_of_ours(error),
        headers=headers,
        conflict=error if isinstance(error, ConflictError) else None,
    )


def _conflicts(error: EditConflictError) -> list[EditConflict]:
    return [
        EditConflict(field=name, sent=value.sent, current=value.current)
        for name, value in error.values.items()
    ]


def _fields_of_ours(error: ZondarrError) -> Mapping[str, str]:
    if isinstance(error, InvalidError):
        return error.fields
    if isinstance(error, MediaClientError) and error.status == HTTPStatus.BAD_REQUEST:
        field = _FIELDS_OF_CODE.get(error.error_code) or _FIELDS_OF.get(error.kind)
        return {field: str(error)} if field else {}
    return {}


def _of_litestar(error: HTTPException) -> Failure:
    if isinstance(error, ValidationException):
        text, fields = "The request is not valid.", _fields_of_validation(error)
        return Failure(400, "validation_error", text, fields=fields)
    if error.status_code not in _SENTENCES:
        return _internal()
    code, sentence = _SENTENCES[error.status_code]
    headers = {name.title(): text for name, text in (error.headers or {}).items()}
    if "Allow" in headers:
        methods = {method.strip() for method in headers["Allow"].split(",")}
        headers["Allow"] = ", ".join(sorted(methods - {"OPTIONS"}))
    return Failure(error.status_code, code, sentence, headers=headers)


def _fields_of_validation(error: ValidationException) -> Mapping[str, str]:
    found: dict[str, str] = {}
    extra = error.extra if isinstance(error.extra, list) else []
    for problem in cast("list[dict[str, Any]]", extra):
        field, message = plain(str(problem.get("message", "")))
        found.setdefault(str(problem.get("key") or field or "body"), message)
    return found


def _answer(request: Request[Any, Any, Any], error: Exception) -> Response[ErrorBody]:
    failure = failure_of(error)
    request.scope["state"]["error_code"] = failure.code
    if failure.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        report(failure, error)
    return Response(
        failure.body(str(request.scope["state"]["correlation_id"])),
        status_code=failure.status,
        headers=failure.headers,
        media_type=MediaType.JSON,
    )


def report(failure: Failure, error: Exception) -> None:
    """Log what the response does not contain.

    A failed media server was logged by the call itself (`media.operations`).
    """
    if failure.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("the request failed", exc_info=error)


EXCEPTION_HANDLERS: dict[int | type[Exception], Any] = {
    ZondarrError: _answer,
    HTTPException: _answer,
    Exception: _answer,
}
