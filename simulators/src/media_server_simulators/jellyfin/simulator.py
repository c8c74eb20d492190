"""A simulated Jellyfin server."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from media_server_simulators.changes import Act, acts
from media_server_simulators.control import ControlledSimulator
from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin.changes import JellyfinChanges
from media_server_simulators.jellyfin.http.access import check
from media_server_simulators.jellyfin.http.authorization import identify
from media_server_simulators.jellyfin.http.binding import Errors, bind, read_body
from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.http.compression import compressed
from media_server_simulators.jellyfin.http.errors import (
    JSON_TYPE,
    Refusal,
    empty_error,
    json_body,
    problem,
)
from media_server_simulators.jellyfin.http.routing import Route, Router
from media_server_simulators.jellyfin.installation import Admin, install
from media_server_simulators.jellyfin.routes import ROUTES
from media_server_simulators.jellyfin.server.restart import phase
from media_server_simulators.jellyfin.server.starting import answer as answer_starting
from media_server_simulators.jellyfin.server.system import public_info
from media_server_simulators.jellyfin.sessions.websocket import upgrade
from media_server_simulators.jellyfin.state import State, UserSnapshot
from media_server_simulators.jellyfin.state_report import describe
from media_server_simulators.jellyfin.users.hashing_slots import HashingSlots
from media_server_simulators.jellyfin.versions import Version
from media_server_simulators.wire import Cut, Json, JsonObject, Reply, Request
from media_server_simulators.world import World

PROFILES = ("CamelCase", "PascalCase")


class JellyfinSimulator(ControlledSimulator):
    """One server in memory; `app` is an ASGI application, `serve()` gives it a port.

    `api_key` works from the start and is not listed by `/Auth/Keys`, so that a fresh
    server has no keys there, as a real one. `base_path` is like `/jellyfin`, or empty.
    """

    def __init__(
        self,
        world: World | None = None,
        *,
        version: Version | str = Version.V12_0,
        base_path: str = "",
    ) -> None:
        super().__init__()
        version = Version(version)
        world = world or make_world()
        self.installations = [install(world, version, base_path)]
        """The last one answers; those before it were replaced."""
        self._hashing_slots = HashingSlots()
        self._router = Router([r for r in ROUTES if version in r.versions])

    @property
    def state(self) -> State:
        return self.installations[-1].state

    @property
    def api_key(self) -> str:
        return self.installations[-1].api_key

    @property
    def admin(self) -> Admin:
        return self.installations[-1].admin

    def time(self) -> datetime:
        return self.state.now()

    async def respond(self, request: Request) -> Reply:
        now = phase(self.state)
        if now == "refused":
            return Reply(0, cut=Cut.NOTHING)
        if now is not None:
            return await self.starting(request, now)
        try:
            reply = await self._handle(request)
        except Refusal as refusal:
            reply = refusal.reply
        reply = _cased(reply, request.header("accept"))
        reply = compressed(reply, request.header("accept-encoding"))
        return self._dressed(reply)

    async def _handle(self, request: Request) -> Reply:
        if request.wants_socket:
            caller = identify(self.state, request)
            return upgrade(self.state, request, caller)
        route, given = self._router.find(request.method, self._inside(request.path))
        caller = identify(self.state, request)
        check(self.state, request, caller, route.access)
        call = Call(self.state, request, caller)
        _bind(call, route, given)
        hashed = route.hashes(call) if route.hashes else None
        if hashed is None:
            return route.handler(call)
        async with self._hashing_slots.core() as seconds:
            call.snapshot = UserSnapshot.of(hashed)
            await asyncio.sleep(seconds)
            return route.handler(call)

    def _inside(self, path: str) -> str:
        """The path without the base path. Outside of it the server sends one inside."""
        base = self.state.base_path
        if not base:
            return path
        if path.lower() == base.lower() or path.lower().startswith(f"{base.lower()}/"):
            return path[len(base) :] or "/"
        if path == "/":
            outside = empty_error(302)
            outside.reply = outside.reply.with_headers({"Location": f"{base}/web/"})
            raise outside
        raise empty_error(404)

    def _dressed(self, reply: Reply) -> Reply:
        headers = {"Server": "Kestrel"}
        if self.state.version.tells_language:
            headers["Content-Language"] = "en-US"
        return reply.with_headers(headers)

    def path_of(self, request: Request) -> str:
        base = self.state.base_path.lower()
        inside = bool(base) and request.path.lower().startswith(f"{base}/")
        return request.path[len(base) :] if inside else request.path

    def describe(self) -> JsonObject:
        return describe(self.state, api_key=self.api_key)

    def acts(self) -> Mapping[str, Act]:
        return acts(JellyfinChanges(self.installations))

    def empty(self, request: Request) -> Reply:
        """An empty list in the wrapping that the path would have had."""
        here = self.path_of(request).rstrip("/").lower()
        wrapped = here.startswith(("/items", "/userviews", "/library/mediafolders"))
        wrapped = wrapped or here.endswith(
            ("/views", "/items", "/entries", "/keys", "/devices")
        )
        if not wrapped:
            return json_body([])
        return json_body({"Items": [], "TotalRecordCount": 0, "StartIndex": 0})

    async def starting(self, request: Request, phase: str | None) -> Reply:
        caller = identify(self.state, request)
        public = public_info(Call(self.state, request, caller))
        known = caller.is_someone
        return answer_starting(self.path_of(request), phase, public, known_key=known)


def _bind(call: Call, route: Route, given: dict[str, str]) -> None:
    """Raises 400 with all that is wrong with path, query and body at once."""
    errors: Errors = {}
    call.path, wrong = bind({k: [v] for k, v in given.items()}, route.path, ())
    errors |= wrong
    call.query, wrong = bind(_grouped(call.request.query), route.query, route.required)
    errors |= wrong
    if route.body is not None:
        found, wrong = read_body(call.request, route.body)
        errors |= wrong
        call.has_body = found is not None
        call.body = found or dict(route.body.shape.defaults)
    if errors:
        raise problem(400, _of_version(errors, call.state.version))


def _of_version(errors: Errors, version: Version) -> Errors:
    """10.10 has its enums in another namespace."""
    if version.since_10_11:
        return errors
    newer, older = "Jellyfin.Database.Implementations.E", "Jellyfin.Data.E"
    return {k: [t.replace(newer, older) for t in texts] for k, texts in errors.items()}


def _grouped(query: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in query:
        found.setdefault(name.lower(), []).append(value)
    return found


def _cased(reply: Reply, accept: str | None) -> Reply:
    """JSON in the case of the profile that was asked for, and named after it."""
    media = ("Content-Type", JSON_TYPE)
    asked = (accept or "").lower()
    wanted = [p for p in PROFILES if f'profile="{p.lower()}"' in asked]
    profile = wanted[0] if wanted else ""
    if not profile or media not in reply.headers:
        return reply
    profiled = ("Content-Type", f'application/json; profile="{profile}"; charset=utf-8')
    headers = tuple(profiled if header == media else header for header in reply.headers)
    if profile == "PascalCase":
        return replace(reply, headers=headers)
    body = json.dumps(_camel(json.loads(reply.body)), ensure_ascii=False).encode()
    return replace(reply, headers=headers, body=body)


def _camel(value: Json) -> Json:
    if isinstance(value, list):
        return [_camel(each) for each in value]
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: _camel(each) for key, each in value.items()}
    return value
