"""The bodies of the catalogue."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from msgspec import Meta

from zondarr.catalogue.models import (
    NEVER,
    Arrival,
    MediaFile,
    MediaItem,
    MediaTrack,
    Title,
    TitleKind,
)
from zondarr.core.schemas import Page, RequestBody, ResponseBody
from zondarr.media.catalogue import TrackKind
from zondarr.servers.models import Library, MediaServer


class CatalogueSyncRequest(RequestBody, kw_only=True):
    """`server_ids` null: all servers that are switched on. `full` reads everything
    anew; `dry_run` tells what a sync would find and changes nothing."""

    server_ids: Annotated[list[UUID], Meta(min_length=1, max_length=100)] | None = None
    full: bool = False
    dry_run: bool = False


class CatalogueSyncStarted(ResponseBody, kw_only=True, frozen=True):
    """Follow it at `/api/v1/runs/{run_id}`: each server is a part of the run."""

    run_id: UUID


class WatchAccountState(ResponseBody, kw_only=True, frozen=True):
    """An account of a server. What it watched is known as of `as_of`; `error_code` is
    why it could not be read last time."""

    id: str
    name: str
    as_of: datetime | None
    error_code: str | None
    removed_since: datetime | None


class CatalogueState(ResponseBody, kw_only=True, frozen=True):
    """How far the catalogue of a server is known. `as_of` is null until it was read
    whole once; `watch_details` is what its type can tell of who watched what."""

    server_id: UUID
    server: str
    started_at: datetime | None
    as_of: datetime | None
    watch_details: Sequence[str]
    accounts: Sequence[WatchAccountState]


class CatalogueStatePage(Page[CatalogueState], kw_only=True, frozen=True):
    items: Sequence[CatalogueState]


class ProviderIds(ResponseBody, kw_only=True, frozen=True):
    imdb: str | None
    tmdb: str | None
    tvdb: str | None


class Copy(ResponseBody, kw_only=True, frozen=True):
    """A title in a library of a server; `missing_since` when it is gone from there."""

    id: UUID
    server_id: UUID
    server: str
    library_id: UUID
    library: str
    external_id: str
    added_at: datetime
    arrived_at: datetime
    missing_since: datetime | None

    @classmethod
    def of(cls, item: MediaItem, server: MediaServer, library: Library) -> Self:
        return cls.from_row(
            item, server_id=server.id, server=server.name, library=library.name
        )


class TitleResponse(ResponseBody, kw_only=True, frozen=True):
    """A film or a show, wherever it lies.

    `size` is in bytes and counts each file once. `largest` is the largest version of a
    film, or the largest season of a show; `sizes_known` is false where a server did not
    tell the size of a version. `last_activity_at` is the newest play of anybody.
    """

    id: UUID
    type: TitleKind
    name: str
    year: int | None
    provider_ids: ProviderIds
    original_language: str | None
    size: int
    largest: int
    largest_sum: int
    sizes_known: bool
    added_at: datetime
    arrived_at: datetime
    last_activity_at: datetime | None
    watched: bool
    favourite: bool
    missing_since: datetime | None
    copies: Sequence[Copy]

    @classmethod
    def of(cls, title: Title, copies: Sequence[Copy], **more: object) -> Self:
        active = None if title.active_at == NEVER else title.active_at
        return cls.from_row(
            title,
            type=title.kind,
            year=title.year or None,
            provider_ids=ProviderIds.from_row(title),
            last_activity_at=active,
            watched=active is not None or title.undated_play,
            copies=copies,
            **more,
        )


class TitlePage(Page[TitleResponse], kw_only=True, frozen=True):
    items: Sequence[TitleResponse]


class TrackResponse(ResponseBody, kw_only=True, frozen=True):
    """`language` is what the server reports, `tag` what it means in BCP 47, null if
    nobody can tell. `original`: the server reports that it is in the language that the
    title was made in. `commentary`: a commentary or an audio description."""

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


class FileResponse(ResponseBody, kw_only=True, frozen=True):
    """A version on disk; `size` is null where the server does not tell it."""

    id: UUID
    path: str
    size: int | None
    container: str | None
    tracks: Sequence[TrackResponse]

    @classmethod
    def of(cls, file: MediaFile, tracks: Sequence[MediaTrack]) -> Self:
        return cls.from_row(file, tracks=[TrackResponse.from_row(t) for t in tracks])


class LeafResponse(ResponseBody, kw_only=True, frozen=True):
    """A film, or an episode of a show, in one library."""

    id: UUID
    library_id: UUID
    name: str
    season: int | None
    number: int | None
    added_at: datetime
    arrived_at: datetime
    arrival: Arrival
    missing_since: datetime | None
    files: Sequence[FileResponse]


class WatchedBy(ResponseBody, kw_only=True, frozen=True):
    """What an account did with the title; null is unknown. `as_of`: when the server
    was asked last."""

    server_id: UUID
    account_id: str
    account: str | None
    leaf_id: UUID
    played: bool | None
    play_count: int | None
    last_played_at: datetime | None
    position: int | None
    favourite: bool | None
    as_of: datetime | None


class TitleRequest(ResponseBody, kw_only=True, frozen=True):
    """A request for the title in Seerr. `state` and `sentence` are those of
    `/api/v1/requests`. `watched`: whether the person whom the requester is linked with
    ever played any of it; null if nobody can tell, because nobody is linked, or no
    account of theirs was read."""

    id: UUID
    external_id: int
    is_4k: bool
    seasons: Sequence[int]
    requested_at: datetime
    state: str
    sentence: str
    requester_id: UUID | None
    requester: str | None
    identity_id: UUID | None
    identity: str | None
    watched: bool | None
    last_watched_at: datetime | None


class TitleDetail(TitleResponse, kw_only=True, frozen=True):
    leaves: Sequence[LeafResponse]
    watched_by: Sequence[WatchedBy]
    requests: Sequence[TitleRequest]


class GrowthDay(ResponseBody, kw_only=True, frozen=True):
    """What there was at the end of a day (UTC)."""

    day: date
    titles: int
    bytes: int


class LibraryGrowth(ResponseBody, kw_only=True, frozen=True):
    library_id: UUID
    library: str
    server_id: UUID
    server: str
    items: Sequence[GrowthDay]


class Growth(ResponseBody, kw_only=True, frozen=True):
    """`items` sums up the libraries: a file that two of them hold counts in both. What
    was there before the first sync follows from the dates of the items."""

    items: Sequence[GrowthDay]
    libraries: Sequence[LibraryGrowth]
