"""One row in each table of requests."""

from uuid import UUID, uuid7

from zondarr.accounts.models import Account
from zondarr.catalogue.models import TitleKind
from zondarr.container import Container
from zondarr.core.clock import utc_now
from zondarr.core.crypto import place_of
from zondarr.media.requests import RequestProduct
from zondarr.requests.models import (
    MediaRequest,
    RequestedSeason,
    Requester,
    RequestPage,
    RequestServer,
    RequestTitle,
    RequestTitleSeason,
)


async def add_requests(
    container: Container, owner: Account, url: str, *, title_id: str, identity_id: str
) -> dict[str, str]:
    """A Seerr with a request of this person for this title; the ids of both."""
    now = utc_now()
    server = RequestServer(
        id=uuid7(), url=url, product=RequestProduct.SEERR, synced_at=now
    )
    place = place_of("request_servers", "api_key", server.id)
    server.api_key = container.keyring.seal("seerr-key", place=place)
    requester = Requester(id=uuid7(), server_id=server.id, external_id=1, name="Carla")
    requester.identity_id = UUID(identity_id)
    request = MediaRequest(
        id=uuid7(),
        server_id=server.id,
        external_id=1,
        kind=TitleKind.SERIES,
        tmdb="1399",
        request_status=2,
        media_status=3,
        requester_id=requester.id,
        title_id=UUID(title_id),
        requested_at=now,
        modified_at=now,
    )
    title = RequestTitle(
        id=uuid7(), server_id=server.id, kind=TitleKind.SERIES, tmdb="1399", name="Wall"
    )
    page = RequestPage(server_id=server.id, run_id=uuid7(), key="0", rows=b"")
    async with container.database.scoped(owner.workspace_id) as session:
        session.add(server)
        await session.flush()
        session.add_all([requester, title, page])
        await session.flush()
        session.add_all(
            [request, RequestTitleSeason(title_id=title.id, number=1)],
        )
        await session.flush()
        session.add(RequestedSeason(request_id=request.id, number=1, status=2))
    return {"requesters": str(requester.id), "requests": str(request.id)}
