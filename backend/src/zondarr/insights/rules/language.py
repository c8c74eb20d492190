"""Language: a film or an episode lacks a required language.

All languages of the policy are required, of the audio and of the subtitles, in one
version (or, `strict`, in each). Libraries and titles may have other requirements.
Where a required language is not found but a track has none that is known, the title is
undecided. Titles that were added too long ago are left out.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, override
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, or_, true

from zondarr.catalogue.insight import Insight
from zondarr.catalogue.models import MediaItem, Title, TitleKind
from zondarr.insights.facts import (
    Judgement,
    LeafFacts,
    Part,
    TitleFacts,
    Verdict,
    VersionFacts,
)
from zondarr.insights.language_reasons import (
    facts_of,
    missing_sentence,
    note_of,
    unknown_sentence,
)
from zondarr.insights.languages import (
    Demands,
    Kleene,
    Shortfall,
    demands_of,
    leaf_is_met,
    shortfall,
)
from zondarr.insights.parts import episode_parts, without_repeats
from zondarr.insights.policy import Policy
from zondarr.insights.repository.languages import (
    failing_leaves,
    titles_with,
    unclear_leaves,
)
from zondarr.insights.rules.rule import Need, Rule, RuleQuery
from zondarr.insights.wording import days_ago
from zondarr.media.types import ItemKind
from zondarr.protections.models import Protection
from zondarr.protections.repository import exempt, exempt_parts, overridden_titles

LEAVES = (ItemKind.MOVIE, ItemKind.EPISODE)

type FindLeaves = Callable[[Demands, Policy, UUID], Select[UUID]]


class Language(Rule):
    insight = Insight.LANGUAGE
    needs = frozenset({Need.LEAVES})

    @override
    def finding(self, query: RuleQuery) -> ColumnElement[bool]:
        return and_(_in_time(query), _with_leaf(query, failing_leaves))

    @override
    def undecided(self, query: RuleQuery) -> ColumnElement[bool]:
        unclear = _with_leaf(query, unclear_leaves, without=failing_leaves)
        if query.languages_unread:
            unclear = or_(unclear, _never_read(query))
        return and_(_in_time(query), unclear)

    @override
    def bounds(self, query: RuleQuery, /) -> Mapping[str, ColumnElement[bool]]:
        since = _checked_since(query.policy, query.now)
        return {} if since is None else {"added": Title.added_at >= since}

    @override
    def relevant(self, query: RuleQuery) -> ColumnElement[bool]:
        found = [
            MediaItem.languages_id.in_(
                leaves(demands, query.policy, query.workspace_id)
            )
            for leaves in (failing_leaves, unclear_leaves)
            for _, demands in _all_demands(query)
        ]
        unread = MediaItem.languages_id.is_(None)
        return or_(MediaItem.kind == ItemKind.MOVIE, unread, *found)

    @override
    def judge(self, facts: TitleFacts, policy: Policy, now: datetime) -> Judgement:
        since = _checked_since(policy, now)
        if since is not None and facts.added_at < since:
            return _clear(
                "added_too_long_ago",
                f"It was added {days_ago(facts.added_at, now)}; languages are checked"
                f" for {policy.language_added_within_days} days.",
            )
        demands = demands_of(policy, facts.language_override)
        leaves = [
            _judged(group, demands, facts.original_language, policy.strict)
            for group in _grouped(facts, policy)
        ]
        failing = [each for each in leaves if each.met is False]
        unclear = [each for each in leaves if each.met is None]
        if failing:
            return _finding(facts, failing)
        if unclear:
            return _undecided(facts, unclear)
        return _clear("languages_present", "It has all required languages.")


class JudgedVersion(NamedTuple):
    library_id: UUID
    facts: VersionFacts
    lack: Shortfall


class JudgedLeaf(NamedTuple):
    """A film or an episode: its copies, and what their versions lack."""

    copies: list[LeafFacts]
    versions: list[JudgedVersion]
    met: Kleene

    @property
    def lack(self) -> Shortfall:
        """Of its best version; `strict`, and so of several, of those that fail."""
        lacks = (each.lack for each in self.versions)
        alike = [each for each in lacks if each.met is self.met]
        return min(alike, key=lambda each: (len(each.missing), len(each.unknown)))


def _checked_since(policy: Policy, now: datetime) -> datetime | None:
    days = policy.language_added_within_days
    return None if days is None else now - timedelta(days=days)


def _in_time(query: RuleQuery) -> ColumnElement[bool]:
    """Written so that no index is used for it: those that are in time are many, those
    with the wanted languages few."""
    since = _checked_since(query.policy, query.now)
    if since is None:
        return true()
    return case((Title.added_at >= since, true()), else_=false())


def _never_read(query: RuleQuery) -> ColumnElement[bool]:
    """Since an earlier version stored the title: its languages are unknown."""
    return and_(
        Title.languages_id.is_(None),
        or_(
            false(), *(titles for titles, each in _all_demands(query) if any(each.all))
        ),
    )


def _all_demands(
    query: RuleQuery,
) -> Iterable[tuple[ColumnElement[bool], Demands]]:
    """The titles with an override and those without, and what each must have."""
    usual: list[ColumnElement[bool]] = []
    for each in query.language_overrides:
        titles = overridden_titles(each, query.now, query.workspace_id)
        usual.append(Title.id.not_in(titles))
        yield Title.id.in_(titles), demands_of(query.policy, each)
    yield and_(true(), *usual), demands_of(query.policy, None)


def _with_leaf(
    query: RuleQuery, find: FindLeaves, *, without: FindLeaves | None = None
) -> ColumnElement[bool]:
    """One of its films or episodes is among those that are found, and none among the
    others."""
    policy, workspace_id = query.policy, query.workspace_id
    return or_(
        *(
            and_(
                titles,
                _has_leaf(
                    query,
                    find(demands, policy, workspace_id),
                    without and without(demands, policy, workspace_id),
                ),
            )
            for titles, demands in _all_demands(query)
        )
    )


def _has_leaf(
    query: RuleQuery, leaves: Select[UUID], without: Select[UUID] | None
) -> ColumnElement[bool]:
    combinations = titles_with(leaves, query.workspace_id, without=without)
    any_leaf = Title.languages_id.in_(combinations)
    if Insight.LANGUAGE not in query.exempting:
        return any_leaf
    parts = exempt_parts(Insight.LANGUAGE, query.now, query.workspace_id)
    with_exempt = Title.id.in_(parts.with_only_columns(Protection.title_id))
    other_leaf = _has_item(query, leaves)
    if without is not None:
        other_leaf = and_(other_leaf, ~_has_item(query, without))
    return or_(and_(any_leaf, ~with_exempt), and_(with_exempt, other_leaf))


def _has_item(query: RuleQuery, leaves: Select[UUID]) -> ColumnElement[bool]:
    """A film or an episode that is not exempt, for titles with exempt parts."""
    return exists().where(
        MediaItem.title_id == Title.id,
        MediaItem.workspace_id == query.workspace_id,
        MediaItem.listed,
        MediaItem.kind.in_(LEAVES),
        MediaItem.languages_id.in_(leaves),
        ~exempt(Insight.LANGUAGE, query.now, query.workspace_id),
    )


def _grouped(facts: TitleFacts, policy: Policy) -> list[list[LeafFacts]]:
    """The copies of each film or episode that counts."""
    groups: defaultdict[object, list[LeafFacts]] = defaultdict(list)
    movie = facts.kind is TitleKind.MOVIE
    for leaf in facts.leaves:
        if Insight.LANGUAGE in leaf.exempt:
            continue
        if not movie and leaf.season == 0 and not policy.specials:
            continue
        own = leaf.item_id if leaf.number is None else (leaf.season, leaf.number)
        groups[None if movie else own].append(leaf)
    return list(groups.values())


def _judged(
    copies: list[LeafFacts], demands: Demands, original: str | None, strict: bool
) -> JudgedLeaf:
    versions = [
        JudgedVersion(
            each.library_id,
            version,
            shortfall(version, demands.of(each.library_id), original),
        )
        for each in copies
        for version in each.versions or (VersionFacts(size=None),)
    ]
    met = leaf_is_met((each.lack for each in versions), strict=strict)
    return JudgedLeaf(copies, versions, met)


def _clear(code: str, sentence: str) -> Judgement:
    return Judgement(verdict=Verdict.CLEAR, code=code, sentence=sentence)


def _finding(facts: TitleFacts, failing: list[JudgedLeaf]) -> Judgement:
    missing = [demand for each in failing for demand in each.lack.missing]
    return Judgement(
        verdict=Verdict.FINDING,
        code="language_missing",
        sentence=missing_sentence(facts, missing, len(failing)),
        facts=facts_of(facts, [each.lack for each in failing]),
        parts=_parts(facts, failing),
    )


def _undecided(facts: TitleFacts, unclear: list[JudgedLeaf]) -> Judgement:
    unknown = [demand for each in unclear for demand in each.lack.unknown]
    versions = [version.facts for each in unclear for version in each.versions]
    return Judgement(
        verdict=Verdict.UNDECIDED,
        code="language_unknown",
        sentence=unknown_sentence(facts, unknown, versions, len(unclear)),
        facts=facts_of(facts, [each.lack for each in unclear]),
        parts=_parts(facts, unclear),
    )


def _parts(facts: TitleFacts, leaves: list[JudgedLeaf]) -> list[Part]:
    """The versions of a film, or the episodes that are alike."""
    if facts.kind is TitleKind.SERIES:
        return episode_parts(
            (copy, note_of(each.lack)) for each in leaves for copy in each.copies
        )
    return without_repeats(
        Part(
            season=None,
            numbers=[],
            label="Film",
            size=version.facts.size,
            note=note_of(version.lack),
            library_ids=(version.library_id,),
        )
        for each in leaves
        for version in each.versions
    )
