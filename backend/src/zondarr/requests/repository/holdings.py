"""What the catalogue has of the requested seasons."""

from uuid import UUID

from sqlalchemy import and_, case, distinct, func, select

from zondarr.catalogue.models import MediaItem
from zondarr.core.database import Session
from zondarr.media.types import ItemKind
from zondarr.requests.models import MediaRequest, RequestedSeason


async def refresh_holdings(session: Session, *, of: UUID | None = None) -> None:
    """Count the episodes of requested seasons again; seasons whose numbers did not
    change are not written. `of` is the request, if it is only one.
    """
    mine = session.workspace_id
    season, episode = RequestedSeason, MediaItem
    request = and_(
        MediaRequest.workspace_id == mine, MediaRequest.id == season.request_id
    )
    of_season = and_(
        episode.workspace_id == mine,
        episode.title_id == MediaRequest.title_id,
        episode.kind == ItemKind.EPISODE,
        episode.season == season.number,
    )
    listed = case((episode.listed, episode.number))
    lost = case((~episode.listed, episode.missing_since))
    stored = (season.request_id, season.number, season.status)
    rows = (
        select(
            *stored,
            season.held,
            season.lost_at,
            func.count(distinct(listed)),
            func.max(lost),
        )
        .join(MediaRequest, request)
        .outerjoin(episode, of_season)
        .group_by(*stored, season.held, season.lost_at)
    )
    if of is not None:
        rows = rows.where(season.request_id == of)
    changed = [
        {
            "request_id": request_id,
            "number": number,
            "status": status,
            "held": held,
            "lost_at": lost_at,
        }
        for request_id, number, status, *before, held, lost_at in (
            await session.execute(rows)
        )
        if before != [held, lost_at]
    ]
    await session.upsert_rows(season, changed, key=("request_id", "number"))
