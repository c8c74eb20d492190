"""The rules, one file for each insight."""

from collections.abc import Mapping

from zondarr.catalogue.insight import Insight
from zondarr.insights.rules.language import Language
from zondarr.insights.rules.large import Large
from zondarr.insights.rules.recent import Recent
from zondarr.insights.rules.rule import Need, Rule, RuleQuery
from zondarr.insights.rules.unwatched import Unwatched

RULES: Mapping[Insight, Rule] = {
    Insight.UNWATCHED: Unwatched(),
    Insight.LARGE: Large(),
    Insight.LANGUAGE: Language(),
    Insight.RECENT: Recent(),
}

__all__ = ["RULES", "Need", "Rule", "RuleQuery"]
