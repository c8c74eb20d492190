"""Approves, declines, retries and deletes requests, in Seerr."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple
from uuid import UUID

import structlog

from zondarr.core.actor import Actor
from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring
from zondarr.core.database import Session, UnitOfWork
from zondarr.core.exceptions import NotFoundError, ZondarrError
from zondarr.media.exceptions import MediaClientError
from zondarr.media.registry import ClientRegistry
from zondarr.media.requests import ExternalRequest, RequestClient, RequestConnection
from zondarr.requests.action_schemas import (
    BulkStatus,
    RequestActionResponse,
    RequestBulk,
    RequestBulkItem,
    RequestBulkResponse,
)
from zondarr.requests.connection.opening import connect
from zondarr.requests.connection.repository import RequestServerRepository
from zondarr.requests.consequences import consequences_of
from zondarr.requests.exceptions import (
    ActionNotPossibleError,
    RequestGoneError,
    failure_of,
)
from zondarr.requests.repository.write_back import forget_request, store_request
from zondarr.requests.schemas import RequestAction, RequestResponse
from zondarr.requests.service import RequestService

log = structlog.get_logger(__name__)


class _Target(NamedTuple):
    shown: RequestResponse
    connection: RequestConnection

    @property
    def product(self) -> str:
        return self.connection.product.label


class RequestActions:
    """Every method opens its own units of work: no transaction is open while Seerr is
    called. `service` builds the service that shows requests.
    """

    def __init__(
        self,
        work: UnitOfWork,
        keyring: Keyring,
        registry: ClientRegistry,
        actor: Actor,
        service: Callable[[Session], RequestService],
    ) -> None:
        self.work = work
        self.keyring = keyring
        self.registry = registry
        self.actor = actor
        self.service = service

    async def run(
        self, action: RequestAction, id: UUID, *, dry_run: bool
    ) -> RequestActionResponse:
        """Do it, and show the request as Seerr has it then; a deleted one as it was."""
        target = await self._target(action, id)
        shown = target.shown
        if not dry_run:
            await self._call(action, target)
            if action is not RequestAction.DELETE:
                shown = await self._show(id)
        return RequestActionResponse.from_row(
            shown,
            action=action,
            dry_run=dry_run,
            consequences=consequences_of(action, target.shown, target.product),
        )

    async def run_many(
        self, data: RequestBulk, *, dry_run: bool
    ) -> RequestBulkResponse:
        """One after the other; one that fails does not stop the others."""
        items = [
            await self._one_of_many(data.action, id, dry_run=dry_run)
            for id in dict.fromkeys(data.request_ids)  # noqa: A001
        ]
        failures = {BulkStatus.FAILED, BulkStatus.NOT_FOUND}
        failed = sum(each.status in failures for each in items)
        return RequestBulkResponse(items=items, done=len(items) - failed, failed=failed)

    async def _one_of_many(
        self, action: RequestAction, id: UUID, *, dry_run: bool
    ) -> RequestBulkItem:
        try:
            done = await self.run(action, id, dry_run=dry_run)
        except ZondarrError as error:
            missing = isinstance(error, NotFoundError)
            return RequestBulkItem(
                request_id=id,
                status=BulkStatus.NOT_FOUND if missing else BulkStatus.FAILED,
                error_code=error.error_code,
                detail=str(error),
                consequences=(),
                request=None,
            )
        deleted = action is RequestAction.DELETE and not dry_run
        return RequestBulkItem(
            request_id=id,
            status=BulkStatus.WOULD_BE_DONE if dry_run else BulkStatus.DONE,
            error_code=None,
            detail=None,
            consequences=done.consequences,
            request=None if deleted else RequestResponse.from_row(done),
        )

    async def _target(self, action: RequestAction, id: UUID) -> _Target:
        """Raises `NotFoundError`, `NotConnectedError` or `ActionNotPossibleError`."""
        async with self.work(reading=True) as session:
            shown = await self.service(session).show(id, {})
            server = await RequestServerRepository(session).connected()
            try:
                connection = connect(server, self.keyring)
            except MediaClientError as error:
                raise failure_of(error, server.product.label) from error
        if shown.missing_since is not None:
            raise NotFoundError("Request", id)
        if action not in shown.actions:
            raise ActionNotPossibleError(action, shown.state)
        return _Target(shown, connection)

    async def _call(self, action: RequestAction, target: _Target) -> None:
        """Raises `RequestGoneError` if Seerr has no such request any more, and what
        Seerr's failure means."""
        id, number = target.shown.id, target.shown.external_id  # noqa: A001
        try:
            async with self.registry.get_request_client(target.connection) as client:
                found = await _ask(client, action, number)
        except MediaClientError as error:
            raise failure_of(error, target.product) from error
        now = utc_now()
        async with self.work() as session:
            # A removal of the connection locks it first, too.
            await RequestServerRepository(session).keep(target.connection.id)
            if isinstance(found, ExternalRequest):
                await store_request(session, id, found, now=now)
            else:
                await forget_request(session, id, now=now)
        log.info(
            "request changed",
            action=action.value,
            request_id=str(id),
            gone=found is None,
            actor=self.actor.label,
        )
        if found is None and action is not RequestAction.DELETE:
            raise RequestGoneError(target.product)

    async def _show(self, id: UUID) -> RequestResponse:
        async with self.work(reading=True) as session:
            return await self.service(session).show(id, {})


async def _ask(
    client: RequestClient, action: RequestAction, number: int
) -> ExternalRequest | None:
    """The request as it was read back; None if there is none."""
    if action is RequestAction.DELETE:
        await client.delete(number)
        return None
    ask: Callable[[int], Awaitable[ExternalRequest | None]] = {
        RequestAction.APPROVE: client.approve,
        RequestAction.DECLINE: client.decline,
        RequestAction.RETRY: client.retry,
    }[action]
    return await ask(number)
