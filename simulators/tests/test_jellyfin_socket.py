"""Messages of the websocket: for a user, and for an API key."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from tests.asking import Asker, served
from websockets.exceptions import InvalidStatusCode
from websockets.legacy.client import WebSocketClientProtocol, connect

from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.wire import JsonObject

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:websockets")


@pytest.fixture
def simulator() -> JellyfinSimulator:
    return JellyfinSimulator()


@asynccontextmanager
async def open_socket(
    ask: Asker, query: str
) -> AsyncGenerator[WebSocketClientProtocol]:
    address = str(ask.client.base_url).replace("http", "ws", 1)
    async with connect(f"{address}/socket?{query}") as socket:
        yield socket


async def heard(socket: WebSocketClientProtocol) -> JsonObject:
    async with asyncio.timeout(3):
        message: JsonObject = json.loads(await socket.recv())
        return message


async def test_a_wrong_token_is_refused(simulator: JellyfinSimulator) -> None:
    async with served(simulator) as ask:
        with pytest.raises(InvalidStatusCode) as refused:
            async with open_socket(ask, "ApiKey=wrong"):
                pass
        assert refused.value.status_code == 403
        assert (await ask.get("/socket")).status_code == 404


async def test_it_is_kept_alive(simulator: JellyfinSimulator) -> None:
    async with (
        served(simulator) as ask,
        open_socket(ask, f"ApiKey={ask.key}") as socket,
    ):
        await socket.send(json.dumps({"MessageType": "KeepAlive"}))
        assert (await heard(socket))["MessageType"] == "KeepAlive"


async def test_a_key_hears_of_sign_ins_once_it_asks(
    simulator: JellyfinSimulator,
) -> None:
    async with (
        served(simulator) as ask,
        open_socket(ask, f"ApiKey={ask.key}") as socket,
    ):
        await ask.user("guest")
        for kind in ("SessionsStart", "ActivityLogEntryStart"):
            await socket.send(json.dumps({"MessageType": kind, "Data": "0,500"}))
        await asyncio.sleep(0.05)
        await ask.sign_in("guest")
        kinds = {str((await heard(socket))["MessageType"]) for _ in range(3)}
        assert kinds == {"Sessions", "ActivityLogEntry"}


async def test_a_user_hears_of_what_he_watched(simulator: JellyfinSimulator) -> None:
    film = next(t for t in simulator.state.world.titles if t.kind == "Movie")
    async with served(simulator) as ask:
        id_ = await ask.user("guest")
        own = await ask.token("guest")
        token = own.partition('Token="')[2].partition('"')[0]
        async with open_socket(ask, f"ApiKey={token}") as socket:
            assert (await heard(socket))["MessageType"] == "ForceKeepAlive"
            await ask.post(f"/UserPlayedItems/{film.id}", auth=own)
            message = await heard(socket)
        assert message["MessageType"] == "UserDataChanged"
        data = message["Data"]
        assert isinstance(data, dict)
        assert data["UserId"] == id_


async def test_it_ends_with_its_token(simulator: JellyfinSimulator) -> None:
    async with served(simulator) as ask:
        await ask.user("guest")
        own = await ask.token("guest")
        token = own.partition('Token="')[2].partition('"')[0]
        async with open_socket(ask, f"ApiKey={token}") as socket:
            await ask.post("/Sessions/Logout", auth=own)
            async with asyncio.timeout(3):
                await socket.wait_closed()
