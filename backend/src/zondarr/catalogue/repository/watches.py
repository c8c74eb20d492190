"""Accounts of servers, and what they watched."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, update

from zondarr.catalogue.models import MediaItem, WatchAccount, WatchFact
from zondarr.core.database import Session, among

MANY = 1000


class StoredFact(NamedTuple):
    item_id: str
    played: bool | None
    play_count: int | None
    last_played_at: datetime | None
    position: int | None
    favourite: bool | None


class WatchRepository:
    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def accounts(self, server_id: UUID) -> dict[str, WatchAccount]:
        """By the server's ids."""
        rows = select(WatchAccount).where(WatchAccount.media_server_id == server_id)
        found = await self.session.scalars(rows)
        return {row.external_id: row for row in found}

    async def accounts_of(self, server_ids: Collection[UUID]) -> Sequence[WatchAccount]:
        rows = select(WatchAccount).where(WatchAccount.media_server_id.in_(server_ids))
        return (await self.session.scalars(rows)).all()

    async def write_accounts(self, rows: Sequence[Mapping[str, Any]]) -> None:
        key = ("media_server_id", "external_id")
        await self.session.upsert_rows(WatchAccount, rows, key=key)

    async def note_read(
        self, server_id: UUID, account_ids: Iterable[str], **values: Any
    ) -> None:
        for some in batched(account_ids, MANY, strict=False):
            change = update(WatchAccount).where(
                WatchAccount.media_server_id == server_id,
                among(WatchAccount.external_id, some),
            )
            await self.session.execute(change.values(**values))

    async def facts(
        self,
        server_id: UUID,
        *,
        account_id: str | None = None,
        item_ids: Collection[str] | None = None,
    ) -> Sequence[WatchFact]:
        """Of one account or of all, about these items or about all."""
        rows = select(WatchFact).where(WatchFact.media_server_id == server_id)
        if account_id is not None:
            rows = rows.where(WatchFact.account_id == account_id)
        if item_ids is None:
            return (await self.session.scalars(rows)).all()
        found: list[WatchFact] = []
        for some in batched(item_ids, MANY, strict=False):
            found += await self.session.scalars(
                rows.where(among(WatchFact.item_id, some))
            )
        return found

    async def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        key = ("media_server_id", "account_id", "item_id")
        await self.session.upsert_rows(WatchFact, rows, key=key)

    async def states(self, server_id: UUID, account_id: str) -> Sequence[StoredFact]:
        """All facts of an account."""
        rows = select(
            WatchFact.item_id,
            WatchFact.played,
            WatchFact.play_count,
            WatchFact.last_played_at,
            WatchFact.position,
            WatchFact.favourite,
        ).where(
            WatchFact.media_server_id == server_id, WatchFact.account_id == account_id
        )
        return [StoredFact(*row) for row in await self.session.execute(rows)]

    async def touched_items(
        self, server_id: UUID, account_id: str, library_ids: Collection[UUID]
    ) -> set[str]:
        """The listed items of these libraries that an account touched."""
        touched = (
            WatchFact.played.is_(True)
            | (WatchFact.play_count > 0)
            | WatchFact.last_played_at.is_not(None)
            | (WatchFact.position > 0)
            | WatchFact.favourite.is_(True)
        )
        rows = (
            select(WatchFact.item_id)
            .join(MediaItem, MediaItem.external_id == WatchFact.item_id)
            .where(
                WatchFact.media_server_id == server_id,
                WatchFact.account_id == account_id,
                touched,
                MediaItem.media_server_id == server_id,
                MediaItem.library_id.in_(library_ids),
                MediaItem.listed,
            )
        )
        return set(await self.session.scalars(rows))

    async def titles_of(self, server_id: UUID, item_ids: Collection[str]) -> set[UUID]:
        """The titles of a server's items."""
        found: set[UUID] = set()
        for some in batched(item_ids, MANY, strict=False):
            rows = select(MediaItem.title_id).where(
                MediaItem.media_server_id == server_id,
                among(MediaItem.external_id, some),
            )
            found.update(await self.session.scalars(rows.distinct()))
        return found
