"""What we read of Jellyfin's items; every field has a default, enums stay text."""

from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from zondarr.media.catalogue import (
    CatalogueItem,
    MediaVersion,
    Track,
    TrackKind,
    WatchFact,
)
from zondarr.media.clients.jellyfin.policy import normalized_id
from zondarr.media.types import ItemKind

KINDS = {
    "Movie": ItemKind.MOVIE,
    "Series": ItemKind.SHOW,
    "Season": ItemKind.SEASON,
    "Episode": ItemKind.EPISODE,
}
TRACKS = {"Audio": TrackKind.AUDIO, "Subtitle": TrackKind.SUBTITLE}
TICKS = 10_000_000
"""Of Jellyfin's, in a second."""


class MediaStream(Struct, rename="pascal", frozen=True, gc=False):
    type: str = ""
    language: str | None = None
    codec: str | None = None
    channels: int | None = None
    title: str | None = None
    is_default: bool = False
    is_forced: bool = False
    is_hearing_impaired: bool = False
    is_external: bool = False
    is_original: bool = False
    """Since 12.0."""

    def track(self, kind: TrackKind) -> Track:
        return Track(
            kind=kind,
            language=self.language or None,
            codec=self.codec,
            channels=self.channels,
            title=self.title,
            default=self.is_default,
            forced=self.is_forced,
            hearing_impaired=self.is_hearing_impaired,
            external=self.is_external,
            original=self.is_original,
        )


class MediaSource(Struct, rename="pascal", frozen=True):
    path: str | None = None
    size: int | None = None
    container: str | None = None
    media_streams: list[MediaStream] | None = None

    def version(self) -> MediaVersion:
        return MediaVersion(
            path=self.path or "",
            size=self.size,
            container=self.container,
            tracks=tuple(
                each.track(TRACKS[each.type])
                for each in self.media_streams or ()
                if each.type in TRACKS
            ),
            probed=bool(self.media_streams),
        )


class Stamp(Struct, rename="pascal", frozen=True, gc=False):
    """An item of a light sweep."""

    id: str
    etag: str | None = None


class Item(Struct, rename="pascal", frozen=True):
    id: str
    type: str = ""
    etag: str | None = None
    name: str | None = None
    production_year: int | None = None
    date_created: str | None = None
    series_id: str | None = None
    season_id: str | None = None
    parent_index_number: int | None = None
    index_number: int | None = None
    provider_ids: dict[str, str | None] | None = None
    path: str | None = None
    original_language: str | None = None
    """Since 12.0."""
    media_sources: list[MediaSource] | None = None

    def item(self) -> CatalogueItem | None:
        """None for a type that a catalogue has no place for."""
        kind = KINDS.get(self.type)
        if kind is None:
            return None
        leaf = kind in {ItemKind.MOVIE, ItemKind.EPISODE}
        sources = self.media_sources or () if leaf else ()
        return CatalogueItem(
            id=normalized_id(self.id),
            kind=kind,
            stamp=self.etag or "",
            name=self.name or "",
            year=self.production_year,
            added_at=moment(self.date_created),
            series_id=_id(self.series_id),
            season_id=_id(self.season_id),
            season=self.parent_index_number,
            number=self.index_number,
            provider_ids={
                name.lower(): value
                for name, value in (self.provider_ids or {}).items()
                if value
            },
            path=self.path,
            original_language=self.original_language or None,
            versions=tuple(each.version() for each in sources),
        )


class UserData(Struct, rename="pascal", frozen=True, gc=False):
    played: bool = False
    play_count: int = 0
    last_played_date: str | None = None
    playback_position_ticks: int = 0
    is_favorite: bool = False


class WatchedItem(Struct, rename="pascal", frozen=True, gc=False):
    id: str
    user_data: UserData | None = None

    def fact(self, account_id: str) -> WatchFact | None:
        """None for an item that the account has not touched."""
        data = self.user_data
        return None if data is None or data == UserData() else self.state(account_id)

    def state(self, account_id: str) -> WatchFact:
        data = self.user_data or UserData()
        return WatchFact(
            account_id=account_id,
            item_id=normalized_id(self.id),
            played=data.played,
            play_count=data.play_count,
            last_played_at=moment(data.last_played_date),
            position=data.playback_position_ticks // TICKS,
            favourite=data.is_favorite,
        )


class Items[T](Struct, rename="pascal", frozen=True):
    items: list[T] = []
    total_record_count: int = 0


def moment(text: str | None) -> datetime | None:
    """None for what is no time; the year 1 is Jellyfin's way to say so."""
    if not text:
        return None
    try:
        found = msgspec.convert(text, datetime)
    except msgspec.ValidationError:
        return None
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found
    return found if found.year > 1 else None


def _id(id: str | None) -> str | None:
    return normalized_id(id) if id else None
