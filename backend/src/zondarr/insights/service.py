"""The lists of insights, and what each insight makes of a title."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, false

from zondarr.catalogue.copies import CopyReader
from zondarr.catalogue.insight import Insight
from zondarr.catalogue.models import Title
from zondarr.core.clock import utc_now
from zondarr.core.database import Session
from zondarr.core.exceptions import NotFoundError
from zondarr.core.repository import PageRequest
from zondarr.insights.loading import FactLoader
from zondarr.insights.policy import Policy
from zondarr.insights.repository import FindingFilter, FindingRepository
from zondarr.insights.rules import RULES, Rule, RuleQuery
from zondarr.insights.schemas import (
    FindingPage,
    FindingPart,
    FindingRow,
    LastActivity,
    PolicyResponse,
    Reason,
    TitleReference,
)
from zondarr.settings.repository import SettingRepository

type Clock = Callable[[], datetime]


class Listed(StrEnum):
    """Which rows of an insight a list shows."""

    FINDING = "finding"
    UNDECIDED = "undecided"
    PROTECTED = "protected"
    """They would be findings."""


class InsightService:
    def __init__(self, session: Session, *, clock: Clock = utc_now) -> None:
        self.session = session
        self.clock = clock
        self.settings = SettingRepository(session)
        self.findings = FindingRepository(session)
        self.copies = CopyReader(session)
        self.facts = FactLoader(session)

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
        rule = _rule(insight)
        query = await self._query(overrides)
        shown = self._condition(rule, query, listed)
        undecided = self._condition(rule, query, Listed.UNDECIDED)
        found = await self.findings.find(request, shown, wanted)
        amount = await self.findings.amount(shown, wanted)
        unknown = await self.findings.amount(undecided, wanted)
        return FindingPage(
            items=await self._rows(found.items, rule, query),
            next_cursor=found.next_cursor,
            total=amount.count,
            undecided=unknown.count,
            bytes=amount.bytes,
            policy=PolicyResponse.of(query.policy),
        )

    async def _query(self, overrides: Mapping[str, Any]) -> RuleQuery:
        stored = await self.settings.values()
        return RuleQuery(
            workspace_id=self.session.workspace_id,
            now=self.clock(),
            policy=Policy.of(stored, overrides),
        )

    def _condition(
        self, rule: Rule, query: RuleQuery, listed: Listed
    ) -> ColumnElement[bool]:
        match listed:
            case Listed.FINDING:
                return rule.finding(query)
            case Listed.UNDECIDED:
                return rule.undecided(query)
            case Listed.PROTECTED:
                return false()

    async def _rows(
        self, titles: Sequence[Title], rule: Rule, query: RuleQuery
    ) -> list[FindingRow]:
        copies = await self.copies.of_titles([each.id for each in titles])
        facts = await self.facts.load(titles, copies, [rule], query)
        rows: list[FindingRow] = []
        for title in titles:
            known = facts[title.id]
            judgement = rule.judge(known, query.policy, query.now)
            rows.append(
                FindingRow(
                    title=TitleReference.of(title),
                    copies=copies.get(title.id, ()),
                    size=title.size,
                    added_at=title.added_at,
                    last_activity=LastActivity.of(known.last_activity),
                    verdict=judgement.verdict,
                    reason=Reason.of(judgement),
                    parts=[FindingPart.from_row(each) for each in judgement.parts],
                    protection=None,
                )
            )
        return rows


def _rule(insight: Insight) -> Rule:
    rule = RULES.get(insight)
    if rule is None:
        raise NotFoundError("Insight", insight)
    return rule
