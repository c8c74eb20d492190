"""Questions about people and their accounts.

Whoever changes accounts of a person locks the person first (`get_locked`): what is
true of the person depends on all accounts, and two locks are always taken in the same
order.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import ClassVar, override
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import joinedload, selectinload

from zondarr.core.matching import matches
from zondarr.core.repository import PageRequest, Repository, Slice
from zondarr.media.types import ServerType, Standing
from zondarr.servers.models import MediaServer
from zondarr.users.models import LAST_END, NAME_IN_ANY_CASE, Identity, User

_WHOLE = selectinload(Identity.users).joinedload(User.server)

_NAMED = (MediaServer.name, MediaServer.server_type)
"""What a list tells of a server. Each row brings its own copy: the whole of it would
be a quarter of the time that a page of people takes."""


class IdentityRepository(Repository[Identity]):
    entity = Identity
    sorts: ClassVar = {
        "display_name": NAME_IN_ANY_CASE,
        "created_at": Identity.created_at,
        "expires_at": LAST_END,
    }
    default_sort = "display_name"

    @override
    async def get_by_id(self, id: UUID, /) -> Identity | None:
        """The person with all accounts and their servers."""
        rows = select(Identity).where(Identity.id == id).options(_WHOLE)
        return await self.session.scalar(rows)

    async def get_locked(self, id: UUID, /) -> Identity | None:
        """The person as they are now; nobody else changes them or their accounts."""
        return next(iter(await self.get_all_locked([id])), None)

    async def get_all_locked(self, ids: Collection[UUID], /) -> Sequence[Identity]:
        """The same for several, in the order of their ids."""
        rows = select(Identity).where(Identity.id.in_(ids)).order_by(Identity.id)
        rows = rows.options(_WHOLE).with_for_update(of=Identity)
        rows = rows.execution_options(populate_existing=True)
        return (await self.session.scalars(rows)).all()

    async def find(
        self,
        request: PageRequest,
        *,
        q: str | None = None,
        enabled: bool | None = None,
        server_id: UUID | None = None,
        expiring_before: datetime | None = None,
    ) -> Slice[Identity]:
        rows = select(Identity).options(
            joinedload(Identity.users)
            .joinedload(User.server)
            .load_only(*_NAMED, raiseload=True)
        )
        if q:
            rows = rows.where(_mentions(q))
        if enabled is not None:
            rows = rows.where(Identity.enabled.is_(enabled))
        if server_id is not None:
            rows = rows.where(Identity.users.any(User.media_server_id == server_id))
        if expiring_before is not None:
            rows = rows.where(Identity.users.any(_ends_by(expiring_before)))
        return await self.page(rows, request)

    async def get_only_on(self, server_id: UUID, /) -> Sequence[Identity]:
        """The people all of whose accounts are on this server."""
        here = Identity.users.any(User.media_server_id == server_id)
        elsewhere = Identity.users.any(User.media_server_id != server_id)
        rows = select(Identity).where(here, ~elsewhere).order_by(Identity.display_name)
        return (await self.session.scalars(rows)).all()


class UserRepository(Repository[User]):
    entity = User
    sorts: ClassVar = {"created_at": User.created_at, "username": User.username}
    default_sort = "username"

    @override
    async def get_by_id(self, id: UUID, /) -> User | None:
        """The account with its server."""
        rows = select(User).where(User.id == id).options(joinedload(User.server))
        return await self.session.scalar(rows)

    async def get_by_identity(self, identity_id: UUID, /) -> Sequence[User]:
        rows = select(User).where(User.identity_id == identity_id).order_by(User.id)
        return (await self.session.scalars(rows)).all()

    async def get_by_server(self, server_id: UUID, /) -> Sequence[User]:
        rows = select(User).where(User.media_server_id == server_id)
        return (await self.session.scalars(rows.order_by(User.username))).all()

    async def get_by_external_id(
        self, server_id: UUID, external_user_id: str, /
    ) -> User | None:
        rows = select(User).where(
            User.media_server_id == server_id, User.external_user_id == external_user_id
        )
        return await self.session.scalar(rows)

    async def get_admitted(
        self, server_id: UUID, external_user_id: str, share_id: str | None, /
    ) -> User | None:
        """The account of this id, else of this share: one that was invited by address
        may have got its number since, or may get it now."""
        found = await self.get_by_external_id(server_id, external_user_id)
        if found is not None or share_id is None:
            return found
        rows = select(User).where(User.media_server_id == server_id)
        return await self.session.scalar(rows.where(User.share_id == share_id).limit(1))

    async def find_identity_on_plex(self, plex_id: str, /) -> UUID | None:
        """Who has this account of plex.tv, which is the same on all Plex servers."""
        rows = select(User.identity_id).join(MediaServer)
        rows = rows.where(
            MediaServer.server_type == ServerType.PLEX,
            User.external_user_id == plex_id,
        )
        return await self.session.scalar(rows.order_by(User.id).limit(1))

    async def find(
        self,
        request: PageRequest,
        *,
        q: str | None = None,
        server_id: UUID | None = None,
        identity_id: UUID | None = None,
    ) -> Slice[User]:
        rows = select(User).options(
            joinedload(User.server).load_only(*_NAMED, raiseload=True)
        )
        if q:
            rows = rows.where(matches(User.username, q))
        if server_id is not None:
            rows = rows.where(User.media_server_id == server_id)
        if identity_id is not None:
            rows = rows.where(User.identity_id == identity_id)
        return await self.page(rows, request)

    async def get_due(self, server_id: UUID, /, *, now: datetime) -> Sequence[User]:
        """The accounts of a server whose access is to be ended."""
        rows = select(User).where(User.media_server_id == server_id, _ends_by(now))
        return (await self.session.scalars(rows.order_by(User.expires_at))).all()

    async def list_servers_due(
        self, workspace_id: UUID | None = None, *, now: datetime
    ) -> Sequence[tuple[UUID, UUID]]:
        """Workspace and id of the servers where access is to be ended, of one
        workspace or all. Servers that are switched off are left out."""
        rows = select(User.workspace_id, User.media_server_id).distinct()
        rows = rows.join(MediaServer, MediaServer.id == User.media_server_id)
        rows = rows.where(MediaServer.enabled, _ends_by(now))
        if workspace_id is not None:
            rows = rows.where(User.workspace_id == workspace_id)
        return [(row[0], row[1]) for row in (await self.session.execute(rows)).all()]

    async def list_servers_awaiting(
        self, workspace_id: UUID | None = None
    ) -> Sequence[tuple[UUID, UUID]]:
        """Workspace and id of the servers on which somebody has yet to accept, of one
        workspace or all. Servers that are switched off are left out, and so is whoever
        declined, of whom a server says nothing any more."""
        rows = select(User.workspace_id, User.media_server_id).distinct()
        rows = rows.join(MediaServer, MediaServer.id == User.media_server_id)
        rows = rows.where(
            MediaServer.enabled,
            User.standing == Standing.PENDING,
            User.missing_since.is_(None),
        )
        if workspace_id is not None:
            rows = rows.where(User.workspace_id == workspace_id)
        return [(row[0], row[1]) for row in (await self.session.execute(rows)).all()]

    async def end_access(self, id: UUID, /, *, now: datetime) -> bool:
        """Mark its access as ended, unless it was given another end meanwhile."""
        end = update(User).where(User.id == id, _ends_by(now))
        end = end.values(enabled=False, access_ended_at=now).returning(User.id)
        return await self.session.scalar(end) is not None


def _ends_by(now: datetime) -> ColumnElement[bool]:
    """The same rule as `rules.is_due`."""
    return and_(User.expires_at <= now, User.access_ended_at.is_(None))


def _mentions(text: str) -> ColumnElement[bool]:
    # One walk over the accounts, not one look-up a person: 35 ms instead of 50 at
    # 10,000 people with two accounts each.
    accounts = select(User.identity_id).where(matches(User.username, text))
    return or_(
        matches(Identity.display_name, text),
        matches(Identity.email, text),
        Identity.id.in_(accounts),
    )
