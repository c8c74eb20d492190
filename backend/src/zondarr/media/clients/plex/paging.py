"""Reads a long listing page by page while it may change.

Each page begins with the last row of the previous one. If that row is not there, rows
were removed and others moved to the front: the reader goes back until it finds a row
that it knows, so that none is skipped. Listings are requested in the order in which
they grow, so that new rows come at the end.

Only one page and the keys of another are held in memory. A row may appear twice if many
others were removed meanwhile.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable

from zondarr.media.clients.plex.items import Page, Row, as_tuple
from zondarr.media.exceptions import MediaClientError

ENDLESS = 10_000_000
"""No listing has so many rows; a server that keeps sending new ones is treated as
failing.
"""


async def in_pages[T: Row](
    fetch: Callable[[int], Awaitable[Page[T]]], unsteady: Callable[[], MediaClientError]
) -> AsyncGenerator[list[T]]:
    """Iterate over every row that exists during the whole read.

    `fetch` is called with the start of a page. Raises `unsteady()` if the server never
    reaches an end, or does not return rows that it just returned.
    """
    start, back, seen = 0, 0, 0
    known: frozenset[str] = frozenset()
    while True:
        rows, count, total = _unpack(await fetch(start))
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
        seen, end = seen + fresh, start + count
        if _is_last(total, end, fresh=bool(fresh)):
            return
        if not fresh or seen > ENDLESS:
            raise unsteady()
        start, back, known = end - 1, max(1, count // 2), keys


def _unpack[T: Row](page: Page[T]) -> tuple[dict[str, T], int, int | None]:
    """The rows by key, how many came, and the total."""
    found = as_tuple(page.rows)
    return {row.key: row for row in found}, len(found), page.total


def _is_last(total: int | None, end: int, *, fresh: bool) -> bool:
    """Without a total, the end is a page without new rows."""
    return not fresh if total is None else end >= total
