"""The program in a process of its own, forked from one that has imported it all.

    serve    as it is, on Granian
    answer   all but the network: requests come over a pipe

A test of crash points starts it dozens of times. Over the pipe that costs a fraction,
and there is nothing to wait for: the pipe breaks when the process dies.
"""

import asyncio
import os
import sys
from contextlib import suppress
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import override

import httpx2
import msgspec
from tests.accounts.conftest import cheap_hasher, open_house

from zondarr.accounts.passwords import Passwords
from zondarr.app import create_app
from zondarr.cli.listening import new_loop
from zondarr.cli.serve import serve_application
from zondarr.config import Settings, load_settings
from zondarr.core.durable import Timing
from zondarr.core.logs import configure_logs
from zondarr.media.clients.jellyfin import catalogue as jellyfin
from zondarr.media.clients.plex import listing
from zondarr.media.registry import ClientRegistry

QUICK = Timing(heartbeat=timedelta(seconds=0.1), dead_after=timedelta(seconds=0.5))

type Request = tuple[str, str, list[tuple[str, str]], bytes]
type ResponseParts = tuple[int, list[tuple[str, str]], bytes]


class PipeTransport(httpx2.BaseTransport):
    """Sends requests to `answer` in another process."""

    def __init__(self, pipe: Connection[Request, ResponseParts]) -> None:
        self._pipe = pipe

    @override
    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        headers = list(request.headers.items())
        try:
            self._pipe.send((request.method, str(request.url), headers, request.read()))
            status, headers, body = self._pipe.recv()
        except (OSError, EOFError) as error:
            raise httpx2.ReadError("the process is gone") from error
        return httpx2.Response(status, headers=headers, content=body)


def serve(port: int, environment: dict[str, str], log: Path) -> None:
    """Serve until killed."""
    settings = _prepare(environment, log)
    app = create_app(settings, timing=QUICK)
    _hurry()
    new_loop().run(serve_application(app, "127.0.0.1", port))


def answer(
    pipe: Connection[ResponseParts, Request], environment: dict[str, str], log: Path
) -> None:
    """Respond until killed."""
    new_loop().run(_answer(_prepare(environment, log), pipe))


async def _answer(settings: Settings, pipe: Connection[ResponseParts, Request]) -> None:
    passwords = Passwords(cheap_hasher())
    house = open_house(settings, passwords, timing=QUICK)
    _hurry()
    with suppress(EOFError):
        async with (
            house.container.running(shown_at="http://zondarr.test"),
            house.browser() as browser,
        ):
            while True:
                method, url, headers, body = await asyncio.to_thread(pipe.recv)
                sent = browser.build_request(method, url, headers=headers, content=body)
                got = await browser.send(sent)
                pipe.send((got.status_code, list(got.headers.items()), got.content))


def _prepare(environment: dict[str, str], log: Path) -> Settings:
    os.environ.clear()
    os.environ.update(environment)
    sys.stdout = sys.stderr = log.open("a", buffering=1)
    settings = load_settings()
    configure_logs(level=settings.log_level, json=True)
    return settings


def _hurry() -> None:
    """Servers are called again at once, and Plex as fast as it responds; a small
    library has several pages.
    """
    for name in ("PAGE", "LIGHT_PAGE", "WATCH_PAGE"):
        setattr(jellyfin, name, 8)
    listing.PAGE = 8
    registry = ClientRegistry()
    options = msgspec.structs.replace(
        registry.states.options,
        plex_rate=1e4,
        retry_pause=0.001,
        delete_pause=0,
        settle_pause=0,
        circuit_pause=0,
    )
    registry.configure(options)
