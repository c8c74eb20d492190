"""The part of the Jellyfin client that reads titles and watch data.

A light sweep returns ids and an `Etag`, a hash of the time when the item was last
saved: an edit or a new file changes it, a play does not. The tracks of the files are
nine tenths of a sweep's cost, and are only read for new or changed items.
"""

from collections.abc import Collection, Sequence
from itertools import batched
from typing import Protocol

from msgspec import Struct
from msgspec.json import decode, encode

from zondarr.media.catalogue import (
    CatalogueItem,
    ItemPage,
    WatchAccount,
    WatchPage,
)
from zondarr.media.clients.jellyfin.api import JellyfinApi
from zondarr.media.clients.jellyfin.library_shapes import (
    Item,
    Items,
    Stamp,
    WatchedItem,
)
from zondarr.media.clients.jellyfin.policy import external_user, normalized_id
from zondarr.media.exceptions import ErrorKind
from zondarr.media.types import LibraryInfo

PAGE = 500
"""Items with tracks per page: the size with the lowest cost per item on
a real server.
"""
LIGHT_PAGE = 2000
DETAILS_PAGE = 200
WATCH_PAGE = 5000
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


class _Place(Struct, frozen=True, omit_defaults=True):
    """The list and row to read next; `last` is the last id of the previous page.

    Each page begins with the last row of the previous one: if it is another row, rows
    have moved, and the list is read again.
    """

    part: int = 0
    start: int = 0
    last: str | None = None
    before: int = 0
    total: int | None = None
    restarts: int = 0


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
    size = PAGE if details else LIGHT_PAGE
    params = {
        **_LISTED,
        "enableUserData": "false",
        "excludeLocationTypes": "Virtual",
        "includeItemTypes": parts[at.part],
        "parentId": library.external_id,
        "fields": _FIELDS if details else "Etag",
    }
    found = await _rows(api, params, at, size, Item if details else Stamp)
    rows: Sequence[Item | Stamp] = found.items
    if at.last is not None and (not rows or rows[0].id != at.last):
        return _again(api, at)
    fresh = rows[1:] if at.last is not None else rows
    total = found.total_record_count if at.total is None else at.total
    stamps = [(normalized_id(each.id), each.etag or "") for each in fresh]
    items = [each.item() for each in fresh if isinstance(each, Item)]
    after = _after(at, rows, size, total, len(parts))
    return ItemPage(
        stamps=stamps,
        items=[each for each in items if each is not None],
        next=None if after is None else encode(after).decode(),
        done=at.before + at.start + len(rows),
        total=at.before + max(total, at.start + len(rows)),
    )


def _after(
    at: _Place, rows: Sequence[_Known], size: int, total: int, parts: int
) -> _Place | None:
    """The place of the next page, if there is one."""
    end = at.start + len(rows)
    if len(rows) >= size:
        return _Place(
            part=at.part,
            start=end - 1,
            last=rows[-1].id,
            before=at.before,
            total=total,
            restarts=at.restarts,
        )
    if at.part + 1 < parts:
        return _Place(part=at.part + 1, before=at.before + end)
    return None


def _again(api: JellyfinApi, at: _Place) -> ItemPage:
    if at.restarts >= RESTARTS:
        raise api.error(ErrorKind.FAILED, "listing_unsteady")
    start = _Place(part=at.part, before=at.before, restarts=at.restarts + 1)
    return ItemPage(
        stamps=(),
        items=(),
        next=encode(start).decode(),
        done=at.before,
        total=None if at.total is None else at.before + at.total,
    )


async def _rows[T](
    api: JellyfinApi, params: dict[str, str], at: _Place, size: int, shape: type[T]
) -> Items[T]:
    counted = "true" if at.total is None else "false"
    window = {
        "startIndex": str(at.start),
        "limit": str(size),
        # Counting takes a second on a large 10.11, so it is done once.
        "enableTotalRecordCount": counted,
    }
    return await api.items(params | window, shape)


async def item_details(
    api: JellyfinApi, ids: Collection[str]
) -> Sequence[CatalogueItem]:
    """GetItems by ids; scenario `items_filters`."""
    found: list[CatalogueItem] = []
    for batch in batched(ids, DETAILS_PAGE, strict=False):
        params = {
            **_LISTED,
            "enableUserData": "false",
            "fields": _FIELDS,
            "ids": ",".join(batch),
        }
        answer = await api.items(params, Item)
        found += [item for each in answer.items if (item := each.item()) is not None]
    return found


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
    """GetItems for a user, who sees every title they have access to; scenario
    `play_state`. Half-watched titles are not `isPlayed`, so all films and episodes are
    read.
    """
    at = _Place() if place is None else decode(place, type=_Place)
    params = {
        **_LISTED,
        "userId": account_id,
        "includeItemTypes": "Movie,Episode",
        "excludeLocationTypes": "Virtual",
        "enableUserData": "true",
    }
    found = await _rows(api, params, at, WATCH_PAGE, WatchedItem)
    rows = found.items
    total = found.total_record_count if at.total is None else at.total
    if at.last is not None and (not rows or rows[0].id != at.last):
        again = _again(api, at)
        return WatchPage(facts=(), next=again.next, resume=None, done=0, total=at.total)
    rows_with_facts = [(each, each.fact(account_id)) for each in rows]
    after = _after(at, rows, WATCH_PAGE, total, 1)
    return WatchPage(
        facts=[fact for _, fact in rows_with_facts if fact is not None],
        untouched=[
            normalized_id(each.id) for each, fact in rows_with_facts if fact is None
        ],
        next=None if after is None else encode(after).decode(),
        resume=None,
        done=at.start + len(rows),
        total=total,
    )
