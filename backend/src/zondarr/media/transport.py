"""HTTP with one media server: limits on time and size, translation of failures.

What a response means is up to each server type. This module only handles whether one
arrived, and whether the request may be repeated.
"""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

import httpx2
import msgspec
import stamina
from msgspec import Struct

from zondarr.core.clock import utc_now
from zondarr.core.http import (
    AnswerTooLargeError,
    ForbiddenAddressError,
    read_bounded,
)
from zondarr.media.connections import HostState
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.operations import current_operation

LONGEST_RETRY_AFTER = timedelta(days=1)
LONGEST_RETRY_WAIT = timedelta(seconds=2)
"""If a server asks for a longer wait, the error is raised instead."""


class ClientRequest(Struct, frozen=True, kw_only=True):
    """One request. `repeat`: sending it twice has the same effect as once. `max_bytes`
    limits the response further than the options do."""

    method: Literal["GET", "POST", "DELETE"] = "GET"
    path: str
    params: Mapping[str, str] = {}
    json: object = None
    headers: Mapping[str, str] = {}
    slow: bool = False
    repeat: bool = True
    max_bytes: int | None = None


class ClientResponse(Struct, frozen=True, kw_only=True):
    status: int
    media_type: str
    body: bytes
    retry_after: float | None = None


class HttpTransport:
    """Sends one client's requests to one server."""

    def __init__(self, url: str, http: httpx2.AsyncClient, state: HostState) -> None:
        self.url = url
        self.state = state
        self._http = http

    def error(
        self,
        kind: ErrorKind,
        code: str | None = None,
        cause: BaseException | None = None,
        *,
        retry_after: float | None = None,
        in_doubt: bool = False,
    ) -> MediaClientError:
        """An error of the running operation at this server."""
        operation = current_operation()
        return MediaClientError(
            operation,
            self.url,
            kind,
            code,
            cause,
            retry_after=retry_after,
            in_doubt=in_doubt,
        )

    async def send[T](
        self, request: ClientRequest, read: Callable[[ClientResponse], T]
    ) -> T:
        """Send the request and read the response; retry where that is safe and may
        help.
        """
        options = self.state.options
        tries = stamina.retry_context(
            on=_may_retry,
            attempts=options.attempts if request.repeat else 1,
            timeout=None,
            wait_initial=options.retry_pause,
            wait_max=LONGEST_RETRY_WAIT,
            wait_jitter=options.retry_pause / 2,
        )
        async for attempt in tries:
            with attempt:
                return read(await self._send_once(request))
        raise AssertionError("unreachable")  # pragma: no cover

    async def _send_once(self, request: ClientRequest) -> ClientResponse:
        try:
            async with asyncio.timeout(2 * self._read_timeout(request)):
                return await self._request(request)
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            raise self._translate(error, changes=request.method != "GET") from error
        except TimeoutError as error:
            raise self.error(
                ErrorKind.UNREACHABLE,
                "server_timeout",
                error,
                in_doubt=request.method != "GET",
            ) from error
        except ForbiddenAddressError as error:
            raise self.error(ErrorKind.INVALID, "address_not_allowed", error) from error
        except AnswerTooLargeError as error:
            raise self.error(
                ErrorKind.FAILED, error.code, error, in_doubt=request.method != "GET"
            ) from error

    def _read_timeout(self, request: ClientRequest) -> float:
        options = self.state.options
        return options.slow_timeout if request.slow else options.read_timeout

    async def _request(self, request: ClientRequest) -> ClientResponse:
        options = self.state.options
        timeout = httpx2.Timeout(
            self._read_timeout(request), connect=options.connect_timeout
        )
        body = None if request.json is None else msgspec.json.encode(request.json)
        sends = {"Content-Type": "application/json"} if body is not None else {}
        async with self._http.stream(
            request.method,
            self.url + request.path,
            params=dict(request.params),
            content=body,
            headers={"Accept": "application/json", **sends, **request.headers},
            timeout=timeout,
        ) as response:
            limit = request.max_bytes or options.max_answer_bytes
            content = await read_bounded(response, limit)
            media_type, _, _ = response.headers.get("content-type", "").partition(";")
            return ClientResponse(
                status=response.status_code,
                media_type=media_type.strip().lower(),
                body=content,
                retry_after=_seconds(response.headers.get("retry-after")),
            )

    def _translate(self, error: Exception, *, changes: bool) -> MediaClientError:
        match error:
            case httpx2.ConnectTimeout() | httpx2.PoolTimeout():
                return self.error(ErrorKind.UNREACHABLE, "server_timeout", error)
            case httpx2.ConnectError():
                return self._not_connected(error)
            case httpx2.TimeoutException():
                kind, code = ErrorKind.UNREACHABLE, "server_timeout"
            case httpx2.DecodingError():
                kind, code = ErrorKind.FAILED, "bad_answer"
            case httpx2.InvalidURL() | httpx2.UnsupportedProtocol():
                return self.error(ErrorKind.INVALID, "url_invalid", error)
            case _:
                kind, code = ErrorKind.UNREACHABLE, "connection_lost"
        return self.error(kind, code, error, in_doubt=changes)

    def _not_connected(self, error: httpx2.ConnectError) -> MediaClientError:
        """A refused connection means unreachable, or starting if the server was just
        seen starting.

        Between two phases of its start a server refuses connections, as when it is
        switched off.
        """
        if _has_cause(error, ssl.SSLCertVerificationError):
            return self.error(ErrorKind.UNREACHABLE, "tls_error", error)
        if _has_cause(error, ssl.SSLError):
            return self.error(ErrorKind.UNREACHABLE, "not_https", error)
        if self.state.was_starting():
            return self.error(ErrorKind.STARTING, None, error)
        return self.error(ErrorKind.UNREACHABLE, None, error)


def _has_cause(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False


def _may_retry(error: Exception) -> bool | float:
    """Whether to retry at once, or the seconds after which to retry.

    No retry after a time-out, which took long enough, or if the server asked for a long
    wait.
    """
    if not isinstance(error, MediaClientError) or error.error_code == "server_timeout":
        return False
    after = error.retry_after
    if after is not None:
        return after if after <= LONGEST_RETRY_WAIT.total_seconds() else False
    return error.kind in {
        ErrorKind.UNREACHABLE,
        ErrorKind.STARTING,
        ErrorKind.BUSY,
        ErrorKind.FAILED,
    }


def _seconds(header: str | None) -> float | None:
    """The value of Retry-After: a number (`005` too) or a date."""
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        seconds = _until(header)
    return (
        seconds
        if seconds is not None and 0 <= seconds <= LONGEST_RETRY_AFTER.total_seconds()
        else None
    )


def _until(date: str) -> float | None:
    try:
        return (parsedate_to_datetime(date) - utc_now()).total_seconds()
    except ValueError, TypeError:
        return None
