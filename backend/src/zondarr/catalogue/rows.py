"""Rows of the catalogue's tables, made from what a client read.

They are tuples in the order of the names beside them, as `Session.insert_rows` takes
them. What a column does not hold is cut off or left out.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
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
from zondarr.catalogue.matching import ProviderIds
from zondarr.catalogue.models import NEVER, Arrival, TitleKind
from zondarr.media.catalogue import CatalogueItem, MediaVersion, Track, TrackKind
from zondarr.media.types import ItemKind

NAME_LENGTH, STAMP_LENGTH, ID_LENGTH = 500, 100, 100
LANGUAGE_LENGTH, CODEC_LENGTH, TRACK_TITLE_LENGTH, CONTAINER_LENGTH = 100, 50, 300, 40
MAX_SIZE, MAX_NUMBER = 2**63 - 1, 2**31 - 1

KINDS = {ItemKind.MOVIE: TitleKind.MOVIE, ItemKind.SHOW: TitleKind.SERIES}


class TitleRow(NamedTuple):
    """A new title. What is worked out from its items has the values of a title without
    any, until it is.
    """

    id: UUID
    kind: TitleKind
    name: str
    year: int
    imdb: str | None
    tmdb: str | None
    tvdb: str | None
    original_language: str | None
    size: int = 0
    largest: int = 0
    largest_sum: int = 0
    sizes_known: bool = True
    added_at: datetime = NEVER
    arrived_at: datetime = NEVER
    active_at: datetime = NEVER
    undated_play: bool = False
    favourite: bool = False
    languages_id: UUID | None = None


class ItemRow(NamedTuple):
    id: UUID
    media_server_id: UUID
    library_id: UUID
    title_id: UUID
    kind: ItemKind
    external_id: str
    stamp: str
    name: str
    season: int | None
    number: int | None
    path_key: str | None
    listed: bool
    missing_since: datetime | None
    added_at: datetime
    arrived_at: datetime
    arrival: Arrival
    languages_id: UUID | None = None


class FileRow(NamedTuple):
    id: UUID
    item_id: UUID
    place: int
    path: str
    size: int | None
    container: str | None
    audio: str | None
    subtitles: str | None


class TrackRow(NamedTuple):
    file_id: UUID
    place: int
    kind: TrackKind
    language: str | None
    codec: str | None
    channels: int | None
    title: str | None
    default: bool
    forced: bool
    hearing_impaired: bool
    external: bool
    tag: str | None
    original: bool
    commentary: bool


def title_row(item: CatalogueItem, kind: TitleKind, ids: ProviderIds) -> TitleRow:
    return TitleRow(
        uuid7(),
        kind,
        text(item.name, NAME_LENGTH),
        number(item.year) or 0,
        ids.get("imdb"),
        ids.get("tmdb"),
        ids.get("tvdb"),
        parse_language(item.original_language),
    )


def file_row(id: UUID, item_id: UUID, place: int, version: MediaVersion) -> FileRow:
    container = version.container
    return FileRow(
        id,
        item_id,
        place,
        text(version.path),
        size(version.size),
        container and text(container, CONTAINER_LENGTH),
        *_languages(version.tracks, probed=version.probed),
    )


def track_rows(file_id: UUID, tracks: Sequence[Track]) -> list[TrackRow]:
    return [
        TrackRow(file_id, place, *_track(track)) for place, track in enumerate(tracks)
    ]


@lru_cache(4096)
def _track(track: Track) -> tuple[Any, ...]:
    """All but its place: the tracks of a library are much alike."""
    tag = track_language(track.language, track.title, external=track.external)
    return (
        track.kind,
        track.language and text(track.language, LANGUAGE_LENGTH),
        track.codec and text(track.codec, CODEC_LENGTH),
        number(track.channels),
        track.title and text(track.title, TRACK_TITLE_LENGTH),
        track.default,
        track.forced,
        track.hearing_impaired,
        track.external,
        tag and tag[:LANGUAGE_LENGTH],
        track.original,
        is_commentary(track.title),
    )


@lru_cache(4096)
def _languages(
    tracks: tuple[Track, ...], *, probed: bool
) -> tuple[str | None, str | None]:
    """What the file offers; unknown if the server has not looked into it."""
    if not probed and not tracks:
        return None, None
    rows = [TrackRow(NO_FILE, 0, *_track(each)) for each in tracks]
    audio, subtitles = offers_of(
        (row.kind, tag)
        for row in rows
        if counts(row.kind, forced=row.forced, commentary=row.commentary)
        for tag in (row.tag, *([ORIGINAL] if row.original else ()))
    )
    return as_text(audio), as_text(subtitles)


NO_FILE = UUID(int=0)


def is_storable(item: CatalogueItem) -> bool:
    return 0 < len(item.id) <= ID_LENGTH and "\0" not in item.id


def text(given: str, length: int | None = None) -> str:
    """Truncated to the column's length, without NUL, which PostgreSQL refuses."""
    return given.replace("\0", "")[:length]


def path_key(path: str | None) -> str | None:
    if not path:
        return None
    return hashlib.blake2b(path.encode(errors="replace"), digest_size=16).hexdigest()


def size(given: int | None) -> int | None:
    return given if given is not None and 0 <= given <= MAX_SIZE else None


def number(given: int | None) -> int | None:
    return given if given is not None and abs(given) <= MAX_NUMBER else None
