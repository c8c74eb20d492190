"""Protections: their list, those of some titles, and how they are written."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Select, and_, delete, func, literal, or_, select

from zondarr.catalogue.models import Title
from zondarr.core.clock import LAST
from zondarr.core.database.scope import STAMPED
from zondarr.core.database.upsert import insert
from zondarr.core.models import UTCDateTime
from zondarr.core.repository import PageRequest, Repository, Slice
from zondarr.core.search import contains
from zondarr.protections.models import Protection
from zondarr.protections.repository.criteria import active, library_stand_ins
from zondarr.protections.repository.filters import ProtectionFilter

KEY = ("workspace_id", "scope_key", "insight")
KEPT = frozenset({*KEY, "id", "created_at"})
"""Columns that a renewal does not change."""


class ProtectionRepository(Repository[Protection]):
    entity = Protection
    sorts: ClassVar = {
        "created_at": Protection.created_at,
        "name": func.coalesce(Title.name_key, ""),
        "expires_at": func.coalesce(
            Protection.expires_at, literal(LAST, UTCDateTime())
        ),
    }

    async def find(
        self, request: PageRequest, wanted: ProtectionFilter, *, now: datetime
    ) -> Slice[Protection]:
        rows = self._with_titles()
        if wanted.q:
            name = contains(Title.search_text, wanted.q)
            rows = rows.where(or_(name, contains(Protection.search_text, wanted.q)))
        if wanted.insight is not None:
            rows = rows.where(Protection.insight == wanted.insight)
        if wanted.active is not None:
            rows = rows.where(active(now) if wanted.active else ~active(now))
        if wanted.preset is not None:
            rows = rows.where(Protection.preset == wanted.preset)
        if wanted.author is not None:
            rows = rows.where(
                func.lower(Protection.author_name) == wanted.author.lower()
            )
        if wanted.title_id is not None:
            rows = rows.where(Protection.title_id == wanted.title_id)
        if wanted.library_id is not None:
            rows = rows.where(Protection.library_id == wanted.library_id)
        return await self.page(rows, request)

    def _with_titles(self) -> Select[Protection]:
        mine = Title.workspace_id == self.session.workspace_id
        on = and_(Title.id == Protection.title_id, mine)
        return select(Protection).outerjoin(Title, on)

    async def concerning(
        self, title_ids: Collection[UUID], *, now: datetime
    ) -> Sequence[Protection]:
        """The active ones of these titles and their parts, and of all libraries, with
        what stands in for those that are gone; the oldest first."""
        rows = select(Protection).where(
            active(now),
            or_(
                Protection.title_id.in_(title_ids),
                Protection.library_id.is_not(None),
            ),
        )
        found = (await self.session.scalars(rows.order_by(Protection.id))).all()
        if any(each.library_id is not None for each in found):
            await self._read_stand_ins(found)
        return found

    async def _read_stand_ins(self, protections: Sequence[Protection]) -> None:
        stand_ins: defaultdict[UUID, list[UUID]] = defaultdict(list)
        rows = library_stand_ins(self.session.workspace_id)
        for protection_id, library_id in await self.session.execute(rows):
            stand_ins[protection_id].append(library_id)
        for each in protections:
            each.stand_ins = frozenset(stand_ins.get(each.id, ()))

    async def write(
        self, rows: Sequence[Mapping[str, Any]], *, now: datetime
    ) -> set[str]:
        """Insert them, or renew those that have lapsed, in one statement; returns the
        scope keys of those that were written. An active one stays as it is."""
        values = [{**row, "workspace_id": self.session.workspace_id} for row in rows]
        if not values:
            return set()
        statement = insert(self.session.dialect_name, Protection)
        columns = Protection.__table__.columns
        changed = [each.name for each in columns if each.name not in KEPT]
        statement = statement.on_conflict_do_update(
            index_elements=list(KEY),
            set_={name: statement.excluded[name] for name in changed},
            where=Protection.expires_at <= now,
        )
        written = statement.returning(Protection.scope_key)
        found = await self.session.scalars(written, values, execution_options=STAMPED)
        return set(found)

    async def of_scopes(
        self, keys: Collection[str], insight: str
    ) -> dict[str, Protection]:
        """As they are stored now, by scope key."""
        rows = select(Protection).where(
            Protection.scope_key.in_(keys), Protection.insight == insight
        )
        rows = rows.execution_options(populate_existing=True)
        return {row.scope_key: row for row in await self.session.scalars(rows)}

    async def get_locked(self, id: UUID, /) -> Protection | None:
        rows = select(Protection).where(Protection.id == id).with_for_update()
        rows = rows.execution_options(populate_existing=True)
        return await self.session.scalar(rows)

    async def delete_lapsed(
        self, scope_key: str, insight: str, *, but: UUID, now: datetime
    ) -> None:
        """Make room for another protection of the same scope and insight."""
        gone = delete(Protection).where(
            Protection.scope_key == scope_key,
            Protection.insight == insight,
            Protection.id != but,
            Protection.expires_at <= now,
        )
        await self.session.execute(gone)
