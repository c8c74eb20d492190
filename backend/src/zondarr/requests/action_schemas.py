"""The bodies of actions on requests."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from zondarr.core.schemas import RequestBody, ResponseBody
from zondarr.requests.schemas import RequestAction, RequestResponse

MANY = 100


class Consequence(ResponseBody, kw_only=True, frozen=True):
    """One thing that the action does, as a code for programs and a sentence."""

    code: str
    sentence: str


class RequestActionResponse(RequestResponse, kw_only=True, frozen=True):
    """The request after the action, as it was read back from Seerr; with `dry_run` as
    it is now, and nothing was changed."""

    action: RequestAction
    dry_run: bool
    consequences: Sequence[Consequence]


class RequestBulk(RequestBody, kw_only=True):
    action: RequestAction
    request_ids: Annotated[list[UUID], Meta(min_length=1, max_length=MANY)]


class BulkStatus(StrEnum):
    DONE = "done"
    WOULD_BE_DONE = "would_be_done"
    """In a dry run."""
    NOT_FOUND = "not_found"
    FAILED = "failed"
    """By `error_code` and `detail`; send the ids of these again to retry them."""


class RequestBulkItem(ResponseBody, kw_only=True, frozen=True):
    """`request` is null if there is none, or it was deleted."""

    request_id: UUID
    status: BulkStatus
    error_code: str | None
    detail: str | None
    consequences: Sequence[Consequence]
    request: RequestResponse | None


class RequestBulkResponse(ResponseBody, kw_only=True, frozen=True):
    """In the order of the request, each id once. What failed can be sent again."""

    items: Sequence[RequestBulkItem]
    done: int
    failed: int
