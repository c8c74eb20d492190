"""What the totals of titles are worked out from."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Integer, and_, func, or_, select

from zondarr.catalogue.models import MediaFile, MediaItem, WatchFact
from zondarr.core.database import Session, among
from zondarr.media.types import ItemKind


class ItemPart(NamedTuple):
    """An item of a title, with one of its files if it has any."""

    title_id: UUID
    item_id: UUID
    library_id: UUID
    kind: ItemKind
    season: int | None
    added_at: datetime
    arrived_at: datetime
    file_id: UUID | None
    path: str | None
    size: int | None
    number: int | None = None
    audio: str | None = None
    subtitles: str | None = None
    languages_id: UUID | None = None


class Activity(NamedTuple):
    """What all accounts together did with a title, or with an item without one."""

    title_id: UUID | None
    last_played_at: datetime | None
    undated: int | None
    favourite: int | None


_UNDATED = and_(WatchFact.played.is_(True), WatchFact.last_played_at.is_(None))
_ACTIVITY = (
    func.max(WatchFact.last_played_at),
    func.max(_UNDATED.cast(Integer)),
    func.max(WatchFact.favourite.cast(Integer)),
)


class TotalsRepository:
    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def parts(
        self, title_ids: Collection[UUID], *, publishing: UUID | None
    ) -> Sequence[ItemPart]:
        """The listed items of the titles, and those that the server which is being
        published is about to show."""
        visible = MediaItem.listed
        if publishing is not None:
            of_server = MediaItem.media_server_id == publishing
            visible = or_(visible, and_(of_server, MediaItem.missing_since.is_(None)))
        mine = MediaFile.workspace_id == self.session.workspace_id
        rows = (
            select(
                MediaItem.title_id,
                MediaItem.id,
                MediaItem.library_id,
                MediaItem.kind,
                MediaItem.season,
                MediaItem.added_at,
                MediaItem.arrived_at,
                MediaFile.id,
                MediaFile.path,
                MediaFile.size,
                MediaItem.number,
                MediaFile.audio,
                MediaFile.subtitles,
                MediaItem.languages_id,
            )
            .outerjoin(MediaFile, and_(MediaFile.item_id == MediaItem.id, mine))
            .where(among(MediaItem.title_id, title_ids), visible)
        )
        return [ItemPart(*row) for row in await self.session.execute(rows)]

    async def activity(self, title_ids: Collection[UUID]) -> dict[UUID, Activity]:
        """Also on items that are gone, and by accounts that are."""
        rows = (
            select(MediaItem.title_id, *_ACTIVITY)
            .join(
                WatchFact,
                and_(
                    WatchFact.media_server_id == MediaItem.media_server_id,
                    WatchFact.item_id == MediaItem.external_id,
                ),
            )
            .where(among(MediaItem.title_id, title_ids))
            .group_by(MediaItem.title_id)
        )
        found = [Activity(*row) for row in await self.session.execute(rows)]
        return {each.title_id: each for each in found if each.title_id is not None}

    async def activity_on(
        self, server_id: UUID, item_ids: Collection[str]
    ) -> dict[str, Activity]:
        """By the items of a server that were not written yet."""
        rows = (
            select(WatchFact.item_id, *_ACTIVITY)
            .where(
                WatchFact.media_server_id == server_id,
                among(WatchFact.item_id, item_ids),
            )
            .group_by(WatchFact.item_id)
        )
        found = await self.session.execute(rows) if item_ids else ()
        return {row[0]: Activity(None, *row[1:]) for row in found}
