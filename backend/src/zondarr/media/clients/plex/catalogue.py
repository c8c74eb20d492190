"""The part of the Plex client that reads titles and watch history, page by page.

There are no recordings of a Plex Media Server: the tests use our simulator, which
follows the community's API document.

Lists contain files but no tracks, so tracks are requested by id for new or changed
items. Plays come from the history, which only the owner's token may read: it starts
with the server's installation, and marks that were set by hand are not in it. What the
owner marked, and where they stopped, is in the lists of items.
"""

from collections.abc import Collection, Sequence
from itertools import batched

from msgspec import Struct
from msgspec.json import decode, encode

from zondarr.media.catalogue import (
    CatalogueItem,
    ItemPage,
    WatchAccount,
    WatchFact,
    WatchPage,
)
from zondarr.media.clients.plex import listing
from zondarr.media.clients.plex.items import Item, Page, Play, as_tuple, timestamp
from zondarr.media.clients.plex.paging import Place, read_page
from zondarr.media.clients.plex.server import PlexServer
from zondarr.media.clients.plex.shapes import Container
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.types import ItemKind, LibraryInfo

DETAILS_PAGE = 100
OWNER = "1"
"""The account of a server's owner, whose token is used."""
_KINDS = {
    "movie": (ItemKind.MOVIE,),
    "show": (ItemKind.SHOW, ItemKind.SEASON, ItemKind.EPISODE),
}
"""The item types to request, in order, by the type of library."""
_LEAVES = (ItemKind.MOVIE, ItemKind.EPISODE)


class _LibraryPlace(Struct, frozen=True, omit_defaults=True):
    """The list and row to read next; `before` counts the rows of earlier lists."""

    part: int = 0
    before: int = 0
    page: Place = Place()


class _HistoryPlace(Struct, frozen=True, omit_defaults=True):
    """The history from a time on, in seconds since 1970.

    `had` are the plays of that very second that were read before, `last` and `keys` the
    newest ones so far.
    """

    since: int = 0
    had: frozenset[str] = frozenset()
    last: int = 0
    keys: frozenset[str] = frozenset()
    page: Place = Place()


async def library_page(
    server: PlexServer, library: LibraryInfo, place: str | None
) -> ItemPage:
    """listContent of one type after the other; only shows and seasons come whole."""
    at = _LibraryPlace() if place is None else decode(place, type=_LibraryPlace)
    kinds = _KINDS.get(library.library_type, ())
    if not kinds:
        return ItemPage(stamps=(), items=(), next=None, done=0, total=0)
    kind = kinds[at.part]

    async def ask(start: int) -> Page[Item]:
        return await listing.item_page(server, library.external_id, kind, start)

    rows, after = await read_page(ask, at.page, listing.unsteady(server))
    done = at.before + at.page.seen + len(rows)
    total = at.before + after.total if after and after.total is not None else done
    is_leaf = kind in _LEAVES
    items = [] if is_leaf else [each.item() for each in rows]
    watched = [each.watched(OWNER) for each in rows] if is_leaf else []
    return ItemPage(
        stamps=[(each.id, each.stamp) for each in rows],
        items=[each for each in items if each is not None],
        watched=[each for each in watched if each is not None],
        next=_next(at, after, len(kinds), done),
        done=done,
        total=total,
    )


def _next(at: _LibraryPlace, after: Place | None, parts: int, done: int) -> str | None:
    if after is not None:
        return encode(_LibraryPlace(at.part, at.before, after)).decode()
    if at.part + 1 < parts:
        return encode(_LibraryPlace(at.part + 1, done)).decode()
    return None


async def item_details(
    server: PlexServer, ids: Collection[str]
) -> Sequence[CatalogueItem]:
    """getMetadataItem for several ids; a 404 where none of them is there."""
    found: list[CatalogueItem] = []
    for batch in batched(ids, DETAILS_PAGE, strict=False):
        try:
            answer = await server.listed(
                f"/library/metadata/{','.join(batch)}",
                {"includeGuids": "1"} | listing.EXCLUDED,
                Container[Page[Item]],
            )
        except MediaClientError as error:
            if error.kind is ErrorKind.GONE:
                continue
            raise
        rows = as_tuple(answer.inside.rows)
        found += [item for each in rows if (item := each.item()) is not None]
    return found


async def watch_accounts(server: PlexServer) -> Sequence[WatchAccount]:
    """The accounts known to the server; the owner is `1`. `GET /accounts`."""
    return [
        WatchAccount(id=str(each.id), name=each.name)
        for each in await server.accounts()
        if each.id
    ]


async def watch_page(server: PlexServer, place: str | None) -> WatchPage:
    """listPlaybackHistory, from the last seen moment on."""
    at = _HistoryPlace() if place is None else decode(place, type=_HistoryPlace)
    since = timestamp(at.since)

    async def ask(start: int) -> Page[Play]:
        return await listing.history_page(server, since, start)

    rows, after = await read_page(ask, at.page, listing.unsteady(server))
    fresh = [each for each in rows if each.key not in at.had]
    facts = [fact for each in fresh if (fact := _fact(each)) is not None]
    last, keys = _newest(at, rows)
    next_place = None
    if after is not None:
        next_place = encode(_HistoryPlace(at.since, at.had, last, keys, after)).decode()
    done = at.page.seen + len(rows)
    return WatchPage(
        facts=facts,
        next=next_place,
        resume=encode(_HistoryPlace(since=last, had=keys)).decode(),
        done=done,
        total=after.total if after else done,
    )


def _newest(at: _HistoryPlace, rows: Sequence[Play]) -> tuple[int, frozenset[str]]:
    """The last second with a play, and its plays."""
    begun = (at.last, at.keys) if at.last else (at.since, at.had)
    last = max([begun[0], *(each.viewed_at or 0 for each in rows)])
    keys = {each.key for each in rows if each.viewed_at == last}
    return last, frozenset(keys | (begun[1] if last == begun[0] else frozenset()))


def _fact(play: Play) -> WatchFact | None:
    """None for a play of a deleted title without an id."""
    if play.rating_key is None:
        return None
    return WatchFact(
        account_id=str(play.account_id),
        item_id=play.rating_key,
        played=True,
        play_count=1,
        last_played_at=timestamp(play.viewed_at),
    )
