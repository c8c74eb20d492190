"""The part of the client that reads what a server holds and what was watched."""

from collections.abc import AsyncGenerator, Collection, Sequence
from datetime import datetime

from zondarr.media.catalogue import (
    CatalogueItem,
    ItemPage,
    WatchAccount,
    WatchFact,
    WatchPage,
)
from zondarr.media.clients.plex import catalogue, listing
from zondarr.media.clients.plex.server import PlexServer
from zondarr.media.context import ClientContext
from zondarr.media.operations import operation, paged_operation
from zondarr.media.types import ItemKind, LibraryInfo, LibraryItem, WatchEvent


class LibraryReader(ClientContext):
    """A `CatalogueReader`, and two listings as a whole, to be iterated over: what fails
    in them, fails there. Nothing here asks plex.tv."""

    def _server(self) -> PlexServer:
        http, state = self.connections()
        return PlexServer(self.server.url, self.server.api_key, http, state)

    @paged_operation
    def library_items(
        self,
        library_id: str,
        kind: ItemKind,
        *,
        updated_since: datetime | None = None,
    ) -> AsyncGenerator[Sequence[LibraryItem]]:
        """Iterate over every title of this kind, oldest first. listContent.

        Raises kind `gone` if the library does not exist.
        """
        return listing.items(self._server(), library_id, kind, updated_since)

    @paged_operation
    def history(
        self, *, since: datetime | None = None, library_id: str | None = None
    ) -> AsyncGenerator[Sequence[WatchEvent]]:
        """Iterate over watch events, oldest first. listPlaybackHistory.

        Titles that were marked as watched by hand are not included.
        """
        return listing.history(self._server(), since, library_id)

    @property
    def own_account_id(self) -> str | None:
        return catalogue.OWNER

    @operation
    async def library_page(
        self,
        library: LibraryInfo,
        place: str | None,
        *,
        details: bool,  # noqa: ARG002 — the lists of a Plex server have no tracks
    ) -> ItemPage:
        return await catalogue.library_page(self._server(), library, place)

    @operation
    async def item_details(self, ids: Collection[str]) -> Sequence[CatalogueItem]:
        return await catalogue.item_details(self._server(), ids)

    @operation
    async def watch_accounts(self) -> Sequence[WatchAccount]:
        return await catalogue.watch_accounts(self._server())

    @operation
    async def watch_page(
        self,
        account_id: str | None,  # noqa: ARG002 — one history for all of them
        place: str | None,
    ) -> WatchPage:
        return await catalogue.watch_page(self._server(), place)

    @operation
    async def watch_state(
        self,
        account_id: str,  # noqa: ARG002 — nobody's state but the owner's can be read
        item_ids: Collection[str],  # noqa: ARG002
    ) -> Sequence[WatchFact]:
        return ()

    @operation
    async def poster(self, item_id: str, *, width: int) -> bytes | None:
        """transcodeImage; the picture as it is where the server cannot change it."""
        server = self._server()
        return await server.poster(item_id, width) or await server.poster(item_id, None)
