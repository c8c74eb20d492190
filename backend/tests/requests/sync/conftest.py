"""The running program, with a Jellyfin and a Seerr over the same people and titles."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.server import serve
from tests.simulated import (
    QUICK,
    SimulatedSeerr,
    browsing,
    impatient,
    playing_seerr,
)

from zondarr.config import Settings
from zondarr.core.database import Database

SEERR = "/integrations/seerr"
REQUESTS, USERS = 60, 12


@dataclass
class Desk:
    """Whoever asks the program, and the servers it reads."""

    browser: httpx2.AsyncClient
    seerr: SimulatedSeerr
    jellyfin: JellyfinSimulator
    jellyfin_url: str

    async def get(self, path: str = "", **params: Any) -> Any:
        answer = await self.browser.get(f"/api/v1{SEERR}{path}", params=params)
        assert answer.is_success, answer.text
        return answer.json()

    async def ask(
        self, method: str, path: str = "", status: int = 200, **body: Any
    ) -> Any:
        """The answer, which has this status."""
        url = f"/api/v1{path}" if path.startswith("/") else f"/api/v1{SEERR}"
        answer = await self.browser.request(method, url, json=body or None)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def connect(self) -> Any:
        seerr = self.seerr
        return await self.ask("PUT", url=seerr.url, api_key=seerr.api_key)

    async def add_jellyfin(self) -> None:
        """Add it, with its accounts as people."""
        await self.ask(
            "POST",
            "/servers",
            201,
            name="Jellyfin",
            url=self.jellyfin_url,
            api_key=self.jellyfin.api_key,
        )

    async def sync(self, **query: Any) -> Any:
        """Sync, and give the run when it has ended."""
        answer = await self.browser.post(f"/api/v1{SEERR}/sync", params=query)
        assert answer.status_code == 202, answer.text
        return await self.ended(answer.json()["run_id"])

    async def ended(self, run_id: str) -> Any:
        async with asyncio.timeout(300):
            while True:
                answer = await self.browser.get(f"/api/v1/runs/{run_id}")
                if answer.json()["status"] not in {"queued", "running"}:
                    return answer.json()
                await asyncio.sleep(0.05)

    async def synced(self, **query: Any) -> Any:
        """Sync with success; gives the connection afterwards."""
        run = await self.sync(**query)
        assert run["status"] == "succeeded", run
        return await self.get()

    async def users(self, **params: Any) -> dict[str, Any]:
        page = await self.get("/users", limit=200, **params)
        return {each["name"]: each for each in page["items"]}

    async def act(self, name: str, /, **order: Any) -> Any:
        """Something happens in Seerr."""
        async with httpx2.AsyncClient() as http:
            url = f"{self.seerr.url}/_simulator/{name}"
            answer = await http.post(url, json=order)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def asked(self) -> list[str]:
        """What Seerr was asked since this was looked at last."""
        journal = self.seerr.simulator.journal
        paths = [each.request.path.partition("/api/v1")[2] for each in journal.entries]
        journal.clear()
        return paths

    def fail(self, kind: FaultKind, prefix: str = "/api", **more: Any) -> None:
        """From now on, until the faults are removed."""
        self.seerr.simulator.faults.add(Fault(prefix, kind, endless=True, **more))

    def mend(self) -> None:
        self.seerr.simulator.faults.remove()


@asynccontextmanager
async def open_desk(
    settings: Settings, database: Database, *, requests: int, users: int
) -> AsyncGenerator[Desk]:
    jellyfin = impatient(JellyfinSimulator())
    async with (
        serve(jellyfin) as jellyfin_url,
        playing_seerr(requests=requests, users=users) as seerr,
        browsing(settings, database, QUICK) as browser,
    ):
        yield Desk(browser, seerr, jellyfin, jellyfin_url)


@pytest.fixture
async def desk(settings: Settings, database: Database) -> AsyncGenerator[Desk]:
    async with open_desk(settings, database, requests=REQUESTS, users=USERS) as desk:
        yield desk
