"""One call of a handler: the caller, the parsed values, and the server."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from media_server_simulators.jellyfin.http.authorization import Caller
from media_server_simulators.jellyfin.http.binding import Value
from media_server_simulators.jellyfin.http.errors import (
    bad_argument,
    empty_error,
    exception_error,
    json_body,
    not_found,
    text_error,
)
from media_server_simulators.jellyfin.state import State, User, UserSnapshot
from media_server_simulators.jellyfin.values import NOBODY
from media_server_simulators.wire import Json, JsonObject, Reply, Request


@dataclass
class Call:
    state: State
    request: Request
    caller: Caller
    path: dict[str, Value] = field(default_factory=dict)
    query: dict[str, Value] = field(default_factory=dict)
    body: JsonObject = field(default_factory=dict)
    has_body: bool = False
    snapshot: UserSnapshot | None = None  # from before a password was hashed

    def guid(self, name: str) -> str | None:
        value = self.path.get(name, self.query.get(name))
        return value if isinstance(value, str) else None

    def text(self, name: str) -> str | None:
        value = self.path.get(name, self.query.get(name))
        return value if isinstance(value, str) else None

    def flag(self, name: str) -> bool | None:
        value = self.query.get(name)
        return value if isinstance(value, bool) else None

    def number(self, name: str) -> int | None:
        value = self.query.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def date(self, name: str) -> datetime | None:
        value = self.query.get(name)
        return value if isinstance(value, datetime) else None

    def words(self, name: str) -> list[str]:
        value = self.query.get(name)
        return value if isinstance(value, list) else []

    def whole_body(self) -> JsonObject:
        """The body as it came, for routes whose shape is not modelled."""
        value: Json = json.loads(self.request.body)
        return value if isinstance(value, dict) else {}

    def user(self, id: str | None, *, sentence: str | None = None) -> User:
        """The user of this id. An empty id is an argument that the server throws at."""
        if not id or id == NOBODY:
            raise bad_argument()
        user = self.state.users.get(id)
        if user is None:
            raise text_error(404, sentence) if sentence else not_found()
        return user

    def own_or(self, id: str | None) -> str | None:
        """The id that was given, the caller's own if there was none."""
        return (
            id
            if id is not None
            else (self.caller.user.id if self.caller.user else None)
        )

    def named_user(self, name: str = "userId") -> User | None:
        """The user of `?userId=`: the caller, for an administrator anyone, or None.

        Raises 403 for another's id and 404 for an unknown one.
        """
        asked = self.guid(name)
        own = self.caller.user
        if asked in {None, NOBODY}:
            return own
        if not self.caller.is_admin and (own is None or own.id != asked):
            raise exception_error(403)
        found = self.state.users.get(asked or "")
        if found is None:
            raise exception_error(404)
        return found

    def json(self, value: Json, status: int = 200) -> Reply:
        return json_body(value, status)


def nothing() -> Reply:
    return empty_error(204).reply
