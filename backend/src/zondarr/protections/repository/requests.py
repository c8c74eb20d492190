"""Which protections keep requests from being listed as stuck."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select

from zondarr.catalogue.insight import Insight
from zondarr.core.database import Session
from zondarr.protections.models import Protection
from zondarr.protections.repository.criteria import concerns


async def quieting_requests(
    session: Session,
    request_ids: Collection[UUID] | None,
    title_ids: Collection[UUID],
    now: datetime,
) -> Sequence[Protection]:
    """The active ones of these requests and of whole titles; without `request_ids`, of
    any."""
    own = Protection.request_id.is_not(None)
    of_title = and_(Protection.title_id.is_not(None), Protection.season.is_(None))
    if request_ids is not None:
        own = Protection.request_id.in_(request_ids)
        of_title = and_(of_title, Protection.title_id.in_(title_ids))
    rows = select(Protection).where(
        concerns(Insight.STUCK, now, session.workspace_id), or_(own, of_title)
    )
    return (await session.scalars(rows.order_by(Protection.id))).all()
