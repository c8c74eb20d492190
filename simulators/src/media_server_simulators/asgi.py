"""A simulator as an ASGI application, for an HTTP client's in-process transport."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from media_server_simulators.wire import Reply, Request, Simulator, parse_query

type Scope = MutableMapping[str, Any]  # as ASGI has it
type Receive = Callable[[], Awaitable[Scope]]
type Send = Callable[[Scope], Awaitable[None]]


class AsgiApp:
    """Cuts become ConnectionResetError: there is no connection to break in process.

    Websockets and cuts need TCP; `server.serve` gives that.
    """

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError("only plain HTTP in process; use serve()")
        reply = await self._simulator.answer(await _request(scope, receive))
        if reply.cut is not None or reply.talk is not None:
            raise ConnectionResetError("the simulator cut the connection")
        await _send(reply, send)


async def _request(scope: Scope, receive: Receive) -> Request:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    client = scope.get("client")
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=parse_query(scope["query_string"].decode("latin-1")),
        headers=tuple(
            (k.decode().lower(), v.decode("latin-1")) for k, v in scope["headers"]
        ),
        body=bytes(body),
        client=client[0] if client else "127.0.0.1",
    )


async def _send(reply: Reply, send: Send) -> None:
    headers = [
        (name.lower().encode(), value.encode("latin-1"))
        for name, value in reply.headers
    ]
    await send(
        {"type": "http.response.start", "status": reply.status, "headers": headers}
    )
    await send({"type": "http.response.body", "body": reply.body})
