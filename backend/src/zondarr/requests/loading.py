"""The facts of a request, from its row."""

from collections.abc import Sequence

from zondarr.requests.facts import RequestFacts, SeasonFacts
from zondarr.requests.models import RequestServer
from zondarr.requests.repository import RequestRow


def facts_of(
    row: RequestRow, seasons: Sequence[SeasonFacts], server: RequestServer | None
) -> RequestFacts:
    return RequestFacts(
        kind=row.kind,
        is_4k=row.is_4k,
        request_status=row.request_status,
        media_status=row.media_status,
        requested_at=row.requested_at,
        approved_at=row.approved_at,
        digital_on=row.digital_on,
        physical_on=row.physical_on,
        theatrical_on=row.theatrical_on,
        released_on=row.released_on,
        held=bool(row.listed),
        lost_at=row.lost_at,
        seasons=seasons,
        source="Seerr" if server is None else server.product.label,
        as_of=server and server.synced_at,
        looked_up=row.looked_up_at is not None,
    )
