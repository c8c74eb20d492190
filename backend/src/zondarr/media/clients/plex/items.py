"""Titles, plays and accounts in a media server's listings.

They are decoded directly into these types, without a copy: a section may hold many
thousands. Other representations are computed by properties on demand. Fields are those
of listContent and listPlaybackHistory.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from typing import override

from msgspec import Struct, field

from zondarr.media.catalogue import (
    CatalogueItem,
    MediaVersion,
    Track,
    TrackKind,
    WatchFact,
)
from zondarr.media.types import FileVersion, ItemKind

TRACKS = {2: TrackKind.AUDIO, 3: TrackKind.SUBTITLE}
KINDS = {each.value: each for each in ItemKind}

type OneOrMany[T] = tuple[T, ...] | T | None
"""A list, its single element, or nothing."""


def as_tuple[T: Struct](found: OneOrMany[T]) -> tuple[T, ...]:
    return (found,) if isinstance(found, Struct) else found or ()


def timestamp(seconds: int | None) -> datetime | None:
    """None for an invalid time: servers send 0, and numbers out of range."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except OverflowError, ValueError, OSError:
        return None


class Stream(Struct, frozen=True, gc=False, rename="camel"):
    """A track of a file. Languages by quality: `tag` is BCP 47, then the code of three
    letters, then a name for people."""

    stream_type: int = 0
    codec: str | None = None
    language_tag: str | None = None
    language_code: str | None = None
    language: str | None = None
    channels: int | None = None
    title: str | None = None
    default: bool = False
    forced: bool = False
    hearing_impaired: bool = False
    key: str | None = None
    """Only a subtitle in a file of its own has one."""

    def track(self, kind: TrackKind) -> Track:
        return Track(
            kind=kind,
            language=self.language_tag or self.language_code or self.language,
            codec=self.codec,
            channels=self.channels,
            title=self.title,
            default=self.default,
            forced=self.forced,
            hearing_impaired=self.hearing_impaired,
            external=self.key is not None,
        )


class Part(Struct, frozen=True, gc=False):
    """One file."""

    file: str | None = None
    size: int | None = None
    streams: OneOrMany[Stream] = field(default=(), name="Stream")

    def tracks(self) -> Iterator[Track]:
        for each in as_tuple(self.streams):
            kind = TRACKS.get(each.stream_type)
            if kind is not None:
                yield each.track(kind)


class Media(Struct, frozen=True, gc=False):
    """One version of a title."""

    container: str | None = None
    parts: OneOrMany[Part] = field(default=(), name="Part")

    def media_version(self) -> MediaVersion:
        """With the tracks of its first part: the others of a film that is cut into
        parts have the same."""
        known, parts = self.version(), as_tuple(self.parts)
        streams = as_tuple(parts[0].streams) if parts else ()
        return MediaVersion(
            path=known.paths[0] if known.paths else "",
            size=known.size,
            container=self.container,
            tracks=tuple(parts[0].tracks()) if parts else (),
            probed=bool(streams),
        )

    def version(self) -> FileVersion:
        parts = as_tuple(self.parts)
        sizes = [each.size for each in parts if each.size is not None]
        return FileVersion(
            paths=tuple(each.file for each in parts if each.file is not None),
            size=sum(sizes) if sizes and len(sizes) == len(parts) else None,
        )


class Guid(Struct, frozen=True, gc=False):
    """`tmdb://603`"""

    id: str = ""


class Row(Struct, frozen=True, gc=False):
    """A row of a listing."""

    @property
    def key(self) -> str:
        """Unique among the rows of a listing."""
        raise NotImplementedError


class Item(Row, frozen=True, kw_only=True, gc=False, rename="camel"):
    """A film, show, season or episode; see `LibraryItem`."""

    id: str = field(name="ratingKey")
    kind: str = field(default="", name="type")
    title: str = ""
    year: int | None = None
    released_on: str | None = field(default=None, name="originallyAvailableAt")
    added: int | None = field(default=None, name="addedAt")
    updated: int | None = field(default=None, name="updatedAt")
    parent_id: str | None = field(default=None, name="parentRatingKey")
    grandparent_id: str | None = field(default=None, name="grandparentRatingKey")
    index: int | None = None
    parent_index: int | None = None
    view_count: int | None = None
    last_viewed: int | None = field(default=None, name="lastViewedAt")
    view_offset: int | None = None
    """Where the account whose token is used stopped, in milliseconds."""
    media: OneOrMany[Media] = field(default=(), name="Media")
    guids: OneOrMany[Guid] = field(default=(), name="Guid")

    @property
    @override
    def key(self) -> str:
        return self.id

    @property
    def added_at(self) -> datetime | None:
        return timestamp(self.added)

    @property
    def updated_at(self) -> datetime | None:
        return timestamp(self.updated)

    @property
    def provider_ids(self) -> dict[str, str]:
        pairs = (each.id.partition("://") for each in as_tuple(self.guids))
        return {provider: number for provider, _, number in pairs if number}

    @property
    def versions(self) -> tuple[FileVersion, ...]:
        return tuple(each.version() for each in as_tuple(self.media))

    @property
    def stamp(self) -> str:
        """Changes with the item: when it was saved last, and its files, since a new or
        moved one may leave the time as it was."""
        files = [
            (part.file, part.size)
            for each in as_tuple(self.media)
            for part in as_tuple(each.parts)
        ]
        known = blake2b(repr(files).encode(errors="replace"), digest_size=12)
        return f"{self.updated or self.added or 0}/{known.hexdigest()}"

    def watched(self, account_id: str) -> WatchFact | None:
        """What the account whose token is used did; None if nothing."""
        if not (self.view_count or self.last_viewed or self.view_offset):
            return None
        count = self.view_count or 0
        return WatchFact(
            account_id=account_id,
            item_id=self.id,
            played=count > 0,
            play_count=count,
            last_played_at=timestamp(self.last_viewed),
            position=(self.view_offset or 0) // 1000,
        )

    def item(self) -> CatalogueItem | None:
        """None for a type that a catalogue has no place for."""
        kind = KINDS.get(self.kind)
        if kind is None:
            return None
        episode, season = kind is ItemKind.EPISODE, kind is ItemKind.SEASON
        versions = tuple(each.media_version() for each in as_tuple(self.media))
        return CatalogueItem(
            id=self.id,
            kind=kind,
            stamp=self.stamp,
            name=self.title,
            year=self.year,
            added_at=self.added_at,
            series_id=self.grandparent_id if episode else self.parent_id,
            season_id=self.parent_id if episode else None,
            season=self.parent_index if episode else None,
            number=self.index if episode or season else None,
            provider_ids={name.lower(): own for name, own in self.provider_ids.items()},
            path=versions[0].path if versions else None,
            versions=versions,
        )


class Play(Row, frozen=True, kw_only=True, gc=False, rename="camel"):
    """An entry of the history; `rating_key` may be that of a deleted title."""

    account_id: int = field(name="accountID")
    history_key: str = ""
    rating_key: str | None = None
    type: str = ""
    title: str = ""
    viewed_at: int | None = None
    library_id: str | int | None = field(default=None, name="librarySectionID")

    @property
    @override
    def key(self) -> str:
        known = f"{self.account_id}/{self.rating_key}/{self.viewed_at}"
        return self.history_key or known


class Account(Struct, frozen=True):
    """An account as the media server counts it: plex.tv's id, or 1 for the owner."""

    id: int
    name: str = ""


class Accounts(Struct, frozen=True):
    account: OneOrMany[Account] = field(default=(), name="Account")


class Page[T: Row](Struct, frozen=True):
    """Some rows of a listing, and its total length."""

    rows: OneOrMany[T] = field(default=(), name="Metadata")
    total: int | None = field(default=None, name="totalSize")
