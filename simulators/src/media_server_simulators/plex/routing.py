"""Paths as written, with `{names}`; the most literal template wins."""

from collections.abc import Callable
from dataclasses import dataclass, field

from media_server_simulators.wire import Reply


@dataclass(frozen=True, slots=True)
class Route[C]:
    """`access` is who may call it: see `TvCall` and `ServerCall`."""

    method: str
    template: tuple[str, ...]
    handler: Callable[[C], Reply]
    access: str

    def match(self, parts: list[str]) -> dict[str, str] | None:
        if len(parts) != len(self.template):
            return None
        found: dict[str, str] = {}
        for want, have in zip(self.template, parts, strict=True):
            if want.startswith("{") and have:
                found[want[1:-1]] = have
            elif want != have:
                return None
        return found


@dataclass
class Routes[C]:
    """The routes of one domain; declared beside their handlers."""

    all: list[Route[C]] = field(default_factory=list[Route[C]])

    def on(
        self, method: str, template: str, access: str = "account"
    ) -> Callable[[Callable[[C], Reply]], Callable[[C], Reply]]:
        def keep(handler: Callable[[C], Reply]) -> Callable[[C], Reply]:
            parts = tuple(template.strip("/").split("/"))
            self.all.append(Route(method, parts, handler, access))
            return handler

        return keep

    def find(
        self, method: str, path: str
    ) -> tuple[Route[C] | None, dict[str, str], bool]:
        """The route, what its path names, and whether the path is known at all."""
        parts = path.strip("/").split("/")
        fitting = [
            (each, found)
            for each in self.all
            if (found := each.match(parts)) is not None
        ]
        mine = [pair for pair in fitting if pair[0].method == method]
        if not mine:
            return None, {}, bool(fitting)
        route, given = min(
            mine, key=lambda pair: [p.startswith("{") for p in pair[0].template]
        )
        return route, given, True
