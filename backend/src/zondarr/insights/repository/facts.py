"""The facts behind the verdicts of some titles: a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import batched
from uuid import UUID

from msgspec import convert
from sqlalchemy import ColumnElement, and_, case, func, select

from zondarr.catalogue.models import (
    MediaFile,
    MediaItem,
    MediaTrack,
    Title,
    WatchAccount,
    WatchFact,
)
from zondarr.core.database import Session
from zondarr.core.repository import AnySelect
from zondarr.insights.facts import (
    Activity,
    LeafFacts,
    SizeFacts,
    TrackFacts,
    VersionFacts,
)
from zondarr.media.types import ItemKind
from zondarr.servers.models import MediaServer

LEAVES = (ItemKind.MOVIE, ItemKind.EPISODE)
MANY = 1000
"""Ids in one statement."""


class FactRepository:
    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def title(self, id: UUID, /) -> Title | None:
        return await self.session.scalar(select(Title).where(Title.id == id))

    async def activity(self, title_ids: Collection[UUID]) -> Mapping[UUID, Activity]:
        """The newest play of each title."""
        rows = (
            select(
                Title.id,
                WatchFact.last_played_at,
                WatchAccount.name,
                MediaServer.id,
                MediaServer.name,
            )
            .join(MediaItem, MediaItem.title_id == Title.id)
            .join(
                WatchFact,
                and_(
                    WatchFact.media_server_id == MediaItem.media_server_id,
                    WatchFact.item_id == MediaItem.external_id,
                    WatchFact.last_played_at == Title.active_at,
                ),
            )
            .join(MediaServer, MediaServer.id == WatchFact.media_server_id)
            .outerjoin(
                WatchAccount,
                and_(
                    WatchAccount.media_server_id == WatchFact.media_server_id,
                    WatchAccount.external_id == WatchFact.account_id,
                ),
            )
            .where(Title.id.in_(title_ids))
            .order_by(MediaServer.name_key, WatchFact.account_id)
        )
        found: dict[UUID, Activity] = {}
        for title_id, at, account, server_id, server in await self.session.execute(
            rows
        ):
            if at is not None and title_id not in found:
                found[title_id] = Activity(
                    at=at, account=account, server_id=server_id, server=server
                )
        return found

    async def sizes(
        self, title_ids: Collection[UUID]
    ) -> Mapping[UUID, list[SizeFacts]]:
        """Of films, and of the seasons of shows, in each library."""
        leaves = self._leaf_sizes(title_ids).subquery()
        movie = leaves.c.kind == ItemKind.MOVIE
        # Each film of a library is a unit, but all episodes of a season are one.
        unit = case((movie, leaves.c.id), else_=leaves.c.library_id)
        rows = select(
            leaves.c.title_id,
            leaves.c.library_id,
            leaves.c.season,
            func.count(),
            func.sum(leaves.c.versions),
            func.sum(leaves.c.unknown),
            func.sum(leaves.c.largest),
            func.sum(leaves.c.sum),
        ).group_by(leaves.c.title_id, unit, leaves.c.library_id, leaves.c.season)
        found: defaultdict[UUID, list[SizeFacts]] = defaultdict(list)
        for row in await self.session.execute(rows):
            found[row[0]].append(
                SizeFacts(
                    library_id=row[1],
                    season=row[2],
                    leaves=row[3],
                    versions=int(row[4]),
                    unknown=int(row[5]),
                    largest=int(row[6]),
                    sum=int(row[7]),
                )
            )
        return found

    async def leaves(
        self,
        title_ids: Collection[UUID],
        relevant: ColumnElement[bool],
        *,
        tracks: bool,
    ) -> Mapping[UUID, list[LeafFacts]]:
        """The films and episodes for which the condition over `MediaItem` holds."""
        rows = (
            select(
                MediaItem.title_id,
                MediaItem.id,
                MediaItem.library_id,
                MediaItem.season,
                MediaItem.number,
                MediaItem.arrived_at,
                MediaItem.arrival,
            )
            .where(
                MediaItem.title_id.in_(title_ids),
                MediaItem.kind.in_(LEAVES),
                MediaItem.listed,
                relevant,
            )
            .order_by(MediaItem.season, MediaItem.number, MediaItem.id)
        )
        items = (await self.session.execute(rows)).all()
        versions = await self._versions([row[1] for row in items], tracks=tracks)
        found: defaultdict[UUID, list[LeafFacts]] = defaultdict(list)
        for row in items:
            found[row[0]].append(
                LeafFacts(
                    library_id=row[2],
                    season=row[3],
                    number=row[4],
                    arrived_at=row[5],
                    arrival=row[6],
                    versions=versions.get(row[1], ()),
                )
            )
        return found

    async def _versions(
        self, item_ids: Sequence[UUID], *, tracks: bool
    ) -> Mapping[UUID, list[VersionFacts]]:
        found: defaultdict[UUID, list[VersionFacts]] = defaultdict(list)
        for some in batched(item_ids, MANY, strict=False):
            rows = select(MediaFile.item_id, MediaFile.id, MediaFile.size)
            rows = rows.where(MediaFile.item_id.in_(some)).order_by(MediaFile.place)
            files = (await self.session.execute(rows)).all()
            of_file: Mapping[UUID, list[TrackFacts]] = {}
            if tracks:
                of_file = await self._tracks([row[1] for row in files])
            for item_id, file_id, size in files:
                version = VersionFacts(size=size, tracks=of_file.get(file_id, ()))
                found[item_id].append(version)
        return found

    async def _tracks(
        self, file_ids: Sequence[UUID]
    ) -> Mapping[UUID, list[TrackFacts]]:
        found: defaultdict[UUID, list[TrackFacts]] = defaultdict(list)
        for some in batched(file_ids, MANY, strict=False):
            rows = select(MediaTrack).where(MediaTrack.file_id.in_(some))
            for row in await self.session.scalars(rows.order_by(MediaTrack.place)):
                track = convert(row, TrackFacts, from_attributes=True)
                found[row.file_id].append(track)
        return found

    def _leaf_sizes(self, title_ids: Collection[UUID]) -> AnySelect:
        size = func.coalesce(MediaFile.size, 0)
        return (
            select(
                MediaItem.title_id,
                MediaItem.id,
                MediaItem.kind,
                MediaItem.library_id,
                MediaItem.season,
                func.count().label("versions"),
                func.sum(case((MediaFile.size.is_(None), 1), else_=0)).label("unknown"),
                func.max(size).label("largest"),
                func.sum(size).label("sum"),
            )
            .join(MediaFile, MediaFile.item_id == MediaItem.id)
            .where(MediaItem.title_id.in_(title_ids), MediaItem.listed)
            .group_by(
                MediaItem.title_id,
                MediaItem.id,
                MediaItem.kind,
                MediaItem.library_id,
                MediaItem.season,
            )
        )
