"""What a rule is.

A rule has two forms that must agree on every title: SQL conditions, so that lists,
counts and sums are always current, and a pure function, which also gives the reason.
`tests/insights/test_rules_agree.py` compares them on random libraries.

To add an insight: a file here, and its line in `RULES`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement

from zondarr.catalogue.insight import Insight
from zondarr.insights.facts import Judgement, TitleFacts
from zondarr.insights.policy import Policy
from zondarr.protections.rules import LanguageOverride


class RuleQuery(Struct, frozen=True, kw_only=True):
    """What conditions depend on, read once for each response.

    `stale_libraries` are those that an account may see whose facts are stale;
    `exempting` the insights that have to leave out some parts of titles;
    `language_overrides` what protections require of some titles; `languages_unread`:
    there are titles whose languages were never worked out.
    """

    workspace_id: UUID
    now: datetime
    policy: Policy
    stale_libraries: frozenset[UUID] = frozenset()
    exempting: frozenset[Insight] = frozenset()
    language_overrides: Sequence[LanguageOverride] = ()
    languages_unread: bool = False


class Need(StrEnum):
    """Facts that are loaded only for rules which need them."""

    SIZES = "sizes"
    LEAVES = "leaves"
    PLAYS = "plays"
    """Whether films were finished, and whose marks have no time."""


class Rule(Protocol):
    insight: Insight
    needs: frozenset[Need]

    def finding(self, query: RuleQuery) -> ColumnElement[bool]:
        """The condition over `Title`."""
        ...

    def undecided(self, query: RuleQuery) -> ColumnElement[bool]:
        """The condition over `Title`; never true together with `finding`."""
        ...

    def bounds(self, _query: RuleQuery, /) -> Mapping[str, ColumnElement[bool]]:
        """Conditions that each finding meets, by the order whose column they limit:
        they let a list begin where its findings do."""
        return {}

    def relevant(self, query: RuleQuery) -> ColumnElement[bool]:
        """The condition over `MediaItem` for the leaves that a reason needs."""
        ...

    def judge(self, facts: TitleFacts, policy: Policy, now: datetime) -> Judgement: ...
