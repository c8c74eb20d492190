"""Start and end of the application, by the ASGI lifespan protocol."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import NoReturn

import structlog

from zondarr.api.asgi import Message, Receive, Scope, Send
from zondarr.core.startup_errors import explain

type Running = Callable[[], AbstractAsyncContextManager[None]]

log = structlog.get_logger(__name__)


class Lifespan:
    """Runs the application's context between the server's start and shutdown events.

    If the start fails, the process exits with a message and exit code 1: servers would
    print the whole traceback, or continue without a database.
    """

    def __init__(self, running: Running) -> None:
        self._running = running

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        started = False
        try:
            async with self._running():
                started = True
                await send({"type": "lifespan.startup.complete"})
                await receive()
        except Exception as error:
            if not started:
                _leave(reason(error))
            log.exception("the application did not stop as it should")
            await send(_failed())
            return
        await send({"type": "lifespan.shutdown.complete"})


def reason(error: Exception) -> str:
    """The message for a failed start; unexpected exceptions are logged."""
    sentence = explain(error)
    if sentence is None:
        log.error("the application could not start", exc_info=error)
        sentence = "Zondarr could not start; the log says where it failed."
    return sentence


def _leave(sentence: str) -> NoReturn:
    # The server never reads its task's exception; asyncio would warn about that.
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    sys.exit(f"zondarr: {sentence}")


def _failed() -> Message:
    return {"type": "lifespan.shutdown.failed", "message": ""}
