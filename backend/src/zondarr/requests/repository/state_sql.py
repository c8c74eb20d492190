"""The state of requests in SQL: the same as `states.state_of`.

The requests in question are picked first, their seasons are summed up, and then one
expression gives the state. Each part names its workspace, so that it can stand in any
statement.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    Case,
    ColumnElement,
    Date,
    Label,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
)

from zondarr.catalogue.models import Title, TitleKind
from zondarr.media.requests import MediaStatus, RequestStatus
from zondarr.requests.models import (
    MediaRequest,
    RequestedSeason,
    Requester,
    RequestTitle,
    RequestTitleSeason,
)
from zondarr.requests.policy import RequestPolicy
from zondarr.requests.states import Moment, RequestState

INSTANT = timedelta(microseconds=1)

type Condition = ColumnElement[bool]
type Query = Select[*tuple[Any, ...]]


def states(
    conditions: Sequence[Condition],
    columns: Sequence[Label[Any]],
    *,
    policy: RequestPolicy,
    now: datetime,
    workspace_id: UUID,
) -> Query:
    """Selects id, state and `columns` of the requests that meet the conditions, which
    may be about the tables of `joined`."""
    moment = Moment.of(policy, now)
    picked = _picked(conditions, columns, workspace_id)
    seasons = _seasons(picked, moment, workspace_id)
    of_request = seasons.c.request_id == picked.c.id
    state: ColumnElement[Any] = _state(picked, seasons, moment).label("state")
    shown = [picked.c.id, state, *(picked.c[each.name] for each in columns)]
    return select(*shown).select_from(picked.outerjoin(seasons, of_request))


def _picked(
    conditions: Sequence[Condition],
    columns: Sequence[Label[Any]],
    workspace_id: UUID,
) -> CTE:
    """The requests, with what is known of their titles."""
    home_on = case(
        (RequestTitle.physical_on.is_(None), RequestTitle.digital_on),
        (RequestTitle.digital_on < RequestTitle.physical_on, RequestTitle.digital_on),
        else_=RequestTitle.physical_on,
    )
    out_on = func.coalesce(
        home_on, RequestTitle.released_on, RequestTitle.theatrical_on
    )
    return (
        joined(
            MediaRequest.id,
            MediaRequest.kind.label("kind"),
            MediaRequest.is_4k,
            MediaRequest.request_status,
            MediaRequest.media_status,
            MediaRequest.requested_at,
            func.coalesce(MediaRequest.approved_at, MediaRequest.requested_at).label(
                "approved_since"
            ),
            RequestTitle.id.label("title_id"),
            RequestTitle.released_on,
            out_on.label("out_on"),
            func.coalesce(Title.listed, false()).label("held"),
            Title.missing_since.label("lost_at"),
            *columns,
            workspace_id=workspace_id,
        )
        .where(*conditions)
        .cte("picked")
    )


def joined(*columns: Any, workspace_id: UUID) -> Query:
    """Selects from requests with their titles, as Seerr and our catalogue know them,
    and their requesters."""
    in_seerr = and_(
        RequestTitle.workspace_id == workspace_id,
        RequestTitle.kind == MediaRequest.kind,
        RequestTitle.tmdb == MediaRequest.tmdb,
    )
    in_catalogue = and_(
        Title.workspace_id == workspace_id, Title.id == MediaRequest.title_id
    )
    by = and_(
        Requester.workspace_id == workspace_id,
        Requester.id == MediaRequest.requester_id,
    )
    return (
        select(*columns)
        .select_from(MediaRequest)
        .outerjoin(Requester, by)
        .outerjoin(RequestTitle, in_seerr)
        .outerjoin(Title, in_catalogue)
        .where(MediaRequest.workspace_id == workspace_id)
    )


def _seasons(picked: CTE, moment: Moment, workspace_id: UUID) -> CTE:
    """One row for each request that names seasons."""
    season, known = RequestedSeason, RequestTitleSeason
    whole = and_(known.episodes > 0, season.held >= known.episodes)
    lacking = or_(
        season.held == 0, and_(known.episodes > 0, season.held < known.episodes)
    )
    completed = and_(
        season.status == RequestStatus.COMPLETED,
        picked.c.media_status != MediaStatus.DELETED,
    )
    here = or_(completed, and_(whole, ~picked.c.is_4k))
    is_out = known.first_aired_on <= moment.today
    missing = and_(is_out, or_(here.is_(None), ~here))
    airing = and_(
        is_out,
        case(
            (known.last_aired_on.is_not(None), known.last_aired_on > moment.today),
            (known.episodes > 0, known.aired < known.episodes),
        ),
    )
    whole_on = func.coalesce(known.last_aired_on, known.first_aired_on)
    return (
        select(
            season.request_id,
            _all(whole).label("all_whole"),
            _any(lacking).label("any_lacking"),
            _all(completed).label("all_completed"),
            _any(here).label("any_here"),
            _any(missing).label("any_missing"),
            _any(airing).label("any_airing"),
            func.sum(season.held).label("held"),
            _any(season.status == RequestStatus.COMPLETED).label("any_completed"),
            func.max(season.lost_at).label("lost_at"),
            func.min(known.first_aired_on).label("first_on"),
            func.min(case((missing, whole_on)), type_=Date()).label("ready_on"),
        )
        .select_from(picked)
        .join(
            season,
            and_(season.workspace_id == workspace_id, season.request_id == picked.c.id),
        )
        .outerjoin(
            known,
            and_(
                known.workspace_id == workspace_id,
                known.title_id == picked.c.title_id,
                known.number == season.number,
            ),
        )
        .where(picked.c.kind == TitleKind.SERIES)
        .group_by(season.request_id)
        .cte("seasons")
    )


def _any(condition: Condition) -> Condition:
    """Over a group: true for one row at least. Null counts as false."""
    return func.max(case((condition, 1), else_=0)) == literal(1)


def _all(condition: Condition) -> Condition:
    return func.min(case((condition, 1), else_=0)) == literal(1)


def _state(picked: CTE, seasons: CTE, moment: Moment) -> Case[str]:
    """In the order of `states.CONDITIONS`."""
    one, parts = picked.c, seasons.c
    by_season = parts.request_id.is_not(None)
    piece = parts.request_id.is_(None)
    plain = ~one.is_4k

    def status(value: MediaStatus) -> Condition:
        return one.media_status == value.value

    deleted = and_(
        status(MediaStatus.DELETED),
        or_(one.is_4k, and_(piece, ~one.held), and_(by_season, parts.any_lacking)),
    )
    lost = and_(
        plain,
        or_(
            and_(piece, ~one.held, one.lost_at >= one.requested_at),
            and_(by_season, parts.held == 0, parts.lost_at >= one.requested_at),
        ),
    )
    first_on = case(
        (by_season, func.coalesce(parts.first_on, one.released_on)), else_=one.out_on
    )
    unreleased = func.coalesce(first_on > moment.today, false())
    available = or_(
        and_(status(MediaStatus.AVAILABLE), or_(piece, ~unreleased)),
        and_(plain, piece, one.held),
        and_(plain, by_season, parts.all_whole),
        and_(by_season, parts.all_completed),
    )
    of_others = and_(plain, by_season, one.held, parts.held == 0, ~parts.any_completed)
    partly = or_(
        and_(status(MediaStatus.PARTIALLY_AVAILABLE), ~of_others),
        and_(
            ~status(MediaStatus.PARTIALLY_AVAILABLE),
            by_season,
            parts.any_here,
            ~parts.any_missing,
        ),
    )
    ready_on = case((by_season, parts.ready_on), else_=one.out_on)
    # A day begins before an instant if it is the day of the instant before that, or an
    # earlier one.
    long_out = ready_on <= (moment.stuck_before - INSTANT).date()
    stuck = and_(long_out, one.approved_since < moment.stuck_before)
    found = {
        RequestState.DECLINED: one.request_status == RequestStatus.DECLINED,
        RequestState.FAILED: one.request_status == RequestStatus.FAILED,
        RequestState.GONE: or_(deleted, lost),
        RequestState.AVAILABLE: available,
        RequestState.AWAITING_APPROVAL: one.request_status == RequestStatus.PENDING,
        RequestState.AWAITING_RELEASE: unreleased,
        RequestState.AIRING: and_(by_season, parts.any_airing),
        RequestState.PARTIALLY_AVAILABLE: partly,
        RequestState.STUCK: stuck,
        RequestState.IN_PROGRESS: ready_on.is_not(None),
    }
    return case(
        *((condition, state.value) for state, condition in found.items()),
        else_=RequestState.UNKNOWN.value,
    )
