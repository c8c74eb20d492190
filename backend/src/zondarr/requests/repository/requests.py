"""The SQL of requests: which there are in which state, and what rows need."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, bindparam, exists, func, select

from zondarr.catalogue.models import CatalogueSync, MediaItem, Title, TitleKind
from zondarr.core.database import Session
from zondarr.core.search import folded
from zondarr.media.requests import RequestStatus
from zondarr.media.types import ItemKind
from zondarr.requests.facts import SeasonFacts
from zondarr.requests.models import (
    MediaRequest,
    RequestedSeason,
    Requester,
    RequestServer,
    RequestTitle,
    RequestTitleSeason,
)
from zondarr.requests.policy import RequestPolicy
from zondarr.requests.repository.state_sql import Query, joined, states
from zondarr.requests.states import RequestState
from zondarr.users.models import Identity

type Revision = tuple[Any, ...]


class Place(NamedTuple):
    """A server or a library that has a copy of the title."""

    server_id: UUID | None = None
    library_id: UUID | None = None


EVERYWHERE = Place()


class RequestFilter(Struct, frozen=True, kw_only=True):
    """What a list of requests is limited to, besides their states. `requested_by` is a
    requester, `identity_id` the person whom requesters are linked with; `place`
    those with a copy there."""

    q: str | None = None
    requested_by: UUID | None = None
    identity_id: UUID | None = None
    title_id: UUID | None = None
    kind: TitleKind | None = None
    place: Place = EVERYWHERE

    def narrow(self, listed: Sequence[Listed]) -> Sequence[Listed]:
        """Those that it lets through; where they lie is not looked at."""
        if self.q:
            text = folded(self.q)
            listed = [each for each in listed if text in each.text]
        wanted = {
            "requester_id": self.requested_by,
            "identity_id": self.identity_id,
            "title_id": self.title_id,
            "kind": self.kind,
        }
        for name, value in wanted.items():
            if value is not None:
                listed = [each for each in listed if getattr(each, name) == value]
        return listed


class Listed(NamedTuple):
    """A request in an order: its key, its state, its value in that order, and what
    lists are filtered by. `text` has the searched names."""

    id: UUID
    state: RequestState
    value: Any
    requested_at: datetime
    title_id: UUID | None
    requester_id: UUID | None
    identity_id: UUID | None
    kind: TitleKind
    text: str


class RequestRow(NamedTuple):
    """A request with what is known of its title and its requester.

    The names with `seerr_` are Seerr's, those with `title_` our catalogue's: `listed`
    is false if no server has it any more. `identity` is the name of the person whom the
    requester is linked with.
    """

    id: UUID
    external_id: int
    kind: TitleKind
    tmdb: str | None
    is_4k: bool
    request_status: int
    media_status: int
    requested_at: datetime
    modified_at: datetime
    approved_at: datetime | None
    missing_since: datetime | None
    seerr_name: str | None
    seerr_year: int | None
    digital_on: date | None
    physical_on: date | None
    theatrical_on: date | None
    released_on: date | None
    looked_up_at: datetime | None
    title_id: UUID | None
    title_name: str | None
    title_year: int | None
    listed: bool | None
    lost_at: datetime | None
    requester_id: UUID | None
    requester: str | None
    identity_id: UUID | None
    identity: str | None


_COLUMNS: Sequence[Any] = (
    *(MediaRequest.id, MediaRequest.external_id, MediaRequest.kind, MediaRequest.tmdb),
    *(MediaRequest.is_4k, MediaRequest.request_status, MediaRequest.media_status),
    *(MediaRequest.requested_at, MediaRequest.modified_at, MediaRequest.approved_at),
    MediaRequest.missing_since,
    *(RequestTitle.name, RequestTitle.year, RequestTitle.digital_on),
    *(RequestTitle.physical_on, RequestTitle.theatrical_on, RequestTitle.released_on),
    RequestTitle.looked_up_at,
    *(Title.id, Title.name, Title.year, Title.listed, Title.missing_since),
    *(Requester.id, Requester.name, Identity.id, Identity.display_name),
)
_SEASON: Sequence[Any] = (
    *(RequestedSeason.request_id, RequestedSeason.number, RequestedSeason.status),
    *(RequestTitleSeason.first_aired_on, RequestTitleSeason.last_aired_on),
    *(RequestTitleSeason.episodes, RequestTitleSeason.aired),
    *(RequestedSeason.held, RequestedSeason.lost_at),
)


class TitleRequester(NamedTuple):
    """`identity` is the name of the person, None if nobody is linked."""

    id: UUID
    name: str
    identity_id: UUID | None
    identity: str | None


SORTS: Mapping[str, Any] = {
    "requested": MediaRequest.requested_at,
    "modified": MediaRequest.modified_at,
    "title": func.coalesce(Title.name_key, RequestTitle.name_key, ""),
    "requester": func.coalesce(Requester.name_key, ""),
}
DEFAULT_SORT = "-requested"
_IDS = "ids"
REVISED = (MediaRequest, RequestTitle, RequestServer, Requester, CatalogueSync)


class RequestRepository:
    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def server(self) -> RequestServer | None:
        """The connected Seerr."""
        return await self.session.scalar(select(RequestServer))

    async def ordered(
        self, place: Place, sort: str, policy: RequestPolicy, now: datetime
    ) -> Sequence[Listed]:
        """All that Seerr still lists, in ascending order."""
        conditions: list[ColumnElement[bool]] = [MediaRequest.missing_since.is_(None)]
        if place != EVERYWHERE:
            conditions.append(self._lies_in(place))
        rows = states(
            conditions,
            [
                SORTS[sort].label("value"),
                MediaRequest.requested_at.label("asked_at"),
                MediaRequest.title_id.label("ours"),
                MediaRequest.requester_id.label("asked_by"),
                Requester.identity_id.label("person"),
                MediaRequest.kind.label("of_kind"),
                *(
                    func.coalesce(table.search_text, "").label(f"text_{number}")
                    for number, table in enumerate((Title, RequestTitle, Requester))
                ),
            ],
            policy=policy,
            now=now,
            workspace_id=self.session.workspace_id,
        )
        value, key = rows.selected_columns["value"], rows.selected_columns["id"]
        found = await self.session.execute(rows.order_by(value, key))
        return [_listed(row) for row in found]

    def _lies_in(self, place: Place) -> ColumnElement[bool]:
        """The title has a copy there."""
        copy = exists().where(
            MediaItem.title_id == MediaRequest.title_id,
            MediaItem.kind.in_((ItemKind.MOVIE, ItemKind.SHOW)),
            MediaItem.listed,
            MediaItem.workspace_id == self.session.workspace_id,
        )
        if place.server_id is not None:
            copy = copy.where(MediaItem.media_server_id == place.server_id)
        if place.library_id is not None:
            copy = copy.where(MediaItem.library_id == place.library_id)
        return copy

    async def rows(self, ids: Collection[UUID]) -> Sequence[RequestRow]:
        """In no particular order."""
        if not ids:
            return []
        rows = _rows_of(self.session.workspace_id)
        found = await self.session.execute(rows, {_IDS: list(ids)})
        return [RequestRow(*row) for row in found]

    async def seasons(
        self, rows: Sequence[RequestRow]
    ) -> Mapping[UUID, Sequence[SeasonFacts]]:
        """Of each request that names seasons, by number."""
        ids = [each.id for each in rows if each.kind is TitleKind.SERIES]
        found: defaultdict[UUID, list[SeasonFacts]] = defaultdict(list)
        if not ids:
            return found
        wanted = _seasons_of(self.session.workspace_id)
        for row in await self.session.execute(wanted, {_IDS: ids}):
            found[row[0]].append(SeasonFacts(*row[1:]))
        return found

    async def requesters_of(
        self, title_ids: Collection[UUID]
    ) -> Mapping[UUID, Sequence[TitleRequester]]:
        """Who requested each title, the first of them first, each requester once.
        Declined requests do not count."""
        if not title_ids:
            return {}
        person = and_(
            Identity.workspace_id == self.session.workspace_id,
            Identity.id == Requester.identity_id,
        )
        rows: Query = (
            select(
                MediaRequest.title_id,
                Requester.id,
                Requester.name,
                Identity.id,
                Identity.display_name,
            )
            .join(Requester, Requester.id == MediaRequest.requester_id)
            .outerjoin(Identity, person)
            .where(
                MediaRequest.title_id.in_(title_ids),
                MediaRequest.missing_since.is_(None),
                MediaRequest.request_status != RequestStatus.DECLINED,
            )
            .order_by(MediaRequest.requested_at, MediaRequest.id)
        )
        found: defaultdict[UUID, dict[UUID, TitleRequester]] = defaultdict(dict)
        for title_id, *others in await self.session.execute(rows):
            requester = TitleRequester(*others)
            found[title_id].setdefault(requester.id, requester)
        return {title_id: list(each.values()) for title_id, each in found.items()}

    async def revision(self) -> Revision:
        """Another value after requests, their titles, their server or the catalogue
        changed; rows come and go with a change of one of the servers."""
        mine = self.session.workspace_id
        columns = [
            select(func.max(table.updated_at))
            .where(table.workspace_id == mine)
            .scalar_subquery()
            for table in REVISED
        ]
        read = select(RequestServer.synced_at).where(RequestServer.workspace_id == mine)
        columns.append(read.scalar_subquery())
        return tuple((await self.session.execute(select(*columns))).one())


def _listed(row: Sequence[Any]) -> Listed:
    key, state, value, asked_at, title, requester, person, kind, *texts = row
    text = "\n".join(texts)
    state = RequestState(state)
    return Listed(key, state, value, asked_at, title, requester, person, kind, text)


# Built once for each workspace: that takes longer than the query.
@lru_cache(100)
def _rows_of(workspace_id: UUID) -> Query:
    person = and_(
        Identity.workspace_id == workspace_id, Identity.id == Requester.identity_id
    )
    rows = joined(*_COLUMNS, workspace_id=workspace_id).outerjoin(Identity, person)
    return rows.where(MediaRequest.id.in_(bindparam(_IDS, expanding=True)))


@lru_cache(100)
def _seasons_of(workspace_id: UUID) -> Query:
    request = and_(
        MediaRequest.workspace_id == workspace_id,
        MediaRequest.id == RequestedSeason.request_id,
    )
    title = and_(
        RequestTitle.workspace_id == workspace_id,
        RequestTitle.kind == MediaRequest.kind,
        RequestTitle.tmdb == MediaRequest.tmdb,
    )
    known = and_(
        RequestTitleSeason.workspace_id == workspace_id,
        RequestTitleSeason.title_id == RequestTitle.id,
        RequestTitleSeason.number == RequestedSeason.number,
    )
    rows: Query = (
        select(*_SEASON)
        .select_from(RequestedSeason)
        .join(MediaRequest, request)
        .outerjoin(RequestTitle, title)
        .outerjoin(RequestTitleSeason, known)
        .where(
            RequestedSeason.workspace_id == workspace_id,
            RequestedSeason.request_id.in_(bindparam(_IDS, expanding=True)),
        )
    )
    return rows.order_by(RequestedSeason.number)
