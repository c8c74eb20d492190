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
from zondarr.media.pictures import MAX_PICTURE_BYTES, PICTURE_HEADERS
from zondarr.media.transport import ClientRequest, ClientResponse

NO_PICTURE = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND})


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

    async def poster(self, item_id: str, width: int | None) -> bytes | None:
        """The poster of an item: in another size (transcodeImage), or with width None
        as it is (`GET /library/metadata/{id}/thumb`). None if there is none.
        """
        if not (item_id.isascii() and item_id.isdecimal()):
            return None
        path, params = f"/library/metadata/{item_id}/thumb", dict[str, str]()
        if width is not None:
            size = {"width": str(width), "height": str(width * 3 // 2)}
            params = {"url": path, "minSize": "1", "upscale": "0", **size}
            path = "/photo/:/transcode"
        sends = headers(self.state.options.device_id, self._token)
        request = ClientRequest(
            path=path,
            params=params,
            headers={**sends, **PICTURE_HEADERS},
            max_bytes=MAX_PICTURE_BYTES,
            repeat=False,
        )

        def read(response: ClientResponse) -> bytes | None:
            if response.status in NO_PICTURE:
                return None
            self.expect_done(request, response)
            return response.body

        return await self.send(request, read)

    async def _get[T](self, path: str, shape: type[T], token: str) -> T:
        sends = headers(self.state.options.device_id, token)
        request = ClientRequest(path=path, headers=sends)
        return await self.send(
            request, lambda response: self.decode(request, response, shape)
        )
