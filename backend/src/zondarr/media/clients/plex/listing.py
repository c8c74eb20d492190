"""The long listings of a media server: what a library holds, and who watched what."""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from urllib.parse import quote

from zondarr.media.clients.plex.items import Item, Page, Play, Row, timestamp
from zondarr.media.clients.plex.paging import Unsteady, in_pages
from zondarr.media.clients.plex.server import PlexServer
from zondarr.media.clients.plex.shapes import Container
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.types import ItemKind, WatchEvent

PAGE = 1000
"""The last of the page before among them. A server warns of more, or refuses it."""
SMALLEST_PAGE = 100
TOO_MUCH = frozenset(("server_error", "server_timeout", "answer_too_large"))
"""Failures after which half as much is requested."""
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
"""Most of what a title weighs. A server that does not know these words sends it all."""


def items(
    server: PlexServer,
    library_id: str,
    kind: ItemKind,
    updated_since: datetime | None,
) -> AsyncGenerator[list[Item]]:
    """Iterate over all titles of this kind in a library, oldest first."""

    async def fetch_page(start: int) -> Page[Item]:
        return await item_page(server, library_id, kind, start, updated_since)

    return in_pages(fetch_page, unsteady(server))


async def item_page(
    server: PlexServer,
    library_id: str,
    kind: ItemKind,
    start: int,
    updated_since: datetime | None = None,
) -> Page[Item]:
    """One page of them (listContent)."""
    params = {"type": NUMBERS[kind], "includeGuids": "1", "sort": "addedAt"} | EXCLUDED
    if updated_since is not None:
        params["updatedAt>"] = _seconds(updated_since)
    path = f"/library/sections/{quote(library_id, safe='')}/all"
    return await _page(server, path, params, Container[Page[Item]], start)


async def history(
    server: PlexServer, since: datetime | None, library_id: str | None
) -> AsyncGenerator[Sequence[WatchEvent]]:
    """Iterate over everybody's watch events, oldest first."""

    async def fetch_page(start: int) -> Page[Play]:
        return await history_page(server, since, start, library_id)

    names = {each.id: each.name for each in await server.accounts()}
    async for plays in in_pages(fetch_page, unsteady(server)):
        yield [_event(each, names) for each in plays]


async def history_page(
    server: PlexServer,
    since: datetime | None,
    start: int,
    library_id: str | None = None,
) -> Page[Play]:
    """One page of the history (listPlaybackHistory)."""
    params = {"sort": "viewedAt"}
    if since is not None:
        params["viewedAt>"] = _seconds(since)
    if library_id is not None:
        params["librarySectionID"] = library_id
    return await _page(server, HISTORY, params, Container[Page[Play]], start)


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


async def _page[T: Row](
    server: PlexServer,
    path: str,
    params: dict[str, str],
    shape: type[Container[Page[T]]],
    start: int,
) -> Page[T]:
    """A page; half as long where that is too much for the server."""
    size = PAGE
    while True:
        window = {
            "X-Plex-Container-Start": str(start),
            "X-Plex-Container-Size": str(size),
        }
        try:
            return (await server.listed(path, params | window, shape)).inside
        except MediaClientError as error:
            if error.error_code not in TOO_MUCH or size <= SMALLEST_PAGE:
                raise
        size = max(size // 2, SMALLEST_PAGE)


def unsteady(server: PlexServer) -> Unsteady:
    """The failure of a listing that cannot be read to its end."""
    return lambda: server.error(ErrorKind.FAILED, "listing_unsteady")


def _seconds(moment: datetime) -> str:
    return str(int(moment.timestamp()))
