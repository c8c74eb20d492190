"""The requests of a workspace's Seerr, and what is known of their titles.

    RequestServer        the connected Seerr; one per workspace
      Requester          a user of Seerr, linked to a person where known
      MediaRequest       a request
        RequestedSeason  a season that the request asks for
      RequestTitle       what Seerr knows of a title: name, dates
        RequestTitleSeason
      RequestPage        what a sync has read and not yet published

Statuses are Seerr's own numbers: one that this version does not know is stored as it
came. Requests and requesters that Seerr no longer lists keep their rows with
`missing_since`.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from zondarr.catalogue.models import TitleKind
from zondarr.core.models import Base, Entity, WorkspaceOwned
from zondarr.core.search import Named
from zondarr.media.requests import RequestProduct


class RequesterLink(StrEnum):
    """How a requester's person was found; null where nobody was found."""

    ID = "id"
    """The requester's Jellyfin or Plex id is that of an account of the person."""
    HAND = "hand"
    """An operator chose the person."""
    UNLINKED = "unlinked"
    """An operator said that this is none of our people; it is not linked again."""


class RequestServer(WorkspaceOwned, Entity):
    """The connected Seerr. `api_key` is sealed.

    `error_code` and `error` are why the last sync failed, null if it did not. It began
    at `started_at`; requests are known as of `synced_at`. `synced_through` is the
    newest `updatedAt` that was read, `full_synced_at` when all requests were read last.
    `counts` are Seerr's own counts of requests at the last sync, by which changes
    without a date are noticed (`requests.sync.tasks.Counts`).
    """

    __tablename__ = "request_servers"
    workspace_indexed: ClassVar = False
    __table_args__ = (UniqueConstraint("workspace_id"),)

    url: Mapped[str] = mapped_column(String(500))
    api_key: Mapped[str] = mapped_column(info={"sealed": True})
    product: Mapped[RequestProduct]
    version: Mapped[str | None] = mapped_column(String(50))
    last_contact_at: Mapped[datetime | None]
    error_code: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[str | None] = mapped_column(String(500))
    started_at: Mapped[datetime | None]
    synced_at: Mapped[datetime | None]
    synced_through: Mapped[datetime | None]
    full_synced_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @property
    def api_key_set(self) -> bool:
        return bool(self.api_key)


class Requester(WorkspaceOwned, Named, Entity):
    """A user of Seerr. `jellyfin_user_id` and `plex_id` are normalised, as in
    `requests.linking`.
    """

    __tablename__ = "requesters"
    workspace_indexed: ClassVar = False
    __table_args__ = (
        UniqueConstraint("workspace_id", "external_id"),
        Index("ix_requesters_by_name", "workspace_id", "name_key", "id"),
        Index(None, "workspace_id", "identity_id"),
    )
    search_fields: ClassVar = ("name", "email")

    server_id: Mapped[UUID] = mapped_column(
        ForeignKey("request_servers.id", ondelete="CASCADE")
    )
    external_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(300))
    email: Mapped[str | None] = mapped_column(String(254))
    jellyfin_user_id: Mapped[str | None] = mapped_column(String(100))
    plex_id: Mapped[str | None] = mapped_column(String(40))
    identity_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("identities.id", ondelete="SET NULL")
    )
    link: Mapped[RequesterLink | None]
    request_count: Mapped[int] = mapped_column(default=0)
    """Seerr's own count."""
    missing_since: Mapped[datetime | None]


class MediaRequest(WorkspaceOwned, Entity):
    """A request.

    `media_status` is that of the requested quality (`status4k` of a 4K request), with
    Overseerr's 6 for deleted stored as 7. `modified_at` is Seerr's `updatedAt`; some
    versions never change it. `approved_at`: when it was approved as far as known: the
    `updatedAt` with which the approval came, or when a sync first saw it approved;
    null while it is not approved.

    `title_id` is the title of our catalogue with the same provider ids, set again after
    each sync; no foreign key, since titles come and go in other transactions.
    """

    __tablename__ = "media_requests"
    workspace_indexed: ClassVar = False
    __table_args__ = (
        UniqueConstraint("workspace_id", "external_id"),
        Index("ix_media_requests_by_date", "workspace_id", "requested_at", "id"),
        Index(None, "workspace_id", "updated_at"),
        Index(None, "workspace_id", "requester_id"),
        Index(None, "workspace_id", "title_id"),
        Index(None, "workspace_id", "kind", "tmdb"),
    )

    server_id: Mapped[UUID] = mapped_column(
        ForeignKey("request_servers.id", ondelete="CASCADE")
    )
    external_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[TitleKind]
    tmdb: Mapped[str | None] = mapped_column(String(40))
    tvdb: Mapped[str | None] = mapped_column(String(40))
    imdb: Mapped[str | None] = mapped_column(String(40))
    is_4k: Mapped[bool] = mapped_column(default=False)
    request_status: Mapped[int]
    media_status: Mapped[int]
    requester_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("requesters.id", ondelete="SET NULL")
    )
    requested_at: Mapped[datetime]
    modified_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    can_remove: Mapped[bool] = mapped_column(default=False)
    title_id: Mapped[UUID | None]
    missing_since: Mapped[datetime | None]


class RequestedSeason(WorkspaceOwned, Base):
    """A season that is asked for; `status` is of the kind of `request_status`.

    `held` is how many of its episodes our catalogue lists, `lost_at` when the last of
    those that are gone was missed; both are set with `MediaRequest.title_id`.
    """

    __tablename__ = "requested_seasons"
    workspace_indexed: ClassVar = False

    request_id: Mapped[UUID] = mapped_column(
        ForeignKey("media_requests.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[int]
    held: Mapped[int] = mapped_column(default=0, server_default="0")
    lost_at: Mapped[datetime | None]


class RequestTitle(WorkspaceOwned, Named, Entity):
    """What Seerr knows of a title, as of `looked_up_at`.

    `name` is in the language `name_language`, empty if it was never found. The dates
    are the earliest of any country; `released_on` is the one that Seerr shows, of a
    show its first broadcast. `status` is TMDB's word, such as `Released` or `Ended`.
    `error_code` is why the last look-up, at `failed_at`, failed.
    """

    __tablename__ = "request_titles"
    workspace_indexed: ClassVar = False
    __table_args__ = (
        UniqueConstraint("workspace_id", "kind", "tmdb"),
        Index("ix_request_titles_by_name", "workspace_id", "name_key", "id"),
        Index(None, "workspace_id", "updated_at"),
    )
    search_fields: ClassVar = ("name",)

    server_id: Mapped[UUID] = mapped_column(
        ForeignKey("request_servers.id", ondelete="CASCADE")
    )
    kind: Mapped[TitleKind]
    tmdb: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(500), default="")
    name_language: Mapped[str | None] = mapped_column(String(20))
    year: Mapped[int | None]
    original_language: Mapped[str | None] = mapped_column(String(20))
    status: Mapped[str | None] = mapped_column(String(40))
    digital_on: Mapped[date | None] = mapped_column(Date)
    physical_on: Mapped[date | None] = mapped_column(Date)
    theatrical_on: Mapped[date | None] = mapped_column(Date)
    released_on: Mapped[date | None] = mapped_column(Date)
    looked_up_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error_code: Mapped[str | None] = mapped_column(String(64))


class RequestTitleSeason(WorkspaceOwned, Base):
    """A season of a show as Seerr knows it.

    `aired` is how many of its `episodes` were broadcast when it was looked up, null if
    that is unknown; `last_aired_on` is the day of the last one, which may lie ahead,
    null if unknown.
    """

    __tablename__ = "request_title_seasons"
    workspace_indexed: ClassVar = False

    title_id: Mapped[UUID] = mapped_column(
        ForeignKey("request_titles.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_aired_on: Mapped[date | None] = mapped_column(Date)
    last_aired_on: Mapped[date | None] = mapped_column(Date)
    episodes: Mapped[int | None]
    aired: Mapped[int | None]


class RequestPage(WorkspaceOwned, Entity):
    """What a sync read in one step; removed when the sync ends."""

    __tablename__ = "request_pages"
    workspace_indexed: ClassVar = False
    __table_args__ = (UniqueConstraint("workspace_id", "run_id", "key"),)

    server_id: Mapped[UUID] = mapped_column(
        ForeignKey("request_servers.id", ondelete="CASCADE")
    )
    run_id: Mapped[UUID]
    key: Mapped[str] = mapped_column(String(64))
    rows: Mapped[bytes] = mapped_column(LargeBinary)
