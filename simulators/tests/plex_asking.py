"""Asking a simulated plex.tv and media server in process, as anybody."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from media_server_simulators.plex import (
    PlexServerSimulator,
    PlexTvSimulator,
    PlexWorld,
    Throttle,
)
from media_server_simulators.plex.state import Account
from media_server_simulators.wire import Json, JsonObject

SHARED = "/api/v2/shared_servers"


@dataclass
class Plex:
    """`as_xml` asks without `Accept: application/json`."""

    world: PlexWorld
    tv: PlexTvSimulator
    server: PlexServerSimulator
    tv_client: httpx2.AsyncClient
    server_client: httpx2.AsyncClient

    @property
    def mid(self) -> str:
        return self.server.machine_identifier

    @property
    def sections(self) -> list[int]:
        return [each.id for each in self.server.server.sections]

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        client: str = "the-client",
        as_xml: bool = False,
    ) -> httpx2.Response:
        return await self.tv_client.request(
            method,
            path,
            json=body,
            headers=self._headers(token, client, as_xml=as_xml),
        )

    async def get(self, path: str, *, token: str | None = None) -> Any:
        answer = await self.ask("GET", path, token=token)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def rows(
        self, path: str, *, token: str | None = None
    ) -> list[dict[str, Any]]:
        result: list[dict[str, Any]] = await self.get(path, token=token)
        return result

    async def from_server(
        self, path: str, *, token: str | None = None, **headers: str
    ) -> httpx2.Response:
        result = self._headers(token, "the-client") | headers
        return await self.server_client.get(path, headers=result)

    async def share(self, *, sections: list[int], **who: Json) -> httpx2.Response:
        body: JsonObject = {
            "machineIdentifier": self.mid,
            "librarySectionIds": list[Json](sections),
        }
        return await self.ask("POST", SHARED, body | who)

    async def shared_with(self, account: Account, sections: list[int]) -> int:
        """An accepted share; its id."""
        made = await self.share(sections=sections, invitedId=account.id)
        assert made.status_code == 201, made.text
        number: int = made.json()["id"]
        path = f"{SHARED}/{number}/accept"
        accepted = await self.ask("POST", path, token=account.token)
        assert accepted.status_code == 200, accepted.text
        return number

    def _headers(
        self, token: str | None, client: str, *, as_xml: bool = False
    ) -> dict[str, str]:
        result = {"X-Plex-Client-Identifier": client}
        result["X-Plex-Token"] = self.world.owner.token if token is None else token
        result["Accept"] = "*/*" if as_xml else "application/json"
        return result


@asynccontextmanager
async def plex(
    world: PlexWorld | None = None, throttle: Throttle | None = None
) -> AsyncGenerator[Plex]:
    world = world or PlexWorld()
    tv, server = PlexTvSimulator(world, throttle=throttle), PlexServerSimulator(world)
    async with (
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(tv.app), base_url="http://plex.tv"
        ) as tv_client,
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(server.app), base_url="http://pms"
        ) as server_client,
    ):
        yield Plex(world, tv, server, tv_client, server_client)
