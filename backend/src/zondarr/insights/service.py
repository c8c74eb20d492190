"""The lists of insights, and what each insight makes of a title."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false

from zondarr.catalogue.copies import CopyReader
from zondarr.catalogue.insight import Insight
from zondarr.catalogue.models import Title
from zondarr.core.clock import utc_now
from zondarr.core.database import Session
from zondarr.core.database.cache import AtRevision
from zondarr.core.exceptions import NotFoundError
from zondarr.core.repository import PageRequest
from zondarr.insights.context import Context, read_context
from zondarr.insights.facts import Judgement, TitleFacts, Verdict
from zondarr.insights.loading import FactLoader, Loaded
from zondarr.insights.repository import (
    FindingFilter,
    FindingRepository,
)
from zondarr.insights.requesters import with_requesters
from zondarr.insights.rules import RULES, Rule
from zondarr.insights.schemas import (
    FindingPage,
    FindingPart,
    FindingRow,
    LastActivity,
    PolicyResponse,
    Reason,
    RowProtection,
    TitleReference,
    TitleVerdict,
    TitleVerdictPage,
)
from zondarr.insights.wording import days_ago
from zondarr.media.registry import ClientRegistry
from zondarr.protections.repository import quiets
from zondarr.protections.rules import quieting

type Clock = Callable[[], datetime]


class Listed(StrEnum):
    """Which rows of an insight a list shows."""

    FINDING = "finding"
    UNDECIDED = "undecided"
    PROTECTED = "protected"
    """They would be findings."""


class InsightService:
    def __init__(
        self,
        session: Session,
        registry: ClientRegistry,
        sums: AtRevision,
        *,
        clock: Clock = utc_now,
    ) -> None:
        self.session = session
        self.sums = sums
        self.clock = clock
        self.findings = FindingRepository(session)
        self.copies = CopyReader(session)
        self.loader = FactLoader(session, registry)

    async def find(
        self,
        insight: Insight,
        request: PageRequest,
        wanted: FindingFilter,
        *,
        listed: Listed,
        overrides: Mapping[str, Any],
    ) -> FindingPage:
        """A page of an insight's list; raises `NotFoundError` for one without rule."""
        rule = rule_of(insight)
        context = await read_context(
            self.session, overrides, self.clock(), kept=self.sums
        )
        shown = condition(rule, context, listed)
        key = context.query.policy.key, context.query.stale_libraries
        amount, undecided = await self.sums.get(
            (self.session.workspace_id, insight, listed, wanted, *key),
            context.revision,
            context.query.now,
            lambda: self.findings.amounts(
                [shown, condition(rule, context, Listed.UNDECIDED)], wanted
            ),
        )
        bounds = None if listed is Listed.UNDECIDED else rule.bounds(context.query)
        found = await self.findings.find(
            request, shown, wanted, expected=amount.count, bounds=bounds
        )
        rows = await self._rows(found.items, rule, context)
        if insight is Insight.RECENT:
            rows = await with_requesters(self.session, rows)
        return FindingPage(
            items=rows,
            next_cursor=found.next_cursor,
            total=amount.count,
            undecided=undecided.count,
            bytes=amount.bytes,
            policy=PolicyResponse.of(context.query.policy),
        )

    async def why(
        self, title_id: UUID, overrides: Mapping[str, Any]
    ) -> TitleVerdictPage:
        """What every insight makes of the title; raises `NotFoundError`."""
        title: Title = await self.findings.require(title_id)
        context = await read_context(
            self.session, overrides, self.clock(), kept=self.sums
        )
        copies = await self.copies.of_titles([title_id])
        loaded = await self.loader.load_whole([title], copies, context)
        facts = loaded.facts[title_id]
        policy, now = context.query.policy, context.query.now
        verdicts: list[TitleVerdict] = []
        for insight, rule in RULES.items():
            judgement = _missing(title, now) or rule.judge(facts, policy, now)
            verdicts.append(
                TitleVerdict(
                    insight=insight,
                    verdict=judgement.verdict,
                    reason=Reason.of(judgement),
                    parts=_parts(judgement),
                    protection=_protection(loaded, facts, insight, now),
                )
            )
        return TitleVerdictPage.whole(verdicts)

    async def _rows(
        self, titles: Sequence[Title], rule: Rule, context: Context
    ) -> list[FindingRow]:
        copies = await self.copies.of_titles([each.id for each in titles])
        loaded = await self.loader.load(titles, copies, [rule], context)
        policy, now = context.query.policy, context.query.now
        rows: list[FindingRow] = []
        for title in titles:
            facts = loaded.facts[title.id]
            judgement = rule.judge(facts, policy, now)
            rows.append(
                FindingRow(
                    title=TitleReference.of(title),
                    copies=copies.get(title.id, ()),
                    size=title.size,
                    added_at=title.added_at,
                    last_activity=LastActivity.of(facts.last_activity),
                    verdict=judgement.verdict,
                    reason=Reason.of(judgement),
                    parts=_parts(judgement),
                    protection=_protection(loaded, facts, rule.insight, now),
                    requesters=(),
                )
            )
        return rows


def rule_of(insight: Insight) -> Rule:
    rule = RULES.get(insight)
    if rule is None:
        raise NotFoundError("Insight", insight)
    return rule


def condition(rule: Rule, context: Context, listed: Listed) -> ColumnElement[bool]:
    """The titles of a list, without protected ones or only those."""
    query = context.query
    undecided = listed is Listed.UNDECIDED
    found = rule.undecided(query) if undecided else rule.finding(query)
    if rule.insight not in context.hidden:
        return false() if listed is Listed.PROTECTED else found
    hidden = quiets(rule.insight, query.now, query.workspace_id)
    return and_(found, hidden if listed is Listed.PROTECTED else ~hidden)


def _missing(title: Title, now: datetime) -> Judgement | None:
    if title.listed:
        return None
    since = title.missing_since
    when = f" since {days_ago(since, now)}" if since else ""
    return Judgement(
        verdict=Verdict.CLEAR, code="missing", sentence=f"No server has it{when}."
    )


def _parts(judgement: Judgement) -> list[FindingPart]:
    return [FindingPart.from_row(each) for each in judgement.parts]


def _protection(
    loaded: Loaded, facts: TitleFacts, insight: Insight, now: datetime
) -> RowProtection | None:
    found = quieting(
        loaded.protections,
        insight,
        title_id=facts.id,
        library_ids={each.id for each in facts.libraries},
        now=now,
    )
    return None if found is None else RowProtection.of(found)
