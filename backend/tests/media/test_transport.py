"""What is sent again, what is not, and when a refused connection is a start."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import httpx2
import pytest
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.server import serve

from zondarr.media.connections import ClientOptions, HostState, HostStates
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.transport import ClientRequest, ClientResponse, HttpTransport

type Handler = Callable[[httpx2.Request], httpx2.Response]

BUSY = MediaClientError("test", "http://x", ErrorKind.BUSY, retry_after=5)


@asynccontextmanager
async def exchange(
    handler: Handler, *, attempts: int = 3
) -> AsyncGenerator[HttpTransport]:
    options = ClientOptions(
        attempts=attempts,
        retry_pause=0,
        transport=lambda: httpx2.MockTransport(handler),
    )
    state = HostState(options)
    async with state.connections() as http:
        yield HttpTransport("http://media.example", http, state)


def _status(response: ClientResponse) -> int:
    return response.status


class Script:
    """Fails with each failure in turn, then answers 200; counts the requests."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.sent = 0

    def __call__(self, _: httpx2.Request) -> httpx2.Response:
        self.sent += 1
        if self.failures:
            raise self.failures.pop(0)
        return httpx2.Response(200)


async def test_a_lost_connection_is_tried_again_where_that_is_safe() -> None:
    script = Script(httpx2.ReadError("reset"), httpx2.ConnectError("refused"))
    async with exchange(script) as to:
        assert await to.send(ClientRequest(path="/"), _status) == 200
    assert script.sent == 3


async def test_it_is_sent_once_where_it_is_not() -> None:
    script = Script(httpx2.ReadError("reset"))
    async with exchange(script) as to:
        with pytest.raises(MediaClientError) as caught:
            await to.send(ClientRequest(method="POST", path="/", repeat=False), _status)
    assert script.sent == 1
    assert caught.value.in_doubt


@pytest.mark.parametrize(
    ("failure", "code", "in_doubt"),
    [
        (httpx2.ConnectError("refused"), "unreachable", False),
        (httpx2.ConnectTimeout("slow"), "server_timeout", False),
        (httpx2.PoolTimeout("full"), "server_timeout", False),
        (httpx2.ReadTimeout("slow"), "server_timeout", True),
        (httpx2.WriteError("reset"), "connection_lost", True),
        (httpx2.RemoteProtocolError("half"), "connection_lost", True),
    ],
)
async def test_a_change_is_in_doubt_once_it_may_have_arrived(
    failure: Exception, code: str, in_doubt: bool
) -> None:
    async with exchange(Script(failure)) as to:
        with pytest.raises(MediaClientError) as caught:
            await to.send(ClientRequest(method="POST", path="/", repeat=False), _status)
    assert caught.value.kind is ErrorKind.UNREACHABLE
    assert caught.value.error_code == code
    assert caught.value.in_doubt is in_doubt
    assert caught.value.cause is failure


async def test_a_time_out_was_long_enough() -> None:
    script = Script(httpx2.ReadTimeout("slow"))
    async with exchange(script) as to:
        with pytest.raises(MediaClientError):
            await to.send(ClientRequest(path="/"), _status)
    assert script.sent == 1


async def test_who_asks_to_wait_for_long_is_not_waited_for() -> None:
    script = Script()

    def read(_: ClientResponse) -> None:
        raise BUSY

    async with exchange(script) as to:
        with pytest.raises(MediaClientError) as caught:
            await to.send(ClientRequest(path="/"), read)
    assert script.sent == 1
    assert caught.value.retry_after == 5


async def test_refused_is_starting_only_shortly_after_a_start_was_seen() -> None:
    script = Script(*[httpx2.ConnectError("refused")] * 3)
    async with exchange(script, attempts=1) as to:
        for seen, kind in (
            (lambda: None, ErrorKind.UNREACHABLE),
            (to.state.mark_starting, ErrorKind.STARTING),
            (to.state.mark_ready, ErrorKind.UNREACHABLE),
        ):
            seen()
            with pytest.raises(MediaClientError) as caught:
                await to.send(ClientRequest(path="/"), _status)
            assert caught.value.kind is kind


async def test_an_answer_that_drips_is_given_up() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        try:
            while not writer.is_closing():
                writer.write(b".")
                await writer.drain()
                await asyncio.sleep(0.02)
        except ConnectionError:
            pass
        finally:
            writer.close()

    options = ClientOptions(attempts=1, read_timeout=0.1)
    state = HostState(options)
    async with (
        await asyncio.start_server(drip, "127.0.0.1", 0) as server,
        state.connections() as http,
    ):
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(MediaClientError) as caught:
            await HttpTransport(f"http://127.0.0.1:{port}", http, state).send(
                ClientRequest(path="/"), _status
            )
    assert caught.value.error_code == "server_timeout"


async def test_clients_of_one_server_share_its_locks_and_connections() -> None:
    states = HostStates()
    one, same, other = (states.of(url) for url in ("http://a", "http://a", "http://b"))
    assert one is same
    assert one is not other
    assert one.write_lock("x") is same.write_lock("x")
    async with one.connections() as http, same.connections() as again:
        assert http is again
        async with other.connections() as elsewhere:
            assert elsewhere is not http
        assert elsewhere.is_closed
        assert not http.is_closed
    assert http.is_closed


async def test_https_where_a_server_speaks_http_is_no_fault_of_a_certificate() -> None:
    state = HostState(ClientOptions(attempts=1))
    async with serve(JellyfinSimulator()) as url, state.connections() as http:
        to = HttpTransport(url.replace("http:", "https:"), http, state)
        with pytest.raises(MediaClientError) as caught:
            _ = await to.send(ClientRequest(path="/"), _status)
    assert caught.value.error_code == "not_https"
