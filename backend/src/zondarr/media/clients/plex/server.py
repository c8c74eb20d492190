"""The requests to a Plex Media Server.

Operations are named as in the community's OpenAPI document. It has neither `/accounts`
nor the list of libraries in the form read here; for these the path is given. There are
no recordings: the tests use our simulator.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import override

import httpx2

from zondarr.core.addresses import base_url
from zondarr.media.clients.plex.answers import Meaning, server_meaning
from zondarr.media.clients.plex.items import Account, Accounts, as_tuple
from zondarr.media.clients.plex.shapes import (
    About,
    Container,
    Directories,
    Directory,
    Identity,
)
from zondarr.media.clients.plex.transport import PlexTransport, headers
from zondarr.media.connections import HostState
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.operations import current_operation
from zondarr.media.transport import ClientRequest, ClientResponse


class PlexServer(PlexTransport):
    """Returns decoded responses or raises `MediaClientError`; makes no decisions."""

    def __init__(
        self, url: str, token: str, http: httpx2.AsyncClient, state: HostState
    ) -> None:
        try:
            super().__init__(base_url(url), http, state)
        except ValueError as error:
            raise MediaClientError(
                current_operation(), url, ErrorKind.INVALID, "url_invalid", error
            ) from error
        self._token = token

    @override
    def meaning(self, response: ClientResponse) -> Meaning:
        return server_meaning(response)

    async def identity(self) -> Identity:
        """The machine id and version, without a token. getIdentity."""
        identity = (await self._get("/identity", Container[Identity], "")).inside
        if not identity.machine_identifier.isalnum():
            # It becomes part of plex.tv's paths.
            raise self.error(ErrorKind.NOT_THIS_TYPE)
        return identity

    async def about(self) -> About:
        """The name and version. getServerInfo."""
        return (await self._get("/", Container[About], self._token)).inside

    async def libraries(self) -> list[Directory]:
        """The libraries; with a friend's token, the shared ones. `GET
        /library/sections`.
        """
        path = "/library/sections"
        found = await self._get(path, Container[Directories], self._token)
        return found.inside.directory

    async def accounts(self) -> tuple[Account, ...]:
        """The accounts known to the server: its owner, and everybody who ever had
        access. `GET /accounts`.
        """
        found = await self._get("/accounts", Container[Accounts], self._token)
        return as_tuple(found.inside.account)

    async def listed[T](
        self, path: str, params: Mapping[str, str], shape: type[T]
    ) -> T:
        """One page of a long listing. listContent, listPlaybackHistory.

        Raises kind `gone` if the list does not exist.
        """
        sends = headers(self.state.options.device_id, self._token)
        request = ClientRequest(path=path, params=params, headers=sends, slow=True)

        def read(response: ClientResponse) -> T:
            if response.status == HTTPStatus.NOT_FOUND:
                raise self.error(ErrorKind.GONE, "library_unknown")
            return self.decode(request, response, shape)

        return await self.send(request, read)

    async def _get[T](self, path: str, shape: type[T], token: str) -> T:
        sends = headers(self.state.options.device_id, token)
        request = ClientRequest(path=path, headers=sends)
        return await self.send(
            request, lambda response: self.decode(request, response, shape)
        )
