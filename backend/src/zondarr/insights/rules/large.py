"""Large: a film or a season that takes up much space.

A film counts with its largest version, a season with the sum of its episodes' largest
versions; or all versions count (`large_counts`). A season of one library does not add
to that of another one. If the size of a version is unknown, the title is undecided,
unless the known part reaches the limit.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import override

from sqlalchemy import ColumnElement, and_, false, or_

from zondarr.catalogue.insight import Insight
from zondarr.catalogue.models import Title, TitleKind
from zondarr.core.counting import counted
from zondarr.insights.facts import (
    Fact,
    Judgement,
    Part,
    SizeFacts,
    TitleFacts,
    Verdict,
)
from zondarr.insights.parts import without_repeats
from zondarr.insights.policy import LargeCounts, Policy
from zondarr.insights.repository.sizes import titles_with
from zondarr.insights.rules.rule import Need, Rule, RuleQuery
from zondarr.insights.wording import size_in_words
from zondarr.protections.models import Protection
from zondarr.protections.repository import exempt, exempt_parts


class Large(Rule):
    insight = Insight.LARGE
    needs = frozenset({Need.SIZES})

    @override
    def finding(self, query: RuleQuery) -> ColumnElement[bool]:
        policy = query.policy
        every = policy.large_counts is LargeCounts.SUM
        size = Title.largest_sum if every else Title.largest
        series = and_(Title.kind == TitleKind.SERIES, size >= policy.large_season_bytes)
        movie = and_(Title.kind == TitleKind.MOVIE, size >= policy.large_movie_bytes)
        if self.insight not in query.exempting:
            return or_(movie, series)
        over = _with_rest(
            query, "sum" if every else "largest", policy.large_season_bytes
        )
        return or_(movie, and_(series, or_(~_has_exempt_parts(query), over)))

    @override
    def undecided(self, query: RuleQuery) -> ColumnElement[bool]:
        unknown = and_(~Title.sizes_known, ~self.finding(query))
        if self.insight not in query.exempting:
            return unknown
        rest = _with_rest(query, "unknown", 1)
        return and_(unknown, or_(~_has_exempt_parts(query), rest))

    @override
    def bounds(self, query: RuleQuery, /) -> Mapping[str, ColumnElement[bool]]:
        policy = query.policy
        if policy.large_counts is LargeCounts.SUM:
            return {}  # which counts a file twice that lies on two servers
        least = min(policy.large_movie_bytes, policy.large_season_bytes)
        return {"size": Title.size >= least}

    @override
    def relevant(self, query: RuleQuery) -> ColumnElement[bool]:
        return false()

    @override
    def judge(self, facts: TitleFacts, policy: Policy, now: datetime) -> Judgement:
        movie = facts.kind is TitleKind.MOVIE
        limit = policy.large_movie_bytes if movie else policy.large_season_bytes
        counted_sizes = [(_counted(each, policy), each) for each in facts.sizes]
        over = [each for size, each in counted_sizes if size >= limit]
        largest = max((size for size, _ in counted_sizes), default=0)
        unknown = sum(each.unknown for each in facts.sizes)
        known = [
            Fact(name="largest", value=largest),
            Fact(name="limit", value=limit),
            Fact(name="unknown_sizes", value=unknown),
        ]
        what = "version" if movie else "season"
        limit_text = f"the limit of {size_in_words(limit)}"
        parts = _parts(over or facts.sizes if movie else over, policy)
        if over:
            return Judgement(
                verdict=Verdict.FINDING,
                code=f"large_{'movie' if movie else 'season'}",
                sentence=f"{_subject(movie, over, policy)} {size_in_words(largest)},"
                f" at or over {limit_text}.",
                facts=known,
                parts=parts,
            )
        if unknown:
            return Judgement(
                verdict=Verdict.UNDECIDED,
                code="size_unknown",
                sentence=f"The size of {counted(unknown, 'file')} is not known:"
                f" {_servers(facts)} did not report it. Scan the library there, then"
                " sync again.",
                facts=known,
            )
        return Judgement(
            verdict=Verdict.CLEAR,
            code="small_enough",
            sentence=f"The largest {what} takes {size_in_words(largest)}, less than"
            f" {limit_text}.",
            facts=known,
        )


def _has_exempt_parts(query: RuleQuery) -> ColumnElement[bool]:
    parts = exempt_parts(Insight.LARGE, query.now, query.workspace_id)
    return Title.id.in_(parts.with_only_columns(Protection.title_id))


def _with_rest(query: RuleQuery, column: str, least: int) -> ColumnElement[bool]:
    """Of titles with exempt parts: another part has at least this value."""
    parts = exempt_parts(Insight.LARGE, query.now, query.workspace_id)
    left_out = exempt(Insight.LARGE, query.now, query.workspace_id)
    found = titles_with(
        parts.with_only_columns(Protection.title_id),
        left_out,
        query.workspace_id,
        column=column,
        least=least,
    )
    return Title.id.in_(found)


def _counted(sizes: SizeFacts, policy: Policy) -> int:
    every = policy.large_counts is LargeCounts.SUM
    return sizes.sum if every else sizes.largest


def _subject(movie: bool, over: Sequence[SizeFacts], policy: Policy) -> str:
    largest = max(over, key=lambda each: _counted(each, policy))
    if movie and policy.large_counts is LargeCounts.SUM and largest.versions > 1:
        return f"Its {largest.versions} versions take"
    if movie:
        return "Its largest version takes" if largest.versions > 1 else "It takes"
    seasons = {each.season for each in over}
    if len(seasons) > 1:
        return f"{len(seasons)} seasons are large; the largest takes"
    return f"{_season(largest)} takes"


def _season(sizes: SizeFacts) -> str:
    match sizes.season:
        case None:
            return "A season without a number"
        case 0:
            return "Its specials"
        case number:
            return f"Season {number}"


def _servers(facts: TitleFacts) -> str:
    names = sorted({each.server for each in facts.libraries})
    return " and ".join(names) or "the server"


def _parts(sizes: Sequence[SizeFacts], policy: Policy) -> list[Part]:
    return without_repeats(
        Part(
            season=each.season,
            numbers=[],
            label="Film" if each.season is None else f"S{each.season}",
            size=_counted(each, policy),
            note=_note(each),
            library_ids=(each.library_id,),
        )
        for each in sorted(sizes, key=lambda e: -_counted(e, policy))
    )


def _note(sizes: SizeFacts) -> str | None:
    if sizes.versions == sizes.leaves:
        return None
    return (
        f"{counted(sizes.versions, 'version')}, {size_in_words(sizes.sum)} altogether"
    )
