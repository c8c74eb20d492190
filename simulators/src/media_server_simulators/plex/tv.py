"""A simulated plex.tv; the same application answers for clients.plex.tv."""

from collections.abc import Mapping
from datetime import datetime

from media_server_simulators.changes import Act
from media_server_simulators.clock import Clock, set_clock
from media_server_simulators.control import ControlledSimulator
from media_server_simulators.plex.accounts import routes as accounts
from media_server_simulators.plex.errors import Refusal, refused
from media_server_simulators.plex.friends import routes as people
from media_server_simulators.plex.home import routes as home
from media_server_simulators.plex.person_acts import act, describe
from media_server_simulators.plex.pins import routes as pins
from media_server_simulators.plex.removed_routes import routes as gone
from media_server_simulators.plex.rendering import element as xml
from media_server_simulators.plex.rendering import json_body, wants_json, xml_body
from media_server_simulators.plex.routing import Routes
from media_server_simulators.plex.shared_v1 import routes as shared_v1
from media_server_simulators.plex.shared_v2 import routes as shared_v2
from media_server_simulators.plex.signin_page import routes as signin_page
from media_server_simulators.plex.state import Account, PlexWorld
from media_server_simulators.plex.throttle import Throttle
from media_server_simulators.plex.tv_call import TvCall, plex_value, unauthenticated
from media_server_simulators.wire import JsonObject, Reply, Request

DOMAINS = (pins, accounts, shared_v2, shared_v1, people, home, signin_page, gone)
ROUTES = Routes[TvCall]([each for domain in DOMAINS for each in domain.all])
TOKEN = 20


class PlexTvSimulator(ControlledSimulator):
    """plex.tv over a world. `throttle` None sets no limit.

    `owner_token` is the account token of who owns the world's servers.
    """

    def __init__(
        self, world: PlexWorld | None = None, *, throttle: Throttle | None = None
    ) -> None:
        super().__init__()
        self.world = world or PlexWorld()
        self.throttle = throttle

    @property
    def owner_token(self) -> str:
        return self.world.owner.token

    def time(self) -> datetime:
        return self.world.now()

    async def respond(self, request: Request) -> Reply:
        try:
            return self._handle(request)
        except Refusal as refusal:
            return refusal.reply

    def _handle(self, request: Request) -> Reply:
        self._slow_down(request)
        route, given, known = ROUTES.find(request.method, request.path)
        if route is None:
            raise refused(request, 405 if known else 404, 1002, "Not found")
        account = None
        if route.access == "account":
            account = _account(self.world, request)
        return route.handler(TvCall(self.world, request, account, given))

    def _slow_down(self, request: Request) -> None:
        if self.throttle is None:
            return
        who = plex_value(request, "client-identifier") or request.client
        wait = self.throttle.wait(who)
        if wait is not None:
            refusal = refused(request, 429, 1003, "Too many requests")
            refusal.reply = refusal.reply.with_headers({"Retry-After": str(wait)})
            raise refusal

    async def control(self, request: Request) -> Reply | None:
        return act(self.world, request) or await super().control(request)

    def acts(self) -> Mapping[str, Act]:
        return {"clock": lambda order: set_clock(order, self.world.now, self._use)}

    def _use(self, clock: Clock) -> None:
        self.world.now = clock

    def describe(self) -> JsonObject:
        return describe(self.world)

    def empty(self, request: Request) -> Reply:
        old = not request.path.startswith("/api/v2/")
        if old or not wants_json(request):
            return xml_body(xml("MediaContainer", {"size": 0}))
        return json_body([])


def _account(world: PlexWorld, request: Request) -> Account:
    """Who the token belongs to; what cannot be a token at all is a 422."""
    token = plex_value(request, "token")
    found = world.holder(token)
    if found is not None:
        return found
    if token and len(token) != TOKEN:
        raise refused(request, 422, 1001, "Invalid token")
    raise unauthenticated(request)
