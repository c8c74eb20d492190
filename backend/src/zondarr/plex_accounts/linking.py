"""Linking an operator's Plex account, instead of entering a key."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from uuid import UUID

from zondarr.core.actor import Actor
from zondarr.core.database import Session, UnitOfWork
from zondarr.core.exceptions import NotFoundError
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.sign_in import Token
from zondarr.plex_accounts.exceptions import PlexTvFailedError, SignInNeededError
from zondarr.plex_accounts.schemas import (
    PlexPinResponse,
    PlexPinState,
    PlexServerFound,
)
from zondarr.plex_accounts.service import PlexSignInService, account_holder

type AddedServers = Callable[[Session], Awaitable[Collection[str]]]
"""The machine ids of the servers that the workspace has already. Servers are a layer
above, so the function is passed in.
"""


class PlexLinking:
    """Linking a Plex account, and the servers that it owns.

    `base_url` is the public address of this installation, if one is configured.
    """

    def __init__(
        self,
        work: UnitOfWork,
        sign_ins: PlexSignInService,
        actor: Actor,
        *,
        added_servers: AddedServers,
        base_url: str | None,
    ) -> None:
        self.work = work
        self.sign_ins = sign_ins
        self.holder = account_holder(actor.account_id or actor.workspace_id)
        self.added_servers = added_servers
        self.base_url = base_url

    async def create_pin(
        self, return_to: str | None, *, request_url: str
    ) -> PlexPinResponse:
        """Create a PIN; Plex redirects the browser to the page `return_to`.

        `request_url` is the address of the request, used if none is configured.
        """
        base = (self.base_url or request_url).rstrip("/")
        forward_url = f"{base}{return_to}" if return_to else None
        return await self.sign_ins.create_pin(self.holder, forward_url=forward_url)

    async def check(self, pin_id: UUID) -> PlexPinState:
        return await self.sign_ins.check(pin_id, self.holder)

    async def servers(self, pin_id: UUID | None) -> Sequence[PlexServerFound]:
        """The servers the account owns; those the workspace has already are marked.

        Without a PIN, the account that was linked last is used.
        """
        pin_id = pin_id or await self.sign_ins.latest(self.holder)
        if pin_id is None:
            raise SignInNeededError
        token = await self._token(pin_id)
        try:
            found = await self.sign_ins.registry.sign_in_provider().owned_servers(token)
        except MediaClientError as error:
            raise _translated(error) from error
        async with self.work(reading=True) as session:
            added = await self.added_servers(session)
        return [
            PlexServerFound.of(each, added=each.machine_id in added) for each in found
        ]

    async def token_of(self, pin_id: UUID) -> Token:
        """The token of the account that approved the PIN.

        Raises `SignInNeededError` if nobody did.
        """
        try:
            return await self._token(pin_id)
        except NotFoundError as error:
            raise SignInNeededError from error

    async def _token(self, pin_id: UUID) -> Token:
        signed_in = await self.sign_ins.signed_in(pin_id, self.holder)
        if signed_in is None:
            await self.sign_ins.find(pin_id, self.holder)
            raise SignInNeededError
        return signed_in.token


def _translated(error: MediaClientError) -> Exception:
    if error.kind is ErrorKind.UNAUTHORIZED:
        return SignInNeededError()
    return PlexTvFailedError(error)
