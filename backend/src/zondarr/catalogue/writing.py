"""Writes what a sync has read: titles, items, files and tracks, page by page."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid7

from zondarr.catalogue.languages import (
    ORIGINAL,
    as_text,
    counts,
    is_commentary,
    offers_of,
    parse_language,
    track_language,
)
from zondarr.catalogue.matching import (
    PROVIDERS,
    ProviderIds,
    TitleIndex,
    contradicts,
    provider_ids,
)
from zondarr.catalogue.models import Arrival, Title, TitleKind
from zondarr.catalogue.repository import ItemRepository, KnownItem, TitleRepository
from zondarr.core.database import Session
from zondarr.media.catalogue import CatalogueItem, MediaVersion, Track
from zondarr.media.types import ItemKind

NAME_LENGTH, STAMP_LENGTH, ID_LENGTH = 500, 100, 100
LANGUAGE_LENGTH, CODEC_LENGTH, TRACK_TITLE_LENGTH, CONTAINER_LENGTH = 100, 50, 300, 40
MAX_SIZE, MAX_NUMBER = 2**63 - 1, 2**31 - 1
ANEW_AFTER = timedelta(days=7)
"""An item that returns after such an absence counts as newly added."""

KINDS = {ItemKind.MOVIE: TitleKind.MOVIE, ItemKind.SHOW: TitleKind.SERIES}

type Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where the items belong. `first`: nothing of the library was known before, so the
    server's dates are used as the time of arrival.
    """

    server_id: UUID
    library_id: UUID
    first: bool
    now: datetime


@dataclass(slots=True, eq=False)
class Draft:
    """A title that is not stored yet."""

    id: UUID
    kind: TitleKind
    name: str
    year: int
    imdb: str | None = None
    tmdb: str | None = None
    tvdb: str | None = None
    original_language: str | None = None


class PageWriter:
    """Writes the items of one page in one session."""

    def __init__(self, session: Session, place: Place) -> None:
        self.place = place
        self.items = ItemRepository(session)
        self.titles = TitleRepository(session)
        self.session = session

    async def write(self, found: Sequence[CatalogueItem], *, hidden: bool) -> set[UUID]:
        """Write hidden or visible items; returns the titles that they belong to, or did
        before.
        """
        items = {each.id: each for each in found if _is_storable(each)}
        known = await self.items.known(self.place.library_id, items)
        chosen = {
            id: item
            for id, item in items.items()  # noqa: A001
            if (id not in known or not known[id].listed) is hidden
        }
        if not chosen:
            return set()
        titles = await self._titles(list(chosen.values()), known)
        chosen = {id: item for id, item in chosen.items() if id in titles}  # noqa: A001
        ids = {each: known[each].id if each in known else uuid7() for each in chosen}
        replaced = await self._files(chosen, known, ids)
        rows = [
            self._row(item, ids[own], titles[own], known.get(own), own in replaced)
            for own, item in chosen.items()
        ]
        await self.items.write_items(rows)
        await self._write_files(chosen, ids)
        before = {known[own].title_id for own in chosen if own in known}
        return {titles[own] for own in chosen} | before

    async def _titles(
        self, items: Sequence[CatalogueItem], known: dict[str, KnownItem]
    ) -> dict[str, UUID]:
        """The title of each item; an item without its show has none."""
        found: dict[str, UUID] = {}
        for kind, title_kind in KINDS.items():
            copies = [each for each in items if each.kind is kind]
            if copies:
                found |= await self._match(copies, known, title_kind)
        parts = [each for each in items if each.kind not in KINDS]
        shows = {each.series_id for each in parts if each.series_id}
        above = await self.items.known(self.place.library_id, shows)
        for each in parts:
            show = above.get(each.series_id or "")
            if show is not None:
                found[each.id] = show.title_id
            elif each.series_id in found:
                found[each.id] = found[each.series_id]
        return found

    async def _match(
        self,
        copies: Sequence[CatalogueItem],
        known: dict[str, KnownItem],
        kind: TitleKind,
    ) -> dict[str, UUID]:
        ids = {each.id: provider_ids(each.provider_ids) for each in copies}
        asked = {
            name: {one[name] for one in ids.values() if name in one}
            for name in PROVIDERS
        }
        current = await self.titles.some({k.title_id for k in known.values()})
        index = TitleIndex[Title | Draft](await self.titles.candidates(kind, asked))
        paths = await self._at_their_paths(copies, known)
        drafts: list[Draft] = []
        found: dict[str, UUID] = {}
        for each in copies:
            own = known.get(each.id)
            title = self._stays(own and current.get(own.title_id), ids[each.id])
            title = title or index.find(ids[each.id])
            title = title or self._stays(paths.get(each.id), ids[each.id])
            if title is None:
                title = _draft(each, kind, ids[each.id])
                drafts.append(title)
                index.add(title)
            else:
                index.learn(title, ids[each.id])
                if own is not None and own.title_id == title.id:
                    _rename(title, each)
                _learn_language(title, each)
            found[each.id] = title.id
        await self.session.flush()
        await self._write_drafts(drafts)
        await self._move_parts(copies, known, found)
        return found

    async def _move_parts(
        self,
        copies: Sequence[CatalogueItem],
        known: dict[str, KnownItem],
        found: dict[str, UUID],
    ) -> None:
        """Move the seasons and episodes of a show that turned out to be another
        title.
        """
        for each in copies:
            own, title_id = known.get(each.id), found[each.id]
            if own is not None and own.title_id != title_id:
                await self.items.move(self.place.library_id, own.title_id, title_id)

    def _stays(self, title: Title | None, ids: ProviderIds) -> Title | Draft | None:
        """The earlier title, unless its ids now identify another one."""
        return None if title is None or contradicts(title, ids) else title

    async def _at_their_paths(
        self, copies: Sequence[CatalogueItem], known: dict[str, KnownItem]
    ) -> dict[str, Title]:
        """The titles of earlier items with the same paths as new ones."""
        keys = {each.id: path_key(each.path) for each in copies if each.id not in known}
        wanted = {key for key in keys.values() if key is not None}
        if not wanted:
            return {}
        at = await self.items.titles_at(self.place.library_id, wanted)
        titles = await self.titles.some(set(at.values()))
        return {
            id: titles[at[key]]
            for id, key in keys.items()  # noqa: A001
            if key is not None and key in at and at[key] in titles
        }

    async def _write_drafts(self, drafts: Sequence[Draft]) -> None:
        rows = [
            {
                "id": each.id,
                "kind": each.kind,
                "name": each.name,
                "year": each.year,
                **{name: getattr(each, name) for name in PROVIDERS},
                "original_language": each.original_language,
            }
            for each in drafts
        ]
        await self.titles.write(rows)

    def _row(
        self,
        item: CatalogueItem,
        id: UUID,
        title_id: UUID,
        known: KnownItem | None,
        replaced: bool,
    ) -> Row:
        season = item.number if item.kind is ItemKind.SEASON else item.season
        return {
            "id": id,
            "media_server_id": self.place.server_id,
            "library_id": self.place.library_id,
            "title_id": title_id,
            "kind": item.kind,
            "external_id": item.id,
            "stamp": item.stamp[:STAMP_LENGTH],
            "name": text(item.name, NAME_LENGTH),
            "season": _number(season),
            "number": _number(item.number) if item.kind is ItemKind.EPISODE else None,
            "path_key": path_key(item.path),
            "listed": known is not None and known.listed,
            "missing_since": None,
            **self._arrival(item, known, replaced),
        }

    def _arrival(
        self, item: CatalogueItem, known: KnownItem | None, replaced: bool
    ) -> Row:
        now = self.place.now
        reported = item.added_at if self.place.first else None
        if known is None:
            at = min(reported or now, now)
            return {"added_at": at, "arrived_at": at, "arrival": Arrival.NEW}
        gone = known.missing_since
        if gone is not None and now - gone > ANEW_AFTER:
            return {"added_at": now, "arrived_at": now, "arrival": Arrival.NEW}
        if replaced:
            added = known.added_at
            return {"added_at": added, "arrived_at": now, "arrival": Arrival.UPGRADE}
        return {
            "added_at": known.added_at,
            "arrived_at": known.arrived_at,
            "arrival": Arrival(known.arrival),
        }

    async def _files(
        self,
        chosen: dict[str, CatalogueItem],
        known: dict[str, KnownItem],
        ids: dict[str, UUID],
    ) -> set[str]:
        """Delete replaced files; returns the items with a file of another path
        or size.
        """
        old = [ids[each] for each in chosen if each in known]
        before = await self.items.files_of(old) if old else {}
        self._file_ids = {place: file.id for place, file in before.items()}
        was: defaultdict[UUID, set[tuple[str, int | None]]] = defaultdict(set)
        for file in before.values():
            was[file.item_id].add((file.path, file.size))
        replaced: set[str] = set()
        count: dict[UUID, int] = {}
        for own, item in chosen.items():
            now = {(text(v.path), _size(v.size)) for v in item.versions}
            if was[ids[own]] and now - was[ids[own]]:
                replaced.add(own)
            count[ids[own]] = len(item.versions)
        gone = [f.id for (item, place), f in before.items() if place >= count[item]]
        await self.items.remove_files(gone)
        await self.items.remove_tracks(self._file_ids.values())
        return replaced

    async def _write_files(
        self, chosen: dict[str, CatalogueItem], ids: dict[str, UUID]
    ) -> None:
        files: list[Row] = []
        tracks: list[Row] = []
        for own, item in chosen.items():
            for place, version in enumerate(item.versions):
                id = self._file_ids.get((ids[own], place)) or uuid7()  # noqa: A001
                found = [
                    _track(id, number, each)
                    for number, each in enumerate(version.tracks)
                ]
                files.append(
                    {
                        "id": id,
                        "item_id": ids[own],
                        "place": place,
                        "path": text(version.path),
                        "size": _size(version.size),
                        "container": version.container
                        and text(version.container, CONTAINER_LENGTH),
                        **_languages(version, found),
                    }
                )
                tracks += found
        await self.items.write_files(files)
        await self.items.write_tracks(tracks)


def _track(file_id: UUID, place: int, track: Track) -> Row:
    tag = track_language(track.language, track.title, external=track.external)
    return {
        "file_id": file_id,
        "place": place,
        "kind": track.kind,
        "language": track.language and text(track.language, LANGUAGE_LENGTH),
        "codec": track.codec and text(track.codec, CODEC_LENGTH),
        "channels": _number(track.channels),
        "title": track.title and text(track.title, TRACK_TITLE_LENGTH),
        "default": track.default,
        "forced": track.forced,
        "hearing_impaired": track.hearing_impaired,
        "external": track.external,
        "tag": tag and tag[:LANGUAGE_LENGTH],
        "original": track.original,
        "commentary": is_commentary(track.title),
    }


def _languages(version: MediaVersion, tracks: Sequence[Row]) -> Row:
    """What the file offers; unknown if the server has not looked into it."""
    if not version.probed and not tracks:
        return {"audio": None, "subtitles": None}
    audio, subtitles = offers_of(
        (row["kind"], tag)
        for row in tracks
        if counts(row["kind"], forced=row["forced"], commentary=row["commentary"])
        for tag in (row["tag"], *([ORIGINAL] if row["original"] else ()))
    )
    return {"audio": as_text(audio), "subtitles": as_text(subtitles)}


def _draft(item: CatalogueItem, kind: TitleKind, ids: ProviderIds) -> Draft:
    name, year = text(item.name, NAME_LENGTH), _number(item.year) or 0
    language = parse_language(item.original_language)
    return Draft(uuid7(), kind, name, year, **ids, original_language=language)


def _rename(title: Title | Draft, item: CatalogueItem) -> None:
    title.name = text(item.name, NAME_LENGTH) or title.name
    title.year = _number(item.year) or title.year


def _learn_language(title: Title | Draft, item: CatalogueItem) -> None:
    """A server that does not report it leaves what another one reported."""
    title.original_language = (
        parse_language(item.original_language) or title.original_language
    )


def _is_storable(item: CatalogueItem) -> bool:
    return 0 < len(item.id) <= ID_LENGTH and "\0" not in item.id


def text(given: str, length: int | None = None) -> str:
    """Truncated to the column's length, without NUL, which PostgreSQL refuses."""
    return given.replace("\0", "")[:length]


def path_key(path: str | None) -> str | None:
    if not path:
        return None
    return hashlib.blake2b(path.encode(errors="replace"), digest_size=16).hexdigest()


def _size(size: int | None) -> int | None:
    return size if size is not None and 0 <= size <= MAX_SIZE else None


def _number(number: int | None) -> int | None:
    return number if number is not None and abs(number) <= MAX_NUMBER else None
