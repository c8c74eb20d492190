"""What every simulator has in common: journal, faults and the `/_simulator` paths."""

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime

from media_server_simulators.asgi import AsgiApp
from media_server_simulators.changes import Act
from media_server_simulators.clock import utc_now
from media_server_simulators.faults import (
    Fault,
    FaultError,
    FaultKind,
    Faults,
    read_fault,
)
from media_server_simulators.journal import Entry, Journal
from media_server_simulators.orders import Order, OrderError
from media_server_simulators.shrinking import shrunken
from media_server_simulators.wire import Cut, Json, JsonObject, Reply, Request

PREFIX = "/_simulator/"
HTML = ("Content-Type", "text/html; charset=utf-8")
SIGN_IN_PAGE = (
    b"<!DOCTYPE html><html><head><title>Sign in</title></head>"
    b"<body><form method=post><input name=password type=password></form></body></html>"
)


class ControlledSimulator(ABC):
    """A simulated server whose requests are journalled and may be made to fail.

    `answer` is the whole server; `respond` is its honest part, which subclasses write.
    """

    def __init__(self) -> None:
        self.journal = Journal()
        self.faults = Faults()
        self.retry_after = 5
        """Seconds for which a 429 or 503 asks a client to wait."""
        self.app = AsgiApp(self)

    @abstractmethod
    async def respond(self, request: Request) -> Reply:
        """Answer as the real server would."""

    @abstractmethod
    def describe(self) -> JsonObject:
        """The state as tests want to see it."""

    def path_of(self, request: Request) -> str:
        """The path that a fault's prefix is compared with: without a base path."""
        return request.path

    def acts(self) -> Mapping[str, Act]:
        """Control paths that change the server, by their last part."""
        return {}

    def empty(self, request: Request) -> Reply:  # noqa: ARG002
        return json_reply([])

    async def starting(self, request: Request, phase: str | None) -> Reply:  # noqa: ARG002
        return Reply(503)

    async def control(self, request: Request) -> Reply | None:
        """Answer a control path of this kind of simulator alone, if it is one."""
        match request.method, request.path:
            case "GET", "/_simulator/state":
                return json_reply(self.describe())
            case "GET", "/_simulator/journal":
                return json_reply(self.journal.as_json())
            case "DELETE", "/_simulator/journal":
                self.journal.clear()
                return Reply(204)
            case _, "/_simulator/faults":
                return self._faults(request)
            case "POST", path:
                return self._act(path.removeprefix(PREFIX), request.body)
            case _:
                return None

    def _act(self, name: str, body: bytes) -> Reply | None:
        act = self.acts().get(name)
        if act is None:
            return None
        try:
            return json_reply(act(Order.read(body)))
        except OrderError as error:
            return json_reply({"detail": str(error)}, error.status)

    async def answer(self, request: Request) -> Reply:
        if request.path.startswith(PREFIX):
            return await self.control(request) or Reply(404)
        entry = self.journal.add(request)
        reply = self._dated(await self._perhaps_faulty(request, entry))
        if reply.cut is not Cut.NOTHING:
            entry.status = 101 if reply.talk is not None else reply.status
        return reply

    def time(self) -> datetime:
        """By the simulator's own clock, which may have been set."""
        return utc_now()

    def _dated(self, reply: Reply) -> Reply:
        date = format_datetime(self.time(), usegmt=True)
        return reply.with_headers({"Date": date})

    async def _perhaps_faulty(self, request: Request, entry: Entry) -> Reply:
        taken = self.faults.take(request, self.path_of(request))
        entry.fault = taken[-1].kind.value if taken else None
        for fault in taken:
            if fault.kind is FaultKind.LATENCY:
                await asyncio.sleep(_number(fault.value) / 1000)
            else:
                return await self._fail(request, fault)
        return await self.respond(request)

    async def _fail(self, request: Request, fault: Fault) -> Reply:
        match fault.kind:
            case FaultKind.LOST_RESPONSE | FaultKind.TRUNCATE | FaultKind.SHRUNKEN:
                return await self._spoil(request, fault)
            case FaultKind.STARTING:
                phase = fault.value if isinstance(fault.value, str) else None
                return await self.starting(request, phase)
            case FaultKind.EMPTY:
                return self.empty(request)
            case FaultKind.HTML:
                return Reply(200, SIGN_IN_PAGE, (HTML,))
            case FaultKind.STATUS:
                return _status(_number(fault.value), self.retry_after)
            case _:
                return Reply(0, cut=Cut.NOTHING)

    async def _spoil(self, request: Request, fault: Fault) -> Reply:
        """What is applied all the same, and what is wrong with its answer."""
        if fault.kind is FaultKind.SHRUNKEN:
            left = 0 if fault.value is None else fault.value
            return shrunken(await self.respond(_uncompressed(request)), left)
        cut = Cut.HALF if fault.kind is FaultKind.TRUNCATE else Cut.NOTHING
        return replace(await self.respond(request), cut=cut, talk=None)

    def _faults(self, request: Request) -> Reply:
        match request.method:
            case "GET":
                return json_reply([fault.as_json() for fault in self.faults.active])
            case "POST":
                return self._order(request)
            case "DELETE":
                return self._take_back(request)
            case _:
                return Reply(405)

    def _order(self, request: Request) -> Reply:
        try:
            fault = read_fault(_object(request.body))
        except FaultError as error:
            return json_reply({"detail": str(error)}, 400)
        self.faults.add(fault)
        return json_reply(fault.as_json(), 201)

    def _take_back(self, request: Request) -> Reply:
        try:
            like = (
                _object(request.body)
                if request.body
                else dict[str, Json](request.query)
            )
        except FaultError as error:
            return json_reply({"detail": str(error)}, 400)
        _ = self.faults.remove(like)
        return Reply(204)


def json_reply(value: Json, status: int = 200) -> Reply:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Reply(status, body, (("Content-Type", "application/json; charset=utf-8"),))


def _object(body: bytes) -> JsonObject:
    try:
        value: Json = json.loads(body)
    except ValueError as error:
        raise FaultError("the body is no JSON") from error
    if not isinstance(value, dict):
        raise FaultError("the body is a JSON object")
    return value


def _uncompressed(request: Request) -> Request:
    headers = tuple(each for each in request.headers if each[0] != "accept-encoding")
    return replace(request, headers=headers)


def _number(value: int | str | None) -> int:
    return value if isinstance(value, int) else 0


def _status(status: int, retry_after: int) -> Reply:
    """A bare status, as a proxy or a failing server sends it; nothing was applied."""
    wait = (("Retry-After", str(retry_after)),) if status in {429, 503} else ()
    if status < 500:  # noqa: PLR2004
        return Reply(status, headers=wait)
    plain = ("Content-Type", "text/plain")
    return Reply(status, b"Error processing request.", (plain, *wait))
