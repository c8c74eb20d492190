"""The part of the Jellyfin client that reads titles and watch data.

A light sweep returns ids and an `Etag`, a hash of the time when the item was last
saved: an edit or a new file changes it, a play does not. The tracks of the files are
nine tenths of a sweep's cost, and are only read for new or changed items.
"""

from collections.abc import Collection, Sequence
from itertools import batched, takewhile
from typing import NamedTuple, Protocol

from msgspec import Struct
from msgspec.json import decode, encode
from msgspec.structs import replace

from zondarr.media.catalogue import (
    CatalogueItem,
    ItemPage,
    WatchAccount,
    WatchFact,
    WatchPage,
)
from zondarr.media.clients.jellyfin.api import JellyfinApi
from zondarr.media.clients.jellyfin.library_shapes import (
    Item,
    Stamp,
    WatchedItem,
)
from zondarr.media.clients.jellyfin.policy import external_user, normalized_id
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.types import LibraryInfo

PAGE = 500
"""Items with tracks per page: the size with the lowest cost per item on
a real server.
"""
LIGHT_PAGE = 2000
DETAILS_PAGE = 200
WATCH_PAGE = 5000
BEGUN_PAGE = 100
RESTARTS = 3
"""How often a list may change while it is read before the sync fails."""

_FILMS_AND_SHOWS = "Movie,Series"
_PARTS = "Season,Episode"
_TYPES: dict[str, tuple[str, ...]] = {
    "movies": ("Movie",),
    "tvshows": ("Series", _PARTS),
    "mixed": (_FILMS_AND_SHOWS, _PARTS),
}
"""The item types to request, in order, by the type of library. Other libraries hold no
films or shows.
"""
_LISTED = {
    "recursive": "true",
    # Else box sets come in place of their films.
    "collapseBoxSetItems": "false",
    "enableImages": "false",
    "sortBy": "DateCreated",
    "sortOrder": "Ascending",
}
_FIELDS = "MediaSources,DateCreated,ProviderIds,Path,Etag"


_WATCHED: tuple[dict[str, str], ...] = (
    {"isPlayed": "true"},
    # Begun and not finished: those with a date come first.
    {"isPlayed": "false", "sortBy": "DatePlayed", "sortOrder": "Descending"},
    {"filters": "IsResumable"},
    {"isFavorite": "true"},
)
"""The lists of what an account touched, in order."""
_PLAYED, _BEGUN = 0, 1
_TOO_MUCH = frozenset(("server_error", "server_timeout", "answer_too_large"))
"""Failures after which half as much is requested: large pages overcharge a 10.11."""
_SMALLEST = 100


class _Place(Struct, frozen=True, omit_defaults=True):
    """The list and row to read next; `last` is the last id of the previous page.

    Each page begins with the last row of the previous one: if it is another row, rows
    have moved, and the list is read again. `size` is the length of a page, where the
    usual one was too much.
    """

    part: int = 0
    start: int = 0
    last: str | None = None
    before: int = 0
    total: int | None = None
    restarts: int = 0
    size: int | None = None


class _Known(Protocol):
    @property
    def id(self) -> str: ...


async def library_page(
    api: JellyfinApi, library: LibraryInfo, place: str | None, *, details: bool
) -> ItemPage:
    """GetItems; scenarios `items_sweep`, `items_paging`."""
    at = _Place() if place is None else decode(place, type=_Place)
    parts = _TYPES.get(library.library_type, ())
    if not parts:
        return ItemPage(stamps=(), items=(), next=None, done=0, total=0)
    params = {
        **_LISTED,
        "enableUserData": "false",
        "excludeLocationTypes": "Virtual",
        "includeItemTypes": parts[at.part],
        "parentId": library.external_id,
        "fields": _FIELDS if details else "Etag",
    }
    usual, shape = (PAGE, Item) if details else (LIGHT_PAGE, Stamp)
    read = await _read(api, params, at, usual, shape)
    rows: Sequence[Item | Stamp] = read.rows
    if _has_moved(at, rows):
        total = None if at.total is None else at.before + at.total
        again = _text(_again(api, at))
        return ItemPage(stamps=(), items=(), next=again, done=at.before, total=total)
    fresh = rows[1:] if at.last is not None else rows
    items = [each.item() for each in fresh if isinstance(each, Item)]
    end = at.start + len(rows)
    return ItemPage(
        stamps=[(normalized_id(each.id), each.etag or "") for each in fresh],
        items=[each for each in items if each is not None],
        next=_text(_after(at, read, len(parts))),
        done=at.before + end,
        total=at.before + max(read.total, end),
    )


class _Read[T: _Known](NamedTuple):
    """A page. `size`: how many rows were requested, if not as many as usual."""

    rows: Sequence[T]
    total: int
    is_full: bool
    size: int | None


async def _read[T: _Known](
    api: JellyfinApi, params: dict[str, str], at: _Place, usual: int, shape: type[T]
) -> _Read[T]:
    """Read the rows at a place; half as many where that is too much."""
    size = at.size or usual
    window = {
        "startIndex": str(at.start),
        "limit": str(size),
        # Counting takes a second on a large 10.11, so it is done once.
        "enableTotalRecordCount": "true" if at.total is None else "false",
    }
    try:
        found = await api.items(params | window, shape)
    except MediaClientError as error:
        if error.error_code not in _TOO_MUCH or size <= _SMALLEST:
            raise
        smaller = replace(at, size=max(size // 2, _SMALLEST))
        return await _read(api, params, smaller, usual, shape)
    total = found.total_record_count if at.total is None else at.total
    return _Read(found.items, total, len(found.items) >= size, at.size)


def _has_moved(at: _Place, rows: Sequence[_Known]) -> bool:
    return at.last is not None and (not rows or rows[0].id != at.last)


def _after[T: _Known](at: _Place, read: _Read[T], parts: int) -> _Place | None:
    """The place of the next page, if there is one."""
    end = at.start + len(read.rows)
    if not read.is_full:
        return _next_part(at, end, read.size, parts)
    last = read.rows[-1].id
    return replace(at, start=end - 1, last=last, total=read.total, size=read.size)


def _next_part(at: _Place, end: int, size: int | None, parts: int) -> _Place | None:
    if at.part + 1 == parts:
        return None
    return _Place(part=at.part + 1, before=at.before + end, size=size)


def _again(api: JellyfinApi, at: _Place) -> _Place:
    if at.restarts >= RESTARTS:
        raise api.error(ErrorKind.FAILED, "listing_unsteady")
    return replace(at, start=0, last=None, total=None, restarts=at.restarts + 1)


def _text(place: _Place | None) -> str | None:
    return None if place is None else encode(place).decode()


async def _by_id[T](
    api: JellyfinApi, params: dict[str, str], ids: Collection[str], shape: type[T]
) -> list[T]:
    """Items by their ids, in batches; half as many where that is too much."""
    found: list[T] = []
    for batch in batched(ids, DETAILS_PAGE, strict=False):
        found += await _some_by_id(api, params, batch, shape)
    return found


async def _some_by_id[T](
    api: JellyfinApi, params: dict[str, str], ids: Sequence[str], shape: type[T]
) -> list[T]:
    try:
        answer = await api.items({**_LISTED, **params, "ids": ",".join(ids)}, shape)
    except MediaClientError as error:
        if error.error_code not in _TOO_MUCH or len(ids) <= _SMALLEST:
            raise
        half = len(ids) // 2
        first = await _some_by_id(api, params, ids[:half], shape)
        return first + await _some_by_id(api, params, ids[half:], shape)
    return answer.items


async def item_details(
    api: JellyfinApi, ids: Collection[str]
) -> Sequence[CatalogueItem]:
    """GetItems by ids; scenario `items_filters`."""
    params = {"enableUserData": "false", "fields": _FIELDS}
    found = await _by_id(api, params, ids, Item)
    return [item for each in found if (item := each.item()) is not None]


async def watch_accounts(api: JellyfinApi) -> Sequence[WatchAccount]:
    """GetUsers; scenario `users_list`."""
    users = [external_user(each) for each in await api.users()]
    return [
        WatchAccount(
            id=each.id,
            name=each.username,
            library_ids=None if each.all_libraries else each.library_ids,
        )
        for each in users
    ]


async def watch_page(api: JellyfinApi, account_id: str, place: str | None) -> WatchPage:
    """GetItems for a user: what is played, begun, or a favourite; scenario
    `play_state`. `done` counts all rows of these lists.
    """
    at = _Place() if place is None else decode(place, type=_Place)
    params = _of_user(account_id) | _WATCHED[at.part]
    # Nobody needs the totals.
    at = replace(at, total=0)
    if at.part == _BEGUN:
        return await _begun_page(api, account_id, params, at)
    read = await _read(api, params, at, WATCH_PAGE, WatchedItem)
    if not read.rows and at.part == _PLAYED and at.start == 0:
        # An empty list is believed when it comes twice.
        read = await _read(api, params, at, WATCH_PAGE, WatchedItem)
    moved = _has_moved(at, read.rows)
    after = _again(api, at) if moved else _after(at, read, len(_WATCHED))
    facts = () if moved else [each.fact(account_id) for each in read.rows]
    return WatchPage(
        facts=[each for each in facts if each is not None],
        next=_text(after),
        resume=None,
        done=at.before + at.start + len(read.rows),
        total=None,
    )


async def _begun_page(
    api: JellyfinApi, account_id: str, params: dict[str, str], at: _Place
) -> WatchPage:
    """Unplayed items, the newest activity first, to the last one with a date.

    This list may move while it is read: whoever watches adds to its beginning, and no
    row is skipped by that.
    """
    read = await _read(api, params, at, BEGUN_PAGE, WatchedItem)
    facts = [each.fact(account_id) for each in read.rows]
    dated = [fact for fact in takewhile(_is_dated, facts) if fact is not None]
    end = at.start + len(read.rows)
    if len(dated) == len(read.rows):
        after = _after(at, read, len(_WATCHED))
    else:
        after = _next_part(at, end, read.size, len(_WATCHED))
    return WatchPage(
        facts=dated, next=_text(after), resume=None, done=at.before + end, total=None
    )


def _is_dated(fact: WatchFact | None) -> bool:
    return fact is not None and fact.last_played_at is not None


async def watch_state(
    api: JellyfinApi, account_id: str, item_ids: Collection[str]
) -> Sequence[WatchFact]:
    """GetItems by ids for a user; scenario `play_state`."""
    found = await _by_id(api, _of_user(account_id), item_ids, WatchedItem)
    return [each.state(account_id) for each in found]


def _of_user(account_id: str) -> dict[str, str]:
    return {
        **_LISTED,
        "userId": account_id,
        "includeItemTypes": "Movie,Episode",
        "excludeLocationTypes": "Virtual",
        "enableUserData": "true",
    }
