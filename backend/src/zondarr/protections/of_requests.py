"""Protections of requests, as the feature of requests asks for them."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from zondarr.catalogue.insight import Insight
from zondarr.core.database import Session
from zondarr.protections.models import Protection
from zondarr.protections.repository import quieting_requests
from zondarr.requests.hooks import RequestTitles
from zondarr.requests.schemas import RequestProtection


async def protections_of_requests(
    session: Session, requests: RequestTitles, now: datetime
) -> Mapping[UUID, RequestProtection]:
    """The oldest active protection of each request, or of its title."""
    if not requests:
        return {}
    titles = {title_id for title_id in requests.values() if title_id is not None}
    rows = await quieting_requests(session, list(requests), titles, now)
    of_request = {row.request_id: row for row in reversed(rows) if row.request_id}
    of_title = {row.title_id: row for row in reversed(rows) if row.title_id}
    found = {
        request_id: of_request.get(request_id) or (title_id and of_title.get(title_id))
        for request_id, title_id in requests.items()
    }
    return {request_id: _body(row) for request_id, row in found.items() if row}


def _body(row: Protection) -> RequestProtection:
    insight = Insight(row.insight) if row.insight else None
    return RequestProtection.from_row(
        row, insight=insight, author=row.author_name or None
    )
