"""Questions about invitations and their redemptions."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import ClassVar, override
from uuid import UUID

from sqlalchemy import ColumnElement, and_, not_, or_, select, update
from sqlalchemy.orm import joinedload, selectinload

from zondarr.core.matching import matches
from zondarr.core.repository import PageRequest, Repository, Slice
from zondarr.invitations.models import (
    Invitation,
    Provisioning,
    ProvisioningStatus,
    Redemption,
    RedemptionStatus,
)
from zondarr.invitations.rules import InvitationStatus

UNFINISHED = (ProvisioningStatus.WAITING, ProvisioningStatus.WORKING)

_WHOLE = (selectinload(Invitation.servers), selectinload(Invitation.libraries))
_WITH_SERVERS = selectinload(Redemption.provisionings).joinedload(Provisioning.server)
_WITH_INVITATION = joinedload(Redemption.invitation)


class InvitationRepository(Repository[Invitation]):
    entity = Invitation
    sorts: ClassVar = {
        "created_at": Invitation.created_at,
        "code": Invitation.code,
        "use_count": Invitation.use_count,
    }

    @override
    async def get_by_id(self, id: UUID, /) -> Invitation | None:
        rows = select(Invitation).where(Invitation.id == id).options(*_WHOLE)
        return await self.session.scalar(rows)

    async def get_by_code(self, code: str, /) -> Invitation | None:
        """The invitation of a code in its normal form, with all it names."""
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
            label = matches(Invitation.label, q)
            rows = rows.where(or_(matches(Invitation.code, q), label))
        if status is not None:
            rows = rows.where(_is(status, now))
        if server_id is not None:
            rows = rows.where(Invitation.servers.any(id=server_id))
        return await self.page(rows, request)

    async def increment_use_count(self, id: UUID, /, *, now: datetime) -> bool:
        """Count one use, unless another redemption took the last one."""
        usable = _is(InvitationStatus.ACTIVE, now)
        claim = update(Invitation).where(Invitation.id == id, usable)
        claim = claim.values(use_count=Invitation.use_count + 1).returning(
            Invitation.id
        )
        return await self.session.scalar(claim) is not None

    async def give_use_back(self, id: UUID, /) -> None:
        back = update(Invitation).where(Invitation.id == id, Invitation.use_count > 0)
        await self.session.execute(back.values(use_count=Invitation.use_count - 1))

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

    async def get_by_key(self, invitation_id: UUID, key: str, /) -> Redemption | None:
        rows = select(Redemption).where(
            Redemption.invitation_id == invitation_id, Redemption.idempotency_key == key
        )
        return await self.session.scalar(rows)

    async def find(
        self, request: PageRequest, *, statuses: Collection[RedemptionStatus] | None
    ) -> Slice[Redemption]:
        """Those of all invitations."""
        rows = select(Redemption)
        if statuses:
            rows = rows.where(Redemption.status.in_(statuses))
        return await self.page(rows.options(_WITH_SERVERS), request)

    async def list_of(
        self, invitation_id: UUID, request: PageRequest
    ) -> Slice[Redemption]:
        rows = select(Redemption).where(Redemption.invitation_id == invitation_id)
        return await self.page(rows.options(_WITH_SERVERS), request)

    async def has_running(self, invitation_id: UUID, /) -> bool:
        rows = select(Redemption.id).where(
            Redemption.invitation_id == invitation_id,
            Redemption.status == RedemptionStatus.RUNNING,
        )
        return await self.session.scalar(rows.limit(1)) is not None

    async def get_running_on(self, server_id: UUID, /) -> Sequence[Redemption]:
        rows = select(Redemption).where(
            Redemption.status == RedemptionStatus.RUNNING,
            Redemption.provisionings.any(media_server_id=server_id),
        )
        return (await self.session.scalars(rows)).all()

    async def list_running(self) -> Sequence[UUID]:
        """The ids of all that have not come to an end."""
        rows = select(Redemption.id).where(
            Redemption.status == RedemptionStatus.RUNNING
        )
        return (await self.session.scalars(rows)).all()

    async def finish(
        self, id: UUID, status: RedemptionStatus, /, *, now: datetime
    ) -> bool:
        """End it and forget its password; false if it had ended before."""
        end = update(Redemption).where(
            Redemption.id == id, Redemption.status == RedemptionStatus.RUNNING
        )
        end = end.values(status=status, finished_at=now, guest_password=None)
        if await self.session.scalar(end.returning(Redemption.id)) is None:
            return False
        parts = update(Provisioning).where(Provisioning.redemption_id == id)
        await self.session.execute(parts.values(plan=None))
        open_ones = parts.where(Provisioning.status.in_(UNFINISHED))
        await self.session.execute(
            open_ones.values(
                status=ProvisioningStatus.FAILED, error_code="internal_error"
            )
        )
        return True

    async def forget_keys(self, before: datetime, /) -> None:
        """Drop the idempotency keys of before, and the digests of what was sent."""
        old = update(Redemption).where(
            Redemption.created_at < before, Redemption.idempotency_key.is_not(None)
        )
        await self.session.execute(
            old.values(idempotency_key=None, request_digest=None)
        )


class ProvisioningRepository(Repository[Provisioning]):
    entity = Provisioning

    async def get_whole(self, id: UUID, /) -> Provisioning | None:
        """With its server, its redemption and the invitation behind it."""
        rows = select(Provisioning).where(Provisioning.id == id)
        rows = rows.options(
            joinedload(Provisioning.server),
            joinedload(Provisioning.redemption).joinedload(Redemption.invitation),
        )
        return await self.session.scalar(rows)

    async def set(self, id: UUID, values: dict[str, object], /) -> None:
        change = update(Provisioning).where(Provisioning.id == id).values(values)
        await self.session.execute(change)


def _is(status: InvitationStatus, now: datetime) -> ColumnElement[bool]:
    """The same rule as `rules.status_of`, as SQL; a property test holds them equal."""
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
