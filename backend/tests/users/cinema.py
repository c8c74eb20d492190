"""A Plex server whose guests come, are kept out and let in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.actors import operator_of
from tests.simulated import SimulatedPlex

from zondarr.media.types import (
    GUEST_PERMISSIONS,
    AccountPlan,
    AccountRequest,
    ExternalUser,
    Permissions,
    PlexUserType,
    ShareStatus,
)
from zondarr.servers.models import MediaServer
from zondarr.servers.service import MediaServerService
from zondarr.users.actions import PeopleActions
from zondarr.users.enrolment import Enrolment, enrol
from zondarr.users.models import Identity, User
from zondarr.users.schemas import ActionStatus
from zondarr.users.service import PeopleService

ADA, BOB = "ada@example.org", "bob@example.org"


@dataclass(frozen=True)
class Cinema:
    actions: PeopleActions
    plex: SimulatedPlex
    server: MediaServer
    servers: MediaServerService

    def has(self, who: str = ADA) -> tuple[Any, ...] | None:
        """Their complete access on this server."""
        shares = self.plex.shares_of(who)
        if not shares:
            return None
        (one,) = shares
        return sorted(one.section_ids), one.sharing.as_json()

    async def befriend(self, who: str, libraries: Sequence[int]) -> None:
        """As the owner does, without us."""
        async with self.actions.connections.open(self.server) as client:
            keys = [self.plex.keys[one] for one in libraries]
            await client.create_user(who, "", who, library_ids=keys)
        self.plex.accept(who)

    async def invite(
        self,
        who: str = ADA,
        libraries: Sequence[int] = (0, 1),
        *,
        expires_at: datetime | None = None,
        permissions: Permissions = GUEST_PERMISSIONS,
        kind: PlexUserType = PlexUserType.FRIEND,
        accepts: bool = True,
    ) -> Identity:
        """As a redemption does; who has no account of plex.tv cannot accept."""
        async with self.actions.connections.open(self.server) as client:
            plan = await client.plan_account(
                AccountRequest(
                    username=who,
                    email=who if "@" in who else None,
                    library_ids=[self.plex.keys[one] for one in libraries],
                    permissions=permissions,
                    plex_user_type=kind,
                )
            )
            made = await client.open_account(plan)
            made = await client.finish_account(plan, made.id, "")
        if accepts and kind is PlexUserType.FRIEND:
            self.plex.accept(who)
        return await self.enrol(made, plan, expires_at=expires_at, accepted=accepts)

    async def enrol(
        self,
        made: ExternalUser,
        plan: AccountPlan,
        *,
        expires_at: datetime | None = None,
        accepted: bool = True,
    ) -> Identity:
        enrolment = Enrolment(
            media_server_id=self.server.id,
            external_user_id=made.id,
            username=made.username,
            standing=ShareStatus.ACCEPTED if accepted else made.standing,
            share_id=made.share_id,
            access_before=plan.before,
        )
        async with self.actions.work() as session:
            return await enrol(
                session,
                display_name=made.username[:100],
                email=made.email,
                expires_at=expires_at,
                enrolments=[enrolment],
            )

    async def switch(
        self, person: Identity, *, on: bool
    ) -> tuple[ActionStatus, str | None]:
        _, (result,) = await self.actions.set_enabled(person.id, on)
        return result.status, result.error_code

    async def sync(self) -> None:
        await self.servers.sync(self.server.id)

    async def person(self, person: Identity) -> Identity:
        async with self.actions.work(reading=True) as session:
            return await PeopleService(session, operator_of(session)).get(person.id)

    async def account(self, person: Identity) -> User:
        (user,) = (await self.person(person)).users
        return user
