"""Protections: their list, and those that concern some titles."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import or_, select

from zondarr.core.repository import Repository
from zondarr.protections.models import Protection
from zondarr.protections.repository.criteria import active


class ProtectionRepository(Repository[Protection]):
    entity = Protection
    sorts: ClassVar = {"created_at": Protection.created_at}

    async def concerning(
        self, title_ids: Collection[UUID], *, now: datetime
    ) -> Sequence[Protection]:
        """The active ones of these titles and their parts, and of all libraries; the
        oldest first."""
        rows = select(Protection).where(
            active(now),
            or_(
                Protection.title_id.in_(title_ids),
                Protection.library_id.is_not(None),
            ),
        )
        return (await self.session.scalars(rows.order_by(Protection.id))).all()
