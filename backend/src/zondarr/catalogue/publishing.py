"""Publishes a new snapshot of a server's catalogue."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct

from zondarr.catalogue.growth import record_sizes
from zondarr.catalogue.models import Arrival
from zondarr.catalogue.pieces import in_pieces
from zondarr.catalogue.repository import (
    ItemRepository,
    KnownItem,
    TitleRepository,
    TotalsRepository,
)
from zondarr.catalogue.repository.titles import TOTALS
from zondarr.catalogue.repository.totals import ItemPart
from zondarr.catalogue.title_languages import TitleLanguageWriter
from zondarr.catalogue.totals import totals_of
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


class Changed(NamedTuple):
    """The titles of changed items, the libraries with new or changed ones, and the
    titles with new watch data.
    """

    titles: set[UUID]
    libraries: set[UUID]
    watched: set[UUID]


class Difference(NamedTuple):
    """What the libraries list, compared with what is stored: items that are gone,
    titles that have new ones and are visible already, and the libraries with new or
    gone items. New titles may be all there are: they stay in the database.
    """

    gone: list[KnownItem]
    grown: set[UUID]
    libraries: set[UUID]


class Publisher:
    def __init__(self, work: UnitOfWork, server_id: UUID) -> None:
        self.work = work
        self.server_id = server_id

    async def prepare(self, watched: Collection[UUID]) -> None:
        """Compute the totals of titles that this server will show for the first time;
        one transaction per batch, since they may be all there are. `watched` are the
        titles with new watch data.
        """
        async with self.work(reading=True) as session:
            titles = TitleRepository(session)
            pending = set(await titles.unlisted_with_items(self.server_id))
            pending |= set(watched) - await titles.listed_among(watched)
        for some in batched(pending, BATCH, strict=False):
            async with self.work() as session:
                await refresh_titles(session, some, publishing=self.server_id)

    async def publish(
        self,
        session: Session,
        seen: Mapping[UUID, Collection[str]],
        *,
        absent: Collection[UUID],
        changed: Changed,
        now: datetime,
    ) -> Published:
        """`seen` are the ids that each believed library listed; `absent` libraries are
        gone, with all that they held. Other libraries are left as they are.
        """
        items, titles = ItemRepository(session), TitleRepository(session)
        found = await self._compare(items, {**dict.fromkeys(absent, ()), **seen})
        gone = found.gone
        if any(each.kind in LEAVES for each in gone):
            await self._mark_upgrades(items, found, now)
        await items.lose([each.id for each in gone], now)
        new = await items.list_hidden(found.libraries)
        touched = {each.title_id for each in gone} | changed.titles | changed.watched
        visible = await titles.listed_among(touched) | found.grown
        # An item that turned out to be another title's makes that one visible.
        found_out = changed.titles - visible
        await refresh_titles(session, visible | found_out, publishing=None, now=now)
        await titles.list_all(found_out)
        arrived = await titles.list_arrived(found.libraries)
        await record_sizes(session, found.libraries | changed.libraries, now=now)
        count = len(visible | found_out) + arrived
        return Published(new=new, gone=len(gone), titles=count)

    async def _compare(
        self, items: ItemRepository, seen: Mapping[UUID, Collection[str]]
    ) -> Difference:
        """Also removes what was never visible and is not listed any more."""
        found = Difference([], set(), set())
        for library_id, listed in seen.items():
            absent = await items.absent_from(library_id, listed)
            await items.remove([each.id for each in absent if not each.listed])
            gone = [each for each in absent if each.listed]
            found.gone.extend(gone)
            found.grown.update(await items.grown_titles(library_id))
            if gone or await items.has_hidden(library_id):
                found.libraries.add(library_id)
        return found

    async def _mark_upgrades(
        self, items: ItemRepository, found: Difference, now: datetime
    ) -> None:
        for library_id in found.libraries:
            async for some in items.hidden(library_id):
                await items.replace_arrivals(_upgrades(some, found.gone, now))


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
    languages = TitleLanguageWriter(session)
    for some in batched(title_ids, BATCH, strict=False):
        parts: dict[UUID, list[ItemPart]] = {each: [] for each in some}
        for part in await totals.parts(some, publishing=publishing):
            parts[part.title_id].append(part)
        activity = await totals.activity(some)
        known = await titles.worked_out(some)
        offered = await languages.write(known, parts)
        rows: list[Sequence[Any]] = []
        lost: list[UUID] = []
        async for own, title in in_pieces(known.items()):
            totals_now = totals_of(parts[own], activity.get(own))
            values = totals_now.values(offered.get(own))
            if not totals_now.present:
                lost.append(own)
            elif values != title.totals:
                rows.append((own, *values))
        await titles.change(("id", *TOTALS), rows)
        if now is not None:
            await titles.lose(lost, now)
    await languages.clean()
