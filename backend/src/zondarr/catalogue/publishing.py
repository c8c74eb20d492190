"""Publishes a new snapshot of a server's catalogue."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from zondarr.catalogue.models import Arrival, Title
from zondarr.catalogue.repository import (
    ItemRepository,
    KnownItem,
    TitleRepository,
    TotalsRepository,
    WatchRepository,
)
from zondarr.catalogue.totals import Totals, totals_of
from zondarr.core.database import Session, UnitOfWork
from zondarr.media.types import ItemKind

BATCH = 500
"""Titles per batch of computed totals."""
LEAVES = (ItemKind.MOVIE, ItemKind.EPISODE)


class Published(Struct, frozen=True, kw_only=True):
    """The number of new, changed and missing items."""

    new: int
    gone: int
    titles: int


class Publisher:
    def __init__(self, work: UnitOfWork, server_id: UUID) -> None:
        self.work = work
        self.server_id = server_id

    async def prepare(self) -> None:
        """Compute the totals of titles that this server will show for the first time;
        one transaction per batch, since they may be all there are.
        """
        async with self.work(reading=True) as session:
            titles = TitleRepository(session)
            pending = await titles.unlisted_with_items(self.server_id)
        for some in batched(pending, BATCH, strict=False):
            async with self.work() as session:
                await refresh_titles(session, some, publishing=self.server_id)

    async def publish(
        self,
        session: Session,
        seen: Mapping[UUID, Collection[str]],
        *,
        present: Collection[UUID],
        changed: Collection[UUID],
        now: datetime,
    ) -> Published:
        """`seen` are the ids that each believed library listed, `present` the server's
        libraries, `changed` titles with a changed item.
        """
        items, titles = ItemRepository(session), TitleRepository(session)
        known = await items.not_missing(self.server_id)
        gone: list[KnownItem] = []
        new: list[KnownItem] = []
        unwanted: list[UUID] = []
        for library_id, item in known:
            if library_id not in seen and library_id in present:
                continue
            there = item.external_id in seen.get(library_id, ())
            if item.listed and not there:
                gone.append(item)
            elif not item.listed and there:
                new.append(item)
            elif not item.listed:
                unwanted.append(item.id)
        await items.remove(unwanted)
        await items.replace_arrivals(_upgrades(new, gone, now))
        await items.lose([each.id for each in gone], now)
        await items.list_all([each.id for each in new])
        watches = WatchRepository(session)
        arrived = {each.title_id for each in new}
        touched = {each.title_id for each in gone} | arrived | set(changed)
        touched |= await watches.touched_titles(self.server_id, now)
        visible = await self._visible(titles, touched)
        # An item that turned out to be another title's makes that one visible.
        found_out = set(changed) - visible - arrived
        await refresh_titles(session, visible | found_out, publishing=None, now=now)
        await titles.list_all((arrived | found_out) - visible)
        return Published(new=len(new), gone=len(gone), titles=len(touched))

    async def _visible(
        self, titles: TitleRepository, touched: Collection[UUID]
    ) -> set[UUID]:
        found = await titles.some(touched)
        return {id for id, title in found.items() if title.listed}  # noqa: A001


def _upgrades(
    new: Iterable[KnownItem], gone: Iterable[KnownItem], now: datetime
) -> list[Mapping[str, Any]]:
    """A renamed file may be another item to a server: if it replaces one that is gone,
    it is an upgrade and does not make the title new.
    """
    places = {_leaf(each): each for each in gone if each.kind in LEAVES}
    return [
        {
            "id": each.id,
            "added_at": places[_leaf(each)].added_at,
            "arrived_at": now,
            "arrival": Arrival.UPGRADE,
        }
        for each in new
        if each.kind in LEAVES and _leaf(each) in places
    ]


def _leaf(item: KnownItem) -> tuple[UUID, int | None, int | None]:
    return item.title_id, item.season, item.number


async def refresh_titles(
    session: Session,
    title_ids: Iterable[UUID],
    *,
    publishing: UUID | None,
    now: datetime | None = None,
) -> None:
    """Update the totals of titles from their items; only different ones are written.

    While a server is `publishing`, its new rows count. Otherwise a title that no server
    has any more is missing since `now`.
    """
    titles, totals = TitleRepository(session), TotalsRepository(session)
    for some in batched(title_ids, BATCH, strict=False):
        parts: dict[UUID, list[Any]] = {each: [] for each in some}
        for part in await totals.parts(some, publishing=publishing):
            parts[part.title_id].append(part)
        activity = await totals.activity(some)
        known = await titles.some(some)
        rows: list[Mapping[str, Any]] = []
        lost: list[UUID] = []
        for own, title in known.items():
            found = totals_of(parts[own], activity.get(own))
            if not found.present:
                lost.append(own)
            elif any(getattr(title, name) != value for name, value in _fields(found)):
                rows.append(_row(title, found))
        await titles.write(rows)
        if now is not None:
            await titles.lose(lost, now)


def _fields(totals: Totals) -> Sequence[tuple[str, Any]]:
    found = msgspec.structs.asdict(totals)
    del found["present"]
    return list(found.items())


def _row(title: Title, totals: Totals) -> Mapping[str, Any]:
    return {
        "id": title.id,
        "kind": title.kind,
        "name": title.name,
        "year": title.year,
        "imdb": title.imdb,
        "tmdb": title.tmdb,
        "tvdb": title.tvdb,
        "listed": title.listed,
        "missing_since": title.missing_since,
        **dict(_fields(totals)),
    }
