"""HTTP with Plex: identification headers, decoding, and rate limits for plex.tv."""

import asyncio
from http import HTTPStatus
from typing import override

import httpx2
import msgspec

from zondarr import __version__
from zondarr.media.clients.plex.answers import (
    CLEAR_REFUSALS,
    Meaning,
    tv_meaning,
)
from zondarr.media.connections import HostState
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.throttle import HostThrottle, current_wait_budget
from zondarr.media.transport import ClientRequest, ClientResponse, HttpTransport

SUCCESS = range(HTTPStatus.OK, HTTPStatus.MULTIPLE_CHOICES)


def headers(client_id: str, token: str = "") -> dict[str, str]:
    """Identify the caller. The identifier is unique per installation: shared ones are
    throttled.
    """
    identification = {
        "X-Plex-Client-Identifier": client_id,
        "X-Plex-Product": "Zondarr",
        "X-Plex-Version": __version__,
        "X-Plex-Platform": "Web",
        "X-Plex-Device": "Server",
        "X-Plex-Device-Name": "Zondarr",
    }
    return identification | ({"X-Plex-Token": token} if token else {})


class PlexTransport(HttpTransport):
    """Decodes JSON responses; `meaning` classifies the others."""

    def meaning(self, response: ClientResponse) -> Meaning:
        raise NotImplementedError

    def decode[T](
        self, request: ClientRequest, response: ClientResponse, shape: type[T]
    ) -> T:
        self.expect_done(request, response)
        try:
            return msgspec.json.decode(response.body, type=shape, strict=False)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            kind, code = ErrorKind.FAILED, "bad_answer"
            if response.media_type == "text/html":
                kind, code = ErrorKind.NOT_THIS_TYPE, None
            raise self.error(
                kind, code, error, in_doubt=request.method != "GET"
            ) from error

    def expect_done(self, request: ClientRequest, response: ClientResponse) -> None:
        """An HTML page does not confirm a change: it comes from something between us
        and Plex.
        """
        if response.status not in SUCCESS:
            raise self.refusal(request, response)
        if response.media_type == "text/html" and request.method != "GET":
            raise self.error(ErrorKind.FAILED, "bad_answer", in_doubt=True)

    def refusal(
        self, request: ClientRequest, response: ClientResponse
    ) -> MediaClientError:
        why = self.meaning(response)
        # A 429 comes from the gateway; a 503 of BUSY may come from behind it.
        clear = why.kind in CLEAR_REFUSALS or why.code == "rate_limited"
        error = self.error(
            why.kind,
            why.code,
            retry_after=response.retry_after,
            in_doubt=request.method != "GET" and not clear,
        )
        error.server_message = why.message
        return error


class ThrottledTransport(PlexTransport):
    """One host of plex.tv, with the process-wide rate limit."""

    def __init__(
        self,
        url: str,
        http: httpx2.AsyncClient,
        state: HostState,
        throttle: HostThrottle,
    ) -> None:
        super().__init__(url, http, state)
        self._throttle = throttle

    @override
    def meaning(self, response: ClientResponse) -> Meaning:
        return tv_meaning(response)

    @override
    async def _send_once(self, request: ClientRequest) -> ClientResponse:
        await self._wait_for_turn()
        try:
            response = await super()._send_once(request)
        except MediaClientError as error:
            if error.kind is ErrorKind.UNREACHABLE:
                self._throttle.record_failure()
            raise
        self._record_answer(response)
        return response

    async def _wait_for_turn(self) -> None:
        """Wait for the rate limit; raises instead if the wait would be too long."""
        left = self._throttle.blocked_for()
        if left:
            raise self.error(ErrorKind.BUSY, "circuit_open", retry_after=left)
        wait = self._throttle.reserve_turn()
        if wait > max(self.state.options.read_timeout, current_wait_budget()):
            self._throttle.cancel_turn()
            raise self.error(ErrorKind.BUSY, "rate_limited", retry_after=wait)
        await asyncio.sleep(wait)

    def _record_answer(self, response: ClientResponse) -> None:
        busy = response.status == HTTPStatus.TOO_MANY_REQUESTS
        if not busy and response.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            self._throttle.record_success()
            return
        self._throttle.record_failure()
        if response.retry_after is not None:
            self._throttle.wait_requested(response.retry_after)
