"""Queries of syncs: what is stored of requests, and what was read and not published."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, delete, func, or_, select, update
from sqlalchemy.orm import aliased

from zondarr.catalogue.models import Title, TitleKind
from zondarr.core.repository import Repository
from zondarr.media.requests import MediaStatus, RequestStatus
from zondarr.media.types import ServerType
from zondarr.requests.models import (
    MediaRequest,
    RequestedSeason,
    Requester,
    RequestPage,
    RequestTitle,
    RequestTitleSeason,
)
from zondarr.servers.models import MediaServer
from zondarr.users.models import User

BATCH = 500
OPEN = (RequestStatus.PENDING, RequestStatus.APPROVED, RequestStatus.FAILED)
PROVIDERS = ("tmdb", "imdb", "tvdb")


class SnapshotRepository(Repository[MediaRequest]):
    """The stored requests as a whole."""

    entity = MediaRequest

    async def known(self) -> Sequence[MediaRequest]:
        return await self.get_all()

    async def seasons(self) -> dict[UUID, dict[int, int]]:
        """The status of each requested season."""
        found: dict[UUID, dict[int, int]] = {}
        rows = select(
            RequestedSeason.request_id, RequestedSeason.number, RequestedSeason.status
        )
        for request_id, number, status in await self.session.execute(rows):
            found.setdefault(request_id, {})[number] = status
        return found

    async def requesters(self) -> Sequence[Requester]:
        """As they are now, also after `write_requesters`."""
        await self.session.flush()
        rows = select(Requester).execution_options(populate_existing=True)
        return (await self.session.scalars(rows)).all()

    async def write_requesters(self, rows: Sequence[Mapping[str, Any]]) -> None:
        await self.session.upsert_rows(
            Requester, rows, key=("workspace_id", "external_id")
        )

    async def write(
        self,
        rows: Sequence[Mapping[str, Any]],
        seasons: Sequence[Mapping[str, Any]],
    ) -> None:
        """Write requests with all their seasons."""
        key = ("workspace_id", "external_id")
        await self.session.upsert_rows(MediaRequest, rows, key=key)
        for some in batched((row["id"] for row in rows), BATCH, strict=False):
            gone = delete(RequestedSeason).where(RequestedSeason.request_id.in_(some))
            await self.session.execute(gone)
        await self.session.upsert_rows(
            RequestedSeason, seasons, key=("request_id", "number")
        )

    async def remove(self, ids: Collection[UUID]) -> None:
        for some in batched(ids, BATCH, strict=False):
            gone = delete(MediaRequest).where(MediaRequest.id.in_(some))
            await self.session.execute(gone)

    async def lose(self, ids: Collection[UUID], now: datetime) -> None:
        for some in batched(ids, BATCH, strict=False):
            lost = update(MediaRequest).where(MediaRequest.id.in_(some))
            await self.session.execute(lost.values(missing_since=now))

    async def link_titles(self) -> None:
        """Set each request's title again: one of the same kind of which an id agrees
        and none contradicts; rather one that is there than one that was.
        """
        found = func.coalesce(*(_title_by(name) for name in PROVIDERS))
        changed = update(MediaRequest).where(
            MediaRequest.title_id.is_distinct_from(found)
        )
        await self.session.execute(
            changed.values(title_id=found),
            execution_options={"synchronize_session": False},
        )

    async def people(
        self, jellyfin: Collection[str], plex: Collection[str]
    ) -> dict[tuple[ServerType, str], UUID]:
        """The people with these accounts; ids of Jellyfin without dashes, in lower
        case. The account that we have known longest decides.
        """
        plain = func.lower(func.replace(User.external_user_id, "-", ""))
        rows = (
            select(MediaServer.server_type, plain, User.identity_id)
            .join(MediaServer, MediaServer.id == User.media_server_id)
            .where(
                or_(
                    and_(
                        MediaServer.server_type == ServerType.JELLYFIN,
                        plain.in_(jellyfin),
                    ),
                    and_(
                        MediaServer.server_type == ServerType.PLEX,
                        User.external_user_id.in_(plex),
                    ),
                )
            )
            .order_by(User.id.desc())
        )
        return {(row[0], row[1]): row[2] for row in await self.session.execute(rows)}


def _title_by(name: str) -> ColumnElement[UUID]:
    title = aliased(Title)
    agree = [
        or_(
            getattr(title, other).is_(None),
            getattr(MediaRequest, other).is_(None),
            getattr(title, other) == getattr(MediaRequest, other),
        )
        for other in PROVIDERS
        if other != name
    ]
    same = getattr(title, name) == getattr(MediaRequest, name)
    rows = select(title.id).where(title.kind == MediaRequest.kind, same, *agree)
    return rows.order_by(title.listed.desc(), title.id).limit(1).scalar_subquery()


class StagingRepository(Repository[RequestPage]):
    """Pages that were read and not yet published."""

    entity = RequestPage

    async def stage(self, server_id: UUID, run_id: UUID, key: str, rows: bytes) -> None:
        """The same step again takes its place."""
        row = {
            "workspace_id": self.session.workspace_id,
            "server_id": server_id,
            "run_id": run_id,
            "key": key,
            "rows": rows,
        }
        key_of = ("workspace_id", "run_id", "key")
        await self.session.upsert_rows(RequestPage, [row], key=key_of)

    async def pages(self, run_id: UUID, prefix: str) -> Sequence[bytes]:
        """In the order in which they were read; a prefix has no wildcards."""
        rows = select(RequestPage.rows).where(
            RequestPage.run_id == run_id, RequestPage.key.like(f"{prefix}%")
        )
        return (await self.session.scalars(rows.order_by(RequestPage.id))).all()

    async def forget(self, *, but: UUID | None = None) -> None:
        gone = delete(RequestPage)
        if but is not None:
            gone = gone.where(RequestPage.run_id != but)
        await self.session.execute(gone)


class LookupRepository(Repository[RequestTitle]):
    """Which titles are to be looked up."""

    entity = RequestTitle

    async def wanted(
        self,
        limit: int,
        *,
        language: str | None,
        read_before: datetime,
        failed_before: datetime,
    ) -> Sequence[tuple[TitleKind, str]]:
        """Titles whose name or dates are needed and not known, the most useful first:
        those of open requests, then those without a name; newer requests first.
        """
        is_open = and_(
            MediaRequest.request_status.in_(OPEN),
            MediaRequest.media_status != MediaStatus.AVAILABLE,
        )
        same = and_(
            RequestTitle.kind == MediaRequest.kind,
            RequestTitle.tmdb == MediaRequest.tmdb,
        )
        known = and_(
            RequestTitle.looked_up_at > read_before,
            RequestTitle.name_language.is_not_distinct_from(language),
        )
        rows = (
            select(MediaRequest.kind, MediaRequest.tmdb)
            .outerjoin(RequestTitle, same)
            .where(
                MediaRequest.missing_since.is_(None),
                MediaRequest.tmdb.is_not(None),
                or_(is_open, MediaRequest.title_id.is_(None)),
                or_(RequestTitle.id.is_(None), ~func.coalesce(known, False)),
                or_(
                    RequestTitle.failed_at.is_(None),
                    RequestTitle.failed_at < failed_before,
                ),
            )
            .group_by(MediaRequest.kind, MediaRequest.tmdb)
            .order_by(
                func.min(case((is_open, 0), else_=1)),
                func.max(MediaRequest.requested_at).desc(),
            )
            .limit(limit)
        )
        found = await self.session.execute(rows)
        return [(row[0], tmdb) for row in found if (tmdb := row[1]) is not None]

    async def requested_seasons(self, kind: TitleKind, tmdb: str) -> set[int]:
        """The seasons of a show that anybody asks for."""
        rows = (
            select(RequestedSeason.number)
            .join(MediaRequest, MediaRequest.id == RequestedSeason.request_id)
            .where(MediaRequest.kind == kind, MediaRequest.tmdb == tmdb)
        )
        return set(await self.session.scalars(rows))

    async def some(
        self, keys: Iterable[tuple[TitleKind, str]]
    ) -> dict[tuple[TitleKind, str], RequestTitle]:
        wanted = list(keys)
        rows = select(RequestTitle).where(
            RequestTitle.tmdb.in_([tmdb for _, tmdb in wanted])
        )
        found = await self.session.scalars(rows)
        return {(row.kind, row.tmdb): row for row in found}

    async def write(
        self, title: Mapping[str, Any], seasons: Sequence[Mapping[str, Any]]
    ) -> None:
        """Write a title with all its seasons."""
        key = ("workspace_id", "kind", "tmdb")
        await self.session.upsert_rows(RequestTitle, [title], key=key)
        gone = delete(RequestTitleSeason)
        await self.session.execute(
            gone.where(RequestTitleSeason.title_id == title["id"])
        )
        await self.session.upsert_rows(
            RequestTitleSeason, seasons, key=("title_id", "number")
        )

    async def fail(self, title: Mapping[str, Any], failure: Mapping[str, Any]) -> None:
        """Note that a look-up failed; what is known of the title stays."""
        key = ("workspace_id", "kind", "tmdb")
        await self.session.upsert_rows(RequestTitle, [{**title, **failure}], key=key)
