"""Writes what a sync has read: titles, items, files and tracks, page by page."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid7

from zondarr.catalogue.models import Arrival
from zondarr.catalogue.new_titles import NewTitles
from zondarr.catalogue.pieces import in_pieces
from zondarr.catalogue.repository import ItemRepository, KnownFile, KnownItem
from zondarr.catalogue.rows import (
    KINDS,
    NAME_LENGTH,
    STAMP_LENGTH,
    FileRow,
    ItemRow,
    TrackRow,
    file_row,
    is_storable,
    number,
    path_key,
    size,
    text,
    track_rows,
)
from zondarr.catalogue.titling import TitleFinder
from zondarr.core.database import Session
from zondarr.media.catalogue import CatalogueItem
from zondarr.media.types import ItemKind

ANEW_AFTER = timedelta(days=7)
"""An item that returns after such an absence counts as newly added."""

type Arrived = tuple[datetime, datetime, Arrival]


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where the items belong. `first`: nothing of the library was known before, so the
    server's dates are used as the time of arrival.
    """

    server_id: UUID
    library_id: UUID
    first: bool
    now: datetime


class PageWriter:
    """Writes the items of one page in one session."""

    def __init__(self, session: Session, place: Place) -> None:
        self.place = place
        self.session = session
        self.items = ItemRepository(session)

    async def write(self, found: Sequence[CatalogueItem], *, hidden: bool) -> set[UUID]:
        """Write hidden or visible items; returns the titles that they belong to, or did
        before.
        """
        items = {each.id: each for each in found if is_storable(each)}
        known = await self.items.known(self.place.library_id, items)
        chosen = {
            id: item
            for id, item in items.items()  # noqa: A001
            if (id not in known or not known[id].listed) is hidden
        }
        if not chosen:
            return set()
        finder = TitleFinder(self.session, self.place.library_id)
        titles = await finder.find(list(chosen.values()), known)
        chosen = {id: item for id, item in chosen.items() if id in titles}  # noqa: A001
        ids = {each: known[each].id if each in known else uuid7() for each in chosen}
        old = await self._known_files([ids[each] for each in chosen if each in known])
        replaced = self._replaced(chosen, ids, old)
        files = await self._files(chosen, ids, old)
        rows = [
            self._row(item, ids[own], titles[own], known.get(own), own in replaced)
            async for own, item in in_pieces(chosen.items())
        ]
        new = NewTitles(self.session, self.place.server_id, finder)
        rows = await new.write(rows, files)
        await self._move_parts(rows, known)
        await self._write_items(rows, known)
        await self._write_files(chosen, ids, files, old)
        before = {known[own].title_id for own in chosen if own in known}
        return {titles[own] for own in chosen} | before

    async def _move_parts(
        self, rows: Sequence[ItemRow], known: Mapping[str, KnownItem]
    ) -> None:
        """Move the seasons and episodes of a show that turned out to be another
        title.
        """
        for each in rows:
            own = known.get(each.external_id)
            if own and each.kind in KINDS and own.title_id != each.title_id:
                await self.items.move(
                    self.place.library_id, own.title_id, each.title_id
                )

    async def _write_items(
        self, rows: Sequence[ItemRow], known: Mapping[str, KnownItem]
    ) -> None:
        await self.items.add_items(
            [each for each in rows if each.external_id not in known]
        )
        await self.items.change_items(
            [each for each in rows if each.external_id in known]
        )

    def _row(
        self,
        item: CatalogueItem,
        id: UUID,
        title_id: UUID,
        known: KnownItem | None,
        replaced: bool,
    ) -> ItemRow:
        season = item.number if item.kind is ItemKind.SEASON else item.season
        return ItemRow(
            id,
            self.place.server_id,
            self.place.library_id,
            title_id,
            item.kind,
            item.id,
            item.stamp[:STAMP_LENGTH],
            text(item.name, NAME_LENGTH),
            number(season),
            number(item.number) if item.kind is ItemKind.EPISODE else None,
            path_key(item.path),
            known is not None and known.listed,
            None,
            *self._arrival(item, known, replaced),
            known and known.languages_id,
        )

    def _arrival(
        self, item: CatalogueItem, known: KnownItem | None, replaced: bool
    ) -> Arrived:
        """When it was added, and when and how it arrived."""
        now = self.place.now
        reported = item.added_at if self.place.first else None
        if known is None:
            at = min(reported or now, now)
            return at, at, Arrival.NEW
        gone = known.missing_since
        if gone is not None and now - gone > ANEW_AFTER:
            return now, now, Arrival.NEW
        if replaced:
            return known.added_at, now, Arrival.UPGRADE
        return known.added_at, known.arrived_at, Arrival(known.arrival)

    async def _known_files(
        self, item_ids: Sequence[UUID]
    ) -> dict[UUID, dict[int, KnownFile]]:
        """Of items that are stored, by the item and the place."""
        found: defaultdict[UUID, dict[int, KnownFile]] = defaultdict(dict)
        for file in await self.items.files_of(item_ids):
            found[file.item_id][file.place] = file
        return found

    def _replaced(
        self,
        chosen: Mapping[str, CatalogueItem],
        ids: Mapping[str, UUID],
        old: Mapping[UUID, Mapping[int, KnownFile]],
    ) -> set[str]:
        """The items with a file of another path or size than before."""
        replaced: set[str] = set()
        for own, item in chosen.items():
            before = old.get(ids[own])
            if before:
                was = {(each.path, each.size) for each in before.values()}
                now = {(text(each.path), size(each.size)) for each in item.versions}
                if now - was:
                    replaced.add(own)
        return replaced

    async def _files(
        self,
        chosen: Mapping[str, CatalogueItem],
        ids: Mapping[str, UUID],
        old: Mapping[UUID, Mapping[int, KnownFile]],
    ) -> dict[UUID, list[FileRow]]:
        """The rows of the files, by the item; a file keeps its id while its place is
        taken.
        """
        found: dict[UUID, list[FileRow]] = {}
        async for own, item in in_pieces(chosen.items()):
            known = old.get(ids[own], {})
            found[ids[own]] = [
                file_row(
                    known[place].id if place in known else uuid7(),
                    ids[own],
                    place,
                    version,
                )
                for place, version in enumerate(item.versions)
            ]
        return found

    async def _write_files(
        self,
        chosen: Mapping[str, CatalogueItem],
        ids: Mapping[str, UUID],
        files: Mapping[UUID, Sequence[FileRow]],
        old: Mapping[UUID, Mapping[int, KnownFile]],
    ) -> None:
        """Write files and their tracks; tracks that are the same stay."""
        stored = {each.id for of in old.values() for each in of.values()}
        rows = [each for of in files.values() for each in of]
        kept = {each.id for each in rows}
        await self.items.remove_files(stored - kept)
        await self.items.add_files([each for each in rows if each.id not in stored])
        await self.items.change_files([each for each in rows if each.id in stored])
        before = await self.items.track_rows(stored & kept)
        tracks: list[TrackRow] = []
        changed: list[UUID] = []
        async for own, item in in_pieces(chosen.items()):
            for file, version in zip(files[ids[own]], item.versions, strict=True):
                found = track_rows(file.id, version.tracks)
                if file.id not in stored:
                    tracks += found
                elif found != before.get(file.id, []):
                    changed.append(file.id)
                    tracks += found
        await self.items.remove_tracks(changed)
        await self.items.add_tracks(tracks)
