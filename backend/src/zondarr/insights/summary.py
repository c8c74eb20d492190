"""How much each insight finds, in the workspace and in each library."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import true

from zondarr.catalogue.insight import Insight
from zondarr.core.clock import utc_now
from zondarr.core.database import Session
from zondarr.insights.context import Context, read_context
from zondarr.insights.repository import (
    Amount,
    FindingFilter,
    FindingRepository,
    SummaryRepository,
)
from zondarr.insights.rules import RULES, Rule
from zondarr.insights.schemas import (
    FoundAmount,
    InsightAmount,
    InsightSummary,
    LibraryAmount,
    LibraryFindings,
    PolicyResponse,
)
from zondarr.insights.service import Clock, Listed, condition

NOTHING = Amount(0, 0)
EVERYTHING = FindingFilter()


class SummaryService:
    def __init__(self, session: Session, *, clock: Clock = utc_now) -> None:
        self.session = session
        self.clock = clock
        self.findings = FindingRepository(session)
        self.summary = SummaryRepository(session)

    async def show(self, overrides: Mapping[str, Any]) -> InsightSummary:
        context = await read_context(self.session, overrides, self.clock())
        by_library: dict[Insight, Mapping[UUID, Amount]] = {}
        items: list[InsightAmount] = []
        for insight, rule in RULES.items():
            items.append(await self._amount(rule, context))
            found = condition(rule, context, Listed.FINDING)
            by_library[insight] = await self.summary.by_library(found)
        everything = await self.findings.amount(true(), EVERYTHING)
        return InsightSummary(
            items=items,
            libraries=[
                LibraryAmount(
                    library_id=each.id,
                    library=each.name,
                    server_id=each.server_id,
                    server=each.server,
                    titles=each.titles,
                    bytes=each.bytes,
                    findings=_findings(by_library, each.id),
                )
                for each in await self.summary.libraries()
            ],
            titles=everything.count,
            bytes=everything.bytes,
            as_of=await self.summary.as_of(),
            policy=PolicyResponse.of(context.query.policy),
        )

    async def _amount(self, rule: Rule, context: Context) -> InsightAmount:
        found, undecided, protected = [
            await self.findings.amount(condition(rule, context, listed), EVERYTHING)
            for listed in (Listed.FINDING, Listed.UNDECIDED, Listed.PROTECTED)
        ]
        return InsightAmount(
            insight=rule.insight,
            findings=found.count,
            finding_bytes=found.bytes,
            undecided=undecided.count,
            protected=protected.count,
            protected_bytes=protected.bytes,
        )


def _findings(
    found: Mapping[Insight, Mapping[UUID, Amount]], library_id: UUID
) -> LibraryFindings:
    amounts = {
        insight.value: FoundAmount.from_row(
            found.get(insight, {}).get(library_id, NOTHING)
        )
        for insight in Insight
        if insight is not Insight.STUCK
    }
    return LibraryFindings(**amounts)
