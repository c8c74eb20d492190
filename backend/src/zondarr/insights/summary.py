"""How much each insight finds, in the workspace and in each library."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import true

from zondarr.catalogue.insight import Insight
from zondarr.core.clock import utc_now
from zondarr.core.database import Session
from zondarr.core.database.cache import AtRevision
from zondarr.insights.context import Context, read_context
from zondarr.insights.repository import (
    Amount,
    FindingFilter,
    FindingRepository,
    SummaryRepository,
)
from zondarr.insights.rules import RULES
from zondarr.insights.schemas import (
    FoundAmount,
    InsightAmount,
    InsightSummary,
    LibraryAmount,
    LibraryFindings,
    PolicyResponse,
)
from zondarr.insights.service import Clock, Listed, condition
from zondarr.insights.stuck.service import StuckService

NOTHING = Amount(0, 0)
EVERYTHING = FindingFilter()


class SummaryService:
    def __init__(
        self,
        session: Session,
        sums: AtRevision,
        requests: AtRevision,
        *,
        clock: Clock = utc_now,
    ) -> None:
        self.session = session
        self.sums = sums
        self.stuck = StuckService(session, requests, clock=clock)
        self.clock = clock
        self.findings = FindingRepository(session)
        self.summary = SummaryRepository(session)

    async def show(self, overrides: Mapping[str, Any]) -> InsightSummary:
        context = await read_context(
            self.session, overrides, self.clock(), kept=self.sums
        )
        summary = await self.sums.get(
            (
                self.session.workspace_id,
                SummaryService,
                context.query.policy.key,
                context.query.stale_libraries,
            ),
            context.revision,
            context.query.now,
            lambda: self._count(context),
        )
        stuck, by_library = await self.stuck.amount(
            context.query.policy, context.query.now
        )
        amounts = {each.insight: each for each in (*summary.items, stuck)}
        return msgspec.structs.replace(
            summary,
            items=[amounts[each] for each in Insight],
            libraries=[
                _with_stuck(each, by_library.get(each.library_id, 0))
                for each in summary.libraries
            ],
        )

    async def _count(self, context: Context) -> InsightSummary:
        asked = [(rule, each) for rule in RULES.values() for each in Listed]
        conditions = [condition(rule, context, each) for rule, each in asked]
        *found, everything = await self.findings.amounts(
            [*conditions, true()], EVERYTHING
        )
        amounts = {
            (rule.insight, each): amount
            for (rule, each), amount in zip(asked, found, strict=True)
        }
        by_library = await self.summary.by_library(
            [condition(rule, context, Listed.FINDING) for rule in RULES.values()]
        )
        return InsightSummary(
            items=[_amount(insight, amounts) for insight in RULES],
            libraries=[
                LibraryAmount(
                    library_id=each.id,
                    library=each.name,
                    server_id=each.server_id,
                    server=each.server,
                    titles=each.titles,
                    bytes=each.bytes,
                    findings=_findings(by_library.get(each.id)),
                )
                for each in await self.summary.libraries()
            ],
            titles=everything.count,
            bytes=everything.bytes,
            as_of=await self.summary.as_of(),
            policy=PolicyResponse.of(context.query.policy),
        )


def _amount(
    insight: Insight, amounts: Mapping[tuple[Insight, Listed], Amount]
) -> InsightAmount:
    found, protected = (
        amounts[insight, Listed.FINDING],
        amounts[insight, Listed.PROTECTED],
    )
    return InsightAmount(
        insight=insight,
        findings=found.count,
        finding_bytes=found.bytes,
        undecided=amounts[insight, Listed.UNDECIDED].count,
        protected=protected.count,
        protected_bytes=protected.bytes,
    )


def _with_stuck(library: LibraryAmount, count: int) -> LibraryAmount:
    stuck = FoundAmount(count=count, bytes=0)
    findings = msgspec.structs.replace(library.findings, stuck=stuck)
    return msgspec.structs.replace(library, findings=findings)


def _findings(found: Sequence[Amount] | None) -> LibraryFindings:
    """`found` is in the order of `RULES`."""
    amounts = dict(zip(RULES, found or (), strict=False))
    return LibraryFindings(
        stuck=FoundAmount.from_row(NOTHING),
        **{
            insight.value: FoundAmount.from_row(amounts.get(insight, NOTHING))
            for insight in RULES
        },
    )
