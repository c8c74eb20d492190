"""The requests to a Seerr, one method each; recordings by their scenario."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Literal

import httpx2

from zondarr.core.addresses import base_url
from zondarr.media.clients.seerr.answers import CLEAR_REFUSALS, classify, json_object
from zondarr.media.clients.seerr.reading import Row, text
from zondarr.media.connections import HostState
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.operations import current_operation
from zondarr.media.transport import ClientRequest, ClientResponse, HttpTransport

BASE = "/api/v1"
type Change = Literal["approve", "decline", "retry"]


class SeerrApi(HttpTransport):
    """Returns decoded responses or raises `MediaClientError`; makes no decisions.

    The key acts as Seerr's owner. `X-API-User` is never sent: a value that is no number
    ended a real server.
    """

    def __init__(
        self, url: str, api_key: str, http: httpx2.AsyncClient, state: HostState
    ) -> None:
        try:
            super().__init__(base_url(url), http, state)
        except ValueError as error:
            raise MediaClientError(
                current_operation(), url, ErrorKind.INVALID, "url_invalid", error
            ) from error
        self._headers = {"X-Api-Key": api_key}

    async def status(self) -> Row:
        """Version and commit; needs no key. It may ask GitHub first, so it is slow.
        Scenario `before_setup`.
        """
        return await self._get("/status", signed=False, slow=True)

    async def public_settings(self) -> Row:
        """What the sign-in page needs to know; needs no key. Scenario `setup`."""
        return await self._get("/settings/public", signed=False)

    async def me(self) -> Row:
        """The user that the key acts as. Scenario `auth`."""
        return await self._get("/auth/me")

    async def counts(self) -> Row:
        """Scenario `requests`."""
        return await self._get("/request/count", slow=True)

    async def requests(self, params: Mapping[str, str]) -> Row:
        """A page of requests. Seerr asks every Radarr and Sonarr for each page, so it
        is slow. Scenario `requests`.
        """
        return await self._get("/request", params, slow=True)

    async def users(self, params: Mapping[str, str]) -> Row:
        """A page of users. Scenario `users`."""
        return await self._get("/user", params, slow=True)

    async def request(self, id: int) -> Row | None:
        """One request, or None. Scenario `requests`."""
        try:
            return await self._get(f"/request/{id}", slow=True)
        except MediaClientError as error:
            if error.kind is ErrorKind.GONE:
                return None
            raise

    async def title(self, path: str, params: Mapping[str, str]) -> Row | None:
        """A film or a show, or None if TMDB does not know it: a 500 with TMDB's own
        status in its text. Not repeated, since look-ups keep a distance.
        """
        request = self._asked(path, params, repeat=False)

        def read(response: ClientResponse) -> Row | None:
            if _is_unknown_to_tmdb(response):
                return None
            return self._read(request, response)

        await asyncio.sleep(self.state.reserve_lookup())
        return await self.send(request, read)

    async def change(self, id: int, change: Change) -> None:
        """Scenario `requests`."""
        request = ClientRequest(
            method="POST",
            path=f"{BASE}/request/{id}/{change}",
            headers=self._headers,
            slow=True,
            repeat=False,
        )
        await self.send(request, lambda response: self._read(request, response))

    async def delete(self, id: int) -> None:
        """Scenario `requests`."""
        request = ClientRequest(
            method="DELETE",
            path=f"{BASE}/request/{id}",
            headers=self._headers,
            slow=True,
            repeat=False,
        )

        def read(response: ClientResponse) -> None:
            # A proxy's page would be a 200.
            if response.status != HTTPStatus.NO_CONTENT:
                raise self._refusal(request, response)

        await self.send(request, read)

    async def _get(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        signed: bool = True,
        slow: bool = False,
    ) -> Row:
        request = self._asked(path, params or {}, signed=signed, slow=slow)
        return await self.send(request, lambda response: self._read(request, response))

    def _asked(
        self,
        path: str,
        params: Mapping[str, str],
        *,
        signed: bool = True,
        slow: bool = True,
        repeat: bool = True,
    ) -> ClientRequest:
        return ClientRequest(
            path=BASE + path,
            params=params,
            headers=self._headers if signed else {},
            slow=slow,
            repeat=repeat,
        )

    def _read(self, request: ClientRequest, response: ClientResponse) -> Row:
        if response.status != HTTPStatus.OK or "json" not in response.media_type:
            raise self._refusal(request, response)
        body = json_object(response)
        if body is None:
            in_doubt = request.method != "GET"
            raise self.error(ErrorKind.FAILED, "bad_answer", in_doubt=in_doubt)
        self.state.mark_ready()
        return body

    def _refusal(
        self, request: ClientRequest, response: ClientResponse
    ) -> MediaClientError:
        why = classify(response)
        if why.kind is ErrorKind.STARTING:
            self.state.mark_starting()
        return self.error(
            why.kind,
            why.code,
            retry_after=response.retry_after,
            in_doubt=request.method != "GET" and why.kind not in CLEAR_REFUSALS,
        )


def _is_unknown_to_tmdb(response: ClientResponse) -> bool:
    if response.status == HTTPStatus.NOT_FOUND:
        return classify(response).kind is ErrorKind.GONE
    if response.status != HTTPStatus.INTERNAL_SERVER_ERROR:
        return False
    sentence = text((json_object(response) or {}).get("message")) or ""
    return "status code 404" in sentence
