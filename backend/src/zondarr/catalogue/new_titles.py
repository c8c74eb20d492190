"""Writes the new titles of a page, and works out what is known of them already.

A new film is complete with its page: its row is written once, with its totals and what
its files offer. Shows are worked out when all their pages were written
(`publishing.Publisher.prepare`), and so are films that another page adds to.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from zondarr.catalogue.languages.combinations import TitleOffer, item_offer, title_offer
from zondarr.catalogue.models import TitleKind
from zondarr.catalogue.pieces import in_pieces
from zondarr.catalogue.repository import TitleRepository, TotalsRepository
from zondarr.catalogue.repository.languages import LanguageRepository
from zondarr.catalogue.repository.totals import Activity, ItemPart
from zondarr.catalogue.rows import FileRow, ItemRow, TitleRow
from zondarr.catalogue.titling import TitleFinder
from zondarr.catalogue.totals import totals_of
from zondarr.core.database import Session
from zondarr.media.types import ItemKind

type Tracks = tuple[tuple[str | None, str | None], ...]
"""The languages of audio and subtitles of each file."""


class NewTitles:
    """For one page; `finder` found the titles of its items."""

    def __init__(self, session: Session, server_id: UUID, finder: TitleFinder) -> None:
        self.workspace_id = session.workspace_id
        self.server_id = server_id
        self.finder = finder
        self.titles = TitleRepository(session)
        self.totals = TotalsRepository(session)
        self.languages = LanguageRepository(session)
        # Many items of a library offer the same.
        self._films: dict[tuple[Tracks, str | None], TitleOffer] = {}
        self._episodes: dict[tuple[Tracks, str | None, bool], UUID] = {}

    async def write(
        self, items: Sequence[ItemRow], files: Mapping[UUID, Sequence[FileRow]]
    ) -> list[ItemRow]:
        """Write the drafts; returns the items with what they offer, as far as it is
        known.
        """
        films: defaultdict[UUID, list[ItemRow]] = defaultdict(list)
        for item in items:
            draft = self.finder.drafts.get(item.title_id)
            if draft is not None and draft.row.kind is TitleKind.MOVIE:
                films[item.title_id].append(item)
        parts = {
            own: [part for item in some for part in _parts(item, files)]
            async for own, some in in_pieces(films.items())
        }
        offers = {own: self._film(own, some) for own, some in parts.items()}
        activity = await self._activity(films)
        await self.titles.add(
            [
                _complete(draft.done(), parts.get(own), offers, activity.get(own))
                async for own, draft in in_pieces(self.finder.drafts.items())
            ]
        )
        await self.languages.add(self._films.values())
        return [
            self._with_offer(item, offers, files) async for item in in_pieces(items)
        ]

    async def _activity(
        self, films: Mapping[UUID, Sequence[ItemRow]]
    ) -> dict[UUID, Activity]:
        titles = {item.external_id: own for own, some in films.items() for item in some}
        found = await self.totals.activity_on(self.server_id, titles)
        by_title: defaultdict[UUID, list[Activity]] = defaultdict(list)
        for external_id, each in found.items():
            by_title[titles[external_id]].append(each)
        return {own: _summed_up(own, some) for own, some in by_title.items()}

    def _film(self, title_id: UUID, parts: Sequence[ItemPart]) -> TitleOffer:
        original = self.finder.languages[title_id]
        key = tuple((each.audio, each.subtitles) for each in parts), original
        if key not in self._films:
            self._films[key] = title_offer(self.workspace_id, parts, original)
        return self._films[key]

    def _episode(self, item: ItemRow, files: Mapping[UUID, Sequence[FileRow]]) -> UUID:
        """What its own files offer, until another copy is found."""
        original = self.finder.languages.get(item.title_id)
        tracks = tuple((each.audio, each.subtitles) for each in files[item.id])
        key = tracks, original, item.season == 0
        if key not in self._episodes:
            parts = _parts(item, files)
            self._episodes[key] = item_offer(self.workspace_id, parts, original)
        return self._episodes[key]

    def _with_offer(
        self,
        item: ItemRow,
        offers: Mapping[UUID, TitleOffer],
        files: Mapping[UUID, Sequence[FileRow]],
    ) -> ItemRow:
        if item.title_id in offers:
            return item._replace(languages_id=offers[item.title_id].of_film)
        if item.kind is ItemKind.EPISODE and item.languages_id is None:
            return item._replace(languages_id=self._episode(item, files))
        return item


def _parts(item: ItemRow, files: Mapping[UUID, Sequence[FileRow]]) -> list[ItemPart]:
    own = (
        item.title_id,
        item.id,
        item.library_id,
        item.kind,
        item.season,
        item.added_at,
        item.arrived_at,
    )
    found = [
        ItemPart(
            *own, file.id, file.path, file.size, item.number, file.audio, file.subtitles
        )
        for file in files[item.id]
    ]
    return found or [ItemPart(*own, None, None, None, item.number)]


def _complete(
    row: TitleRow,
    parts: Iterable[ItemPart] | None,
    offers: Mapping[UUID, TitleOffer],
    activity: Activity | None,
) -> TitleRow:
    if parts is None:
        return row
    totals = totals_of(parts, activity).values(offers[row.id].id)
    known: tuple[Any, ...] = row[: -len(totals)]
    return TitleRow(*known, *totals)


def _summed_up(title_id: UUID, some: Sequence[Activity]) -> Activity:
    times = [each.last_played_at for each in some if each.last_played_at is not None]
    return Activity(
        title_id,
        max(times, default=None),
        max(each.undated or 0 for each in some),
        max(each.favourite or 0 for each in some),
    )
