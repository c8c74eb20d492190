"""Reading a long listing page by page while it may change.

Each page begins with the last row of the one before. Where that row is not found, rows
have moved to the front because others are gone: the reading goes back until it finds
one that it knows, so that none is passed over. Listings are asked for in the order in
which they grow, so that what is new comes at the end.

One page is held in memory and the keys of another, however long the listing is. A row
may come twice where many others vanished meanwhile.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable

from zondarr.media.clients.plex.items import Page, Row, as_tuple
from zondarr.media.exceptions import MediaClientError

ENDLESS = 10_000_000
"""No listing has so many rows; a server that finds ever new ones is not believed."""


async def in_pages[T: Row](
    ask: Callable[[int], Awaitable[Page[T]]], unsteady: Callable[[], MediaClientError]
) -> AsyncGenerator[list[T]]:
    """Every row that was there all the while.

    `ask` is given where the page starts. Raises `unsteady()` for a server that never
    comes to an end, or does not find again what it has just told.
    """
    start, back, told = 0, 0, 0
    known: frozenset[str] = frozenset()
    while True:
        rows, count, total = _unpack(await ask(start))
        if known and known.isdisjoint(rows):
            if start == 0:
                raise unsteady()
            start = max(0, start - back)
            continue
        keys = frozenset(rows)
        for key in keys & known:
            del rows[key]
        fresh = len(rows)
        if fresh:
            yield list(rows.values())
        rows.clear()
        told, end = told + fresh, start + count
        if _is_last(total, end, fresh=bool(fresh)):
            return
        if not fresh or told > ENDLESS:
            raise unsteady()
        start, back, known = end - 1, max(1, count // 2), keys


def _unpack[T: Row](page: Page[T]) -> tuple[dict[str, T], int, int | None]:
    """Its rows by their keys, how many came, and how many there are altogether."""
    found = as_tuple(page.rows)
    return {row.key: row for row in found}, len(found), page.total


def _is_last(total: int | None, end: int, *, fresh: bool) -> bool:
    """Without a total the end is where nothing new comes."""
    return not fresh if total is None else end >= total
