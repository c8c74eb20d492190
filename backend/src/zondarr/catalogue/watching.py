"""Writes watch data: only what is new, and each page exactly once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from zondarr.catalogue.models import WatchFact as FactRow
from zondarr.catalogue.repository import SyncRepository, WatchRepository
from zondarr.core.clock import utc_now
from zondarr.core.database import Session, UnitOfWork
from zondarr.media.catalogue import WatchFact, WatchPage

ID_LENGTH, MAX_NUMBER = 100, 2**31 - 1

type Row = dict[str, Any]


class WatchWriter:
    """For one account; or for the history of all of them, without an account."""

    def __init__(
        self, work: UnitOfWork, server_id: UUID, account_id: str | None
    ) -> None:
        self.work = work
        self.server_id = server_id
        self.account_id = account_id
        self._known: dict[str, int] | None = None

    async def write(self, page: WatchPage, run_id: UUID, key: str) -> None:
        facts = [each for each in page.facts if _is_storable(each)]
        async with self.work() as session:
            syncs = SyncRepository(session)
            if await syncs.has_page(run_id, key):
                return
            if self.account_id is None:
                rows = await self._plays(session, facts)
            else:
                rows = await self._state(session, self.account_id, page, facts)
            await WatchRepository(session).write(rows)
            await syncs.stage(
                media_server_id=self.server_id,
                library_id=None,
                run_id=run_id,
                key=key,
                seen=b"",
                items=b"",
                has_items=False,
            )

    async def _state(
        self,
        session: Session,
        account_id: str,
        page: WatchPage,
        facts: Sequence[WatchFact],
    ) -> list[Row]:
        """The current state, also of titles that the account has not touched."""
        if self._known is None:
            stored = await WatchRepository(session).facts(
                self.server_id, account_id=account_id
            )
            self._known = {row.item_id: hash(_values(row)) for row in stored}
        known = self._known
        untouched = [
            WatchFact(
                account_id=account_id,
                item_id=each,
                played=False,
                play_count=0,
                position=0,
                favourite=False,
            )
            for each in page.untouched
            if each in known
        ]
        news = [
            each
            for each in (*facts, *untouched)
            if known.get(each.item_id) != hash(_values(each))
        ]
        known |= {each.item_id: hash(_values(each)) for each in news}
        return [self._row(each) for each in news]

    async def _plays(self, session: Session, plays: Sequence[WatchFact]) -> list[Row]:
        """Each row is one more play."""
        items = {each.item_id for each in plays}
        stored = await WatchRepository(session).facts(self.server_id, item_ids=items)
        rows = {(row.account_id, row.item_id): _stored_row(row) for row in stored}
        changed: dict[tuple[str, str], Row] = {}
        for each in plays:
            own = each.account_id, each.item_id
            row = changed.get(own) or rows.get(own) or self._row(each) | _NOT_PLAYED
            row["played"] = True
            row["play_count"] = (row["play_count"] or 0) + (each.play_count or 0)
            row["last_played_at"] = _later(row["last_played_at"], each.last_played_at)
            row["changed_at"] = utc_now()
            changed[own] = row
        return list(changed.values())

    def _row(self, fact: WatchFact) -> Row:
        return {
            "media_server_id": self.server_id,
            "account_id": fact.account_id,
            "item_id": fact.item_id,
            "played": fact.played,
            "play_count": fact.play_count and min(fact.play_count, MAX_NUMBER),
            "last_played_at": fact.last_played_at,
            "position": fact.position and min(fact.position, MAX_NUMBER),
            "favourite": fact.favourite,
            "changed_at": utc_now(),
        }


_NOT_PLAYED: Row = {"play_count": 0, "last_played_at": None}


def _stored_row(row: FactRow) -> Row:
    return {
        "media_server_id": row.media_server_id,
        "account_id": row.account_id,
        "item_id": row.item_id,
        "played": row.played,
        "play_count": row.play_count,
        "last_played_at": row.last_played_at,
        "position": row.position,
        "favourite": row.favourite,
        "changed_at": row.changed_at,
    }


def _values(fact: WatchFact | FactRow) -> tuple[object, ...]:
    return (
        fact.played,
        fact.play_count,
        fact.last_played_at,
        fact.position,
        fact.favourite,
    )


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)


def _is_storable(fact: WatchFact) -> bool:
    ids = fact.account_id, fact.item_id
    return all(0 < len(each) <= ID_LENGTH and "\0" not in each for each in ids)
