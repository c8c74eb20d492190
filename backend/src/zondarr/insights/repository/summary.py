"""Numbers and bytes over the whole workspace, and by library."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from zondarr.catalogue.models import CatalogueSync, LibrarySize, MediaItem, Title
from zondarr.core.database import Session
from zondarr.insights.repository.findings import (
    COPIES,
    Amount,
    amounts_of,
    sizes_if,
    sums,
)
from zondarr.servers.models import Library, MediaServer


class LibraryRow(NamedTuple):
    """A library, and what it holds as of the last sync of its server."""

    id: UUID
    name: str
    server_id: UUID
    server: str
    titles: int
    bytes: int


class SummaryRepository:
    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def libraries(self) -> Sequence[LibraryRow]:
        """Those that were read."""
        latest = (
            select(LibrarySize.library_id, func.max(LibrarySize.day).label("day"))
            .group_by(LibrarySize.library_id)
            .subquery()
        )
        of_day = and_(
            LibrarySize.library_id == latest.c.library_id,
            LibrarySize.day == latest.c.day,
        )
        rows = (
            select(
                Library.id,
                Library.name,
                MediaServer.id,
                MediaServer.name,
                LibrarySize.titles,
                LibrarySize.bytes,
            )
            .select_from(LibrarySize)
            .join(latest, of_day)
            .join(Library, Library.id == LibrarySize.library_id)
            .join(MediaServer, MediaServer.id == Library.media_server_id)
            .order_by(MediaServer.name_key, Library.name_key, Library.id)
        )
        return [LibraryRow(*row) for row in await self.session.execute(rows)]

    async def by_library(
        self, conditions: Sequence[ColumnElement[bool]]
    ) -> Mapping[UUID, list[Amount]]:
        """The titles for which each condition holds, by library; one in several
        libraries counts in each of them.
        """
        workspace_id = self.session.workspace_id
        # An alias, because a condition may have a subquery over items of its own.
        copy = aliased(MediaItem)
        # SQLite should begin with the items, which an index has by library, so that
        # nothing is sorted, and not look for the items of each title.
        title_id = func.coalesce(copy.title_id, copy.title_id)
        sizes = (
            select(copy.library_id, *sizes_if(conditions))
            .join(Title, Title.id == title_id)
            .where(
                copy.workspace_id == workspace_id,
                copy.kind.in_(COPIES),
                copy.listed,
                Title.workspace_id == workspace_id,
                Title.listed,
            )
            .subquery()
        )
        rows = select(sizes.c.library_id, *sums(sizes, len(conditions)))
        rows = rows.group_by(sizes.c.library_id)
        return {row[0]: amounts_of(row[1:]) for row in await self.session.execute(rows)}

    async def as_of(self) -> datetime | None:
        """When the catalogue that is oldest was read."""
        rows = select(func.min(CatalogueSync.finished_at)).select_from(CatalogueSync)
        return await self.session.scalar(
            rows.where(CatalogueSync.workspace_id == self.session.workspace_id)
        )
