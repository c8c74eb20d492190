"""The facts behind the verdicts of some titles: a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from zondarr.catalogue.models import (
    CatalogueSync,
    MediaFile,
    MediaItem,
    WatchAccount,
    WatchFact,
)
from zondarr.core.database import Session
from zondarr.insights.facts import (
    Activity,
    LeafFacts,
    SizeFacts,
    UndatedPlay,
    VersionFacts,
)
from zondarr.insights.repository.sizes import unit_sizes
from zondarr.media.types import ItemKind, ServerType
from zondarr.servers.models import MediaServer

LEAVES = (ItemKind.MOVIE, ItemKind.EPISODE)
MANY = 1000
"""Ids in one statement."""
_OF_ITEM = and_(
    WatchFact.media_server_id == MediaItem.media_server_id,
    WatchFact.item_id == MediaItem.external_id,
)
_OF_ACCOUNT = and_(
    WatchAccount.media_server_id == WatchFact.media_server_id,
    WatchAccount.external_id == WatchFact.account_id,
)


class ServerState(NamedTuple):
    server_type: ServerType
    as_of: datetime | None


class FactRepository:
    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def servers(self) -> Mapping[UUID, ServerState]:
        """The type of each server, and when its catalogue was read."""
        read = CatalogueSync.media_server_id == MediaServer.id
        rows = select(
            MediaServer.id, MediaServer.server_type, CatalogueSync.finished_at
        ).outerjoin(CatalogueSync, read)
        found = await self.session.execute(rows)
        return {row[0]: ServerState(*row[1:]) for row in found}

    async def activity(
        self, active_at: Mapping[UUID, datetime]
    ) -> Mapping[UUID, Activity]:
        """The newest play of each title, whose time is known."""
        if not active_at:
            return {}
        rows = (
            select(
                MediaItem.title_id,
                WatchFact.last_played_at,
                WatchAccount.name,
                WatchAccount.as_of,
                MediaServer.id,
                MediaServer.name,
            )
            .join(WatchFact, _OF_ITEM)
            .join(MediaServer, MediaServer.id == WatchFact.media_server_id)
            .outerjoin(WatchAccount, _OF_ACCOUNT)
            .where(
                MediaItem.title_id.in_(active_at),
                WatchFact.last_played_at.in_(set(active_at.values())),
            )
            .order_by(MediaServer.name_key, WatchFact.account_id)
        )
        found: dict[UUID, Activity] = {}
        for row in await self.session.execute(rows):
            title_id, at, account, as_of, server_id, server = row
            newest = active_at[title_id]
            if at == newest and title_id not in found:
                found[title_id] = Activity(
                    at=newest,
                    account=account,
                    server_id=server_id,
                    server=server,
                    as_of=as_of,
                )
        return found

    async def finished(self, title_ids: Collection[UUID]) -> set[UUID]:
        """The films among these titles that somebody played to the end."""
        if not title_ids:
            return set()
        rows = (
            select(MediaItem.title_id)
            .join(WatchFact, _OF_ITEM)
            .where(
                MediaItem.title_id.in_(title_ids),
                MediaItem.kind == ItemKind.MOVIE,
                WatchFact.played.is_(True),
            )
        )
        return set(await self.session.scalars(rows.distinct()))

    async def undated_plays(
        self, title_ids: Collection[UUID]
    ) -> Mapping[UUID, list[UndatedPlay]]:
        """Who marked these titles as played, at a time that is not known."""
        if not title_ids:
            return {}
        rows = (
            select(
                MediaItem.title_id,
                WatchAccount.name,
                MediaServer.name,
                WatchAccount.as_of,
            )
            .join(WatchFact, _OF_ITEM)
            .join(MediaServer, MediaServer.id == WatchFact.media_server_id)
            .outerjoin(WatchAccount, _OF_ACCOUNT)
            .where(
                MediaItem.title_id.in_(title_ids),
                WatchFact.played.is_(True),
                WatchFact.last_played_at.is_(None),
            )
            .order_by(MediaServer.name, WatchAccount.name)
            .distinct()
        )
        found: defaultdict[UUID, list[UndatedPlay]] = defaultdict(list)
        for title_id, account, server, as_of in await self.session.execute(rows):
            play = UndatedPlay(account=account, server=server, as_of=as_of)
            found[title_id].append(play)
        return found

    async def sizes(
        self, title_ids: Collection[UUID], exempt: ColumnElement[bool] | None
    ) -> Mapping[UUID, list[SizeFacts]]:
        """Of films, and of the seasons of shows, in each library, without the items for
        which `exempt` holds."""
        workspace_id = self.session.workspace_id
        rows = unit_sizes(title_ids, exempt, workspace_id)
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
                MediaItem.kind,
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
        versions = await self._versions([row[1] for row in items])
        found: defaultdict[UUID, list[LeafFacts]] = defaultdict(list)
        for row in items:
            found[row[0]].append(
                LeafFacts(
                    item_id=row[1],
                    library_id=row[2],
                    is_movie=row[7] is ItemKind.MOVIE,
                    season=row[3],
                    number=row[4],
                    arrived_at=row[5],
                    arrival=row[6],
                    versions=versions.get(row[1], ()),
                )
            )
        return found

    async def _versions(
        self, item_ids: Sequence[UUID]
    ) -> Mapping[UUID, list[VersionFacts]]:
        found: defaultdict[UUID, list[VersionFacts]] = defaultdict(list)
        for some in batched(item_ids, MANY, strict=False):
            rows = select(
                MediaFile.item_id,
                MediaFile.size,
                MediaFile.audio,
                MediaFile.subtitles,
            )
            rows = rows.where(MediaFile.item_id.in_(some)).order_by(MediaFile.place)
            for item_id, size, audio, subtitles in await self.session.execute(rows):
                found[item_id].append(
                    VersionFacts(size=size, audio=audio, subtitles=subtitles)
                )
        return found
