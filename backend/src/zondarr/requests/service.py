"""The requests of a workspace."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from zondarr.core.clock import utc_now
from zondarr.core.database import Session
from zondarr.core.database.cache import AtRevision
from zondarr.core.exceptions import NotFoundError
from zondarr.core.repository import PageRequest
from zondarr.requests.connection.service import is_stale
from zondarr.requests.hooks import ProtectionsOf
from zondarr.requests.policy import RequestPolicy
from zondarr.requests.reader import RequestReader, counts_of
from zondarr.requests.repository import RequestFilter
from zondarr.requests.schemas import RequestPage, RequestResponse, StateCounts
from zondarr.requests.states import RequestState
from zondarr.settings.repository import SettingRepository

type Clock = Callable[[], datetime]


class RequestService:
    """Calls no server."""

    def __init__(
        self,
        session: Session,
        sums: AtRevision,
        protections_of: ProtectionsOf,
        *,
        clock: Clock = utc_now,
    ) -> None:
        self.session = session
        self.sums = sums
        self.protections_of = protections_of
        self.clock = clock

    async def find(
        self,
        request: PageRequest,
        wanted: RequestFilter,
        states: Collection[RequestState],
        overrides: Mapping[str, Any],
    ) -> RequestPage:
        """A page of those in one of the states, or in any."""
        reader = await self.reader(overrides)
        everything = await reader.ordered(wanted, request.sort)
        listed = [each for each in everything if not states or each.state in states]
        found = reader.page(listed, request)
        server = await reader.requests.server()
        return RequestPage(
            items=await reader.shown([each.id for each in found.items], server),
            next_cursor=found.next_cursor,
            total=found.total,
            states=StateCounts.of(counts_of(everything)),
            as_of=server and server.synced_at,
            stale=server is not None and is_stale(server, reader.now),
            error_code=server and server.error_code,
            product=server and server.product,
        )

    async def show(self, id: UUID, overrides: Mapping[str, Any]) -> RequestResponse:
        """One request; raises `NotFoundError`."""
        reader = await self.reader(overrides)
        server = await reader.requests.server()
        found = await reader.shown([id], server)
        if not found:
            raise NotFoundError("Request", id)
        return found[0]

    async def reader(self, overrides: Mapping[str, Any]) -> RequestReader:
        """By the workspace's policy, with these values instead of its own."""
        stored = await SettingRepository(self.session).values()
        return RequestReader(
            self.session,
            self.sums,
            RequestPolicy.of(stored, overrides),
            self.clock(),
            protections_of=self.protections_of,
        )
