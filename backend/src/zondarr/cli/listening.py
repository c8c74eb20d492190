"""Granian in this one process, with the options that `zondarr serve` gives it.

Apart from `serve`, so that a benchmark can serve something bare with the same ones.
"""

import asyncio
import signal
from collections.abc import Callable
from importlib import import_module
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

# Granian would write its own lines; they belong into our log.
_LOGGING = {"loggers": {"_granian": {"propagate": True}}, "handlers": {}}


BACKLOG = 1024
MOST_CONNECTIONS = 4096
"""Granian counts connections, not requests, and a browser keeps an idle one for half a
minute: with its own limit of 128, the 129th guest would wait for that."""


def new_loop() -> asyncio.Runner:
    """What runs the server: on uvloop where there is one."""
    try:
        return asyncio.Runner(loop_factory=import_module("uvloop").new_event_loop)
    except ImportError:
        return asyncio.Runner()


def server_of(app: Any, host: str, port: int) -> Server:
    """A server for an ASGI application whose lifespan somebody else looks after."""
    return Server(
        app,
        address=host,
        port=port,
        # The lifespan is ours: told by Granian, a failed start is no sentence.
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=False,
        backlog=BACKLOG,
        backpressure=MOST_CONNECTIONS,
        log_level=LogLevels.error,
        log_dictconfig=_LOGGING,
    )


async def listen(server: Server, before_stop: Callable[[], None] | None = None) -> None:
    """Serve until the process is told to stop."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if before_stop is not None:
            before_stop()
        server.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    await server.serve()
