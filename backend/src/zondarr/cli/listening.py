"""Granian in this process, with the options of `zondarr serve`.

Separate from `serve`, so that a benchmark can serve a minimal application with the same
options.
"""

import asyncio
import signal
from collections.abc import Callable
from importlib import import_module
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

# Granian's own log lines go to our log.
_LOGGING = {"loggers": {"_granian": {"propagate": True}}, "handlers": {}}


BACKLOG = 1024
MOST_CONNECTIONS = 4096
"""Granian counts connections, not requests, and a browser keeps an idle one for half a
minute: with its default limit of 128, the 129th guest would have to wait.
"""


def new_loop() -> asyncio.Runner:
    """The event loop of the server: uvloop if installed."""
    try:
        return asyncio.Runner(loop_factory=import_module("uvloop").new_event_loop)
    except ImportError:
        return asyncio.Runner()


def server_of(app: Any, host: str, port: int) -> Server:
    """A server for an ASGI application whose lifespan is managed by the caller."""
    return Server(
        app,
        address=host,
        port=port,
        # We run the lifespan: Granian would report a failed start as a traceback.
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=False,
        backlog=BACKLOG,
        backpressure=MOST_CONNECTIONS,
        log_level=LogLevels.error,
        log_dictconfig=_LOGGING,
    )


async def listen(server: Server, before_stop: Callable[[], None] | None = None) -> None:
    """Serve until the process is asked to stop."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if before_stop is not None:
            before_stop()
        server.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    await server.serve()
