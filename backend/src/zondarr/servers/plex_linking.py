"""An operator's Plex account in place of a typed key."""

from collections.abc import Sequence
from uuid import UUID

from zondarr.core.database import UnitOfWork
from zondarr.core.exceptions import InvalidError, NotFoundError
from zondarr.media.clients.plex.owned import owned_servers
from zondarr.media.clients.plex.pins import Token
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.servers.exceptions import SignInNeededError, failure_of
from zondarr.servers.plex_oauth import PlexOAuth, account_holder
from zondarr.servers.plex_schemas import (
    PlexPinResponse,
    PlexPinState,
    PlexServerFound,
)
from zondarr.servers.repository import MediaServerRepository
from zondarr.servers.schemas import ServerCreate


class PlexLinking:
    """What those who run a workspace do with a linked account.

    `base_url` is where people reach us, if that is configured.
    """

    def __init__(
        self, work: UnitOfWork, oauth: PlexOAuth, *, base_url: str | None
    ) -> None:
        self.work = work
        self.oauth = oauth
        self.base_url = base_url

    async def begin(
        self, account_id: UUID, return_to: str | None, *, here: str
    ) -> PlexPinResponse:
        """A PIN; Plex sends the browser back to that page of ours.

        `here` is the address of the request, for where none is configured.
        """
        base = (self.base_url or here).rstrip("/")
        forward_url = f"{base}{return_to}" if return_to else None
        holder = account_holder(account_id)
        return await self.oauth.begin(holder, forward_url=forward_url)

    async def check(self, pin_id: UUID, account_id: UUID) -> PlexPinState:
        return await self.oauth.check(pin_id, account_holder(account_id))

    async def servers(
        self, pin_id: UUID | None, account_id: UUID
    ) -> Sequence[PlexServerFound]:
        """What the account owns; what the workspace has of it already is marked.

        Without a PIN it is the account that was linked last.
        """
        pin_id = pin_id or await self.oauth.latest(account_holder(account_id))
        if pin_id is None:
            raise SignInNeededError
        token = await self._token(pin_id, account_id)
        try:
            found = await owned_servers(token, self.oauth.registry.states)
        except MediaClientError as error:
            raise _failed(error) from error
        async with self.work(reading=True) as session:
            added = await MediaServerRepository(session).machine_ids()
        return [
            PlexServerFound.of(each, added=each.machine_id in added) for each in found
        ]

    async def token_for(self, data: ServerCreate, account_id: UUID) -> Token | None:
        """The key of a server to add, where it is a linked account's.

        Raises `InvalidError` unless the key is given in exactly one way.
        """
        if (data.api_key is None) is (data.plex_pin_id is None):
            problem = "either this or the other one is needed"
            raise InvalidError(
                "A server takes either a key or a sign-in with Plex.",
                api_key=problem,
                plex_pin_id=problem,
            )
        if data.plex_pin_id is None:
            return None
        try:
            return await self._token(data.plex_pin_id, account_id)
        except NotFoundError as error:
            raise SignInNeededError from error

    async def _token(self, pin_id: UUID, account_id: UUID) -> Token:
        holder = account_holder(account_id)
        signed_in = await self.oauth.signed_in(pin_id, holder)
        if signed_in is None:
            await self.oauth.find(pin_id, holder)
            raise SignInNeededError
        return signed_in.token


def _failed(error: MediaClientError) -> Exception:
    if error.kind is ErrorKind.UNAUTHORIZED:
        return SignInNeededError()
    return failure_of(error, "plex.tv")
