"""How far catalogues are known, and what running syncs have read."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from zondarr.catalogue.models import CatalogueSync, SyncPage
from zondarr.core.repository import Repository
from zondarr.servers.models import MediaServer


class SyncRepository(Repository[CatalogueSync]):
    entity = CatalogueSync

    async def of_server(self, server_id: UUID) -> CatalogueSync:
        """Made if there is none yet."""
        rows = select(CatalogueSync).where(CatalogueSync.media_server_id == server_id)
        row = await self.session.scalar(rows)
        return row or await self.create(CatalogueSync(media_server_id=server_id))

    async def of_servers(
        self, server_ids: Collection[UUID]
    ) -> dict[UUID, CatalogueSync]:
        rows = select(CatalogueSync).where(
            CatalogueSync.media_server_id.in_(server_ids)
        )
        return {row.media_server_id: row for row in await self.session.scalars(rows)}

    async def revision(self) -> tuple[Any, ...]:
        """Another one after a sync published, or a server was removed."""
        rows = select(
            func.max(CatalogueSync.updated_at), func.count(CatalogueSync.id)
        ).where(CatalogueSync.workspace_id == self.session.workspace_id)
        return tuple((await self.session.execute(rows)).one())

    async def has_page(self, run_id: UUID, key: str) -> bool:
        rows = select(SyncPage.id).where(SyncPage.run_id == run_id, SyncPage.key == key)
        return await self.session.scalar(rows) is not None

    async def stage(self, **values: Any) -> None:
        """Keep what a step read; the same step again takes its place."""
        await self.session.upsert_rows(SyncPage, [values], key=("run_id", "key"))

    async def seen(self, run_id: UUID) -> Sequence[tuple[UUID, bytes]]:
        """What was seen in each library, page by page."""
        rows = select(SyncPage.library_id, SyncPage.seen).where(
            SyncPage.run_id == run_id, SyncPage.library_id.is_not(None)
        )
        found = await self.session.execute(rows)
        return [(library, row[1]) for row in found if (library := row[0]) is not None]

    async def keys_with_items(self, run_id: UUID) -> Sequence[str]:
        """In the order in which they were read."""
        rows = select(SyncPage.key).where(SyncPage.run_id == run_id, SyncPage.has_items)
        return (await self.session.scalars(rows.order_by(SyncPage.id))).all()

    async def libraries_with_items(self, run_id: UUID) -> set[UUID]:
        rows = select(SyncPage.library_id).where(
            SyncPage.run_id == run_id, SyncPage.has_items
        )
        found = await self.session.scalars(rows.distinct())
        return {each for each in found if each is not None}

    async def items_of(self, run_id: UUID, library_id: UUID) -> Sequence[bytes]:
        """The new and changed items of a library, page by page."""
        rows = select(SyncPage.items).where(
            SyncPage.run_id == run_id,
            SyncPage.library_id == library_id,
            SyncPage.has_items,
        )
        return (await self.session.scalars(rows)).all()

    async def page_of(self, run_id: UUID, key: str) -> SyncPage | None:
        rows = select(SyncPage).where(SyncPage.run_id == run_id, SyncPage.key == key)
        return await self.session.scalar(rows)

    async def seen_in(self, run_id: UUID, prefix: str) -> Sequence[bytes]:
        """What the pages saw whose keys begin like that; a key has no wildcards."""
        rows = select(SyncPage.seen).where(
            SyncPage.run_id == run_id, SyncPage.key.like(f"{prefix}%")
        )
        return (await self.session.scalars(rows)).all()

    async def watched_in_lists(self, run_id: UUID) -> Sequence[bytes]:
        """The watch data that lists of items contained."""
        rows = select(SyncPage.watched).where(
            SyncPage.run_id == run_id, SyncPage.library_id.is_not(None)
        )
        return (await self.session.scalars(rows)).all()

    async def changed_facts(self, server_id: UUID) -> Sequence[bytes]:
        """The items whose watch data changed since the last publication."""
        rows = select(SyncPage.watched).where(
            SyncPage.media_server_id == server_id, SyncPage.library_id.is_(None)
        )
        return (await self.session.scalars(rows)).all()

    async def forget_pages(self, server_id: UUID) -> None:
        gone = delete(SyncPage).where(SyncPage.media_server_id == server_id)
        await self.session.execute(gone)

    async def forget_unfinished(self, server_id: UUID, but: UUID | None) -> None:
        """Forget what all runs but one read, but not which facts they changed."""
        useless = SyncPage.library_id.is_not(None) | (SyncPage.watched == b"")
        gone = delete(SyncPage).where(SyncPage.media_server_id == server_id, useless)
        if but is not None:
            gone = gone.where(SyncPage.run_id != but)
        await self.session.execute(gone)

    async def starts(self) -> Sequence[tuple[MediaServer, datetime | None]]:
        """The servers that are switched on, and when each was begun to be read last."""
        begun = CatalogueSync.media_server_id == MediaServer.id
        rows = select(MediaServer, CatalogueSync.started_at)
        rows = rows.outerjoin(CatalogueSync, begun).where(MediaServer.enabled)
        return [(row[0], row[1]) for row in await self.session.execute(rows)]
