"""The running program, with a Jellyfin and a Plex that share a small world."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from media_server_simulators.control import ControlledSimulator
from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.plex import PlexServerSimulator, PlexTvSimulator, PlexWorld
from media_server_simulators.server import serve
from tests.simulated import SimulatedPlex, browsing, impatient

from zondarr.config import Settings
from zondarr.core.database import Database

ITEMS = 30


@dataclass
class Cinema:
    """Whoever asks the program, and the servers it reads."""

    browser: httpx2.AsyncClient
    jellyfin: JellyfinSimulator
    jellyfin_url: str
    plex: SimulatedPlex
    servers: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.browser.get(f"/api/v1{path}", params=params)
        assert answer.is_success, answer.text
        return answer.json()

    async def post(self, path: str, **body: Any) -> Any:
        answer = await self.browser.post(f"/api/v1{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    async def add(self, kind: str) -> str:
        """Add the server of this kind; gives its id."""
        keys = {
            "jellyfin": (self.jellyfin_url, self.jellyfin.api_key),
            "plex": (self.plex.url, self.plex.token),
        }
        url, key = keys[kind]
        made = await self.post(
            "/servers", name=kind.title(), server_type=kind, url=url, api_key=key
        )
        self.servers[kind] = made["id"]
        return made["id"]

    async def sync(self, **body: Any) -> Any:
        """Sync, and give the run when it has ended."""
        started = await self.post("/catalogue/sync", **body)
        return await self.ended(started["run_id"])

    async def ended(self, run_id: str) -> Any:
        async with asyncio.timeout(600):
            while True:
                run = await self.get(f"/runs/{run_id}")
                if run["status"] not in {"queued", "running"}:
                    return run
                await asyncio.sleep(0.1)

    async def titles(self, **params: Any) -> dict[str, Any]:
        """All titles, by name."""
        page = await self.get("/titles", limit=200, **params)
        assert page["next_cursor"] is None
        return {each["name"]: each for each in page["items"]}

    async def act(self, kind: str, name: str, /, **order: Any) -> Any:
        """Something happens to the server of this kind."""
        url = self.jellyfin_url if kind == "jellyfin" else self.plex.url
        async with httpx2.AsyncClient() as http:
            answer = await http.post(f"{url}/_simulator/{name}", json=order)
            assert answer.status_code == 200, answer.text
            return answer.json()

    def asked(self, simulator: ControlledSimulator) -> list[str]:
        return [each.request.path for each in simulator.journal.entries]


@pytest.fixture
async def cinema(settings: Settings, database: Database) -> AsyncGenerator[Cinema]:
    world = make_world(items=ITEMS, people=1)
    jellyfin = impatient(JellyfinSimulator(world))
    plex_world = PlexWorld(make_world(items=ITEMS, people=1))
    tv = impatient(PlexTvSimulator(plex_world))
    pms = impatient(PlexServerSimulator(plex_world))
    async with serve(jellyfin) as jellyfin_url, serve(tv) as tv_url, serve(pms) as url:
        pms.url = url
        plex = SimulatedPlex(tv, pms, tv_url, url)
        async with browsing(settings, database, plex.options) as browser:
            yield Cinema(browser, jellyfin, jellyfin_url, plex)
