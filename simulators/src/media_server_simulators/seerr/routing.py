"""Which handler answers a path, who may ask, and what the validator demands."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from media_server_simulators.seerr.call import Call
from media_server_simulators.seerr.errors import about_path
from media_server_simulators.seerr.validation import Body, Rule
from media_server_simulators.seerr.values import Permission
from media_server_simulators.wire import Reply

BASE = "/api/v1"

type Handler = Callable[[Call], Reply | Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Route:
    """`rights`: the caller needs one of them. `public`: nobody has to sign in."""

    method: str
    template: str
    handler: Handler
    public: bool = False
    rights: tuple[Permission, ...] = ()
    path: Mapping[str, Rule] = field(default_factory=dict[str, Rule])
    query: Mapping[str, Rule] = field(default_factory=dict[str, Rule])
    body: Body | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.template.strip("/").split("/"))


class Router:
    """Literal segments go before those that are filled in."""

    def __init__(self, routes: Iterable[Route]) -> None:
        rows = [(route.parts, route) for route in routes]
        self._rows = sorted(rows, key=lambda row: [p.startswith("{") for p in row[0]])

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """Raises 404 for an unknown path and 405 for a method that it lacks."""
        here = path.removeprefix(BASE)
        parts = tuple(part for part in here.split("/") if part)
        known = False
        for template, route in self._rows:
            given = _match(template, parts)
            if given is None:
                continue
            if route.method == method:
                return route, given
            known = True
        if known:
            raise about_path(405, f"{method} method not allowed", path)
        raise about_path(404, "not found", path)


def _match(template: tuple[str, ...], parts: tuple[str, ...]) -> dict[str, str] | None:
    if len(template) != len(parts):
        return None
    given: dict[str, str] = {}
    for wanted, part in zip(template, parts, strict=True):
        if wanted.startswith("{"):
            given[wanted[1:-1]] = part
        elif wanted != part:
            return None
    return given
