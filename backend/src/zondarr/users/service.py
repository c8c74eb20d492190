"""Changes to people that need no media server."""

from collections.abc import Hashable
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog
from msgspec import UNSET

from zondarr.core.actor import Actor
from zondarr.core.clock import in_utc, utc_now
from zondarr.core.database import Session
from zondarr.core.database.cache import UntilWrite
from zondarr.core.edit_conflict import VERSION, check_version
from zondarr.core.repository import PageRequest, Slice
from zondarr.users.models import Identity, User
from zondarr.users.repository import IdentityRepository, UserRepository
from zondarr.users.rules import set_end, settle
from zondarr.users.schemas import IdentityResponse, IdentityUpdate, UserResponse

log = structlog.get_logger(__name__)


type PeoplePages = UntilWrite[Hashable, Slice[IdentityResponse]]
"""Cached pages of the list of people, which open browser tabs request
again and again.
"""
PAGES_KEPT = 20


class PeopleService:
    """The people of one workspace. Calls no media server.

    `pages` is for read-only sessions: in others, a cached result may be rolled back.
    """

    def __init__(
        self, session: Session, actor: Actor, *, pages: PeoplePages | None = None
    ) -> None:
        self.actor = actor
        self.pages = pages
        self.identities = IdentityRepository(session)
        self.users = UserRepository(session)

    async def get(self, id: UUID, /) -> Identity:
        return await self.identities.require(id)

    async def find(
        self,
        request: PageRequest,
        *,
        q: str | None = None,
        enabled: bool | None = None,
        server_id: UUID | None = None,
        expiring_before: datetime | None = None,
        ended_early: bool = False,
    ) -> Slice[IdentityResponse]:
        find = partial(
            self.identities.find,
            request,
            q=q,
            enabled=enabled,
            server_id=server_id,
            expiring_before=expiring_before,
            ended_early_at=utc_now() if ended_early else None,
        )
        if self.pages is None or ended_early:
            return await find()
        workspace_id = self.identities.session.workspace_id
        key = (workspace_id, request, q, enabled, server_id, expiring_before)
        return await self.pages.get(key, find)

    async def update(self, id: UUID, data: IdentityUpdate) -> Identity:
        """Change the fields that were sent; a new end date applies to all accounts."""
        identity = self.identities.found(await self.identities.get_locked(id), id)
        check_version(identity, data, data.expected_updated_at)
        for field, value in data.sent(but={"expires_at", VERSION}).items():
            setattr(identity, field, value)
        if data.expires_at is not UNSET:
            _set_end_of(identity, data.expires_at)
        await self.identities.update(identity)
        log.info("person changed", identity_id=str(id), actor=self.actor.label)
        return identity

    async def get_user(self, id: UUID, /) -> User:
        return await self.users.require(id)

    async def find_users(
        self,
        request: PageRequest,
        *,
        q: str | None = None,
        server_id: UUID | None = None,
        identity_id: UUID | None = None,
    ) -> Slice[UserResponse]:
        return await self.users.find(
            request, q=q, server_id=server_id, identity_id=identity_id
        )


def _set_end_of(identity: Identity, expires_at: datetime | None) -> None:
    now = utc_now()
    if expires_at is not None:
        # It may be in any zone, and is returned before it is read back.
        expires_at = in_utc(expires_at)
    identity.expires_at = expires_at
    for user in identity.users:
        set_end(user, expires_at, now=now)
    settle(identity)
