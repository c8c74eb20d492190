"""A small HTTP/1.1 server on h11 that can break a connection at any byte.

Ordinary servers promise not to do what a fault must do: reset the connection after a
request was applied, or stop in the middle of a body. More in docs/simulators.md.
"""

import asyncio
import socket
import struct
import threading
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from urllib.parse import unquote

import h11

from media_server_simulators.websocket import TcpSocket, accept_key
from media_server_simulators.wire import Cut, Reply, Request, Simulator, parse_query

CHUNK = 1 << 16


@asynccontextmanager
async def serve(
    simulator: Simulator, *, port: int = 0, host: str = "127.0.0.1"
) -> AsyncGenerator[str]:
    """Serve on loopback in this event loop; the URL. `port` 0 takes any free one.

    Raises OSError when the port cannot be had.
    """
    open_now: set[asyncio.Task[None]] = set()

    async def connected(reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            open_now.add(task)
            task.add_done_callback(open_now.discard)
        await Connection(simulator, reader, writer).run()

    server = await asyncio.start_server(connected, host, port)
    try:
        taken = server.sockets[0].getsockname()[1]
        yield f"http://{host}:{taken}"
    finally:
        server.close()
        for task in list(open_now):
            task.cancel()
        await asyncio.gather(*open_now, return_exceptions=True)


@contextmanager
def serve_in_thread(simulator: Simulator, *, port: int = 0) -> Generator[str]:
    """The same from a thread with a loop of its own, for callers that block."""
    ready, urls, loops = (
        threading.Event(),
        list[str](),
        list[asyncio.AbstractEventLoop](),
    )
    failures, stop = list[OSError](), asyncio.Event()

    async def run() -> None:
        loops.append(asyncio.get_running_loop())
        try:
            async with serve(simulator, port=port) as url:
                urls.append(url)
                ready.set()
                _ = await stop.wait()
        except OSError as error:
            failures.append(error)
            ready.set()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    _ = ready.wait()
    if failures:
        raise failures[0]
    try:
        yield urls[0]
    finally:
        _ = loops[0].call_soon_threadsafe(stop.set)
        thread.join(timeout=5)


class Connection:
    """One TCP connection: requests are answered one after another until it ends."""

    def __init__(
        self, simulator: Simulator, reader: StreamReader, writer: StreamWriter
    ) -> None:
        self._simulator, self._reader, self._writer = simulator, reader, writer
        self._wire = h11.Connection(h11.SERVER)
        self._peer = str(writer.get_extra_info("peername")[0])

    async def run(self) -> None:
        try:
            while await self._exchange():
                self._wire.start_next_cycle()
        except ConnectionError, h11.RemoteProtocolError, h11.LocalProtocolError:
            pass
        finally:
            self._writer.close()
            with suppress(ConnectionError, asyncio.CancelledError):
                await self._writer.wait_closed()

    async def _exchange(self) -> bool:
        """Answer one request; whether the connection may carry another."""
        request = await self._request()
        if request is None:
            return False
        reply = await self._simulator.answer(request)
        if reply.cut is Cut.NOTHING:
            self._reset()
            return False
        if reply.talk is not None:
            await self._upgrade(request, reply)
            return False
        if reply.cut is Cut.HALF:
            await self._half(request, reply)
            return False
        await self._send(request, reply)
        return self._wire.our_state is h11.DONE and self._wire.their_state is h11.DONE

    async def _request(self) -> Request | None:
        head: h11.Request | None = None
        body = bytearray()
        while True:
            event = self._wire.next_event()
            if event is h11.NEED_DATA:
                if self._wire.they_are_waiting_for_100_continue:
                    self._writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                self._wire.receive_data(await self._reader.read(CHUNK))
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return self._read(head, bytes(body))
            else:
                return None

    def _read(self, head: h11.Request, body: bytes) -> Request:
        target, _, query = head.target.decode("latin-1").partition("?")
        return Request(
            method=head.method.decode("ascii"),
            path=unquote(target),
            query=parse_query(query),
            headers=tuple((k.decode(), v.decode("latin-1")) for k, v in head.headers),
            body=body,
            client=self._peer,
        )

    async def _send(self, request: Request, reply: Reply) -> None:
        self._emit(self._head(reply))
        if reply.body and request.method != "HEAD":
            self._emit(h11.Data(data=reply.body))
        self._emit(h11.EndOfMessage())
        await self._writer.drain()

    def _head(self, reply: Reply) -> h11.Response:
        headers = list(reply.headers)
        bare = reply.status in {204, 304}
        if not reply.chunked and not bare:
            headers.append(("Content-Length", str(len(reply.body))))
        return h11.Response(status_code=reply.status, headers=headers)

    def _emit(self, event: h11.Event) -> None:
        data = self._wire.send(event)
        if data:
            self._writer.write(data)

    async def _half(self, request: Request, reply: Reply) -> None:
        """Promise the whole, send half: of the body, or of the head without one."""
        whole = Reply(reply.status, reply.body, reply.headers)
        head = self._wire.send(self._head(whole)) or b""
        body = b"" if request.method == "HEAD" else reply.body
        self._writer.write(
            head + body[: len(body) // 2] if body else head[: len(head) // 2]
        )
        await self._writer.drain()

    async def _upgrade(self, request: Request, reply: Reply) -> None:
        headers = [
            *reply.headers,
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            (
                "Sec-WebSocket-Accept",
                accept_key(request.header("sec-websocket-key") or ""),
            ),
        ]
        self._emit(h11.InformationalResponse(status_code=101, headers=headers))
        await self._writer.drain()
        if reply.talk is not None:
            await reply.talk(TcpSocket(self._reader, self._writer))

    def _reset(self) -> None:
        """Close with RST, so that the other side cannot take it for a clean end."""
        raw = self._writer.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()
