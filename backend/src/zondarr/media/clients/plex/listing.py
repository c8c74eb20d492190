"""The long listings of a media server: the titles of a library, and the watch
history.
"""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from urllib.parse import quote

from zondarr.media.clients.plex.items import Item, Page, Play, Row, timestamp
from zondarr.media.clients.plex.paging import in_pages
from zondarr.media.clients.plex.server import PlexServer
from zondarr.media.clients.plex.shapes import Container
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.types import ItemKind, WatchEvent

PAGE = 1000
"""Includes the last row of the previous page. Servers warn about, or refuse, larger
pages.
"""
HISTORY = "/status/sessions/history/all"
NUMBERS = {
    ItemKind.MOVIE: "1",
    ItemKind.SHOW: "2",
    ItemKind.SEASON: "3",
    ItemKind.EPISODE: "4",
}
EXCLUDED = {
    "excludeElements": "Collection,Country,Director,Genre,Image,Producer,Rating,Role,"
    "Similar,UltraBlurColors,Writer",
    "excludeFields": "summary,tagline",
}
"""Most of a title's size. A server that does not know these parameters sends
everything.
"""


def items(
    server: PlexServer,
    library_id: str,
    kind: ItemKind,
    updated_since: datetime | None,
) -> AsyncGenerator[list[Item]]:
    """Iterate over all titles of this kind in a library, oldest first (listContent)."""
    params = {"type": NUMBERS[kind], "includeGuids": "1", "sort": "addedAt"} | EXCLUDED
    if updated_since is not None:
        params["updatedAt>"] = _seconds(updated_since)
    path = f"/library/sections/{quote(library_id, safe='')}/all"
    return _read(server, path, params, Container[Page[Item]])


async def history(
    server: PlexServer, since: datetime | None, library_id: str | None
) -> AsyncGenerator[Sequence[WatchEvent]]:
    """Iterate over everybody's watch events, oldest first (listPlaybackHistory)."""
    params = {"sort": "viewedAt"}
    if since is not None:
        params["viewedAt>"] = _seconds(since)
    if library_id is not None:
        params["librarySectionID"] = library_id
    names = {each.id: each.name for each in await server.accounts()}
    async for plays in _read(server, HISTORY, params, Container[Page[Play]]):
        yield [_event(each, names) for each in plays]


def _event(play: Play, names: dict[int, str]) -> WatchEvent:
    return WatchEvent(
        id=play.key,
        user_id=str(play.account_id),
        username=names.get(play.account_id) or None,
        item_id=play.rating_key,
        library_id=None if play.library_id is None else str(play.library_id),
        kind=play.type,
        title=play.title,
        watched_at=timestamp(play.viewed_at),
    )


def _read[T: Row](
    server: PlexServer,
    path: str,
    params: dict[str, str],
    shape: type[Container[Page[T]]],
) -> AsyncGenerator[list[T]]:
    async def fetch_page(start: int) -> Page[T]:
        window = {
            "X-Plex-Container-Start": str(start),
            "X-Plex-Container-Size": str(PAGE),
        }
        return (await server.listed(path, params | window, shape)).inside

    def unsteady() -> MediaClientError:
        return server.error(ErrorKind.FAILED, "listing_unsteady")

    return in_pages(fetch_page, unsteady)


def _seconds(moment: datetime) -> str:
    return str(int(moment.timestamp()))
