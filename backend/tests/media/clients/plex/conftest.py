"""A simulated plex.tv and one media server of its world, over real TCP."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import msgspec
import pytest
from media_server_simulators.plex import PlexServerSimulator, PlexTvSimulator, PlexWorld
from media_server_simulators.plex.state import Share
from media_server_simulators.server import serve
from tests.media.servers import connection

from zondarr.media.clients.plex.client import PlexClient
from zondarr.media.connections import ClientOptions, HostStates


def quick(tv_url: str, **more: object) -> ClientOptions:
    options = {
        "retry_pause": 0.001,
        "settle_pause": 0,
        "connect_timeout": 5,
        "read_timeout": 5,
        "slow_timeout": 5,
        "plex_rate": 10_000.0,
        "circuit_pause": 0.01,
        "plex_tv_url": tv_url,
        "plex_clients_url": tv_url,
    }
    return ClientOptions(**(options | more))  # pyright: ignore[reportArgumentType]


class Plex:
    """What a test plays with: the world, and a client of its owner's server."""

    def __init__(
        self,
        tv: PlexTvSimulator,
        server: PlexServerSimulator,
        states: HostStates,
    ) -> None:
        self.tv = tv
        self.world = tv.world
        self.server = server
        self.states = states
        self.client = self.client_with(tv.owner_token)

    def client_with(self, token: str, states: HostStates | None = None) -> PlexClient:
        """As of a server that is stored: it is known by its own name for itself."""
        return PlexClient(
            msgspec.structs.replace(
                connection(self.server.url, token, "plex"),
                machine_id=self.server.machine_identifier,
            ),
            states or self.states,
        )

    @property
    def keys(self) -> list[str]:
        return [each.key for each in self.server.server.sections]

    def accept(self, share: Share) -> None:
        """As the guest does in their Plex account."""
        share.accepted_at = self.world.now()
        if share.invited_id is not None:
            self.world.friends[frozenset((share.owner_id, share.invited_id))] = True

    def changes(self) -> list[tuple[str, str]]:
        """What plex.tv was asked to change, in order."""
        asked = [each.request for each in self.tv.journal.entries]
        return [(each.method, each.path) for each in asked if each.method != "GET"]

    def bodies(self, path: str) -> list[dict[str, object]]:
        """What was posted there."""
        asked = [each.request for each in self.tv.journal.entries]
        return [
            json.loads(each.body)
            for each in asked
            if each.method == "POST" and each.path == path
        ]


@asynccontextmanager
async def playing() -> AsyncGenerator[Plex]:
    world = PlexWorld()
    tv, server = PlexTvSimulator(world), PlexServerSimulator(world)
    async with serve(tv) as tv_url, serve(server) as url:
        server.url = url
        plex = Plex(tv, server, HostStates(quick(tv_url)))
        async with plex.client:
            yield plex


@pytest.fixture
async def plex() -> AsyncGenerator[Plex]:
    async with playing() as plex:
        yield plex
