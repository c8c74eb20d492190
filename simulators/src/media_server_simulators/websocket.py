"""RFC 6455, as much as a test's client needs: text, ping, close."""

import base64
import hashlib
import struct
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import AsyncIterator

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
SHORT, MEDIUM, LONG = 125, 126, 127
LIMIT = 1 << 20


def accept_key(key: str) -> str:
    """The answer to a client's Sec-WebSocket-Key; SHA-1 is what the RFC asks for."""
    digest = hashlib.sha1((key + MAGIC).encode(), usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()


def frame(opcode: int, payload: bytes) -> bytes:
    head = bytes([0x80 | opcode])
    if len(payload) <= SHORT:
        return head + bytes([len(payload)]) + payload
    if len(payload) < 1 << 16:
        return head + bytes([MEDIUM]) + struct.pack("!H", len(payload)) + payload
    return head + bytes([LONG]) + struct.pack("!Q", len(payload)) + payload


class TcpSocket:
    """The server's end of one websocket."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def send(self, text: str) -> None:
        self._writer.write(frame(TEXT, text.encode()))
        await self._writer.drain()

    async def receive(self) -> AsyncIterator[str]:
        """Texts until the other side closes or goes away."""
        while True:
            try:
                opcode, payload = await self._frame()
            except IncompleteReadError, ConnectionError:
                return
            if opcode == CLOSE:
                self._writer.write(frame(CLOSE, payload))
                return
            if opcode == PING:
                self._writer.write(frame(PONG, payload))
            elif opcode == TEXT:
                yield payload.decode(errors="replace")

    async def _frame(self) -> tuple[int, bytes]:
        first, second = await self._reader.readexactly(2)
        size = second & 0x7F
        if size == MEDIUM:
            size = int.from_bytes(await self._reader.readexactly(2))
        elif size == LONG:
            size = int.from_bytes(await self._reader.readexactly(8))
        if size > LIMIT:
            raise ConnectionError("a frame larger than a test would send")
        mask = await self._reader.readexactly(4) if second & 0x80 else bytes(4)
        payload = await self._reader.readexactly(size)
        return first & 0x0F, bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
