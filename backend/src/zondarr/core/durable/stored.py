"""The stored form of workflow arguments and step results: JSON.

Unlike pickle, the engine's default, it can be inspected (and searched for secrets), and
reading it executes no code.
"""

from collections.abc import Awaitable, Callable
from inspect import signature
from typing import Any, get_type_hints, override

import msgspec
from dbos import Serializer

from zondarr.core.durable.errors import StepFailedError
from zondarr.core.exceptions import ZondarrError

_FAILED = "$failed"
_FAILURE = f'{{"{_FAILED}":['


class JsonSerializer(Serializer):
    """Anything that msgspec can encode; of an exception its step, code and
    safe text.
    """

    @override
    def name(self) -> str:
        return "zondarr_json"

    @override
    def serialize(self, data: Any) -> str:
        if isinstance(data, BaseException):
            failure = failure_of("", data)
            data = {_FAILED: [failure.step, failure.error_code, str(failure)]}
        return msgspec.json.encode(data).decode()

    @override
    def deserialize(self, serialized_data: str) -> Any:
        data: Any = msgspec.json.decode(serialized_data)
        if serialized_data.startswith(_FAILURE):
            return StepFailedError(*data[_FAILED])
        return data


def failure_of(step: str, error: BaseException) -> StepFailedError:
    """The storable part of an exception: only a `ZondarrError` has a text
    for others.
    """
    if isinstance(error, StepFailedError):
        return error
    if isinstance(error, ZondarrError):
        return StepFailedError(step, error.error_code, str(error))
    return StepFailedError(
        step,
        "internal_error",
        f"It failed for a reason of ours: {type(error).__name__}.",
    )


class Shapes[R]:
    """The annotations of a function, to decode the stored form of a call."""

    def __init__(self, function: Callable[..., Awaitable[R]], *, skip: int = 0) -> None:
        hints = get_type_hints(function)
        names = list(signature(function).parameters)[skip:]
        self._arguments = [hints.get(name, Any) for name in names]
        self._result = hints.get("return", Any)

    def arguments(self, given: tuple[Any, ...]) -> tuple[Any, ...]:
        """The same result for arguments from the caller and from the store."""
        return tuple(
            msgspec.convert(plain(one), shape)
            for one, shape in zip(given, self._arguments, strict=True)
        )

    def result(self, stored: Any) -> R:
        return msgspec.convert(stored, self._result)


def plain(value: Any) -> Any:
    """As it will look after decoding: JSON's own types only."""
    return msgspec.json.decode(msgspec.json.encode(value))
