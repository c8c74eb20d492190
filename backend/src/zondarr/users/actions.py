"""Enables, disables and deletes people: on their servers first.

All servers are called at the same time, and each has its own result. The row is updated
with what its server did; if the server failed, the row stays as it is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from zondarr.core.actor import Actor
from zondarr.core.clock import utc_now
from zondarr.core.crypto import SealError
from zondarr.core.database import UnitOfWork
from zondarr.core.durable import Lock
from zondarr.core.exceptions import ZondarrError
from zondarr.media.exceptions import MediaClientError, UnknownServerTypeError
from zondarr.media.protocol import MediaClient
from zondarr.media.types import Capability
from zondarr.servers.connections import Connections
from zondarr.servers.exceptions import ServerDisabledError
from zondarr.users.access import (
    ENDING,
    Access,
    AccessOutcome,
    GrantResult,
    account_lock,
    update_standing,
)
from zondarr.users.exceptions import NotDeletedError, UnsupportedError
from zondarr.users.models import Identity, User
from zondarr.users.repository import IdentityRepository, UserRepository
from zondarr.users.rules import settle
from zondarr.users.schemas import ActionResult, ActionStatus

log = structlog.get_logger(__name__)

type Act[R] = Callable[[MediaClient], Awaitable[R]]

STATUSES = {
    AccessOutcome.DONE: ActionStatus.DONE,
    AccessOutcome.GONE: ActionStatus.GONE,
    AccessOutcome.NOTHING: ActionStatus.NOTHING,
}


@dataclass(frozen=True, slots=True)
class Outcome[R]:
    """The result for one account, or the error."""

    user: User
    answer: R | None = None
    error: ZondarrError | None = None


class PeopleActions:
    """Actions of an operator on people, carried out on their servers."""

    def __init__(
        self, work: UnitOfWork, connections: Connections, lock: Lock, actor: Actor
    ) -> None:
        self.work = work
        self.connections = connections
        self.lock = lock
        self.actor = actor

    async def set_enabled(
        self, id: UUID, enabled: bool
    ) -> tuple[Identity, Sequence[ActionResult]]:
        """Enable or disable a person on all their servers.

        A person whose access had expired is enabled without an end date.
        """
        identity = await self.get(id)
        outcomes = await asyncio.gather(
            *(self._set_enabled(user, enabled) for user in identity.users)
        )
        if not identity.users:
            await self._set_enabled_alone(id, enabled)
        event = "person enabled" if enabled else "person disabled"
        log.info(event, identity_id=str(id), actor=self.actor.label)
        return await self.get(id), [_result(outcome) for outcome in outcomes]

    async def delete(self, id: UUID) -> None:
        """Delete a person on all their servers, then here.

        Raises `NotDeletedError` when a server failed: what is left stays, to be
        retried.
        """
        identity = await self.get(id)
        outcomes = await asyncio.gather(*map(self._delete, identity.users))
        _raise_failures(outcomes)
        async with self.work() as session:
            identities = IdentityRepository(session)
            now = await identities.get_locked(id)
            if now is not None and not now.users:
                await identities.delete(now)
        log.info("person deleted", identity_id=str(id), actor=self.actor.label)

    async def delete_user(self, id: UUID) -> None:
        """Delete one account on its server, then here; the person stays."""
        async with self.work(reading=True) as session:
            user = await UserRepository(session).require(id)
        _raise_failures([await self._delete(user)])
        log.info("account deleted", user_id=str(id), actor=self.actor.label)

    async def call_server[R](
        self, user: User, needs: Collection[Capability], action: Act[R]
    ) -> Outcome[R]:
        """Call the account's server, which must have one of the capabilities
        `needs`.
        """
        try:
            self._check(user, needs)
            async with self.connections.open(user.server) as client:
                return Outcome(user, await action(client))
        except (
            MediaClientError,
            SealError,
            ServerDisabledError,
            UnknownServerTypeError,
            UnsupportedError,
        ) as error:
            return Outcome(user, error=error)

    def _check(self, user: User, needs: Collection[Capability]) -> None:
        server = user.server
        if not server.enabled:
            raise ServerDisabledError("This server is switched off here.")
        registry = self.connections.registry
        if registry.get_capabilities(server.server_type).isdisjoint(needs):
            raise UnsupportedError("This type of server cannot do it.")

    async def _set_enabled(self, user: User, enabled: bool) -> Outcome[GrantResult]:
        async def action(client: MediaClient) -> GrantResult:
            access = Access(self.work, client)
            if enabled:
                return await access.give(user.id)
            return GrantResult(await access.end(user.id))

        async with self.lock(account_lock(user)):
            outcome = await self.call_server(user, ENDING, action)
            if outcome.answer is not None:
                await self._store_result(user, enabled, outcome.answer)
        return outcome

    async def _store_result(
        self, user: User, enabled: bool, grant: GrantResult
    ) -> None:
        """Store the result in the row."""
        async with self.work() as session:
            identity = await IdentityRepository(session).get_locked(user.identity_id)
            for row in identity.users if identity else ():
                if row.id == user.id:
                    _write(row, enabled, grant)
            if identity is not None:
                settle(identity)

    async def _set_enabled_alone(self, id: UUID, enabled: bool) -> None:
        async with self.work() as session:
            identity = await IdentityRepository(session).get_locked(id)
            if identity is not None and not identity.users:
                identity.enabled = enabled

    async def _delete(self, user: User) -> Outcome[bool]:
        async def action(client: MediaClient) -> bool:
            if user.access_before is not None:
                return await client.revoke_access(
                    user.external_user_id, keep=user.access_before
                )
            return await client.delete_user(user.external_user_id)

        async with self.lock(account_lock(user)):
            outcome = await self.call_server(user, {Capability.DELETE_USER}, action)
            if outcome.error is None:
                await self._forget(user)
        return outcome

    async def _forget(self, user: User) -> None:
        async with self.work() as session:
            identity = await IdentityRepository(session).get_locked(user.identity_id)
            if identity is None:
                return
            for row in [row for row in identity.users if row.id == user.id]:
                identity.users.remove(row)
                await UserRepository(session).delete(row)
            settle(identity)
        log.info(
            "account deleted",
            user_id=str(user.id),
            identity_id=str(user.identity_id),
            server_id=str(user.media_server_id),
        )

    async def get(self, id: UUID) -> Identity:
        async with self.work(reading=True) as session:
            return await IdentityRepository(session).require(id)


def _write(row: User, enabled: bool, grant: GrantResult) -> None:
    match grant.outcome:
        case AccessOutcome.DONE:
            row.enabled, row.missing_since = enabled, None
        case AccessOutcome.GONE:
            row.enabled, row.missing_since = False, row.missing_since or utc_now()
        case AccessOutcome.NOTHING:
            row.enabled = row.enabled and enabled
    if enabled and row.expires_at is not None and row.expires_at > utc_now():
        row.access_ended_at = None  # it had ended too early
    if enabled and grant.outcome is AccessOutcome.DONE:
        row.access_taken = None
    update_standing(row, grant.account)


def _result(outcome: Outcome[GrantResult]) -> ActionResult:
    user, error = outcome.user, outcome.error
    return ActionResult(
        server_id=user.media_server_id,
        server_name=user.server.name,
        user_id=user.id,
        username=user.username,
        status=_status(outcome),
        error_code=error.error_code if error else None,
    )


def _status(outcome: Outcome[GrantResult]) -> ActionStatus:
    if outcome.answer is not None:
        return STATUSES[outcome.answer.outcome]
    unsupported = isinstance(outcome.error, UnsupportedError)
    return ActionStatus.UNSUPPORTED if unsupported else ActionStatus.FAILED


def _raise_failures(outcomes: Sequence[Outcome[bool]]) -> None:
    failures = [
        (outcome.user.server.name, outcome.error)
        for outcome in outcomes
        if outcome.error is not None
    ]
    if failures:
        raise NotDeletedError(failures)
