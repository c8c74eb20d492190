"""Accounts of servers, and what they watched."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from zondarr.catalogue.models import MediaItem, WatchAccount, WatchFact
from zondarr.core.database import Session

MANY = 1000


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
                WatchAccount.external_id.in_(some),
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
            found += await self.session.scalars(rows.where(WatchFact.item_id.in_(some)))
        return found

    async def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        key = ("media_server_id", "account_id", "item_id")
        await self.session.upsert_rows(WatchFact, rows, key=key)

    async def touched_titles(self, server_id: UUID, since: datetime) -> set[UUID]:
        """Titles of which a fact has changed since."""
        rows = (
            select(MediaItem.title_id)
            .join(WatchFact, WatchFact.item_id == MediaItem.external_id)
            .where(
                MediaItem.media_server_id == server_id,
                WatchFact.media_server_id == server_id,
                WatchFact.changed_at >= since,
            )
        )
        return set(await self.session.scalars(rows.distinct()))
