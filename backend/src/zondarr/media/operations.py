"""One public call of a media client: its name, its log line, its kind of failure."""

from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from time import perf_counter
from types import CoroutineType
from typing import Concatenate, Protocol

import structlog

from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.types import ServerConnection

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

_operation: ContextVar[str] = ContextVar("media_operation", default="call")


def current_operation() -> str:
    """The public method that the running code works for."""
    return _operation.get()


@contextmanager
def operating(name: str) -> Generator[None]:
    """Name what is done inside, for the failures that come out of it."""
    token = _operation.set(name)
    try:
        yield
    finally:
        _operation.reset(token)


class _Client(Protocol):
    @property
    def server(self) -> ServerConnection: ...


def operation[C: _Client, **P, R](
    method: Callable[Concatenate[C, P], Coroutine[object, object, R]],
) -> Callable[Concatenate[C, P], CoroutineType[object, object, R]]:
    """Log the call with its duration; nothing but `MediaClientError` leaves it.

    A failure of the other side is a warning, one of our own an error.
    """
    name = method.__name__

    @wraps(method)
    async def call(self: C, *args: P.args, **kwargs: P.kwargs) -> R:
        line = log.bind(operation=name, server_id=str(self.server.id))
        began = perf_counter()
        try:
            with operating(name):
                result = await method(self, *args, **kwargs)
        except MediaClientError as error:
            line.warning("media call failed", **_why(error), **_took(began))
            raise
        except Exception as error:
            # No traceback: its frames hold keys and passwords.
            line.error("media call broke", error=type(error).__name__, **_took(began))
            raise MediaClientError(
                name, self.server.url, ErrorKind.FAILED, "client_error", error
            ) from error
        else:
            line.info("media call", **_took(began))
            return result

    return call


def _took(began: float) -> dict[str, float]:
    return {"duration_ms": round((perf_counter() - began) * 1000, 1)}


def _why(error: MediaClientError) -> dict[str, str]:
    cause = {"cause": type(error.cause).__name__} if error.cause else {}
    return {"kind": error.kind.value, "code": error.error_code, **cause}
