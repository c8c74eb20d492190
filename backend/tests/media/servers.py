"""Servers that send any response that a test wants, valid or not, over real TCP."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from uuid import uuid7

from zondarr.media.types import Connection

type Answers = Callable[[str, str], bytes]
"""From method and path to all that is sent back before the connection is closed."""


def connection(
    url: str, key: str = "a-key", server_type: str = "jellyfin"
) -> Connection:
    return Connection(id=uuid7(), server_type=server_type, url=url, api_key=key)


@asynccontextmanager
async def answering(answers: Answers) -> AsyncGenerator[str]:
    """The address of a server that sends the bytes it is given, then hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            method, path, _ = head.split(b"\r\n")[0].decode().split(" ")
            await _drop_body(reader, head)
            writer.write(answers(method, path))
            await writer.drain()
        except asyncio.IncompleteReadError, ConnectionError:
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _drop_body(reader: asyncio.StreamReader, head: bytes) -> None:
    for line in head.lower().split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name == b"content-length":
            await reader.readexactly(int(value))


def reply(
    status: int, body: bytes = b"", content_type: str = "application/json", **more: str
) -> bytes:
    """A well-formed answer. `more`: headers, with `_` for `-`."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Whatever"
    headers = {"Content-Type": content_type, "Content-Length": str(len(body))}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    first = f"HTTP/1.1 {status} {phrase}\r\n{head}Connection: close\r\n\r\n"
    return first.encode("latin-1") + body
