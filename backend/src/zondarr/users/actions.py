"""Letting people in, keeping them out, and deleting them: on the servers first.

Every server is asked at the same time, and each answers for itself. Our row follows
what its server did; where the server failed, the row stays as it is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from zondarr.core.clock import utc_now
from zondarr.core.crypto import SealError
from zondarr.core.database import UnitOfWork
from zondarr.core.exceptions import NotFoundError, ZondarrError
from zondarr.media.exceptions import MediaClientError, UnknownServerTypeError
from zondarr.media.protocol import MediaClient
from zondarr.media.types import Capability
from zondarr.servers.connections import Connections
from zondarr.servers.exceptions import ServerDisabledError
from zondarr.users.exceptions import NotDeletedError, UnsupportedError
from zondarr.users.lanes import Lane, lane_of
from zondarr.users.models import Identity, User
from zondarr.users.repository import IdentityRepository, UserRepository
from zondarr.users.rules import settle
from zondarr.users.schemas import ActionResult, ActionStatus
from zondarr.users.service import there

type Act = Callable[[MediaClient, str], Awaitable[bool]]
"""Does something with one account of a server; false if there is no such account."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one account. `error` is why nothing became of it."""

    user: User
    found: bool = False
    error: ZondarrError | None = None

    @property
    def status(self) -> ActionStatus:
        if isinstance(self.error, UnsupportedError):
            return ActionStatus.UNSUPPORTED
        if self.error is not None:
            return ActionStatus.FAILED
        return ActionStatus.DONE if self.found else ActionStatus.GONE

    def result(self) -> ActionResult:
        return ActionResult(
            server_id=self.user.media_server_id,
            server_name=self.user.server.name,
            user_id=self.user.id,
            username=self.user.username,
            status=self.status,
            error_code=self.error.error_code if self.error else None,
        )


class PeopleActions:
    """What an operator does with people on their servers, at once."""

    def __init__(self, work: UnitOfWork, connections: Connections, lane: Lane) -> None:
        self.work = work
        self.connections = connections
        self.lane = lane

    async def set_enabled(
        self, id: UUID, enabled: bool
    ) -> tuple[Identity, Sequence[ActionResult]]:
        """Let a person in or keep them out, on all their servers.

        One whose time was over is let in for good, until given another end.
        """
        identity = await self.get(id)
        outcomes = await asyncio.gather(
            *(self._set_enabled(user, enabled) for user in identity.users)
        )
        if not identity.users:
            await self._set_enabled_alone(id, enabled)
        return await self.get(id), [outcome.result() for outcome in outcomes]

    async def delete(self, id: UUID) -> None:
        """Delete a person on all their servers, then here.

        Raises `NotDeletedError` when a server failed: what is left stays, to be tried
        again.
        """
        identity = await self.get(id)
        outcomes = await asyncio.gather(*map(self._delete, identity.users))
        _raise_failures(outcomes)
        async with self.work() as session:
            identities = IdentityRepository(session)
            now = await identities.get_locked(id)
            if now is not None and not now.users:
                await identities.delete(now)

    async def delete_user(self, id: UUID) -> None:
        """Delete one account on its server, then here; the person stays."""
        async with self.work(reading=True) as session:
            user = await UserRepository(session).get_by_id(id)
        if user is None:
            raise NotFoundError("User", id)
        _raise_failures([await self._delete(user)])

    async def ask(self, user: User, needs: Capability, act: Act) -> Outcome:
        """Do something with an account on its server."""
        try:
            self._check(user, needs)
            async with self.connections.talk(user.server) as client:
                return Outcome(user, found=await act(client, user.external_user_id))
        except (
            MediaClientError,
            SealError,
            ServerDisabledError,
            UnknownServerTypeError,
            UnsupportedError,
        ) as error:
            return Outcome(user, error=error)

    def _check(self, user: User, needs: Capability) -> None:
        server = user.server
        if not server.enabled:
            raise ServerDisabledError("This server is switched off here.")
        registry = self.connections.registry
        if needs not in registry.get_capabilities(server.server_type):
            raise UnsupportedError("This type of server cannot do it.")

    async def _set_enabled(self, user: User, enabled: bool) -> Outcome:
        async def act(client: MediaClient, account: str) -> bool:
            return await client.set_user_enabled(account, enabled)

        async with self.lane(lane_of(user)):
            outcome = await self.ask(user, Capability.ENABLE_DISABLE_USER, act)
            if outcome.error is None:
                await self._follow(user, enabled=enabled, found=outcome.found)
        return outcome

    async def _follow(self, user: User, *, enabled: bool, found: bool) -> None:
        """Write what the server did."""
        async with self.work() as session:
            identity = await IdentityRepository(session).get_locked(user.identity_id)
            for row in identity.users if identity else ():
                if row.id == user.id:
                    row.enabled = enabled and found
                    row.missing_since = (
                        None if found else row.missing_since or utc_now()
                    )
            if identity is not None:
                settle(identity)

    async def _set_enabled_alone(self, id: UUID, enabled: bool) -> None:
        async with self.work() as session:
            identity = await IdentityRepository(session).get_locked(id)
            if identity is not None and not identity.users:
                identity.enabled = enabled

    async def _delete(self, user: User) -> Outcome:
        async def act(client: MediaClient, account: str) -> bool:
            return await client.delete_user(account)

        async with self.lane(lane_of(user)):
            outcome = await self.ask(user, Capability.DELETE_USER, act)
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

    async def get(self, id: UUID) -> Identity:
        async with self.work(reading=True) as session:
            return there(await IdentityRepository(session).get_by_id(id), id)


def _raise_failures(outcomes: Sequence[Outcome]) -> None:
    failures = [
        (outcome.user.server.name, outcome.error)
        for outcome in outcomes
        if outcome.error is not None
    ]
    if failures:
        raise NotDeletedError(failures)
