"""One call of a handler of plex.tv: the caller, the world, and the parameters."""

import json
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from media_server_simulators.plex.errors import Refusal, refused
from media_server_simulators.plex.numbers import whole
from media_server_simulators.plex.rendering import json_body, tree, wants_json, xml_body
from media_server_simulators.plex.state import Account, PlexWorld, Server
from media_server_simulators.wire import Json, JsonObject, Reply, Request


@dataclass
class TvCall:
    world: PlexWorld
    request: Request
    account: Account | None
    path: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def caller(self) -> Account:
        """The account that calls; only for routes that need one."""
        if self.account is None:
            raise unauthenticated(self.request)
        return self.account

    @property
    def client(self) -> str | None:
        return self.plex("client-identifier")

    def plex(self, name: str) -> str | None:
        """A value that a client sends as a header or in the query."""
        return plex_value(self.request, name)

    def query(self, name: str) -> str | None:
        """From the query, or from a form in the body."""
        pairs = (*self.request.query, *self._form())
        return next((value for key, value in pairs if key == name), None)

    def words(self) -> JsonObject:
        return dict[str, Json](self.request.query) | dict[str, Json](self._form())

    def body(self) -> JsonObject:
        """The JSON body; anything else is refused with 400."""
        try:
            value: Json = json.loads(self.request.body or b"{}")
        except ValueError as error:
            raise self.refused(400, 1000, "The body is not JSON") from error
        if not isinstance(value, dict):
            raise self.refused(400, 1000, "The body is not a JSON object")
        return value

    def number(self, name: str) -> int:
        """A number of the path; 404 for anything else."""
        found = whole(self.path[name])
        if found is None:
            raise self.refused(404, 1002, "Not found")
        return found

    def own_server(self) -> Server:
        """The server of the path, if the caller owns it."""
        return self.owned(self.path["mid"])

    def owned(self, machine_identifier: Json) -> Server:
        server = self.world.servers.get(str(machine_identifier))
        if server is None or server.owner_id != self.caller.id:
            raise self.refused(404, 1002, "Server not found")
        return server

    def answer(self, tag: str, value: Json, status: int = 200) -> Reply:
        """A v2 answer in the form that was asked for."""
        if wants_json(self.request):
            return json_body(value, status)
        return xml_body(tree(tag, value), status)

    def refused(self, status: int, code: int, message: str) -> Refusal:
        return refused(self.request, status, code, message)

    def _form(self) -> list[tuple[str, str]]:
        kind = self.request.header("content-type") or ""
        if "form-urlencoded" not in kind:
            return []
        return parse_qsl(self.request.body.decode(errors="replace"))


def plex_value(request: Request, name: str) -> str | None:
    wanted = f"x-plex-{name}"
    found = request.header(wanted)
    if found is not None:
        return found
    return next((v for k, v in request.query if k.lower() == wanted), None)


def unauthenticated(request: Request) -> Refusal:
    return refused(request, 401, 1001, "User could not be authenticated")
