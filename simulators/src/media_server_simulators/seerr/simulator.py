"""A simulated Seerr, Jellyseerr or Overseerr."""

import inspect
from collections.abc import Mapping
from enum import Enum
from urllib.parse import urlsplit

from media_server_simulators.changes import Act
from media_server_simulators.control import ControlledSimulator
from media_server_simulators.generator import make_world
from media_server_simulators.plex.state import PlexWorld, account_id_of
from media_server_simulators.seerr.access import admit, demand_key, identify
from media_server_simulators.seerr.auth import routes as auth_routes
from media_server_simulators.seerr.blocklist import routes as blocklist_routes
from media_server_simulators.seerr.call import Call
from media_server_simulators.seerr.changes import acts
from media_server_simulators.seerr.errors import Refusal, json_body
from media_server_simulators.seerr.furnishing import Crowd, furnish, set_up
from media_server_simulators.seerr.library import routes as library_routes
from media_server_simulators.seerr.profiles import Profile
from media_server_simulators.seerr.requests import routes as requests_routes
from media_server_simulators.seerr.routing import BASE, Route, Router
from media_server_simulators.seerr.settings import defaults
from media_server_simulators.seerr.settings import routes as settings_routes
from media_server_simulators.seerr.state import JellyfinSettings, PlexPerson, State
from media_server_simulators.seerr.state_report import describe
from media_server_simulators.seerr.title_book import TitleBook
from media_server_simulators.seerr.titles import routes as titles_routes
from media_server_simulators.seerr.users import routes as users_routes
from media_server_simulators.seerr.validation import (
    check_body,
    check_fields,
    read_json,
    refuse,
)
from media_server_simulators.wire import Cut, JsonObject, Reply, Request
from media_server_simulators.world import World

PAGE = ("Content-Type", "text/html; charset=utf-8")
WEB_PAGE = b"<!DOCTYPE html><html><head><title>Seerr</title></head><body></body></html>"
BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head></html>"
BUILT_FROM_SOURCE = "develop-local"


class Start(Enum):
    """What a Seerr is when it starts."""

    IN_USE = "in use"
    UNCLAIMED = "unclaimed"
    FRESH = "fresh"


class SeerrSimulator(ControlledSimulator):
    """One Seerr in memory, over the titles and people of the worlds it is given.

    It has `crowd` users and requests from the start. A `Start.FRESH` one is not set up:
    whoever signs in first becomes its owner, and so does the world's administrator
    when `api_key` is used before. A `Start.UNCLAIMED` one is set up, and can be set up
    anew because nobody has signed in. `base_path` is like `/seerr`, or empty.
    """

    def __init__(
        self,
        *worlds: World,
        profile: Profile | str = Profile.SEERR,
        base_path: str = "",
        crowd: Crowd | None = None,
        start: Start = Start.IN_USE,
    ) -> None:
        super().__init__()
        profile = Profile(profile)
        self.worlds = worlds or (make_world(),)
        self.base_path = base_path.rstrip("/")
        self.state = State(profile, TitleBook(*self.worlds))
        self.state.main = defaults(profile)
        self._router = Router(routes(profile))
        first = self.worlds[0]
        self.state.people = (first.administrator, *first.people)
        self.state.plex_people = lambda: _plex_people(self.worlds)
        self.jellyfin = JellyfinSettings()
        if start is not Start.IN_USE:
            self.state.version = BUILT_FROM_SOURCE
        if start is not Start.FRESH:
            furnish(self.state, self.worlds, crowd or Crowd())
            self.state.unclaimed = start is Start.UNCLAIMED

    @property
    def api_key(self) -> str:
        return self.state.api_key

    def connect(self, url: str, api_key: str) -> None:
        """Ask the Jellyfin at this address for people, passwords and titles."""
        place, world = urlsplit(url), self.worlds[0]
        self.jellyfin = JellyfinSettings(
            name=world.server_name,
            ip=place.hostname or "",
            port=place.port or 8096,
            use_ssl=place.scheme == "https",
            url_base=place.path.rstrip("/"),
            server_id=world.server_id,
            api_key=api_key,
        )
        if self.state.initialized:
            self.state.jellyfin = self.jellyfin

    def connect_plex(self, plex: PlexWorld) -> None:
        """Import people from this plex.tv: those who accepted a share."""
        self.state.plex_people = lambda: _sharing(plex)

    async def respond(self, request: Request) -> Reply:
        if request.header("x-api-key") == self.api_key and not self.state.users:
            set_up(self.state, self.worlds[0])
            self.state.jellyfin = self.jellyfin
        try:
            return await self._handle(request)
        except Refusal as refusal:
            return refusal.reply

    async def _handle(self, request: Request) -> Reply:
        path = self.path_of(request)
        outside = self.base_path and path == request.path
        if outside or not path.startswith(f"{BASE}/"):
            return Reply(404 if outside else 200, WEB_PAGE, (PAGE,))
        route, given = self._router.find(request.method, path)
        demand_key(request, route)
        call = _read(self.state, request, route, given)
        admit(call.user, route)
        reply = route.handler(call)
        return await reply if inspect.isawaitable(reply) else reply

    def path_of(self, request: Request) -> str:
        base = self.base_path
        inside = bool(base) and request.path.startswith(f"{base}/")
        return request.path[len(base) :] if inside else request.path

    def describe(self) -> JsonObject:
        return describe(self.state)

    def acts(self) -> Mapping[str, Act]:
        if not self.state.users:
            set_up(self.state, self.worlds[0])
            self.state.jellyfin = self.jellyfin
        return acts(self.state)

    def empty(self, request: Request) -> Reply:  # noqa: ARG002
        page: JsonObject = {"pages": 0, "pageSize": 10, "results": 0, "page": 1}
        return json_body({"pageInfo": page, "results": []})

    async def starting(self, request: Request, phase: str | None) -> Reply:  # noqa: ARG002
        """Refused until it is ready. `proxy`: the answer of what stands before it."""
        if phase == "proxy":
            return Reply(502, BAD_GATEWAY, (PAGE,))
        return Reply(0, cut=Cut.NOTHING)


def routes(profile: Profile) -> list[Route]:
    return [
        *settings_routes(profile),
        *auth_routes(profile),
        *users_routes(profile),
        *requests_routes(profile),
        *library_routes(profile),
        *blocklist_routes(profile),
        *titles_routes(),
    ]


def _read(state: State, request: Request, route: Route, given: dict[str, str]) -> Call:
    """Raises 400 with all that is wrong with path, query and body."""
    call = Call(state, request, identify(state, request))
    call.path, faults = check_fields(given, route.path, "params")
    call.path = {**given, **call.path}
    call.query, wrong = check_fields(dict(request.query), route.query, "query")
    faults += wrong
    if request.method in {"POST", "PUT"}:
        call.body = read_json(request)
        faults += check_body(call.body, route.body) if route.body else []
    refuse(faults)
    return call


def _sharing(plex: PlexWorld) -> list[PlexPerson]:
    ids = {share.invited_id for share in plex.shares.values() if share.is_live}
    return [
        PlexPerson(each.id, each.username, each.email)
        for each in plex.accounts.values()
        if each.id in ids and each.email  # others cannot sign in by themselves
    ]


def _plex_people(worlds: tuple[World, ...]) -> list[PlexPerson]:
    people = {each.id: each for world in worlds for each in world.people}
    return [
        PlexPerson(account_id_of(each), plex_name(each.name), plex_email(each.name))
        for each in people.values()
    ]


def plex_name(name: str) -> str:
    return name.replace(" ", "")


def plex_email(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@example.org"
