"""Logging: one pipeline for our own lines and those of libraries.

Values under a key that may be secret are never written. An exception is written as the
chain of its types, the first line of each message, and its source lines; no local
variables, no SQL parameters.
"""

import logging
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from traceback import extract_tb
from typing import Any, TextIO, cast

import msgspec
import structlog
from sqlalchemy.exc import StatementError
from stamina.instrumentation import set_on_retry_hooks
from structlog.typing import EventDict, Processor, WrappedLogger

REDACTED = "[redacted]"
_SECRET = re.compile(
    r"passw|secret|token|api_?key|authori[sz]ation|cookie|credential|csrf|totp"
    + r"|private|idempotency",
    re.IGNORECASE,
)
_SECRET_IN_TEXT = re.compile(
    r"(?P<name>(?:passw\w*|secret|\w*token|api_?key)[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,;]+"
    + r"|(?P<scheme>\bBearer\s+)\S+|(?P<user>://)[^/\s@]+(?=@)",
    re.IGNORECASE,
)
_MAX_FRAMES = 30
_LIBRARIES = ("_granian", "granian", "dbos", "alembic", "sqlalchemy", "litestar")


class Unfailing:
    """A stream that ignores write errors: with a full disk or a closed pipe lines are
    lost, and the program continues.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            return self._stream.write(text)
        return 0

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()

    def isatty(self) -> bool:
        return self._stream.isatty()


def configure_logs(
    *, level: str = "info", json: bool = False, stream: TextIO | None = None
) -> None:
    """Send everything to `stream` (standard error if not given), from `level` on."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    out = cast("TextIO", Unfailing(stream or sys.stderr))
    colours = out.isatty() and not json
    render = _renderer(json=json, colours=colours)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *_COMMON, *render],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_logger_name,
                *_COMMON,
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *render,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=threshold, force=True)
    adopt_library_loggers()
    # A failed call is one line, however often it was retried.
    set_on_retry_hooks([])
    quiet = max(threshold, logging.WARNING)
    for name in (
        "sqlalchemy",
        "alembic",
        "asyncio",
        "aiosqlite",
        "httpx2",
        "httpcore2",
    ):
        logging.getLogger(name).setLevel(quiet)


def adopt_library_loggers() -> None:
    """Remove the handlers that libraries added to their loggers: ours is used.

    Call again after a library has configured its own logging.
    """
    for name in _LIBRARIES:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


def _renderer(*, json: bool, colours: bool) -> list[Processor]:
    if json:
        return [structlog.processors.JSONRenderer(serializer=_to_json)]
    return [
        structlog.dev.ConsoleRenderer(
            colors=colours, exception_formatter=structlog.dev.plain_traceback
        )
    ]


def _to_json(event: object, **_options: object) -> str:
    return msgspec.json.encode(event, enc_hook=str).decode()


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> Mapping[str, Any]:
    """A processor that removes secret values, at any depth."""
    return cast("dict[str, Any]", _redacted(event))


def _redacted(value: object) -> object:
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value).items()
        return {
            key: REDACTED if _sounds_secret(key, inner) else _redacted(inner)
            for key, inner in items
        }
    if isinstance(value, list | tuple):
        return [_redacted(inner) for inner in cast("Sequence[object]", value)]
    return value


def _sounds_secret(key: object, value: object) -> bool:
    """Flags and numbers under such a key (`api_key_set`) are not secret."""
    if value is None or isinstance(value, bool | int | float):
        return False
    return _is_secret_name(str(key))


@lru_cache(512)
def _is_secret_name(name: str) -> bool:
    return _SECRET.search(name) is not None


def without_secrets(text: str, /) -> str:
    """The text without values after `token=` or `Bearer `, and without a
    URL's user.
    """
    return _SECRET_IN_TEXT.sub(_keep_name, text)


def _keep_name(found: re.Match[str]) -> str:
    kept = found["name"] or found["scheme"] or found["user"] or ""
    return kept + REDACTED


def describe_exception(error: BaseException, /) -> str:
    """The exception and its location, innermost cause last."""
    return "\n".join(_lines(error, set()))


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    if id(error) in seen:
        return
    seen.add(id(error))
    yield f"{type(error).__module__}.{type(error).__qualname__}: {_text(error)}"
    for frame in extract_tb(error.__traceback__)[-_MAX_FRAMES:]:
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
    if isinstance(error, BaseExceptionGroup):
        for inner in cast("BaseExceptionGroup[BaseException]", error).exceptions:
            yield from _lines(inner, seen)
    below = error.__cause__ or (
        None if error.__suppress_context__ else error.__context__
    )
    if below is not None:
        yield "caused by"
        yield from _lines(below, seen)


def _text(error: BaseException) -> str:
    """The first line: further lines of a database error contain values of rows."""
    if isinstance(error, StatementError):
        error = error.orig or error
        if isinstance(error, StatementError):
            return "a statement failed"
    first, *_ = str(error).splitlines() or [""]
    return without_secrets(first)


def _add_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exception()
    elif isinstance(given, tuple):
        given = cast("tuple[Any, BaseException | None, Any]", given)[1]
    if isinstance(given, BaseException):
        event["exception"] = describe_exception(given)
    return event


_COMMON: Sequence[Processor | Callable[..., Any]] = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _add_exception,
    redact,
)
