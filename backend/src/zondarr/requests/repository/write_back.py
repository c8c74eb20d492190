"""Stores what an action was read back as."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from zondarr.core.database import Session
from zondarr.media.requests import ExternalRequest, RequestStatus
from zondarr.requests.models import MediaRequest, RequestedSeason
from zondarr.requests.repository.holdings import refresh_holdings

APPROVED = (RequestStatus.APPROVED, RequestStatus.FAILED, RequestStatus.COMPLETED)


async def store_request(
    session: Session, id: UUID, read: ExternalRequest, *, now: datetime
) -> None:
    """A sync may have written or removed it in the meantime: then its row counts."""
    rows = select(MediaRequest).where(MediaRequest.id == id).with_for_update()
    row = await session.scalar(rows)
    if row is None:
        return
    row.request_status = read.request_status
    row.media_status = read.media_status
    row.modified_at = read.modified_at
    row.can_remove = read.can_remove
    row.missing_since = None
    approved = read.request_status in APPROVED
    row.approved_at = (row.approved_at or now) if approved else None
    await session.flush()
    numbers = [each.number for each in read.seasons]
    gone = delete(RequestedSeason).where(
        RequestedSeason.request_id == id, RequestedSeason.number.not_in(numbers)
    )
    await session.execute(gone)
    seasons = [
        {"request_id": id, "number": each.number, "status": each.status}
        for each in read.seasons
    ]
    key = ("request_id", "number")
    await session.upsert_rows(RequestedSeason, seasons, key=key)
    await refresh_holdings(session, of=id)


async def forget_request(session: Session, id: UUID, *, now: datetime) -> None:
    """Seerr does not have it any more."""
    gone = update(MediaRequest).where(
        MediaRequest.id == id, MediaRequest.missing_since.is_(None)
    )
    await session.execute(gone.values(missing_since=now))
