"""Unwatched: nobody has played it for a long time.

The first that fits decides: it has not been there for long enough (clear); somebody
played it lately (clear); it is a favourite (clear); a mark as played has no time
(undecided); the watch data of an account that may see it is stale (undecided); else it
is a finding. A show is as new as its newest episode, and as active as its most active
one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import override

from sqlalchemy import ColumnElement, and_, exists, false, or_

from zondarr.catalogue.insight import Insight
from zondarr.catalogue.models import MediaItem, Title, TitleKind
from zondarr.core.counting import counted
from zondarr.insights.facts import (
    AccountFacts,
    Activity,
    Fact,
    Judgement,
    TitleFacts,
    Verdict,
)
from zondarr.insights.policy import LEFT_OUT_AFTER, Policy
from zondarr.insights.rules.rule import Need, Rule, RuleQuery
from zondarr.insights.wording import DAY, days_ago, list_of
from zondarr.media.types import ItemKind

COPIES = (ItemKind.MOVIE, ItemKind.SHOW)


class Unwatched(Rule):
    insight = Insight.UNWATCHED
    needs = frozenset({Need.PLAYS})

    @override
    def finding(self, query: RuleQuery) -> ColumnElement[bool]:
        return and_(
            _inactive(query), ~Title.undated_play, *_seen_by_stale(query, False)
        )

    @override
    def undecided(self, query: RuleQuery) -> ColumnElement[bool]:
        # `IS TRUE`: few titles have such a mark, so their index is the way to them.
        inactive = _inactive(query).is_(True)
        seen = _seen_by_stale(query, True)
        return and_(or_(Title.undated_play, *seen), inactive)

    @override
    def bounds(self, query: RuleQuery, /) -> Mapping[str, ColumnElement[bool]]:
        policy, now = query.policy, query.now
        return {
            "added": Title.added_at < policy.old_enough_before(now),
            "last_activity": Title.active_at < policy.unwatched_before(now),
        }

    @override
    def relevant(self, query: RuleQuery) -> ColumnElement[bool]:
        return false()

    @override
    def judge(self, facts: TitleFacts, policy: Policy, now: datetime) -> Judgement:
        return (
            _clear(facts, policy, now)
            or _undecided(facts, now)
            or _finding(facts, policy, now)
        )


def _inactive(query: RuleQuery) -> ColumnElement[bool]:
    policy, now = query.policy, query.now
    found = [
        Title.added_at < policy.old_enough_before(now),
        Title.active_at < policy.unwatched_before(now),
    ]
    if policy.favourites_count:
        found.append(~Title.favourite)
    return and_(*found)


def _seen_by_stale(query: RuleQuery, seen: bool) -> list[ColumnElement[bool]]:
    """Whether an account may see the title whose watch data is stale; nothing if there
    is no such account.
    """
    if not query.stale_libraries:
        return []
    copy = exists().where(
        MediaItem.title_id == Title.id,
        MediaItem.workspace_id == query.workspace_id,
        MediaItem.library_id.in_(query.stale_libraries),
        MediaItem.kind.in_(COPIES),
        MediaItem.listed,
    )
    return [copy if seen else ~copy]


def _clear(facts: TitleFacts, policy: Policy, now: datetime) -> Judgement | None:
    known = _facts(facts, policy)
    if now - facts.added_at <= policy.min_age_days * DAY:
        return Judgement(
            verdict=Verdict.CLEAR,
            code="too_new",
            sentence=f"Added {days_ago(facts.added_at, now)}: titles are left alone for"
            f" the first {counted(policy.min_age_days, 'day')}.",
            facts=known,
        )
    active = facts.last_activity
    if active is not None and now - active.at <= policy.unwatched_after_days * DAY:
        return Judgement(
            verdict=Verdict.CLEAR,
            code="watched_lately",
            sentence=f"Last played {days_ago(active.at, now)}{_by(active)}.",
            facts=known,
        )
    if facts.favourite and policy.favourites_count:
        return Judgement(
            verdict=Verdict.CLEAR,
            code="favourite",
            sentence="Somebody marked it as a favourite.",
            facts=known,
        )
    return None


def _undecided(facts: TitleFacts, now: datetime) -> Judgement | None:
    if facts.undated_play:
        who = list_of([_name(e.account, e.server) for e in facts.undated_plays])
        return Judgement(
            verdict=Verdict.UNDECIDED,
            code="undated_play",
            sentence=f"{who or 'Somebody'} marked it as played, and the server does not"
            " say when. Protect it to keep it; once it is played again, the time is"
            " known.",
            facts=[
                Fact(
                    name="played_at",
                    value=None,
                    source=_name(each.account, each.server),
                    as_of=each.as_of,
                )
                for each in facts.undated_plays
            ],
        )
    stale = [each for each in facts.accounts if each.is_stale(now)]
    if not stale:
        return None
    who = list_of([_name(each.name, each.server) for each in stale])
    since = min(each.as_of for each in stale)
    days = counted(LEFT_OUT_AFTER // DAY, "day")
    verb = "was not read since" if any(e.read for e in stale) else "was never read,"
    return Judgement(
        verdict=Verdict.UNDECIDED,
        code="stale_account",
        sentence=f"What {who} watched {verb} {days_ago(since, now)}. Sync the"
        f" catalogue; after {days} it is decided without"
        f" {'them' if len(stale) > 1 else 'that account'}.",
        facts=_account_facts(stale),
    )


def _finding(facts: TitleFacts, policy: Policy, now: datetime) -> Judgement:
    left_out = [each for each in facts.accounts if each.is_left_out(now)]
    code, what = _what(facts, now)
    return Judgement(
        verdict=Verdict.FINDING,
        code=code,
        sentence=" ".join([what, *_limits(facts, left_out)]),
        facts=[*_facts(facts, policy), *_account_facts(left_out)],
    )


def _what(facts: TitleFacts, now: datetime) -> tuple[str, str]:
    active = facts.last_activity
    if active is None:
        return "never_played", f"Nobody has played it; added {_added(facts, now)}."
    when = f"{days_ago(active.at, now)}{_by(active, ', by')}"
    if facts.finished is False:
        return "not_finished", f"Nobody has finished it; last touched {when}."
    return "not_played_lately", f"Nobody has played it lately; last played {when}."


def _added(facts: TitleFacts, now: datetime) -> str:
    ago = days_ago(facts.added_at, now)
    return f"{ago} (its newest episode)" if facts.kind is TitleKind.SERIES else ago


def _limits(facts: TitleFacts, left_out: Sequence[AccountFacts]) -> list[str]:
    """What cannot be known."""
    found: list[str] = []
    if left_out:
        names = list_of([_name(each.name, each.server) for each in left_out])
        found.append(f"Not read for a long time, and left out: {names}.")
    blind = sorted({each.server for each in facts.libraries if not each.sees_marks})
    if blind:
        found.append(f"Marks set by hand on {list_of(blind)} cannot be seen.")
    return found


def _facts(facts: TitleFacts, policy: Policy) -> list[Fact]:
    servers = sorted({each.server for each in facts.libraries})
    read = [each.as_of for each in facts.libraries if each.as_of is not None]
    found = [
        Fact(
            name="added_at",
            value=facts.added_at.isoformat(),
            source=", ".join(servers) or None,
            as_of=min(read, default=None),
        )
    ]
    active = facts.last_activity
    found.append(
        Fact(
            name="last_activity",
            value=active and active.at.isoformat(),
            source=active and active.server,
            as_of=active and active.as_of,
        )
    )
    if facts.favourite:
        found.append(Fact(name="favourite", value=True))
    found.append(Fact(name="min_age_days", value=policy.min_age_days))
    found.append(Fact(name="unwatched_after_days", value=policy.unwatched_after_days))
    return found


def _account_facts(accounts: Sequence[AccountFacts]) -> list[Fact]:
    return [
        Fact(
            name="watch_data" if each.read else "watch_data_never_read",
            value=each.name,
            source=each.server,
            as_of=each.as_of,
        )
        for each in accounts
    ]


def _by(active: Activity, word: str = " by") -> str:
    return "" if active.account is None else f"{word} {active.account}"


def _name(account: str | None, server: str) -> str:
    return f"{account or 'an account'} on {server}"
