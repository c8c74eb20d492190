"""The part of the client that reads what a server holds and what was watched."""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime

from zondarr.media.clients.plex import listing
from zondarr.media.clients.plex.server import PlexServer
from zondarr.media.context import ClientContext
from zondarr.media.operations import paged_operation
from zondarr.media.types import ItemKind, LibraryItem, WatchEvent


class LibraryReader(ClientContext):
    """Nothing here asks plex.tv. To be iterated over; what fails, fails there."""

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
        """Every title of this kind that stays while it is read, the oldest first.

        Kind `gone`: there is no such library.
        """
        return listing.items(self._server(), library_id, kind, updated_since)

    @paged_operation
    def history(
        self, *, since: datetime | None = None, library_id: str | None = None
    ) -> AsyncGenerator[Sequence[WatchEvent]]:
        """Who watched what, the oldest first; what was marked by hand is not in it."""
        return listing.history(self._server(), since, library_id)
