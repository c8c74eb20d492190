"""Asking a simulated Jellyfin over TCP, as an administrator by default."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2

from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.server import serve
from media_server_simulators.wire import Json, JsonObject

PASSWORD = "Guest-Passw0rd"

type Hook = Callable[[httpx2.Response], Awaitable[None]]
type Param = str | int | bool


def header(device: str, token: str = "") -> str:
    credential = f'Token="{token}", ' if token else ""
    who = f'Client="test", Device="{device}", DeviceId="{device}", Version="1"'
    return f"MediaBrowser {credential}{who}"


@dataclass
class Asker:
    client: httpx2.AsyncClient
    key: str

    async def ask(
        self,
        method: str,
        path: str,
        body: Json = None,
        *,
        auth: str | None = None,
        **query: Param,
    ) -> httpx2.Response:
        return await self.client.request(
            method,
            path,
            headers={"Authorization": auth or f'MediaBrowser Token="{self.key}"'},
            params={name: str(value) for name, value in query.items()},
            json=body,
        )

    async def get(
        self, path: str, *, auth: str | None = None, **query: Param
    ) -> httpx2.Response:
        return await self.ask("GET", path, auth=auth, **query)

    async def post(
        self,
        path: str,
        body: Json = None,
        *,
        auth: str | None = None,
        device: str = "",
        **query: Param,
    ) -> httpx2.Response:
        auth = header(device) if device else auth
        return await self.ask("POST", path, body, auth=auth, **query)

    async def delete(
        self, path: str, *, auth: str | None = None, **query: Param
    ) -> httpx2.Response:
        return await self.ask("DELETE", path, auth=auth, **query)

    async def user(self, name: str, **policy: Json) -> str:
        """A new user's id, with these keys of the policy changed."""
        made = await self.post("/Users/New", {"Name": name, "Password": PASSWORD})
        id_: str = made.json()["Id"]
        if policy:
            whole: JsonObject = made.json()["Policy"] | policy
            changed = await self.post(f"/Users/{id_}/Policy", whole)
            assert changed.status_code == 204, changed.text
        return id_

    async def policy(self, id_: str) -> JsonObject:
        policy: JsonObject = (await self.get(f"/Users/{id_}")).json()["Policy"]
        return policy

    async def sign_in(
        self, name: str, password: str = PASSWORD, device: str = ""
    ) -> httpx2.Response:
        body: JsonObject = {"Username": name, "Pw": password}
        where = "/Users/AuthenticateByName"
        return await self.post(where, body, device=device or name)

    async def token(self, name: str, password: str = PASSWORD, device: str = "") -> str:
        """The header of someone who has just signed in."""
        answer = await self.sign_in(name, password, device)
        return header(device or name, answer.json()["AccessToken"])


@asynccontextmanager
async def served(
    simulator: JellyfinSimulator, hook: Hook | None = None
) -> AsyncGenerator[Asker]:
    hooks = {"response": [hook]} if hook else {}
    async with (
        serve(simulator) as url,
        httpx2.AsyncClient(base_url=url, event_hooks=hooks) as client,
    ):
        yield Asker(client, simulator.api_key)
