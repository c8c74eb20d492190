"""The part of the client that reads titles and watch history."""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime

from zondarr.media.clients.plex import listing
from zondarr.media.clients.plex.server import PlexServer
from zondarr.media.context import ClientContext
from zondarr.media.operations import paged_operation
from zondarr.media.types import ItemKind, LibraryItem, WatchEvent


class LibraryReader(ClientContext):
    """Uses the media server only, not plex.tv. Errors are raised during iteration."""

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
