"""Protects the titles of a list."""

from collections.abc import Mapping, Sequence

import structlog

from zondarr.catalogue.models import Title
from zondarr.core.actor import Actor
from zondarr.core.clock import utc_now
from zondarr.core.database import Session
from zondarr.core.exceptions import InvalidError, Problem
from zondarr.protections.entries import TitleEntry, read_entries, read_entry
from zondarr.protections.import_schemas import (
    MAX_ENTRIES,
    AmbiguousEntry,
    ImportResponse,
    MatchedEntry,
    ProtectionImport,
)
from zondarr.protections.matching import TitleLookup, ids_in, names_in
from zondarr.protections.repository import TargetRepository
from zondarr.protections.schemas import ProtectedTitle
from zondarr.protections.scopes import Scope
from zondarr.protections.terms import Terms
from zondarr.protections.writing import Written, protect

log = structlog.get_logger(__name__)

CANDIDATES_SHOWN = 20


class ProtectionImporter:
    def __init__(self, session: Session, actor: Actor) -> None:
        self.session = session
        self.actor = actor

    async def run(self, data: ProtectionImport, *, dry_run: bool) -> ImportResponse:
        """Protect every title that is named exactly; a dry run only reports them."""
        entries = _entries(data)
        lookup = TitleLookup(
            await TargetRepository(self.session).candidates(
                ids=ids_in(entries), names=names_in(entries)
            )
        )
        found = [(entry, lookup.find(entry)) for entry in entries]
        matched = [(entry, titles[0]) for entry, titles in found if len(titles) == 1]
        return ImportResponse(
            dry_run=dry_run,
            matched=await self._protect(data, matched, dry_run=dry_run),
            ambiguous=[
                AmbiguousEntry(
                    entry=entry.written,
                    candidates=[
                        ProtectedTitle.of(title) for title in titles[:CANDIDATES_SHOWN]
                    ],
                )
                for entry, titles in found
                if len(titles) > 1
            ],
            not_found=[entry.written for entry, titles in found if not titles],
        )

    async def _protect(
        self,
        data: ProtectionImport,
        matched: Sequence[tuple[TitleEntry, Title]],
        *,
        dry_run: bool,
    ) -> list[MatchedEntry]:
        scopes = {title.id: Scope(title_id=title.id) for _, title in matched}
        terms = Terms.of(data, scopes.values())
        written: Mapping[Scope, Written] = {}
        if not dry_run:
            written = await protect(
                self.session, self.actor, scopes.values(), terms, now=utc_now()
            )
            log.info("protections imported", count=len(written), actor=self.actor.label)
        items: list[MatchedEntry] = []
        for entry, title in matched:
            done = written.get(scopes[title.id])
            items.append(
                MatchedEntry(
                    entry=entry.written,
                    title=ProtectedTitle.of(title),
                    outcome=done and done.outcome,
                    protection_id=done and done.protection_id,
                )
            )
        return items


def _entries(data: ProtectionImport) -> list[TitleEntry]:
    entries = read_entries(data.text or "")
    entries += [read_entry(str(each)) for each in data.entries or ()]
    entries = [each for each in entries if each.ids or each.name]
    if not entries:
        problem = Problem("names no title", "required")
        raise InvalidError("The list is empty.", text=problem)
    if len(entries) > MAX_ENTRIES:
        problem = Problem(f"is longer than {MAX_ENTRIES} entries", "too_long")
        raise InvalidError("The list is too long.", text=problem)
    return entries
