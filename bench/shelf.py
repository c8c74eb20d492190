"""A simulated Plex with many films, and somebody who reads them.

    python shelf.py serve PORT FILMS
    python shelf.py speed URL ROUNDS
    python shelf.py memory URL FEW

A script, so that the server and each reader are processes of their own.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit
from uuid import uuid7

import httpx2
import msgspec
from media_server_simulators.generator import make_world
from media_server_simulators.plex import PlexServerSimulator, PlexWorld
from media_server_simulators.server import serve
from media_server_simulators.wire import Reply, Request

from zondarr.cli.listening import new_loop
from zondarr.core.logs import configure_logs
from zondarr.media.clients.plex.client import PlexClient
from zondarr.media.clients.plex.items import Item, Page
from zondarr.media.clients.plex.shapes import Container
from zondarr.media.connections import HostStates
from zondarr.media.types import Connection, ItemKind

TOKEN = "owner-of-a-benchmark"  # noqa: S105
RECORDED = "/recorded/"


class Shelf:
    """Records every page and replays it, so that sending it again is cheap.

    `/recorded/3` is the fourth recorded page.
    """

    def __init__(self, films: int) -> None:
        plex = PlexWorld(make_world(items=2 * films))
        plex.tokens[TOKEN] = plex.owner.id
        self._simulator = PlexServerSimulator(plex)
        self._replies: dict[tuple[tuple[str, str], ...], Reply] = {}

    async def answer(self, request: Request) -> Reply:
        if request.path.startswith(RECORDED):
            pages, number = (
                list(self._replies.values()),
                int(request.path[len(RECORDED) :]),
            )
            return pages[number] if number < len(pages) else Reply(404)
        if not request.path.startswith("/library/sections/"):
            return await self._simulator.respond(request)
        if request.query not in self._replies:
            self._replies[request.query] = await self._simulator.respond(request)
        return self._replies[request.query]


async def keep(port: int, films: int) -> None:
    async with serve(Shelf(films), port=port):
        await asyncio.Event().wait()


def client_of(url: str) -> PlexClient:
    server = Connection(id=uuid7(), server_type="plex", url=url, api_key=TOKEN)
    return PlexClient(server, HostStates())


async def speed(url: str, rounds: int) -> Mapping[str, Sequence[float]]:
    """Milliseconds of reading; of decoding the same bytes into the same shapes and into
    none; and of fetching and decoding them with nothing but httpx2. All in turns, and
    of each also those of this process's own processor time."""
    took: dict[str, list[float]] = {}
    client = client_of(url)
    async with client, httpx2.AsyncClient(trust_env=False) as http:
        films = await _read(client)
        pages = _pages(url)
        shaped = msgspec.json.Decoder(Container[Page[Item]], strict=False)
        untyped = msgspec.json.Decoder()
        for _ in range(rounds):
            with _timed(took, "read"):
                again = await _read(client)
            with _timed(took, "shaped"):
                _decode(pages, shaped.decode)
            with _timed(took, "untyped"):
                _decode(pages, untyped.decode)
            with _timed(took, "fetched"):
                await _fetch(http, url, len(pages), shaped.decode)
            if again != films:
                raise AssertionError("the shelf has changed")
    sizes = [len(page) for page in pages]
    return took | {
        "films": [films],
        "bytes": [float(sum(sizes))],
        "pages": [len(sizes)],
    }


async def _read(client: PlexClient) -> int:
    found = 0
    async for _ in client.library_items("1", ItemKind.MOVIE):
        found += 1
    return found


async def _fetch(
    http: httpx2.AsyncClient, url: str, pages: int, decode: Callable[[bytes], object]
) -> None:
    for number in range(pages):
        decode((await http.get(f"{url}{RECORDED}{number}")).content)


def _pages(url: str) -> list[bytes]:
    connection = HTTPConnection(urlsplit(url).netloc)
    pages: list[bytes] = []
    while True:
        connection.request("GET", f"{RECORDED}{len(pages)}")
        answer = connection.getresponse()
        page = answer.read()
        if answer.status != 200:
            return pages
        pages.append(page)


def _decode(pages: list[bytes], decode: Callable[[bytes], object]) -> None:
    for page in pages:
        decode(page)


@contextmanager
def _timed(took: dict[str, list[float]], what: str) -> Generator[None]:
    began, busy = time.perf_counter(), time.process_time()
    yield
    took.setdefault(what, []).append((time.perf_counter() - began) * 1000)
    own = took.setdefault(f"{what}, processor", [])
    own.append((time.process_time() - busy) * 1000)


async def memory(url: str, few: int) -> dict[str, float]:
    """The most MiB that this process ever held: before, after `few`, after all."""
    found, peaks = 0, {"before": _peak()}
    async with client_of(url) as client:
        async for _ in client.library_items("1", ItemKind.MOVIE):
            found += 1
            if found == few:
                peaks["few"] = _peak()
    return peaks | {"all": _peak(), "films": found}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def main(what: str, *rest: str) -> None:
    configure_logs(level="warning", stream=sys.stderr)
    match what, rest:
        case "serve", (port, films):
            await keep(int(port), int(films))
        case "speed", (url, rounds):
            print(json.dumps(await speed(url, int(rounds))))
        case "memory", (url, few):
            print(json.dumps(await memory(url, int(few))))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    with new_loop() as runner:
        runner.run(main(*sys.argv[1:]))
