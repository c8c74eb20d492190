"""Long loops that let other tasks run now and then."""

import asyncio
from collections.abc import AsyncGenerator, Iterable

PIECE = 50
"""Items of a sync that take about a millisecond in each of its loops."""


async def in_pieces[T](items: Iterable[T]) -> AsyncGenerator[T]:
    """The items, with a turn for other tasks after each piece: a page of the UI waits
    for a piece, not for the whole loop.
    """
    for number, each in enumerate(items, 1):
        yield each
        if number % PIECE == 0:
            await asyncio.sleep(0)
