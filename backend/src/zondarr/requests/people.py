"""What people requested, got, and watched of it; and who requested a title."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from zondarr.catalogue.schemas import TitleRequest
from zondarr.core.database import Session
from zondarr.core.repository import PageRequest
from zondarr.requests.people_schemas import (
    OnlyForThem,
    PersonRequest,
    PersonRequestPage,
)
from zondarr.requests.repository import RequestFilter, WatchedRepository
from zondarr.requests.service import RequestService
from zondarr.requests.states import RequestState
from zondarr.users.repository import IdentityRepository


class PeopleRequestService:
    def __init__(self, session: Session, requests: RequestService) -> None:
        self.session = session
        self.requests = requests
        self.watched = WatchedRepository(session)

    async def of_person(
        self, person: UUID, request: PageRequest, overrides: Mapping[str, Any]
    ) -> PersonRequestPage:
        """A page of their requests, and sums of all; raises `NotFoundError`."""
        await IdentityRepository(self.session).require(person)
        wanted = RequestFilter(identity_id=person)
        reader = await self.requests.reader(overrides)
        everything = await reader.ordered(wanted, request.sort)
        titles = {each.title_id for each in everything if each.title_id is not None}
        plays = await self.watched.plays([person], titles)
        got = [each for each in everything if each.state is RequestState.AVAILABLE]
        seen = [plays.watched(person, each.title_id) for each in got]
        found = reader.page(everything, request)
        server = await reader.requests.server()
        rows = await reader.shown([each.id for each in found.items], server)
        return PersonRequestPage(
            items=[
                PersonRequest(
                    request=row,
                    watched=plays.watched(person, row.title.id),
                    last_watched_at=plays.last(person, row.title.id),
                )
                for row in rows
            ],
            next_cursor=found.next_cursor,
            total=found.total,
            asked=len(everything),
            got=len(got),
            watched=seen.count(True),
            not_watched=seen.count(False),
            only_for_them=OnlyForThem.from_row(await self.watched.only_for(person)),
            as_of=server and server.synced_at,
        )

    async def of_title(self, title_id: UUID) -> list[TitleRequest]:
        """Who requested it, the first of them first, and whether they watched it."""
        reader = await self.requests.reader({})
        wanted = RequestFilter(title_id=title_id)
        found = await reader.ordered(wanted, "requested")
        if not found:
            return []
        server = await reader.requests.server()
        rows = await reader.shown([each.id for each in found], server)
        people = {
            row.requester.identity_id
            for row in rows
            if row.requester and row.requester.identity_id
        }
        plays = await self.watched.plays(people, [title_id])
        return [
            TitleRequest(
                id=row.id,
                external_id=row.external_id,
                is_4k=row.is_4k,
                seasons=[each.number for each in row.seasons],
                requested_at=row.requested_at,
                state=row.state,
                sentence=row.reason.sentence,
                requester_id=row.requester and row.requester.id,
                requester=row.requester and row.requester.name,
                identity_id=(person := row.requester and row.requester.identity_id),
                identity=row.requester and row.requester.identity,
                watched=plays.watched(person, title_id),
                last_watched_at=plays.last(person, title_id),
            )
            for row in rows
        ]
