"""A simulated Plex Media Server."""

from collections.abc import Mapping
from datetime import datetime

from media_server_simulators.changes import Act, acts
from media_server_simulators.control import ControlledSimulator
from media_server_simulators.plex.catalogue import Catalogue
from media_server_simulators.plex.changes import PlexChanges
from media_server_simulators.plex.errors import Refusal, page
from media_server_simulators.plex.history import routes as history
from media_server_simulators.plex.hosting import Hosting
from media_server_simulators.plex.libraries import routes as libraries
from media_server_simulators.plex.marks import routes as marks
from media_server_simulators.plex.person_acts import act, describe
from media_server_simulators.plex.rendering import container, html_body
from media_server_simulators.plex.routing import Routes
from media_server_simulators.plex.server_call import ServerCall
from media_server_simulators.plex.state import Account, PlexWorld, Section, Server
from media_server_simulators.plex.tv_call import plex_value
from media_server_simulators.plex.versions import SERVER_VERSION
from media_server_simulators.wire import JsonObject, Reply, Request

ROUTES = Routes[ServerCall]([*libraries.all, *history.all, *marks.all])


class PlexServerSimulator(ControlledSimulator):
    """One media server of a world; the first one unless another is named.

    `url` is set by whoever serves it; plex.tv lists it.
    """

    def __init__(
        self, world: PlexWorld | None = None, *, machine_identifier: str | None = None
    ) -> None:
        super().__init__()
        self.world = world or PlexWorld()
        mid = machine_identifier or next(iter(self.world.servers))
        self.hosted = [Hosting.of(self.world, self.world.servers[mid])]
        """The last one answers; those before it were replaced."""

    @property
    def server(self) -> Server:
        return self.hosted[-1].server

    @property
    def catalogue(self) -> Catalogue:
        return self.hosted[-1].catalogue

    @property
    def token(self) -> str:
        """The owner's account token: good for plex.tv and for this server."""
        return self.world.accounts[self.server.owner_id].token

    @property
    def machine_identifier(self) -> str:
        return self.server.machine_identifier

    @property
    def url(self) -> str:
        return self.server.url

    @url.setter
    def url(self, url: str) -> None:
        self.server.url = url

    def time(self) -> datetime:
        return self.world.now()

    async def respond(self, request: Request) -> Reply:
        try:
            reply = self._handle(request)
        except Refusal as refusal:
            reply = refusal.reply
        return reply.with_headers({"X-Plex-Protocol": "1.0"})

    def _handle(self, request: Request) -> Reply:
        route, given, known = ROUTES.find(request.method, request.path)
        account, visible = self._admit(request)
        if account is None and (route is None or route.access != "anyone"):
            raise page(401, "Unauthorized")
        if route is None:
            raise page(405 if known else 404, "Not Found")
        call = ServerCall(
            self.world, self.server, request, self.catalogue, account, visible, given
        )
        if route.access == "owner" and not call.is_owner:
            raise page(403, "Forbidden")
        return route.handler(call)

    def _admit(self, request: Request) -> tuple[Account | None, tuple[Section, ...]]:
        """The account of the token, if it is the owner's or has an accepted share."""
        token = plex_value(request, "token")
        account = self.world.holder(token)
        if account is not None and account.id == self.server.owner_id:
            return account, self.server.sections
        for share in self.world.shares.values():
            here = share.machine_identifier == self.server.machine_identifier
            if not here or not share.is_live:
                continue
            mine = account is not None and share.invited_id == account.id
            if mine or share.access_token == token:
                guest = self.world.accounts.get(share.invited_id or 0)
                return guest, tuple(self.server.chosen(share.section_ids))
        return None, ()

    async def control(self, request: Request) -> Reply | None:
        return act(self.world, request) or await super().control(request)

    def acts(self) -> Mapping[str, Act]:
        return acts(PlexChanges(self.world, self.hosted))

    def describe(self) -> JsonObject:
        return describe(self.world)

    def empty(self, request: Request) -> Reply:
        return container(request, {"size": 0, "totalSize": 0})

    async def starting(self, request: Request, phase: str | None) -> Reply:  # noqa: ARG002
        """503 while its database is opened or migrated."""
        reply = html_body(503, "Maintenance")
        return reply.with_headers({"X-Plex-Version": SERVER_VERSION})
