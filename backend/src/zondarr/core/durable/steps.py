"""Runs a step with retries, alone or in parallel with others."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import structlog

from zondarr.core.durable.engine import Engine
from zondarr.core.durable.errors import StepFailedError
from zondarr.core.durable.stored import Shapes, failure_of, plain

log: structlog.stdlib.BoundLogger = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Retry:
    """How often a step is tried before it fails; the pause doubles each time.

    `when` decides whether an exception is retried; by default all are.
    """

    attempts: int = 3
    pause: float = 1.0
    when: Callable[[Exception], bool] | None = None

    def after(self, tries: int, error: Exception) -> float | None:
        """Seconds to wait after this many attempts; None after the last one."""
        if tries >= self.attempts or (self.when is not None and not self.when(error)):
            return None
        return self.pause * 2 ** (tries - 1)


ONCE = Retry(attempts=1)


def step[*A, R](
    engine: Engine,
    name: str,
    function: Callable[[*A], Awaitable[R]],
    args: tuple[*A],
    retry: Retry,
) -> Awaitable[R]:
    """See `Durable.step`."""
    if not engine.in_workflow:
        return function(*args)

    async def body() -> Any:
        return await tried(name, function, args, retry)

    return _read(engine.step(name, body), Shapes(function))


async def _read[R](stored: Awaitable[Any], shapes: Shapes[R]) -> R:
    return shapes.result(await stored)


async def tried[*A](
    name: str, function: Callable[[*A], Awaitable[Any]], args: tuple[*A], retry: Retry
) -> Any:
    """The result in its stored form; raises `StepFailedError` only."""
    for tries in count(1):
        try:
            return plain(await function(*args))
        except Exception as error:
            pause = retry.after(tries, error)
            if pause is None:
                raise failure_of(name, error) from error
        log.info("step will be tried again", step=name, tries=tries, pause=pause)
        await asyncio.sleep(pause)
    raise AssertionError


async def all_ended[R](steps: tuple[Awaitable[R], ...]) -> list[R | StepFailedError]:
    tasks = [asyncio.ensure_future(step) for step in steps]
    if not tasks:
        return []
    try:
        await asyncio.wait(tasks)
    except asyncio.CancelledError:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        raise
    return [_ended(task) for task in tasks]


def _ended[R](task: asyncio.Future[R]) -> R | StepFailedError:
    error = task.exception()
    return error if isinstance(error, StepFailedError) else task.result()
