"""The copies of titles: which libraries of which servers hold them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from zondarr.catalogue.models import MediaItem
from zondarr.catalogue.repository import ItemRepository
from zondarr.catalogue.schemas import Copy
from zondarr.core.database import Session
from zondarr.servers.models import Library, MediaServer
from zondarr.servers.repository import LibraryRepository, MediaServerRepository


class CopyReader:
    def __init__(self, session: Session) -> None:
        self.items = ItemRepository(session)
        self.servers = MediaServerRepository(session)
        self.libraries = LibraryRepository(session)

    async def of_titles(self, title_ids: Collection[UUID]) -> Mapping[UUID, list[Copy]]:
        """The listed copies of each title."""
        found: defaultdict[UUID, list[Copy]] = defaultdict(list)
        if title_ids:
            for row in await self.items.named_copies_of(title_ids):
                found[row.title_id].append(Copy.from_row(row))
        return found

    async def shown(self, items: Sequence[MediaItem]) -> list[Copy]:
        servers = await self._servers({each.media_server_id for each in items})
        libraries = await self._libraries({each.library_id for each in items})
        return [
            Copy.of(each, servers[each.media_server_id], libraries[each.library_id])
            for each in items
        ]

    async def _servers(self, ids: Collection[UUID]) -> Mapping[UUID, MediaServer]:
        return {row.id: row for row in await self.servers.get_by_ids(ids)}

    async def _libraries(self, ids: Collection[UUID]) -> Mapping[UUID, Library]:
        return {row.id: row for row in await self.libraries.get_by_ids(ids)}
