"""The catalogue of a workspace."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from zondarr.catalogue.copies import CopyReader
from zondarr.catalogue.hooks import RequestsOfTitle
from zondarr.catalogue.models import MediaItem, MediaTrack, Title
from zondarr.catalogue.repository import (
    ItemRepository,
    SyncRepository,
    TitleFilter,
    TitleRepository,
    WatchRepository,
)
from zondarr.catalogue.schemas import (
    CatalogueState,
    CatalogueStatePage,
    FileResponse,
    LeafResponse,
    TitleDetail,
    TitlePage,
    TitleResponse,
    WatchAccountState,
    WatchedBy,
)
from zondarr.core.clock import utc_now
from zondarr.core.database import Session
from zondarr.core.database.cache import AtRevision
from zondarr.core.repository import PageRequest
from zondarr.media.registry import ClientRegistry
from zondarr.media.types import ItemKind
from zondarr.servers.repository import MediaServerRepository

COPIES = (ItemKind.MOVIE, ItemKind.SHOW)
LEAVES = (ItemKind.MOVIE, ItemKind.EPISODE)


class CatalogueService:
    def __init__(
        self,
        session: Session,
        registry: ClientRegistry,
        sums: AtRevision,
        requests_of: RequestsOfTitle,
    ) -> None:
        self.session = session
        self.requests_of = requests_of
        self.registry = registry
        self.sums = sums
        self.items = ItemRepository(session)
        self.copies = CopyReader(session)
        self.titles = TitleRepository(session)
        self.watches = WatchRepository(session)
        self.syncs = SyncRepository(session)
        self.servers = MediaServerRepository(session)

    async def find(self, request: PageRequest, wanted: TitleFilter) -> TitlePage:
        found = await self.titles.find(request, wanted)
        total = await self.sums.get(
            (self.session.workspace_id, wanted),
            await self.syncs.revision(),
            utc_now(),
            lambda: self.titles.count(wanted),
        )
        copies = await self.copies.of_titles([title.id for title in found.items])
        return TitlePage.of(
            replace(found, total=total),
            lambda title: TitleResponse.of(title, copies.get(title.id, ())),
        )

    async def show(self, id: UUID, /) -> TitleDetail:
        """One title with its files, tracks, and watch data."""
        title: Title = await self.titles.require(id)
        items = await self.items.of_title(id)
        copies = [each for each in items if each.kind in COPIES]
        leaves = [each for each in items if each.kind in LEAVES]
        return TitleDetail.of(
            title,
            await self.copies.shown(copies),
            leaves=await self._leaves(leaves),
            watched_by=await self._watched_by(leaves),
            requests=await self.requests_of(self.session, id),
        )

    async def _leaves(self, leaves: Sequence[MediaItem]) -> list[LeafResponse]:
        files = await self.items.all_files_of([each.id for each in leaves])
        tracks: defaultdict[UUID, list[MediaTrack]] = defaultdict(list)
        for track in await self.items.tracks_of([each.id for each in files]):
            tracks[track.file_id].append(track)
        of_item: defaultdict[UUID, list[FileResponse]] = defaultdict(list)
        for file in files:
            shown = FileResponse.of(file, tracks[file.id])
            of_item[file.item_id].append(shown)
        return [
            LeafResponse.from_row(each, files=of_item.get(each.id, []))
            for each in leaves
        ]

    async def _watched_by(self, leaves: Sequence[MediaItem]) -> list[WatchedBy]:
        by_server: defaultdict[UUID, dict[str, UUID]] = defaultdict(dict)
        for each in leaves:
            by_server[each.media_server_id][each.external_id] = each.id
        found: list[WatchedBy] = []
        for server_id, ids in by_server.items():
            accounts = await self.watches.accounts(server_id)
            for fact in await self.watches.facts(server_id, item_ids=ids):
                account = accounts.get(fact.account_id)
                found.append(
                    WatchedBy.from_row(
                        fact,
                        server_id=server_id,
                        account=account and account.name,
                        leaf_id=ids[fact.item_id],
                        as_of=account and account.as_of,
                    )
                )
        return found

    async def state(self) -> CatalogueStatePage:
        """The state of each server's catalogue."""
        servers = await self.servers.get_all()
        ids = [each.id for each in servers]
        syncs = await self.syncs.of_servers(ids)
        accounts: defaultdict[UUID, list[WatchAccountState]] = defaultdict(list)
        for row in await self.watches.accounts_of(ids):
            shown = WatchAccountState.from_row(row, id=row.external_id)
            accounts[row.media_server_id].append(shown)
        items: list[CatalogueState] = []
        for server in sorted(servers, key=lambda row: row.name_key):
            sync = syncs.get(server.id)
            info = self.registry.get_info(server.server_type)
            items.append(
                CatalogueState(
                    server_id=server.id,
                    server=server.name,
                    started_at=sync and sync.started_at,
                    as_of=sync and sync.finished_at,
                    watch_details=sorted(info.watch_details),
                    accounts=accounts[server.id],
                )
            )
        return CatalogueStatePage.whole(items)
