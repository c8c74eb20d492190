"""Paths without case, as the framework matches them: the most literal template wins."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from media_server_simulators.jellyfin.http.binding import Body, Kind
from media_server_simulators.jellyfin.http.errors import empty_error
from media_server_simulators.jellyfin.versions import Version
from media_server_simulators.wire import Reply

if TYPE_CHECKING:
    from media_server_simulators.jellyfin.http.call import Call
    from media_server_simulators.jellyfin.state import User

type Handler = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """`versions` have the route; `access` names a rule of `access.py`.

    `hashes` finds the user for whom a password is hashed, which takes a while.
    """

    method: str
    template: tuple[str, ...]
    handler: Handler
    access: str
    query: Mapping[str, Kind]
    required: Sequence[str]
    body: Body | None
    path: Mapping[str, Kind]
    versions: frozenset[Version]
    hashes: Callable[[Call], User | None] | None

    def match(self, segments: Sequence[str]) -> dict[str, str] | None:
        if len(segments) != len(self.template):
            return None
        found: dict[str, str] = {}
        for want, have in zip(self.template, segments, strict=True):
            if want.startswith("{"):
                if not have:
                    return None
                found[want[1:-1]] = have
            elif want != have.lower():
                return None
        return found

    @property
    def rank(self) -> tuple[bool, ...]:
        return tuple(part.startswith("{") for part in self.template)


@dataclass
class Routes:
    """The routes of one domain; declared beside their handlers."""

    all: list[Route] = field(default_factory=list)

    def on(  # noqa: PLR0913  # one argument for each thing a route declares
        self,
        method: str,
        template: str,
        *,
        access: str = "default",
        query: Mapping[str, Kind] | None = None,
        required: Sequence[str] = (),
        body: Body | None = None,
        path: Mapping[str, Kind] | None = None,
        versions: Sequence[Version] = tuple(Version),
        hashes: Callable[[Call], User | None] | None = None,
    ) -> Callable[[Handler], Handler]:
        def keep(handler: Handler) -> Handler:
            parts = tuple(
                part if part.startswith("{") else part.lower()
                for part in template.strip("/").split("/")
            )
            self.all.append(
                Route(
                    method,
                    parts,
                    handler,
                    access,
                    query or {},
                    required,
                    body,
                    path or {},
                    frozenset(versions),
                    hashes,
                )
            )
            return handler

        return keep


@dataclass
class Router:
    routes: list[Route]

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """Raises 404 for an unknown path, 405 with Allow for another method."""
        segments = path.removeprefix("/").removesuffix("/").split("/")
        fitting = [
            (r, found) for r in self.routes if (found := r.match(segments)) is not None
        ]
        if not fitting:
            raise empty_error(404)
        wanted = [(r, found) for r, found in fitting if r.method == method]
        if not wanted:
            refusal = empty_error(405)
            allowed = ", ".join(sorted({r.method for r, _ in fitting}))
            refusal.reply = refusal.reply.with_headers({"Allow": allowed})
            raise refusal
        return min(wanted, key=lambda pair: pair[0].rank)
