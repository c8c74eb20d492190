"""Queries about invitations and their redemptions."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import ClassVar, override
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    exists,
    false,
    func,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.orm import joinedload, selectinload

from zondarr.core.repository import PageRequest, Repository, Slice
from zondarr.core.search import Bytewise, contains
from zondarr.invitations.join_methods import SECRETS
from zondarr.invitations.models import (
    COMPLETE,
    UNFINISHED,
    Invitation,
    Leftover,
    Provisioning,
    ProvisioningStatus,
    Redemption,
    RedemptionStatus,
)
from zondarr.invitations.rules import InvitationStatus
from zondarr.media.registry import ClientRegistry
from zondarr.media.types import PlexUserType, ShareStatus
from zondarr.servers.models import MediaServer
from zondarr.users.models import User

_WORKING = Provisioning.status == ProvisioningStatus.WORKING
_COMPLETE = Provisioning.status.in_(COMPLETE)

_WHOLE = (selectinload(Invitation.servers), selectinload(Invitation.libraries))
_WITH_SERVERS = selectinload(Redemption.provisionings).joinedload(Provisioning.server)
_WITH_INVITATION = joinedload(Redemption.invitation)


class InvitationRepository(Repository[Invitation]):
    entity = Invitation
    sorts: ClassVar = {
        "created_at": Invitation.created_at,
        "code": Bytewise(Invitation.code),
        "use_count": Invitation.use_count,
    }

    @override
    async def get_by_id(self, id: UUID, /) -> Invitation | None:
        rows = select(Invitation).where(Invitation.id == id).options(*_WHOLE)
        return await self.session.scalar(rows)

    async def get_locked(self, id: UUID, /) -> Invitation | None:
        """The current row, locked until the transaction ends."""
        rows = select(Invitation).where(Invitation.id == id).options(*_WHOLE)
        rows = rows.with_for_update(of=Invitation)
        return await self.session.scalar(rows.execution_options(populate_existing=True))

    async def get_by_code(self, code: str, /) -> Invitation | None:
        """The invitation with this normalized code, with its servers and libraries."""
        rows = select(Invitation).where(Invitation.code == code).options(*_WHOLE)
        return await self.session.scalar(rows)

    async def get_active(self, now: datetime, /) -> Sequence[Invitation]:
        rows = select(Invitation).where(_is(InvitationStatus.ACTIVE, now))
        return (await self.session.scalars(rows)).all()

    async def get_by_server(self, server_id: UUID, /) -> Sequence[Invitation]:
        rows = select(Invitation).where(Invitation.servers.any(id=server_id))
        rows = rows.options(*_WHOLE).order_by(Invitation.code)
        return (await self.session.scalars(rows)).all()

    async def find(
        self,
        request: PageRequest,
        *,
        q: str | None,
        status: InvitationStatus | None,
        server_id: UUID | None,
        now: datetime,
    ) -> Slice[Invitation]:
        rows = select(Invitation).options(*_WHOLE)
        if q:
            rows = rows.where(contains(Invitation.search_text, q))
        if status is not None:
            rows = rows.where(_is(status, now))
        if server_id is not None:
            rows = rows.where(Invitation.servers.any(id=server_id))
        return await self.page(rows, request)

    async def increment_use_count(self, id: UUID, /, *, now: datetime) -> bool:
        """Count one use, unless another redemption took the last one."""
        usable = _is(InvitationStatus.ACTIVE, now)
        claim = update(Invitation).where(Invitation.id == id, usable)
        claim = claim.values(
            use_count=Invitation.use_count + 1, updated_at=Invitation.updated_at
        ).returning(Invitation.id)
        return await self.session.scalar(claim) is not None

    async def give_use_back(self, id: UUID, /) -> None:
        back = update(Invitation).where(Invitation.id == id, Invitation.use_count > 0)
        await self.session.execute(
            back.values(
                use_count=Invitation.use_count - 1, updated_at=Invitation.updated_at
            )
        )

    async def disable(self, id: UUID, /) -> bool:
        change = update(Invitation).where(Invitation.id == id).values(enabled=False)
        return await self.session.scalar(change.returning(Invitation.id)) is not None


class RedemptionRepository(Repository[Redemption]):
    entity = Redemption
    sorts: ClassVar = {"created_at": Redemption.created_at}

    async def get_whole(self, id: UUID, /) -> Redemption | None:
        rows = select(Redemption).where(Redemption.id == id)
        rows = rows.options(_WITH_SERVERS, _WITH_INVITATION)
        return await self.session.scalar(rows)

    async def require_whole(self, id: UUID, /) -> Redemption:
        return self.found(await self.get_whole(id), id)

    async def get_locked(self, id: UUID, /) -> Redemption | None:
        """The redemption with its provisionings, locked."""
        rows = select(Redemption).where(Redemption.id == id)
        rows = rows.with_for_update(of=Redemption)
        rows = rows.execution_options(populate_existing=True)
        if await self.session.scalar(rows) is None:
            return None
        parts = select(Provisioning).where(Provisioning.redemption_id == id)
        parts = parts.order_by(Provisioning.id).with_for_update()
        parts = parts.execution_options(populate_existing=True)
        (await self.session.scalars(parts)).all()
        rows = rows.options(_WITH_SERVERS, _WITH_INVITATION)
        return await self.session.scalar(rows)

    async def get_by_key(self, invitation_id: UUID, key: str, /) -> Redemption | None:
        rows = select(Redemption).where(
            Redemption.invitation_id == invitation_id, Redemption.idempotency_key == key
        )
        return await self.session.scalar(rows)

    async def find(
        self, request: PageRequest, *, statuses: Collection[RedemptionStatus] | None
    ) -> Slice[Redemption]:
        """The redemptions of all invitations."""
        rows = select(Redemption)
        if statuses:
            rows = rows.where(Redemption.status.in_(statuses))
        return await self.page(rows.options(_WITH_SERVERS), request)

    async def list_of(
        self, invitation_id: UUID, request: PageRequest
    ) -> Slice[Redemption]:
        rows = select(Redemption).where(Redemption.invitation_id == invitation_id)
        return await self.page(rows.options(_WITH_SERVERS), request)

    async def get_open(
        self, *, invitation_id: UUID | None = None, server_id: UUID | None = None
    ) -> Sequence[Redemption]:
        """Unfinished redemptions of an invitation, or on a server, with their
        provisionings.
        """
        rows = select(Redemption).where(
            or_(
                Redemption.status == RedemptionStatus.RUNNING,
                Redemption.retry_until.is_not(None),
            )
        )
        if invitation_id is not None:
            rows = rows.where(Redemption.invitation_id == invitation_id)
        if server_id is not None:
            here = Provisioning.media_server_id == server_id
            rows = rows.where(Redemption.provisionings.any(here))
        rows = rows.options(_WITH_SERVERS, _WITH_INVITATION).order_by(Redemption.id)
        return (await self.session.scalars(rows)).all()

    async def has_concurrent_share(self, redemption: Redemption, /) -> bool:
        """Whether another running redemption shares one of its servers with the same
        account.

        That one could undo the share that this one finds. Locks those servers until the
        transaction ends.
        """
        ids = [part.media_server_id for part in redemption.provisionings]
        types = ClientRegistry().types_with_common_accounts()
        plex = select(MediaServer.id).where(
            MediaServer.id.in_(ids), MediaServer.server_type.in_(types)
        )
        turn = plex.order_by(MediaServer.id).with_for_update(key_share=True)
        servers = (await self.session.scalars(turn)).all()
        rows = select(Provisioning.id).join(Redemption).join(Invitation)
        rows = rows.where(
            Provisioning.media_server_id.in_(servers),
            Redemption.id != redemption.id,
            Invitation.plex_user_type == PlexUserType.FRIEND,
            or_(Redemption.status == RedemptionStatus.RUNNING, _WORKING),
            _is_guest(redemption.guest_plex_id, redemption.guest_email),
        )
        return await self.session.scalar(rows.limit(1)) is not None

    async def list_running(self) -> Sequence[UUID]:
        """The ids of all unfinished redemptions."""
        rows = select(Redemption.id).where(
            Redemption.status == RedemptionStatus.RUNNING
        )
        return (await self.session.scalars(rows)).all()

    async def finish(
        self,
        id: UUID,
        status: RedemptionStatus,
        /,
        *,
        now: datetime,
        retry_until: datetime | None = None,
        kept: Collection[str] = (),
    ) -> bool:
        """End it and erase the guest's secrets; false if it had ended before.

        `kept` are the columns that are needed until `retry_until`.
        """
        end = update(Redemption).where(
            Redemption.id == id, Redemption.status == RedemptionStatus.RUNNING
        )
        end = end.values(status=status, finished_at=now, retry_until=retry_until)
        end = end.values({name: None for name in SECRETS.values() if name not in kept})
        if await self.session.scalar(end.returning(Redemption.id)) is None:
            return False
        parts = update(Provisioning).where(Provisioning.redemption_id == id)
        over = parts if retry_until is None else parts.where(_COMPLETE)
        await self.session.execute(over.values(plan=None))
        open_ones = parts.where(Provisioning.status.in_(UNFINISHED))
        await self.session.execute(
            open_ones.values(
                status=ProvisioningStatus.FAILED,
                error_code=func.coalesce(Provisioning.error_code, "internal_error"),
            )
        )
        return True

    async def list_retrying(
        self, workspace_id: UUID | None = None
    ) -> Sequence[Redemption]:
        """The redemptions with something left to retry, with their servers."""
        rows = select(Redemption).where(Redemption.retry_until.is_not(None))
        if workspace_id is not None:
            rows = rows.where(Redemption.workspace_id == workspace_id)
        return (await self.session.scalars(rows.options(_WITH_SERVERS))).all()

    async def get_retrying_locked(self, id: UUID, /) -> Redemption | None:
        rows = select(Redemption).where(
            Redemption.id == id, Redemption.retry_until.is_not(None)
        )
        rows = rows.options(selectinload(Redemption.provisionings))
        return await self.session.scalar(rows.with_for_update())

    async def forget_secrets(self, *, now: datetime) -> None:
        """Erase the secrets kept for retries whose time is over."""
        columns = [getattr(Redemption, name) for name in SECRETS.values()]
        over = update(Redemption).where(
            Redemption.retry_until <= now, or_(*(one.is_not(None) for one in columns))
        )
        await self.session.execute(over.values(dict.fromkeys(SECRETS.values())))

    async def forget_keys(self, before: datetime, /) -> None:
        """Delete older idempotency keys, and the digests of their requests."""
        old = update(Redemption).where(
            Redemption.created_at < before, Redemption.idempotency_key.is_not(None)
        )
        await self.session.execute(
            old.values(idempotency_key=None, request_digest=None)
        )


class ProvisioningRepository(Repository[Provisioning]):
    entity = Provisioning

    async def get_whole(self, id: UUID, /) -> Provisioning | None:
        """The provisioning with its server, its redemption and the invitation."""
        rows = select(Provisioning).where(Provisioning.id == id)
        rows = rows.options(
            joinedload(Provisioning.server),
            joinedload(Provisioning.redemption).joinedload(Redemption.invitation),
        )
        return await self.session.scalar(rows)

    async def require_whole(self, id: UUID, /) -> Provisioning:
        return self.found(await self.get_whole(id), id)

    async def set(self, id: UUID, values: dict[str, object], /) -> None:
        change = update(Provisioning).where(Provisioning.id == id).values(values)
        await self.session.execute(change)

    async def mark_working(self, id: UUID, /) -> bool:
        """Mark it as being worked on; false if its redemption has ended."""
        of = select(Redemption).join(Redemption.provisionings)
        of = of.where(Provisioning.id == id).with_for_update(of=Redemption)
        of = of.execution_options(populate_existing=True)
        redemption = await self.session.scalar(of)
        if redemption is None or not redemption.is_open:
            return False
        return await self.take_up(id)

    async def advance(self, id: UUID, values: dict[str, object], /) -> bool:
        """Update it while it is being worked on; false if it is not any more."""
        change = update(Provisioning).where(Provisioning.id == id, _WORKING)
        change = change.values(values).returning(Provisioning.id)
        return await self.session.scalar(change) is not None

    async def take_up(self, id: UUID, /) -> bool:
        """Start another attempt if one is to be made."""
        change = update(Provisioning).where(Provisioning.id == id, not_(_COMPLETE))
        change = change.values(status=ProvisioningStatus.WORKING)
        return await self.session.scalar(change.returning(Provisioning.id)) is not None

    async def settle(self, id: UUID, /) -> bool:
        """Erase the plan of a finished one; false if that was done before."""
        done = update(Provisioning).where(
            Provisioning.id == id, _COMPLETE, Provisioning.plan.is_not(None)
        )
        done = done.values(plan=None).returning(Provisioning.id)
        return await self.session.scalar(done) is not None

    async def record_accepted(self) -> int:
        """Mark pending provisionings of a guest who has accepted; returns their
        number.
        """
        accepted = exists().where(
            User.media_server_id == Provisioning.media_server_id,
            User.standing == ShareStatus.ACCEPTED,
            or_(
                User.share_id == Provisioning.share_id,
                User.external_user_id == Provisioning.external_user_id,
            ),
        )
        waiting = Provisioning.status == ProvisioningStatus.PENDING
        change = update(Provisioning).where(waiting, accepted)
        change = change.values(status=ProvisioningStatus.DONE)
        done = await self.session.scalars(change.returning(Provisioning.id))
        return len(done.all())


def _is_guest(plex_id: str | None, email: str | None) -> ColumnElement[bool]:
    """The same Plex account, by its id or its address."""
    by_id = Redemption.guest_plex_id == plex_id if plex_id else false()
    by_mail = func.lower(Redemption.guest_email) == email.lower() if email else false()
    return or_(by_id, by_mail)


def _is(status: InvitationStatus, now: datetime) -> ColumnElement[bool]:
    """As `rules.status_of`, in SQL; a property test compares the two."""
    expired = and_(Invitation.expires_at.is_not(None), Invitation.expires_at <= now)
    exhausted = and_(
        Invitation.max_uses.is_not(None), Invitation.use_count >= Invitation.max_uses
    )
    match status:
        case InvitationStatus.DISABLED:
            return not_(Invitation.enabled)
        case InvitationStatus.EXPIRED:
            return and_(Invitation.enabled, expired)
        case InvitationStatus.EXHAUSTED:
            return and_(Invitation.enabled, not_(expired), exhausted)
        case InvitationStatus.ACTIVE:
            return and_(Invitation.enabled, not_(expired), not_(exhausted))


class LeftoverRepository(Repository[Leftover]):
    entity = Leftover
    sorts: ClassVar = {"created_at": Leftover.created_at}

    async def get_by_server(self, server_id: UUID, /) -> Sequence[Leftover]:
        rows = select(Leftover).where(Leftover.media_server_id == server_id)
        return (await self.session.scalars(rows.order_by(Leftover.id))).all()

    async def find(self, request: PageRequest) -> Slice[Leftover]:
        rows = select(Leftover).options(joinedload(Leftover.server))
        return await self.page(rows, request)

    async def list_all(self, workspace_id: UUID | None = None) -> Sequence[Leftover]:
        """Leftovers on enabled servers, with the server, oldest first."""
        rows = select(Leftover).join(Leftover.server).where(MediaServer.enabled)
        if workspace_id is not None:
            rows = rows.where(Leftover.workspace_id == workspace_id)
        rows = rows.options(joinedload(Leftover.server)).order_by(Leftover.id)
        return (await self.session.scalars(rows)).all()
