"""The list of stuck requests as CSV, with the columns of requests."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any

from zondarr.core.clock import utc_now
from zondarr.core.database import UnitOfWork
from zondarr.core.database.cache import AtRevision
from zondarr.core.repository import PageRequest
from zondarr.insights.service import Clock, Listed
from zondarr.insights.stuck.service import StuckService
from zondarr.requests.export import PAGE, Part, request_lines
from zondarr.requests.repository import RequestFilter


class StuckExport:
    """Opens a session for each page: the response outlives the request's."""

    def __init__(
        self, work: UnitOfWork, requests: AtRevision, *, clock: Clock = utc_now
    ) -> None:
        self.work = work
        self.requests = requests
        self.now = clock()

    async def lines(
        self,
        wanted: RequestFilter,
        *,
        sort: str | None,
        listed: Listed,
        overrides: Mapping[str, Any],
    ) -> AsyncGenerator[str]:
        async def page(cursor: str | None) -> Part:
            request = PageRequest(limit=PAGE, cursor=cursor, sort=sort)
            async with self.work(reading=True) as session:
                service = StuckService(session, self.requests, clock=lambda: self.now)
                found = await service.find(
                    request, wanted, listed=listed, overrides=overrides
                )
            return [each.request for each in found.items], found.next_cursor

        return await request_lines(page)
