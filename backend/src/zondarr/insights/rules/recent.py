"""Recently available: a file arrived within the last days.

A new title, new episodes, or a better file for what was there (an upgrade). What counts
is when we first saw the file, never when an episode was aired.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import override

from sqlalchemy import ColumnElement, false

from zondarr.catalogue.insight import Insight
from zondarr.catalogue.models import Arrival, MediaItem, Title, TitleKind
from zondarr.core.counting import counted
from zondarr.insights.facts import Fact, Judgement, LeafFacts, TitleFacts, Verdict
from zondarr.insights.parts import episode_parts
from zondarr.insights.policy import Policy
from zondarr.insights.rules.rule import Need, Rule, RuleQuery
from zondarr.insights.wording import days_ago

NOTES = {Arrival.NEW: "new", Arrival.UPGRADE: "upgrade"}


class Recent(Rule):
    insight = Insight.RECENT
    needs = frozenset({Need.LEAVES})

    @override
    def finding(self, query: RuleQuery) -> ColumnElement[bool]:
        return Title.arrived_at >= query.policy.recent_since(query.now)

    @override
    def undecided(self, query: RuleQuery) -> ColumnElement[bool]:
        return false()

    @override
    def bounds(self, query: RuleQuery, /) -> Mapping[str, ColumnElement[bool]]:
        return {"arrived": self.finding(query)}

    @override
    def relevant(self, query: RuleQuery) -> ColumnElement[bool]:
        return MediaItem.arrived_at >= query.policy.recent_since(query.now)

    @override
    def judge(self, facts: TitleFacts, policy: Policy, now: datetime) -> Judgement:
        since = policy.recent_since(now)
        known = [
            Fact(name="arrived_at", value=facts.arrived_at.isoformat()),
            Fact(name="recent_days", value=policy.recent_days),
        ]
        if facts.arrived_at < since:
            return Judgement(
                verdict=Verdict.CLEAR,
                code="nothing_new",
                sentence=f"The newest file arrived {days_ago(facts.arrived_at, now)},"
                f" more than {counted(policy.recent_days, 'day')} ago.",
                facts=known,
            )
        arrived = [each for each in facts.leaves if each.arrived_at >= since]
        code, what = _what(facts, arrived, since)
        series = facts.kind is TitleKind.SERIES
        return Judgement(
            verdict=Verdict.FINDING,
            code=code,
            sentence=f"{what} {days_ago(facts.arrived_at, now)}.",
            facts=known,
            parts=episode_parts((each, NOTES[each.arrival]) for each in arrived)
            if series
            else (),
        )


def _what(
    facts: TitleFacts, arrived: list[LeafFacts], since: datetime
) -> tuple[str, str]:
    movie = facts.kind is TitleKind.MOVIE
    new = [each for each in arrived if each.arrival is Arrival.NEW]
    if arrived and not new:
        better = f"{counted(_episodes(arrived), 'episode')} got a new file,"
        return "upgrade", "A new file replaced the old one" if movie else better
    if all(each.arrived_at >= since for each in facts.libraries):
        return "new_title", "It was added"
    if movie:
        return "new_copy", "Another copy was added"
    return "new_episodes", f"{counted(_episodes(new), 'new episode')} arrived"


def _episodes(leaves: list[LeafFacts]) -> int:
    return len({(each.season, each.number) for each in leaves})
