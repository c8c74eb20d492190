"""`create_user`: all steps of creating an account in one call."""

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from contextlib import suppress

from zondarr.media.context import ClientContext
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.operations import log, operation
from zondarr.media.types import (
    GUEST_PERMISSIONS,
    AccountPlan,
    AccountRequest,
    ExternalUser,
    Permissions,
    PlexUserType,
)

UNDO_TRIES = 3


class AccountCreation(ClientContext):
    """Runs the steps that a client defines, and undoes them when one fails."""

    @abstractmethod
    async def _new_plan(self, request: AccountRequest, secret: str) -> AccountPlan:
        """Run every check that is possible before anything is changed."""

    @abstractmethod
    async def _make_account(self, plan: AccountPlan) -> ExternalUser: ...

    @abstractmethod
    async def _finish_account(
        self, plan: AccountPlan, external_user_id: str, secret: str
    ) -> ExternalUser: ...

    @abstractmethod
    async def _discard_account(
        self, plan: AccountPlan, external_user_id: str | None
    ) -> bool: ...

    @operation
    async def create_user(  # noqa: PLR0913 — external callers rely on this signature
        self,
        username: str,
        password: str,
        email: str | None = None,
        *,
        library_ids: Sequence[str] = (),
        permissions: Permissions = GUEST_PERMISSIONS,
        plex_user_type: PlexUserType = PlexUserType.FRIEND,
        plex_id: str | None = None,
    ) -> ExternalUser:
        """See `MediaClient`."""
        request = AccountRequest(
            username=username,
            email=email,
            library_ids=library_ids,
            permissions=permissions,
            plex_user_type=plex_user_type,
            plex_id=plex_id,
        )
        return await self._create(request, password)

    async def _create(self, request: AccountRequest, password: str) -> ExternalUser:
        plan = await self._new_plan(request, password)
        made: ExternalUser | None = None
        try:
            made = await self._make_account(plan)
            return await self._finish_account(plan, made.id, password)
        except BaseException as error:
            if not _is_taken(error):
                await self._undo(plan, made)
            raise

    async def _undo(self, plan: AccountPlan, made: ExternalUser | None) -> None:
        """Remove what was created, also when the caller was cancelled.

        Nobody can sign in to an account that is left over, but it should not exist.
        """
        pause = self._states.options.retry_pause * 5
        for tries in range(UNDO_TRIES):
            await asyncio.sleep(pause * tries)
            with suppress(MediaClientError):
                await self._discard_account(plan, made.id if made else None)
                return
        log.error("an account may be left behind", server_id=str(self.server.id))


def _is_taken(error: BaseException) -> bool:
    return isinstance(error, MediaClientError) and error.kind is ErrorKind.TAKEN
