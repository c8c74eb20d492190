"""Protects, and ends protection."""

from datetime import datetime
from uuid import UUID

import msgspec
import structlog
from msgspec import UNSET

from zondarr.core.actor import Actor
from zondarr.core.clock import utc_now
from zondarr.core.database import Session
from zondarr.core.edit_conflict import check_version
from zondarr.core.exceptions import DuplicateError
from zondarr.core.repository import PageRequest
from zondarr.protections.exceptions import ProtectedAlreadyError
from zondarr.protections.models import ALL_INSIGHTS, Protection
from zondarr.protections.presets import LanguagePolicy, presets_of
from zondarr.protections.repository import ProtectionFilter, ProtectionRepository
from zondarr.protections.schemas import (
    BulkItem,
    BulkResponse,
    Outcome,
    PresetPage,
    PresetResponse,
    ProtectionBulk,
    ProtectionCreate,
    ProtectionPage,
    ProtectionResponse,
    ProtectionUpdate,
)
from zondarr.protections.scopes import Scope
from zondarr.protections.shown import show_protections
from zondarr.protections.targets import find_targets, read_scope
from zondarr.protections.terms import Terms, override_columns
from zondarr.protections.writing import protect
from zondarr.settings.repository import SettingRepository

log = structlog.get_logger(__name__)


class ProtectionService:
    """The protections of one workspace. Calls no media server."""

    def __init__(
        self, session: Session, actor: Actor, *, default_languages: LanguagePolicy
    ) -> None:
        self.session = session
        self.actor = actor
        self.default_languages = default_languages
        self.protections = ProtectionRepository(session)

    async def find(
        self, request: PageRequest, wanted: ProtectionFilter
    ) -> ProtectionPage:
        now = utc_now()
        found = await self.protections.find(request, wanted, now=now)
        shown = await show_protections(self.session, found.items, now=now)
        return ProtectionPage.of_items(shown, found)

    async def create(self, data: ProtectionCreate) -> ProtectionResponse:
        """Raises `ProtectedAlreadyError` if an active one exists; a lapsed one is
        renewed."""
        scope = await read_scope(self.session, data.scope)
        targets = await find_targets(self.session, [scope])
        targets.require(scope)
        terms, now = Terms.of(data, [scope]), utc_now()
        written = await protect(
            self.session, self.actor, [scope], terms, now=now, targets=targets
        )
        outcome, id = written[scope]  # noqa: A001
        if outcome is Outcome.ALREADY_PROTECTED:
            raise ProtectedAlreadyError(id)
        self._log("protection added", id)
        return await self._show(await self.protections.require(id), now)

    async def create_many(self, data: ProtectionBulk) -> BulkResponse:
        """Protect several titles on the same terms, in one transaction."""
        scopes = {id: Scope(title_id=id) for id in data.title_ids}  # noqa: A001
        terms = Terms.of(data, scopes.values())
        written = await protect(
            self.session, self.actor, scopes.values(), terms, now=utc_now()
        )
        items: list[BulkItem] = []
        for id in data.title_ids:  # noqa: A001
            found = written.get(scopes[id])
            outcome = found.outcome if found else Outcome.NOT_FOUND
            protection_id = found and found.protection_id
            items.append(
                BulkItem(title_id=id, status=outcome, protection_id=protection_id)
            )
        log.info("protections added", count=len(written), actor=self.actor.label)
        return BulkResponse(items=items)

    async def update(self, id: UUID, data: ProtectionUpdate) -> ProtectionResponse:
        """Change the fields that were sent."""
        row = self.protections.found(await self.protections.get_locked(id), id)
        check_version(row, data, data.expected_updated_at, but={"languages"})
        now = utc_now()
        terms = self._changed(row, data)
        if terms.insight != row.insight:
            await self.protections.delete_lapsed(
                row.scope_key, terms.insight, but=id, now=now
            )
        for name, value in terms.columns().items():
            setattr(row, name, value)
        try:
            await self.protections.update(row)
        except DuplicateError as error:
            raise ProtectedAlreadyError(None) from error
        self._log("protection changed", id)
        return await self._show(row, now)

    def _changed(self, row: Protection, data: ProtectionUpdate) -> Terms:
        """The terms after the change; a preset that is sent replaces insight and
        languages."""
        sent = data.sent(but={"languages", "expected_updated_at"})
        if data.languages is not UNSET:
            sent |= override_columns(data.languages)
        if "insight" in sent:
            sent["insight"] = sent["insight"] or ALL_INSIGHTS
        kept = Terms.of_row(row)
        if sent.get("preset") is not None:
            kept = Terms(expires_at=row.expires_at, note=row.note)
        terms, scopes = msgspec.structs.replace(kept, **sent), [Scope.of(row)]
        if sent.get("preset") is not None:
            terms = terms.completed(scopes)
        return terms.checked(scopes)

    async def delete(self, id: UUID, /) -> None:
        await self.protections.delete(await self.protections.require(id))
        self._log("protection ended", id)

    async def presets(self) -> PresetPage:
        stored = await SettingRepository(self.session).values()
        policy = self.default_languages.changed_by(stored)
        presets = presets_of(policy)
        return PresetPage.whole([PresetResponse.of(each) for each in presets])

    async def _show(self, row: Protection, now: datetime) -> ProtectionResponse:
        (shown,) = await show_protections(self.session, [row], now=now)
        return shown

    def _log(self, event: str, id: UUID) -> None:
        log.info(event, protection_id=str(id), actor=self.actor.label)
