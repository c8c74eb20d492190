"""Start and end of the application, as the server announces them."""

import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import structlog

from zondarr.api.asgi import Message, Receive, Scope, Send
from zondarr.core.diagnosis import explain

log = structlog.get_logger(__name__)


class Lifespan:
    """Runs the application's context between the server's two announcements.

    A start that fails ends the process with a sentence and exit code 1: servers would
    print the whole traceback, or go on without a database.
    """

    def __init__(
        self, running: Callable[[], AbstractAsyncContextManager[None]]
    ) -> None:
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
                _give_up(error)
            log.exception("the application did not stop as it should")
            await send(_failed())
            return
        await send({"type": "lifespan.shutdown.complete"})


def _give_up(error: Exception) -> None:
    sentence = explain(error)
    if sentence is None:
        log.error("the application could not start", exc_info=error)
        sentence = "Zondarr could not start; the lines above say where it failed."
    sys.exit(f"zondarr: {sentence}")


def _failed() -> Message:
    return {"type": "lifespan.shutdown.failed", "message": ""}
