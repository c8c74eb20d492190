"""The part of the client that reads what a server holds and what was watched."""

from collections.abc import Collection, Sequence

from zondarr.media.catalogue import (
    CatalogueItem,
    ItemPage,
    WatchAccount,
    WatchFact,
    WatchPage,
)
from zondarr.media.clients.jellyfin import catalogue
from zondarr.media.clients.jellyfin.api import JellyfinApi
from zondarr.media.context import ClientContext
from zondarr.media.operations import operation
from zondarr.media.types import LibraryInfo


class LibraryReader(ClientContext):
    """A `CatalogueReader`."""

    @property
    def _api(self) -> JellyfinApi:
        http, state = self.connections()
        server = self.server
        return JellyfinApi(server.url, server.api_key, http, state, server.machine_id)

    @property
    def own_account_id(self) -> str | None:
        return None

    @operation
    async def library_page(
        self, library: LibraryInfo, place: str | None, *, details: bool
    ) -> ItemPage:
        return await catalogue.library_page(self._api, library, place, details=details)

    @operation
    async def item_details(self, ids: Collection[str]) -> Sequence[CatalogueItem]:
        return await catalogue.item_details(self._api, ids)

    @operation
    async def watch_accounts(self) -> Sequence[WatchAccount]:
        return await catalogue.watch_accounts(self._api)

    @operation
    async def watch_page(self, account_id: str | None, place: str | None) -> WatchPage:
        return await catalogue.watch_page(self._api, account_id or "", place)

    @operation
    async def watch_state(
        self, account_id: str, item_ids: Collection[str]
    ) -> Sequence[WatchFact]:
        return await catalogue.watch_state(self._api, account_id, item_ids)

    @operation
    async def poster(self, item_id: str, *, width: int) -> bytes | None:
        return await self._api.poster(item_id, width)
