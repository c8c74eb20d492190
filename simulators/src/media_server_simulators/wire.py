"""What passes between a simulator and whatever carries it: one request, one reply."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Protocol
from urllib.parse import parse_qsl

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None
type JsonObject = dict[str, Json]


class Cut(Enum):
    """How a connection is broken instead of being answered to the end."""

    NOTHING = "nothing"  # reset before the first byte of an answer
    HALF = "half"  # the head and half of the body, then closed


class Socket(Protocol):
    """One accepted websocket; messages are text."""

    async def send(self, text: str) -> None: ...
    def receive(self) -> AsyncIterator[str]: ...


type Talk = Callable[[Socket], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `path` is percent-decoded, header names are lower case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    client: str = "127.0.0.1"

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)

    @property
    def wants_socket(self) -> bool:
        return (self.header("upgrade") or "").lower() == "websocket"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. A `talk` turns the connection into a websocket; a `cut` breaks it."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    cut: Cut | None = None
    talk: Talk | None = None
    chunked: bool = field(default=False)

    def with_headers(self, more: Mapping[str, str]) -> Reply:
        return replace(self, headers=(*self.headers, *more.items()))


class Simulator(Protocol):
    """Anything that answers requests can be served over TCP or used as an ASGI app."""

    async def answer(self, request: Request) -> Reply: ...


def parse_query(query: str) -> tuple[tuple[str, str], ...]:
    return tuple(parse_qsl(query, keep_blank_values=True))
