"""Queries about the connected Seerr and its users."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple
from uuid import UUID

from sqlalchemy import func, or_, select, update

from zondarr.core.database import Session
from zondarr.core.exceptions import NotFoundError
from zondarr.core.repository import PageRequest, Repository, Slice
from zondarr.core.search import contains
from zondarr.requests.exceptions import NotConnectedError
from zondarr.requests.models import (
    MediaRequest,
    Requester,
    RequesterLink,
    RequestServer,
)
from zondarr.users.models import Identity


class Extent(NamedTuple):
    """How much is known of a Seerr."""

    requests: int = 0
    requesters: int = 0
    unlinked: int = 0
    by_hand: int = 0


class RequestServerRepository(Repository[RequestServer]):
    entity = RequestServer

    async def current(self) -> RequestServer | None:
        """The workspace's Seerr, if one is connected."""
        return await self.session.scalar(select(RequestServer))

    async def connected(self) -> RequestServer:
        """The workspace's Seerr; raises `NotConnectedError`."""
        found = await self.current()
        if found is None:
            raise NotConnectedError("No Seerr is connected.")
        return found

    async def locked(self) -> RequestServer | None:
        """The current row, locked until the transaction ends."""
        rows = select(RequestServer).with_for_update()
        rows = rows.execution_options(populate_existing=True)
        return await self.session.scalar(rows)

    async def keep(self, id: UUID, /) -> None:
        """Prevent removal until the transaction ends, as rows that refer to the
        connection do; raises `NotFoundError` after a removal.
        """
        row = select(RequestServer.id).where(RequestServer.id == id)
        row = row.with_for_update(read=True, key_share=True)
        if await self.session.scalar(row) is None:
            raise NotFoundError(RequestServer.__name__, id)

    async def record(self, id: UUID, /, **values: object) -> None:
        """Store what was found out; it does not count as an operator's change."""
        changed = update(RequestServer).where(RequestServer.id == id)
        values = {**values, "updated_at": RequestServer.updated_at}
        await self.session.execute(changed.values(values))

    async def extent(self) -> Extent:
        requests = select(func.count(MediaRequest.id))
        requests = requests.where(MediaRequest.missing_since.is_(None))
        present = Requester.missing_since.is_(None)
        hands = (RequesterLink.HAND, RequesterLink.UNLINKED)
        people = select(
            func.count(Requester.id).filter(present),
            func.count(Requester.id).filter(present, Requester.identity_id.is_(None)),
            func.count(Requester.id).filter(Requester.link.in_(hands)),
        ).where(Requester.workspace_id == self.session.workspace_id)
        counted = (await self.session.execute(people)).one()
        return Extent(await self.session.scalar(requests) or 0, *counted)

    async def starts(self) -> Sequence[tuple[UUID, datetime]]:
        """The workspaces with a Seerr, and when each was begun to be read last."""
        rows = select(
            RequestServer.workspace_id,
            func.coalesce(RequestServer.started_at, RequestServer.created_at),
        )
        return [(row[0], row[1]) for row in await self.session.execute(rows)]


class RequesterRepository(Repository[Requester]):
    entity = Requester
    sorts: ClassVar = {
        "name": Requester.name_key,
        "request_count": Requester.request_count,
        "created_at": Requester.created_at,
    }
    default_sort = "name"

    async def find(
        self, request: PageRequest, *, q: str | None, unlinked: bool
    ) -> Slice[Requester]:
        """Those that Seerr lists, and those that are gone but linked."""
        rows = select(Requester).where(
            or_(Requester.missing_since.is_(None), Requester.identity_id.is_not(None))
        )
        if q:
            rows = rows.where(contains(Requester.search_text, q))
        if unlinked:
            rows = rows.where(Requester.identity_id.is_(None))
        return await self.page(rows, request)


async def names_of(
    session: Session, requesters: Sequence[Requester]
) -> Mapping[UUID, str]:
    """The names of the people they are linked to."""
    ids = {each.identity_id for each in requesters if each.identity_id is not None}
    if not ids:
        return {}
    rows = select(Identity.id, Identity.display_name).where(Identity.id.in_(ids))
    return {row[0]: row[1] for row in await session.execute(rows)}
