"""Handles every request before Litestar, and every response after it.

One ASGI layer instead of several: Litestar's own middleware runs after routing, so a
404 would bypass it, and each layer costs time per request.
"""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from logging import DEBUG, INFO
from time import perf_counter

import msgspec
import structlog
from litestar.enums import HttpMethod
from structlog.contextvars import bind_contextvars, reset_contextvars

from zondarr.api.asgi import ASGIApp, Headers, Message, Receive, Scope, Send
from zondarr.api.correlation import HEADER, correlation_id
from zondarr.api.errors import Failure, failure_of, report
from zondarr.api.headers import secured
from zondarr.api.lifespan import Lifespan, Running
from zondarr.api.metrics import Metrics
from zondarr.api.proxies import (
    Networks,
    client_address,
    client_scheme,
    is_trusted,
)

_OURS = frozenset({"api", "docs", "health", "metrics"})
"""First path segments that are never a page of the UI."""
_QUIET = ("/health", "/metrics", "/_app/")
"""Requested every few seconds by machines; not logged."""
SLOW = timedelta(seconds=1)
"""The time until the start of a response, from which on a request is logged."""
_METHODS = frozenset(HttpMethod) | {"HEAD", "TRACE"}
_NO_BODY = {"type": "http.response.body", "body": b"", "more_body": False}

log = structlog.get_logger(__name__)


class Head:
    """The needed request headers, collected in one pass."""

    __slots__ = ("correlation", "forwarded_for", "forwarded_proto")

    def __init__(self, headers: Headers) -> None:
        self.correlation: bytes | None = None
        self.forwarded_for: list[str] = []
        self.forwarded_proto = ""
        for name, value in headers:
            if name == HEADER:
                self.correlation = value
            elif name == b"x-forwarded-for":
                self.forwarded_for.append(value.decode("latin-1"))
            elif name == b"x-forwarded-proto":
                self.forwarded_proto = value.decode("latin-1")


class Edge:
    """The ASGI application that the server calls.

    `running()` is its lifetime from first request to last; an ASGI server that supports
    the lifespan protocol enters it.
    """

    def __init__(
        self,
        api: ASGIApp,
        ui: ASGIApp,
        *,
        running: Running,
        metrics: Metrics,
        proxies: Networks = (),
        end_streams: Callable[[], None] = lambda: None,
    ) -> None:
        self._api = api
        self._ui = ui
        self.running = running
        self.end_streams = end_streams
        """To be called when a stop is asked for: servers wait for open answers."""
        self._lifespan = Lifespan(running)
        self._metrics = metrics
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            app = self._api if _first_part(scope["path"]) in _OURS else self._ui
            exchange = _Exchange(scope, send)
            await exchange.run(app, receive, self._metrics, self._proxies)
        elif scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1000})


class _Exchange:
    """One request and its response."""

    __slots__ = (
        "_answered",
        "_head_only",
        "_reference",
        "_scope",
        "_send",
        "_status",
    )

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._status = 0
        self._answered: float | None = None
        self._head_only = False
        self._reference = ""

    async def run(
        self, app: ASGIApp, receive: Receive, metrics: Metrics, proxies: Networks
    ) -> None:
        began = perf_counter()
        self._prepare(proxies)
        tokens = bind_contextvars(correlation_id=self._reference)
        try:
            if _has_nul(self._scope):
                await self._fail(Failure(400, "bad_request", "An address has no NUL."))
            else:
                await app(self._scope, receive, self.send)
        except Exception as error:
            failure = failure_of(error)
            if failure.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                report(failure, error)
            if self._status:
                raise
            await self._fail(failure)
        finally:
            self._note(metrics, began)
            reset_contextvars(**tokens)

    def _prepare(self, proxies: Networks) -> None:
        scope = self._scope
        head = Head(scope["headers"])
        self._reference = correlation_id(head.correlation)
        scope.setdefault("state", {})["correlation_id"] = self._reference
        peer = scope.get("client")
        if proxies and peer and is_trusted(peer[0], proxies):
            address = client_address(peer[0], head.forwarded_for, proxies)
            scope["client"] = (address, peer[1])
            scope["scheme"] = client_scheme(
                scope["scheme"], head.forwarded_proto, trusted=True
            )
        if scope["method"] == "OPTIONS":
            # Without CORS nobody needs OPTIONS, and Litestar's own response to it can
            # be
            # stale. Unknown to the router, it becomes a 405 that lists the others.
            scope["method"] = "options"
        elif scope["method"] == "HEAD" and _first_part(scope["path"]) != "api":
            # Pages that support GET also support HEAD; the API returns 405 instead.
            scope["method"], self._head_only = "GET", True

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status, self._answered = message["status"], perf_counter()
            headers = secured(
                list(message.get("headers", ())),
                https=self._scope["scheme"] == "https",
            )
            headers.append((HEADER, self._reference.encode()))
            message = {**message, "headers": headers}
        elif self._head_only:
            if message.get("more_body", False):
                return
            message = _NO_BODY
        await self._send(message)

    async def _fail(self, failure: Failure) -> None:
        self._scope["state"]["error_code"] = failure.code
        body = msgspec.json.encode(failure.body(self._reference))
        headers: Headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            *((k.lower().encode(), v.encode()) for k, v in failure.headers.items()),
        ]
        start = {
            "type": "http.response.start",
            "status": failure.status,
            "headers": headers,
        }
        await self.send(start)
        await self.send({"type": "http.response.body", "body": body})

    def _note(self, metrics: Metrics, began: float) -> None:
        now, scope = perf_counter(), self._scope
        duration = now - began
        method = "HEAD" if self._head_only else scope["method"].upper()
        if method not in _METHODS:
            method = "OTHER"
        route = scope.get("path_template") or "(none)"
        metrics.count(method, route, self._status, duration)
        failed = self._status >= HTTPStatus.BAD_REQUEST
        # A stream lasts as long as its client listens: that is not slow.
        slow = (self._answered or now) - began >= SLOW.total_seconds()
        quiet = route.startswith(_QUIET) or not (failed or slow)
        code = scope["state"].get("error_code")
        log.log(
            DEBUG if quiet else INFO,
            "request",
            method=method,
            route=route,
            status=self._status,
            ms=round(duration * 1000, 1),
            **({"error_code": code} if code else {}),
        )


def _first_part(path: str) -> str:
    return path[1:].partition("/")[0]


def _has_nul(scope: Scope) -> bool:
    """PostgreSQL cannot store it, and it is never intended."""
    query = scope["query_string"]
    return "\0" in scope["path"] or b"%00" in query or b"\0" in query
