"""Writes watch data: only what is new, and each page exactly once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from zondarr.catalogue.models import WatchFact as FactRow
from zondarr.catalogue.repository import StoredFact, SyncRepository, WatchRepository
from zondarr.catalogue.staged import pack_ids
from zondarr.core.clock import utc_now
from zondarr.core.database import Session, UnitOfWork
from zondarr.media.catalogue import WatchFact, WatchPage

ID_LENGTH, MAX_NUMBER = 100, 2**31 - 1

type Row = dict[str, Any]


class WatchWriter:
    """For one account; or for the history of all of them, without an account.

    What it wrote, it also notes in the sync's pages, until the titles concerned have
    been brought up to date: also those of an earlier run that did not come so far.
    """

    def __init__(
        self,
        work: UnitOfWork,
        server_id: UUID,
        account_id: str | None,
        run_id: UUID,
    ) -> None:
        self.work = work
        self.server_id = server_id
        self.account_id = account_id
        self.run_id = run_id
        self._known: dict[str, int] | None = None

    async def write(self, page: WatchPage, key: str) -> None:
        """Write a page, once."""
        facts = [each for each in page.facts if is_storable(each)]
        async with self.work() as session:
            syncs = SyncRepository(session)
            if await syncs.has_page(self.run_id, key):
                return
            if self.account_id is None:
                rows = await self._plays(session, facts)
                if page.resume is not None:
                    # Each play is counted once, also if the run ends here.
                    sync = await syncs.of_server(self.server_id)
                    sync.history_place = page.resume
            else:
                rows = await self._state(session, self.account_id, facts)
            await self._write(session, rows, facts, key)

    async def write_state(
        self, facts: Sequence[WatchFact], key: str, *, with_history: bool
    ) -> None:
        """Write the current state of items; `with_history`: its last play may be newer
        than what the state says, since a mark takes that away.
        """
        facts = [each for each in facts if is_storable(each)]
        account_id = self.account_id
        if account_id is None:
            return
        async with self.work() as session:
            if await SyncRepository(session).has_page(self.run_id, key):
                return
            if with_history:
                facts = await self._with_last_plays(session, account_id, facts)
            rows = await self._state(session, account_id, facts)
            await self._write(session, rows, facts, key)

    async def _write(
        self,
        session: Session,
        rows: Sequence[Row],
        facts: Sequence[WatchFact],
        key: str,
    ) -> None:
        await WatchRepository(session).write(rows)
        changed = sorted({row["item_id"] for row in rows})
        await SyncRepository(session).stage(
            media_server_id=self.server_id,
            library_id=None,
            run_id=self.run_id,
            key=key,
            seen=pack_ids([each.item_id for each in facts]),
            items=b"",
            watched=pack_ids(changed) if changed else b"",
            has_items=False,
        )

    async def _with_last_plays(
        self, session: Session, account_id: str, facts: Sequence[WatchFact]
    ) -> list[WatchFact]:
        stored = await WatchRepository(session).states(self.server_id, account_id)
        plays = {row.item_id: row.last_played_at for row in stored}
        return [
            replace(
                each,
                last_played_at=_later(each.last_played_at, plays.get(each.item_id)),
            )
            for each in facts
        ]

    async def _state(
        self, session: Session, account_id: str, facts: Sequence[WatchFact]
    ) -> list[Row]:
        """Those that differ from what is stored."""
        if self._known is None:
            stored = await WatchRepository(session).states(self.server_id, account_id)
            self._known = {row.item_id: hash(_values(row)) for row in stored}
        known = self._known
        news = [
            each for each in facts if known.get(each.item_id) != hash(_values(each))
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


def _values(fact: WatchFact | StoredFact) -> tuple[object, ...]:
    return (
        fact.played,
        fact.play_count,
        fact.last_played_at,
        fact.position,
        fact.favourite,
    )


def not_watched(account_id: str, item_id: str) -> WatchFact:
    """The state of an item that was unmarked."""
    return WatchFact(
        account_id=account_id, item_id=item_id, played=False, play_count=0, position=0
    )


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)


def is_storable(fact: WatchFact) -> bool:
    ids = fact.account_id, fact.item_id
    return all(0 < len(each) <= ID_LENGTH and "\0" not in each for each in ids)
