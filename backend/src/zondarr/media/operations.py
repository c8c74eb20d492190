"""One public call of a media client: its name, its log line, its error."""

from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Sequence
from contextlib import aclosing, contextmanager
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
    """The public method that is running."""
    return _operation.get()


@contextmanager
def named_operation(name: str) -> Generator[None]:
    """Set the operation's name for errors raised inside."""
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
    """Log the call with its duration; only `MediaClientError` leaves it.

    A failure of the server is logged as a warning, one of our own as an error.
    """
    name = method.__name__

    @wraps(method)
    async def call(self: C, *args: P.args, **kwargs: P.kwargs) -> R:
        line, spent = _logger(self, name), _Stopwatch()
        with _log_failure(self, name, line, spent):
            result = await method(self, *args, **kwargs)
        line.info("media call", **spent.log_fields())
        return result

    return call


def paged_operation[C: _Client, **P, R](
    method: Callable[Concatenate[C, P], AsyncGenerator[Sequence[R]]],
) -> Callable[Concatenate[C, P], AsyncGenerator[R]]:
    """The same for a method that reads page by page and yields rows.

    Time spent by the caller between two rows is not counted, and its errors are not
    logged. One line is logged at the end; none if the caller stops early.
    """
    name = method.__name__

    @wraps(method)
    async def call(self: C, *args: P.args, **kwargs: P.kwargs) -> AsyncGenerator[R]:
        line, spent, rows = _logger(self, name), _Stopwatch(), 0
        with _log_failure(self, name, line, spent):
            pages = method(self, *args, **kwargs)
        async with aclosing(pages):
            while True:
                with _log_failure(self, name, line, spent):
                    page = await anext(pages, None)
                if page is None:
                    break
                rows += len(page)
                for row in page:
                    yield row
                del (
                    page
                )  # Otherwise two rows would be held while the next one is fetched.
        line.info("media call", rows=rows, **spent.log_fields())

    return call


class _Stopwatch:
    """Measures the time of work without pauses."""

    def __init__(self) -> None:
        self._seconds = 0.0

    @contextmanager
    def running(self) -> Generator[None]:
        began = perf_counter()
        try:
            yield
        finally:
            self._seconds += perf_counter() - began

    def log_fields(self) -> dict[str, float]:
        return {"duration_ms": round(self._seconds * 1000, 1)}


def _logger(client: _Client, name: str) -> structlog.stdlib.BoundLogger:
    return log.bind(operation=name, server_id=str(client.server.id))


@contextmanager
def _log_failure(
    client: _Client, name: str, line: structlog.stdlib.BoundLogger, spent: _Stopwatch
) -> Generator[None]:
    """Log an error raised inside, and raise it as `MediaClientError`."""
    try:
        with named_operation(name), spent.running():
            yield
    except MediaClientError as error:
        line.warning("media call failed", **_error_fields(error), **spent.log_fields())
        raise
    except Exception as error:
        # No traceback: its frames hold keys and passwords.
        line.error("media call broke", error=type(error).__name__, **spent.log_fields())
        raise MediaClientError(
            name, client.server.url, ErrorKind.FAILED, "client_error", error
        ) from error


def _error_fields(error: MediaClientError) -> dict[str, str]:
    cause = {"cause": type(error.cause).__name__} if error.cause else {}
    return {"kind": error.kind.value, "code": error.error_code, **cause}
