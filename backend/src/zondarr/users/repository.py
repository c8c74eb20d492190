"""Queries about people and their accounts.

Whoever changes accounts of a person locks the person first (`get_locked`): a person's
state depends on all accounts, and locks are always taken in the same order.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, ClassVar, override
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    String,
    and_,
    bindparam,
    or_,
    select,
    update,
)
from sqlalchemy.orm import joinedload, selectinload

from zondarr.core.repository import PageRequest, Part, Repository, Slice
from zondarr.core.search import contains, folded
from zondarr.media.registry import ClientRegistry
from zondarr.media.types import ShareStatus
from zondarr.servers.models import MediaServer
from zondarr.users.listing import ACCOUNT, PERSON, accounts_of, people_of
from zondarr.users.models import LAST_END, Identity, User
from zondarr.users.schemas import IdentityResponse, UserResponse

ABSENT_OFTEN_FOR, ABSENT_LOOK_MINUTES = timedelta(hours=1), 15
"""An account that was absent when its time was over is looked for in every round at
first, later four times an hour."""

_WHOLE = selectinload(Identity.users).joinedload(User.server)


class IdentityRepository(Repository[Identity]):
    entity = Identity
    sorts: ClassVar = {
        "display_name": Identity.name_key,
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
        """The current person, locked against changes to them and their accounts."""
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
        ended_early_at: datetime | None = None,
    ) -> Slice[IdentityResponse]:
        """`ended_early_at`: people whose access had ended by then, before its time."""
        filters = _given(
            q=folded(q) if q else None,
            enabled=enabled,
            server_id=server_id,
            expiring_before=expiring_before,
            ended_early_at=ended_early_at,
        )
        part = _people(request.sort, request.cursor is not None, frozenset(filters))
        values = part.values(request) | filters
        found = await self.session.execute(part.rows, values)
        return await self.slice(part, values, list(people_of(found)))

    async def get_only_on(self, server_id: UUID, /) -> Sequence[Identity]:
        """The people all of whose accounts are on this server."""
        here = Identity.users.any(User.media_server_id == server_id)
        elsewhere = Identity.users.any(User.media_server_id != server_id)
        rows = select(Identity).where(here, ~elsewhere).order_by(Identity.name_key)
        return (await self.session.scalars(rows)).all()


class UserRepository(Repository[User]):
    entity = User
    sorts: ClassVar = {"created_at": User.created_at, "username": User.name_key}
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
        return (await self.session.scalars(rows.order_by(User.name_key))).all()

    async def get_by_external_id(
        self, server_id: UUID, external_user_id: str, /
    ) -> User | None:
        rows = select(User).where(
            User.media_server_id == server_id, User.external_user_id == external_user_id
        )
        return await self.session.scalar(rows)

    async def get_enrolled(
        self, server_id: UUID, external_user_id: str, share_id: str | None, /
    ) -> User | None:
        """The account with this id, else with this share: an account invited by address
        may have got an id since.
        """
        found = await self.get_by_external_id(server_id, external_user_id)
        if found is not None or share_id is None:
            return found
        rows = select(User).where(User.media_server_id == server_id)
        return await self.session.scalar(rows.where(User.share_id == share_id).limit(1))

    async def find_identity_on_plex(self, plex_id: str, /) -> UUID | None:
        """The person who has this account on any server of the type."""
        types = ClientRegistry().types_with_common_accounts()
        rows = select(User.identity_id).join(MediaServer)
        rows = rows.where(
            MediaServer.server_type.in_(types),
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
    ) -> Slice[UserResponse]:
        filters = _given(
            q=folded(q) if q else None, server_id=server_id, identity_id=identity_id
        )
        part = _accounts(request.sort, request.cursor is not None, frozenset(filters))
        values = part.values(request) | filters
        found = await self.session.execute(part.rows, values)
        return await self.slice(part, values, list(accounts_of(found)))

    async def get_due(self, server_id: UUID, /, *, now: datetime) -> Sequence[User]:
        """The accounts of a server whose access must be ended or checked again."""
        rows = select(User).where(User.media_server_id == server_id, _is_due(now))
        return (await self.session.scalars(rows.order_by(User.expires_at))).all()

    async def list_servers_due(
        self, workspace_id: UUID | None = None, *, now: datetime
    ) -> Sequence[tuple[UUID, UUID]]:
        """Workspace and id of the servers on which access must be ended, of one
        workspace or all. Disabled servers are left out.
        """
        rows = select(User.workspace_id, User.media_server_id).distinct()
        rows = rows.join(MediaServer, MediaServer.id == User.media_server_id)
        rows = rows.where(MediaServer.enabled, _is_due(now))
        if workspace_id is not None:
            rows = rows.where(User.workspace_id == workspace_id)
        return [(row[0], row[1]) for row in (await self.session.execute(rows)).all()]

    async def list_servers_awaiting(
        self, workspace_id: UUID | None = None
    ) -> Sequence[tuple[UUID, UUID]]:
        """Workspace and id of the servers with pending shares, of one workspace or all.

        Disabled servers are left out, and so are declined shares, which a server does
        not list any more.
        """
        rows = select(User.workspace_id, User.media_server_id).distinct()
        rows = rows.join(MediaServer, MediaServer.id == User.media_server_id)
        rows = rows.where(
            MediaServer.enabled,
            User.standing == ShareStatus.PENDING,
            User.missing_since.is_(None),
        )
        if workspace_id is not None:
            rows = rows.where(User.workspace_id == workspace_id)
        return [(row[0], row[1]) for row in (await self.session.execute(rows)).all()]

    async def get_awaited(self, server_id: UUID, /) -> Sequence[User]:
        """The accounts of a server with a pending share."""
        rows = select(User).where(
            User.media_server_id == server_id,
            User.standing == ShareStatus.PENDING,
            User.missing_since.is_(None),
        )
        return (await self.session.scalars(rows.order_by(User.id))).all()

    async def end_access(self, id: UUID, /, *, now: datetime) -> bool:
        """Mark access as ended, unless the end date was changed meanwhile."""
        due = or_(_ends_by(now), and_(User.expires_at <= now, _ENDED_BY_ABSENCE))
        end = update(User).where(User.id == id, due)
        end = end.values(enabled=False, access_ended_at=now).returning(User.id)
        return await self.session.scalar(end) is not None


def _ends_by(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return and_(User.expires_at <= now, User.access_ended_at.is_(None))


_ENDED_BY_ABSENCE = and_(
    User.access_ended_at.is_not(None), User.missing_since.is_not(None), ~User.enabled
)
"""The same rule as `rules.ended_by_absence`."""


def _is_due(now: datetime) -> ColumnElement[bool]:
    """As `rules.is_due`, less often for accounts that have been absent for long."""
    again = and_(User.expires_at <= now, _ENDED_BY_ABSENCE)
    if now.minute % ABSENT_LOOK_MINUTES:
        again = and_(again, User.missing_since > now - ABSENT_OFTEN_FOR)
    return or_(_ends_by(now), again)


def _given(**filters: Any) -> dict[str, Any]:
    return {name: value for name, value in filters.items() if value is not None}


_Q = bindparam("q", type_=String())

_ACCOUNTS_FILTERS: Mapping[str, ColumnElement[bool]] = {
    "q": contains(User.search_text, _Q),
    "server_id": User.media_server_id == bindparam("server_id"),
    "identity_id": User.identity_id == bindparam("identity_id"),
}

_PEOPLES_FILTERS: Mapping[str, ColumnElement[bool]] = {
    "q": contains(Identity.search_text, _Q),
    "enabled": Identity.enabled == bindparam("enabled"),
    "server_id": Identity.users.any(_ACCOUNTS_FILTERS["server_id"]),
    "expiring_before": Identity.users.any(_ends_by(bindparam("expiring_before"))),
    # The same rule as `rules.ended_early`.
    "ended_early_at": Identity.users.any(
        and_(
            User.access_ended_at.is_not(None),
            User.expires_at > bindparam("ended_early_at"),
            ~User.enabled,
        )
    ),
}

STATEMENTS_KEPT = 500
"""The number of statements that are kept; each is built once per set of filters."""


@lru_cache(STATEMENTS_KEPT)
def _people(sort: str | None, further: bool, filters: frozenset[str]) -> Part:
    """People joined with their accounts; only the page's rows are joined."""
    rows = select(*PERSON).where(*(_PEOPLES_FILTERS[name] for name in sorted(filters)))
    part = IdentityRepository.part(rows, sort, further=further)
    page = part.rows.subquery()
    order = (page.c["_sort"], page.c["id"])
    if part.sort.startswith("-"):
        order = tuple(each.desc() for each in order)
    whole = (
        select(page, *ACCOUNT)
        .outerjoin_from(page, User, User.identity_id == page.c["id"])
        .outerjoin(MediaServer, MediaServer.id == User.media_server_id)
        .order_by(*order, User.id)
    )
    return replace(part, rows=whole)


@lru_cache(STATEMENTS_KEPT)
def _accounts(sort: str | None, further: bool, filters: frozenset[str]) -> Part:
    rows = select(*ACCOUNT).outerjoin(
        MediaServer, MediaServer.id == User.media_server_id
    )
    rows = rows.where(*(_ACCOUNTS_FILTERS[name] for name in sorted(filters)))
    return UserRepository.part(rows, sort, further=further)
