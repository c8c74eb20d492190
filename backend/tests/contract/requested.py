"""A Seerr that was read, and a person's request for a title that is there."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import UUID, uuid7

import httpx2
from sqlalchemy import select
from tests.simulated import playing_seerr

from zondarr.accounts.models import Account
from zondarr.container import Container
from zondarr.media.requests import RequestStatus
from zondarr.requests.models import MediaRequest, Requester, RequestPage

SEERR = "/api/v1/integrations/seerr"
REQUESTS, USERS = 12, 4


@dataclass(frozen=True)
class Requested:
    """`seerr` is its address and key; `ids` are those of a request and its
    requester.
    """

    seerr: Mapping[str, str]
    ids: Mapping[str, str]


async def add_requests(
    container: Container,
    browser: httpx2.AsyncClient,
    owner: Account,
    stack: AsyncExitStack,
    *,
    title_id: str,
    identity_id: str,
) -> Requested:
    playing = playing_seerr(requests=REQUESTS, users=USERS)
    seerr = await stack.enter_async_context(playing)
    body = {"url": seerr.url, "api_key": seerr.api_key}
    connected = await browser.put(SEERR, json=body)
    assert connected.is_success, connected.text
    started = await browser.post(f"{SEERR}/sync")
    await container.request_syncs.sync.wait(UUID(started.json()["run_id"]))
    async with container.database.scoped(owner.workspace_id) as session:
        request = (await session.scalars(select(MediaRequest))).first()
        assert request is not None
        request.title_id = UUID(title_id)
        request.request_status = RequestStatus.FAILED  # also the insight lists it
        rows = select(Requester).where(Requester.id == request.requester_id)
        requester = (await session.scalars(rows)).one()
        requester.identity_id = UUID(identity_id)
        # What a sync that was cut off has left.
        session.add(
            RequestPage(server_id=request.server_id, run_id=uuid7(), key="0", rows=b"")
        )
    own = str(requester.id)
    ids = {"requesters": own, "seerr/users": own, "requests": str(request.id)}
    return Requested(body, ids)
