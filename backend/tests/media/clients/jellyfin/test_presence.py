"""An account that is not found is gone only if the answers can be believed."""

from collections.abc import AsyncGenerator, Awaitable, Callable

import msgspec
import pytest
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.server import serve
from tests.media.clients.jellyfin.conftest import QUICK
from tests.media.servers import answering, connection, reply

from zondarr.media.clients.jellyfin.client import JellyfinClient
from zondarr.media.connections import HostStates
from zondarr.media.exceptions import MediaClientError
from zondarr.media.types import Permissions, Presence

NOBODY = "0123456789abcdef0123456789abcdef"
PASSWORD = "Guest-Passw0rd"
CHANGES: dict[str, Callable[[JellyfinClient, str], Awaitable[bool]]] = {
    "delete": lambda client, one: client.delete_user(one),
    "disable": lambda client, one: client.set_user_enabled(one, enabled=False),
    "libraries": lambda client, one: client.set_library_access(one, []),
    "rights": lambda client, one: client.update_permissions(one, Permissions()),
    "password": lambda client, one: client.set_password(one, PASSWORD),
}


@pytest.fixture
async def simulator() -> JellyfinSimulator:
    return JellyfinSimulator()


@pytest.fixture
async def url(simulator: JellyfinSimulator) -> AsyncGenerator[str]:
    async with serve(simulator) as url:
        yield url


def known_as(
    simulator: JellyfinSimulator, url: str, machine_id: str | None
) -> JellyfinClient:
    server = connection(url, simulator.api_key)
    return JellyfinClient(
        msgspec.structs.replace(server, machine_id=machine_id), HostStates(QUICK)
    )


async def test_an_account_is_there_or_seen_to_be_gone(
    simulator: JellyfinSimulator, url: str
) -> None:
    async with known_as(simulator, url, simulator.state.server_id) as client:
        someone = next(iter(simulator.state.users))
        assert await client.account_presence(someone) is Presence.PRESENT
        assert await client.account_presence(NOBODY) is Presence.GONE
        assert await client.account_presence("no id") is Presence.GONE
        for change in CHANGES.values():
            assert await change(client, NOBODY) is False


async def test_another_server_at_the_address_says_nothing_of_an_account(
    simulator: JellyfinSimulator, url: str
) -> None:
    async with known_as(simulator, url, "f" * 32) as client:
        assert await client.account_presence(NOBODY) is Presence.UNKNOWN
        for change in CHANGES.values():
            with pytest.raises(MediaClientError) as caught:
                await change(client, NOBODY)
            assert (caught.value.status, caught.value.code) == (502, "server_replaced")


@pytest.mark.parametrize("read", ["list_users", "get_libraries"])
async def test_another_server_is_not_read_as_the_one_we_know(
    simulator: JellyfinSimulator, url: str, read: str
) -> None:
    async with known_as(simulator, url, "f" * 32) as client:
        with pytest.raises(MediaClientError) as caught:
            await getattr(client, read)()
    assert caught.value.error_code == "server_replaced"


@pytest.mark.parametrize("users", [[], [{"Id": NOBODY, "Name": "ann"}]])
async def test_an_account_is_not_gone_while_the_list_contradicts(
    users: list[dict[str, str]],
) -> None:
    def answer(_method: str, path: str) -> bytes:
        if path == "/Users":
            return reply(200, msgspec.json.encode(users))
        return reply(404, b'"User not found"')

    async with (
        answering(answer) as url,
        JellyfinClient(connection(url), HostStates(QUICK)) as client,
    ):
        assert await client.account_presence(NOBODY) is Presence.UNKNOWN
        for change in CHANGES.values():
            with pytest.raises(MediaClientError) as caught:
                await change(client, NOBODY)
            assert (caught.value.status, caught.value.code) == (502, "answer_doubtful")
