"""Talking to Plex: who we are, how an answer is read, how fast plex.tv is asked."""

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
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.exchange import Answer, Ask, Exchange
from zondarr.media.manners import Manners, patience
from zondarr.media.shared import SharedState

SUCCESS = range(HTTPStatus.OK, HTTPStatus.MULTIPLE_CHOICES)


def headers(client_id: str, token: str = "") -> dict[str, str]:
    """Who asks. The identifier is one for each installation: shared ones are slowed."""
    said = {
        "X-Plex-Client-Identifier": client_id,
        "X-Plex-Product": "Zondarr",
        "X-Plex-Version": __version__,
        "X-Plex-Platform": "Web",
        "X-Plex-Device": "Server",
        "X-Plex-Device-Name": "Zondarr",
    }
    return said | ({"X-Plex-Token": token} if token else {})


class PlexExchange(Exchange):
    """Reads answers as JSON of a shape; `meaning` tells why one is none."""

    def meaning(self, answer: Answer) -> Meaning:
        raise NotImplementedError

    def decode[T](self, ask: Ask, answer: Answer, shape: type[T]) -> T:
        self.expect_done(ask, answer)
        try:
            return msgspec.json.decode(answer.body, type=shape, strict=False)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            kind, code = ErrorKind.FAILED, "bad_answer"
            if answer.media_type == "text/html":
                kind, code = ErrorKind.NOT_THIS_TYPE, None
            raise self.error(kind, code, error, in_doubt=ask.method != "GET") from error

    def expect_done(self, ask: Ask, answer: Answer) -> None:
        """A page is no yes: somebody stands between us and Plex."""
        if answer.status not in SUCCESS:
            raise self.refusal(ask, answer)
        if answer.media_type == "text/html" and ask.method != "GET":
            raise self.error(ErrorKind.FAILED, "bad_answer", in_doubt=True)

    def refusal(self, ask: Ask, answer: Answer) -> MediaClientError:
        why = self.meaning(answer)
        # A 429 comes from the door; a 503 of BUSY may come from behind it.
        clear = why.kind in CLEAR_REFUSALS or why.code == "rate_limited"
        error = self.error(
            why.kind,
            why.code,
            retry_after=answer.retry_after,
            in_doubt=ask.method != "GET" and not clear,
        )
        error.said = why.said
        return error


class PacedExchange(PlexExchange):
    """One host of plex.tv, asked no faster than is good for all of us."""

    def __init__(
        self, url: str, http: httpx2.AsyncClient, state: SharedState, manners: Manners
    ) -> None:
        super().__init__(url, http, state)
        self._manners = manners

    @override
    def meaning(self, answer: Answer) -> Meaning:
        return tv_meaning(answer)

    @override
    async def _send(self, ask: Ask) -> Answer:
        await self._turn()
        try:
            answer = await super()._send(ask)
        except MediaClientError as error:
            if error.kind is ErrorKind.UNREACHABLE:
                self._manners.failed()
            raise
        self._note(answer)
        return answer

    async def _turn(self) -> None:
        """Wait for our turn; too long a wait is told to the caller instead."""
        left = self._manners.open_for()
        if left:
            raise self.error(ErrorKind.BUSY, "circuit_open", retry_after=left)
        wait = self._manners.turn()
        if wait > max(self.state.options.read_timeout, patience()):
            self._manners.give_back()
            raise self.error(ErrorKind.BUSY, "rate_limited", retry_after=wait)
        await asyncio.sleep(wait)

    def _note(self, answer: Answer) -> None:
        busy = answer.status == HTTPStatus.TOO_MANY_REQUESTS
        if not busy and answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            self._manners.answered()
            return
        self._manners.failed()
        if answer.retry_after is not None:
            self._manners.asked_to_wait(answer.retry_after)
