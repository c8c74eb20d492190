"""Requests with their states, for lists of any kind."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from zondarr.core.database import Session
from zondarr.core.database.cache import AtRevision
from zondarr.core.exceptions import InvalidError
from zondarr.core.repository import PageRequest, Slice, page_of
from zondarr.media.requests import RequestStatus
from zondarr.requests.facts import RequestFacts, SeasonFacts
from zondarr.requests.hooks import ProtectionsOf
from zondarr.requests.loading import facts_of
from zondarr.requests.models import RequestServer
from zondarr.requests.policy import RequestPolicy
from zondarr.requests.reasons import judge, season_state
from zondarr.requests.repository import (
    DEFAULT_SORT,
    SORTS,
    Listed,
    RequestFilter,
    RequestRepository,
    RequestRow,
)
from zondarr.requests.schemas import (
    Reason,
    RequestAction,
    RequestedSeasonState,
    RequestedTitle,
    RequesterReference,
    RequestProtection,
    RequestResponse,
)
from zondarr.requests.states import RequestState

PATHS = {"movie": "movie", "series": "tv"}


class RequestReader:
    """`sums` remembers the states of whole lists until something changes."""

    def __init__(
        self,
        session: Session,
        sums: AtRevision,
        policy: RequestPolicy,
        now: datetime,
        *,
        protections_of: ProtectionsOf,
    ) -> None:
        self.session = session
        self.sums = sums
        self.policy = policy
        self.now = now
        self.protections_of = protections_of
        self.requests = RequestRepository(session)

    async def ordered(
        self, wanted: RequestFilter, sort: str | None
    ) -> Sequence[Listed]:
        """All of them in the ascending order; raises `InvalidError` for no order."""
        name = (sort or DEFAULT_SORT).removeprefix("-")
        if name not in SORTS:
            choices = f"one of {', '.join(SORTS)}, with or without a leading -"
            raise InvalidError("No such order.", sort=choices)
        place = wanted.place
        whole = await self.sums.get(
            (self.session.workspace_id, RequestReader, place, name, self.policy.key),
            await self.requests.revision(),
            self.now,
            lambda: self.requests.ordered(place, name, self.policy, self.now),
        )
        return wanted.narrow(whole)

    def page(self, listed: Sequence[Listed], request: PageRequest) -> Slice[Listed]:
        sort = request.sort or DEFAULT_SORT
        order = SORTS[sort.removeprefix("-")]
        return page_of(listed, request, sort=sort, order=order)

    async def shown(
        self, ids: Sequence[UUID], server: RequestServer | None
    ) -> list[RequestResponse]:
        """In the order of the ids; one that is gone meanwhile is left out."""
        rows = {row.id: row for row in await self.requests.rows(ids)}
        found = [rows[each] for each in ids if each in rows]
        seasons = await self.requests.seasons(found)
        titles = {row.id: row.title_id for row in found}
        protections = await self.protections_of(self.session, titles, self.now)
        return [
            self._body(
                row,
                seasons.get(row.id, ()),
                server,
                protections.get(row.id),
            )
            for row in found
        ]

    def _body(
        self,
        row: RequestRow,
        seasons: Sequence[SeasonFacts],
        server: RequestServer | None,
        protection: RequestProtection | None,
    ) -> RequestResponse:
        facts = facts_of(row, seasons, server)
        judged = judge(facts, self.policy, self.now)
        return RequestResponse.from_row(
            row,
            type=row.kind,
            title=title_of(row),
            seasons=_seasons(facts, self.now),
            requester=_requester(row),
            state=judged.state,
            reason=Reason.of(judged),
            out_at=judged.out_at,
            out_by=judged.out_by,
            actions=actions_of(row, judged.state),
            protection=protection,
            url=url_of(row, server),
        )


def counts_of(listed: Sequence[Listed]) -> Mapping[RequestState, int]:
    return Counter(each.state for each in listed)


def title_of(row: RequestRow) -> RequestedTitle:
    """As our catalogue knows it, else as Seerr does."""
    return RequestedTitle(
        id=row.title_id,
        type=row.kind,
        name=row.title_name or row.seerr_name or None,
        year=row.title_year or row.seerr_year or None,
        tmdb=row.tmdb,
    )


def actions_of(request: RequestRow, state: RequestState) -> list[RequestAction]:
    """Those that make sense; Seerr would take others too."""
    if request.missing_since is not None:
        return []
    found: list[RequestAction] = []
    if request.request_status in {RequestStatus.PENDING, RequestStatus.DECLINED}:
        found.append(RequestAction.APPROVE)
    here = state is RequestState.AVAILABLE
    if request.request_status == RequestStatus.PENDING or (
        request.request_status == RequestStatus.APPROVED and not here
    ):
        found.append(RequestAction.DECLINE)
    sent = {RequestStatus.APPROVED, RequestStatus.FAILED, RequestStatus.COMPLETED}
    if request.request_status in sent and not here:
        found.append(RequestAction.RETRY)
    return [*found, RequestAction.DELETE]


def url_of(request: RequestRow, server: RequestServer | None) -> str | None:
    """The title's page in Seerr."""
    if server is None or request.tmdb is None:
        return None
    return f"{server.url.rstrip('/')}/{PATHS[request.kind]}/{request.tmdb}"


def _requester(row: RequestRow) -> RequesterReference | None:
    if row.requester_id is None:
        return None
    return RequesterReference(
        id=row.requester_id,
        name=row.requester or "",
        identity_id=row.identity_id,
        identity=row.identity,
    )


def _seasons(facts: RequestFacts, now: datetime) -> list[RequestedSeasonState]:
    return [
        RequestedSeasonState.from_row(each, state=season_state(facts, each, now.date()))
        for each in facts.seasons
    ]
