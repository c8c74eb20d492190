"""The catalogue: the contents of all servers of a workspace, and watch data.

    Title                a film or a show, on whatever server
      MediaItem          its copy in a library of a server; a season or episode of it
        MediaFile        one version of a film or an episode on disk
          MediaTrack     an audio or subtitle track of the file
    WatchAccount         an account as a server counts it, and when it was last read
    WatchFact            what an account did with a film or an episode
    CatalogueSync        the state of a server's catalogue
    SyncPage             what a sync has read and not yet published
    LibrarySize          how large a library was on a day

A row that is not `listed` is hidden: it belongs to an incomplete snapshot, or it is
gone from its server since `missing_since`.

Tables with a row for each file, track or play have no index on `workspace_id` alone:
they are found by their parents.
"""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from zondarr.core.models import Base, Entity, WorkspaceOwned
from zondarr.core.search import Named
from zondarr.media.catalogue import TrackKind
from zondarr.media.types import ItemKind

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for "at no time" in sort orders."""


class TitleKind(StrEnum):
    MOVIE = "movie"
    SERIES = "series"


class Arrival(StrEnum):
    """How the newest file of a film or episode was added."""

    NEW = "new"
    UPGRADE = "upgrade"
    """A file replaced an earlier one."""


def _of_listed(name: str, *columns: str) -> Index:
    """An index of the titles that lists show. Hidden ones have no entry in it: what a
    sync writes of a title, until it publishes it, changes no such index.
    """
    return Index(
        f"ix_titles_{name}",
        "workspace_id",
        *columns,
        sqlite_where=text("listed = 1"),
        postgresql_where=text("listed"),
    )


_BY_SIZE = (
    *("size", "id", "kind", "added_at", "active_at", "arrived_at", "largest"),
    *("largest_sum", "sizes_known", "undated_play", "favourite", "languages_id"),
)
"""Lists are sorted by size unless asked otherwise, and sums of sizes go through all
titles. So this index has what the rules of insights ask of a title, and its row is
looked up only if it is shown.
"""


class Title(WorkspaceOwned, Named, Entity):
    """A film or a show of the workspace; its id does not depend on servers' ids.

    The columns below `tvdb` are computed from its listed copies when a sync ends.
    `size` counts each file once, also if two servers hold it; `largest` is the largest
    version of a film, or the largest season of a show with the largest version of each
    episode, `largest_sum` the same with all versions. `sizes_known` is false if a
    server did not report the size of a version. `active_at` is the newest play of any
    account on any server, or `NEVER`; `undated_play`: a mark has no time.
    `languages_id` is what its files offer (`catalogue.languages.models`); null if that
    was never worked out.
    """

    __tablename__ = "titles"
    cached: ClassVar = False
    workspace_indexed: ClassVar = False
    __table_args__ = (
        _of_listed("by_name", "name_key", "id"),
        _of_listed("by_year", "year", "id"),
        _of_listed("by_size", *_BY_SIZE),
        _of_listed("by_added", "added_at", "id"),
        _of_listed("by_arrival", "arrived_at", "id"),
        _of_listed("by_largest", "kind", "largest"),
        _of_listed("by_gap", "sizes_known"),
        _of_listed("by_undated_play", "undated_play"),
        _of_listed("by_activity", "active_at", "id"),
        # With what a list by languages filters by and sums up.
        _of_listed("by_languages", "languages_id", "added_at", "size"),
        Index(
            "ix_titles_hidden",
            "workspace_id",
            "languages_id",
            sqlite_where=text("listed = 0"),
            postgresql_where=text("NOT listed"),
        ),
        Index("ix_titles_imdb", "workspace_id", "kind", "imdb"),
        Index("ix_titles_tmdb", "workspace_id", "kind", "tmdb"),
        Index("ix_titles_tvdb", "workspace_id", "kind", "tvdb"),
    )
    search_fields: ClassVar = ("name",)

    kind: Mapped[TitleKind]
    name: Mapped[str] = mapped_column(String(500))
    year: Mapped[int] = mapped_column(default=0)
    """0 if no server reports it."""
    imdb: Mapped[str | None] = mapped_column(String(40))
    tmdb: Mapped[str | None] = mapped_column(String(40))
    tvdb: Mapped[str | None] = mapped_column(String(40))
    original_language: Mapped[str | None] = mapped_column(String(100))
    """As a tag; null if no server reports it."""
    listed: Mapped[bool] = mapped_column(default=False)
    missing_since: Mapped[datetime | None]
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    largest: Mapped[int] = mapped_column(BigInteger, default=0)
    largest_sum: Mapped[int] = mapped_column(BigInteger, default=0)
    sizes_known: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[datetime] = mapped_column(default=NEVER)
    arrived_at: Mapped[datetime] = mapped_column(default=NEVER)
    active_at: Mapped[datetime] = mapped_column(default=NEVER)
    undated_play: Mapped[bool] = mapped_column(default=False)
    favourite: Mapped[bool] = mapped_column(default=False)
    languages_id: Mapped[UUID | None]


class MediaItem(WorkspaceOwned, Entity):
    """A film, show, season or episode in a library of a server.

    `stamp` is the client's: the item is read again when it changes. `season` and
    `number` are those of an episode; a season has only `season`. `path_key` is a hash
    of the path, by which an item is found if its ids have changed. `languages_id` is
    what all copies of the film or episode offer, of a show what its title does; null if
    that was never worked out.
    """

    __tablename__ = "media_items"
    cached: ClassVar = False
    workspace_indexed: ClassVar = False
    __table_args__ = (
        UniqueConstraint("library_id", "external_id"),
        Index("ix_media_items_of_title", "title_id", "kind", "listed", "library_id"),
        Index(None, "media_server_id", "external_id"),
        Index(None, "library_id", "path_key"),
    )

    media_server_id: Mapped[UUID] = mapped_column(
        ForeignKey("media_servers.id", ondelete="CASCADE")
    )
    library_id: Mapped[UUID] = mapped_column(
        ForeignKey("libraries.id", ondelete="CASCADE")
    )
    title_id: Mapped[UUID] = mapped_column(ForeignKey("titles.id", ondelete="CASCADE"))
    kind: Mapped[ItemKind]
    external_id: Mapped[str] = mapped_column(String(100))
    stamp: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(500))
    season: Mapped[int | None]
    number: Mapped[int | None]
    path_key: Mapped[str | None] = mapped_column(String(32))
    added_at: Mapped[datetime]
    arrived_at: Mapped[datetime]
    arrival: Mapped[Arrival] = mapped_column(default=Arrival.NEW)
    listed: Mapped[bool] = mapped_column(default=False)
    missing_since: Mapped[datetime | None]
    languages_id: Mapped[UUID | None]


class MediaFile(WorkspaceOwned, Entity):
    """A version of a film or an episode on disk; `size` is null if unknown.

    `audio` and `subtitles` are the languages of the tracks that count, as `en fr-CA ?`
    with `?` for a track without a known language and `original` for one that the server
    reports as such; null if the server does not know the file's tracks.
    """

    __tablename__ = "media_files"
    cached: ClassVar = False
    workspace_indexed: ClassVar = False
    __table_args__ = (UniqueConstraint("item_id", "place"),)

    item_id: Mapped[UUID] = mapped_column(
        ForeignKey("media_items.id", ondelete="CASCADE")
    )
    place: Mapped[int]
    path: Mapped[str] = mapped_column(Text)
    size: Mapped[int | None] = mapped_column(BigInteger)
    container: Mapped[str | None] = mapped_column(String(40))
    audio: Mapped[str | None] = mapped_column(Text)
    subtitles: Mapped[str | None] = mapped_column(Text)


class MediaTrack(WorkspaceOwned, Base):
    """An audio or subtitle track of a file.

    `language` is the server's text, `tag` what it means in BCP 47, null if nobody can
    tell. `original`: the server reports that it is in the title's original language.
    `commentary`: a commentary or an audio description.
    """

    __tablename__ = "media_tracks"
    cached: ClassVar = False
    workspace_indexed: ClassVar = False

    file_id: Mapped[UUID] = mapped_column(
        ForeignKey("media_files.id", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[TrackKind]
    language: Mapped[str | None] = mapped_column(String(100))
    codec: Mapped[str | None] = mapped_column(String(50))
    channels: Mapped[int | None]
    title: Mapped[str | None] = mapped_column(String(300))
    default: Mapped[bool]
    forced: Mapped[bool]
    hearing_impaired: Mapped[bool]
    external: Mapped[bool]
    tag: Mapped[str | None] = mapped_column(String(100))
    original: Mapped[bool] = mapped_column(default=False)
    commentary: Mapped[bool] = mapped_column(default=False)


class WatchAccount(WorkspaceOwned, Entity):
    """An account as its server counts it. What it watched is known as of `as_of`.

    `library_ids` are the server's, null for all. `error_code` is why it could not be
    read last time. One that the server lost keeps its facts: `removed_since`.
    """

    __tablename__ = "watch_accounts"
    cached: ClassVar = False
    workspace_indexed: ClassVar = False
    __table_args__ = (UniqueConstraint("media_server_id", "external_id"),)

    media_server_id: Mapped[UUID] = mapped_column(
        ForeignKey("media_servers.id", ondelete="CASCADE")
    )
    external_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(300))
    library_ids: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    as_of: Mapped[datetime | None]
    error_code: Mapped[str | None] = mapped_column(String(64))
    removed_since: Mapped[datetime | None]


class WatchFact(WorkspaceOwned, Base):
    """What an account did with a film or an episode; null is unknown. The ids are the
    server's, so that facts outlive the items. `position` is in seconds."""

    __tablename__ = "watch_facts"
    cached: ClassVar = False
    workspace_indexed: ClassVar = False
    __table_args__ = (Index(None, "media_server_id", "item_id"),)

    media_server_id: Mapped[UUID] = mapped_column(
        ForeignKey("media_servers.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    played: Mapped[bool | None]
    play_count: Mapped[int | None]
    last_played_at: Mapped[datetime | None]
    position: Mapped[int | None]
    favourite: Mapped[bool | None]
    changed_at: Mapped[datetime]


class CatalogueSync(WorkspaceOwned, Entity):
    """The state of a server's catalogue: as of `finished_at`, if it was ever complete.

    `history_place` is where the next reading of a history starts.
    """

    __tablename__ = "catalogue_syncs"
    cached: ClassVar = False
    workspace_indexed: ClassVar = False
    __table_args__ = (UniqueConstraint("media_server_id"),)

    media_server_id: Mapped[UUID] = mapped_column(
        ForeignKey("media_servers.id", ondelete="CASCADE")
    )
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    history_place: Mapped[str | None] = mapped_column(Text)
    error_code: Mapped[str | None] = mapped_column(String(64))


class SyncPage(WorkspaceOwned, Entity):
    """What a sync read in one step; removed when the sync ends.

    `seen` are the ids that were listed, `items` those that are new or changed,
    `watched` the watch data that the list contained.
    """

    __tablename__ = "sync_pages"
    cached: ClassVar = False
    workspace_indexed: ClassVar = False
    __table_args__ = (UniqueConstraint("run_id", "key"), Index(None, "media_server_id"))

    media_server_id: Mapped[UUID] = mapped_column(
        ForeignKey("media_servers.id", ondelete="CASCADE")
    )
    library_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("libraries.id", ondelete="CASCADE")
    )
    run_id: Mapped[UUID]
    key: Mapped[str] = mapped_column(String(64))
    seen: Mapped[bytes] = mapped_column(LargeBinary)
    items: Mapped[bytes] = mapped_column(LargeBinary)
    watched: Mapped[bytes] = mapped_column(LargeBinary, server_default="")
    has_items: Mapped[bool]


class LibrarySize(WorkspaceOwned, Base):
    """What a library held at the end of a day (UTC), and on the days after it until
    the next row. `titles` counts films and shows; `bytes` the files of all versions.
    """

    __tablename__ = "library_sizes"
    cached: ClassVar = False

    library_id: Mapped[UUID] = mapped_column(
        ForeignKey("libraries.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    titles: Mapped[int]
    bytes: Mapped[int] = mapped_column(BigInteger)
