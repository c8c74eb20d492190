"""One request on its way through a handler."""

from dataclasses import dataclass, field

from media_server_simulators.seerr.errors import forbidden
from media_server_simulators.seerr.state import State, User
from media_server_simulators.seerr.values import Permission
from media_server_simulators.wire import Json, JsonObject, Request


@dataclass(slots=True)
class Call:
    """`user` is who asks; None on the few paths that everybody may ask."""

    state: State
    request: Request
    user: User | None
    path: dict[str, Json] = field(default_factory=dict[str, Json])
    query: dict[str, Json] = field(default_factory=dict[str, Json])
    body: JsonObject = field(default_factory=dict[str, Json])

    @property
    def caller(self) -> User:
        if self.user is None:
            raise forbidden()
        return self.user

    def may(self, *any_of: Permission) -> bool:
        return self.user is not None and self.user.may(*any_of)

    def number(self, name: str) -> int | None:
        """A number of the path. None for what cannot be an id."""
        value = self.path.get(name)
        if isinstance(value, str):
            return int(value) if value.isdecimal() else None
        return value if isinstance(value, int) else None

    def text(self, name: str) -> str | None:
        value = self.query.get(name)
        return value if isinstance(value, str) else None
