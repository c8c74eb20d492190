"""Reads a long listing page by page while it may change.

Each page begins with the last row of the previous one. If that row is not there, rows
were removed and others moved to the front: the reader goes back until it finds a row
that it knows, so that none is skipped. Listings are requested in the order in which
they grow, so that new rows come at the end.

Only one page and the keys of another are held in memory. A row may appear twice if many
others were removed meanwhile.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable

from msgspec import Struct

from zondarr.media.clients.plex.items import Page, Row, as_tuple
from zondarr.media.exceptions import MediaClientError

ENDLESS = 10_000_000
"""No listing has so many rows; a server that keeps sending new ones is treated as
failing.
"""


class Place(Struct, frozen=True, omit_defaults=True):
    """Where the next page begins, and the keys of the rows of the one before."""

    start: int = 0
    back: int = 0
    seen: int = 0
    known: frozenset[str] = frozenset()
    total: int | None = None


type Fetch[T: Row] = Callable[[int], Awaitable[Page[T]]]
type Unsteady = Callable[[], MediaClientError]


async def in_pages[T: Row](
    fetch: Fetch[T], unsteady: Unsteady
) -> AsyncGenerator[list[T]]:
    """Iterate over every row that exists during the whole read.

    `fetch` is called with the start of a page. Raises `unsteady()` if the server never
    reaches an end, or does not return rows that it just returned.
    """
    place: Place | None = Place()
    while place is not None:
        rows, place = await read_page(fetch, place, unsteady)
        if rows:
            yield rows
            rows = []


async def read_page[T: Row](
    fetch: Fetch[T], place: Place, unsteady: Unsteady
) -> tuple[list[T], Place | None]:
    """The rows of one page that the one before did not have, and the next place."""
    start, known = place.start, place.known
    rows, count, total = _unpack(await fetch(start))
    while known and known.isdisjoint(rows):
        if start == 0:
            raise unsteady()
        start = max(0, start - place.back)
        rows, count, total = _unpack(await fetch(start))
    keys = frozenset(rows)
    for key in keys & known:
        del rows[key]
    fresh = len(rows)
    seen, end = place.seen + fresh, start + count
    if _is_last(total, end, fresh=bool(fresh)):
        return list(rows.values()), None
    if not fresh or seen > ENDLESS:
        raise unsteady()
    after = Place(end - 1, max(1, count // 2), seen, keys, total)
    return list(rows.values()), after


def _unpack[T: Row](page: Page[T]) -> tuple[dict[str, T], int, int | None]:
    """The rows by key, how many came, and the total."""
    found = as_tuple(page.rows)
    return {row.key: row for row in found}, len(found), page.total


def _is_last(total: int | None, end: int, *, fresh: bool) -> bool:
    """Without a total, the end is a page without new rows."""
    return not fresh if total is None else end >= total
