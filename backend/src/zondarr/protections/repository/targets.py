"""What can be protected: titles, their parts, libraries, requests."""

from collections.abc import Collection, Mapping, Sequence
from itertools import batched
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from zondarr.catalogue.matching import PROVIDERS
from zondarr.catalogue.models import MediaItem, Title, TitleKind
from zondarr.core.database import Session
from zondarr.media.types import ItemKind
from zondarr.protections.scopes import Scope
from zondarr.requests.models import MediaRequest, RequestTitle
from zondarr.requests.repository import joined
from zondarr.servers.models import Library, MediaServer

MANY = 1000
PARTS = (ItemKind.SEASON, ItemKind.EPISODE)


class ShownRequest(NamedTuple):
    """`name` is that of the title, empty if nobody knows it."""

    id: UUID
    external_id: int
    type: TitleKind
    name: str


class TargetRepository:
    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def titles(self, ids: Collection[UUID]) -> set[UUID | None]:
        """Those that exist, also if no server has them any more."""
        rows = select(Title.id).where(Title.id.in_(ids), _was_shown(Title))
        return set(await self.session.scalars(rows))

    async def parts(
        self, title_ids: Collection[UUID]
    ) -> set[tuple[UUID | None, int | None, int | None]]:
        """Their seasons and episodes, with number None for a season."""
        if not title_ids:
            return set()
        rows = (
            select(MediaItem.title_id, MediaItem.season, MediaItem.number)
            .where(
                MediaItem.title_id.in_(title_ids),
                MediaItem.kind.in_(PARTS),
                _was_shown(MediaItem),
            )
            .distinct()
        )
        found: set[tuple[UUID | None, int | None, int | None]] = set()
        for title_id, season, number in await self.session.execute(rows):
            if season is not None:
                found |= {(title_id, season, None), (title_id, season, number)}
        return found

    async def libraries(
        self, ids: Collection[UUID]
    ) -> Mapping[UUID, tuple[Library, MediaServer]]:
        if not ids:
            return {}
        rows = (
            select(Library, MediaServer)
            .join(MediaServer, MediaServer.id == Library.media_server_id)
            .where(Library.id.in_(ids))
        )
        found = await self.session.execute(rows)
        return {library.id: (library, server) for library, server in found}

    async def requests(self, ids: Collection[UUID]) -> set[UUID]:
        """Those that exist, also if Seerr does not list them any more."""
        if not ids:
            return set()
        rows = select(MediaRequest.id).where(MediaRequest.id.in_(ids))
        return set(await self.session.scalars(rows))

    async def shown_requests(
        self, ids: Collection[UUID]
    ) -> Mapping[UUID, ShownRequest]:
        """Their numbers in Seerr, and the names of their titles."""
        if not ids:
            return {}
        name = func.coalesce(Title.name, RequestTitle.name, "")
        rows = joined(
            MediaRequest.id,
            MediaRequest.external_id,
            MediaRequest.kind,
            name,
            workspace_id=self.session.workspace_id,
        ).where(MediaRequest.id.in_(ids))
        found = [ShownRequest(*row) for row in await self.session.execute(rows)]
        return {each.id: each for each in found}

    async def leaf(self, id: UUID, /) -> Scope | None:
        """The film or episode with this id."""
        rows = select(MediaItem.title_id, MediaItem.season, MediaItem.number).where(
            MediaItem.id == id, MediaItem.kind != ItemKind.SHOW, _was_shown(MediaItem)
        )
        found = (await self.session.execute(rows)).first()
        if found is None:
            return None
        return Scope(title_id=found[0], season=found[1], number=found[2])

    async def candidates(
        self, *, ids: Mapping[str, Collection[str]], names: Collection[str]
    ) -> Sequence[Title]:
        """The titles with one of these ids (by provider, in lower case) or folded
        names."""
        found: list[Title] = []
        for provider in PROVIDERS:
            column = getattr(Title, provider)
            for some in batched(ids.get(provider, ()), MANY, strict=False):
                rows = select(Title).where(column.in_(some), _was_shown(Title))
                found += await self.session.scalars(rows)
        for some in batched(names, MANY, strict=False):
            rows = select(Title).where(Title.search_text.in_(some), _was_shown(Title))
            found += await self.session.scalars(rows)
        return list({title.id: title for title in found}.values())


def _was_shown(entity: type[Title] | type[MediaItem]) -> ColumnElement[bool]:
    """Not only the hidden part of a sync that has not ended."""
    return or_(entity.listed, entity.missing_since.is_not(None))
