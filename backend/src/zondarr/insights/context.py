"""What is read once for each response, before any title."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from zondarr.catalogue.insight import Insight
from zondarr.core.database import Session
from zondarr.insights.facts import AccountFacts
from zondarr.insights.policy import Policy
from zondarr.insights.repository import AccountRepository, active_kinds
from zondarr.insights.repository.languages import has_unread
from zondarr.insights.rules import RuleQuery
from zondarr.protections.repository import language_overrides
from zondarr.settings.repository import SettingRepository


class Context(Struct, frozen=True, kw_only=True):
    """`unread` are the accounts that were not read for a while; `hidden` the insights
    from which some titles are protected.
    """

    query: RuleQuery
    unread: Sequence[AccountFacts]
    hidden: frozenset[Insight]


async def read_context(
    session: Session, overrides: Mapping[str, Any], now: datetime
) -> Context:
    stored = await SettingRepository(session).values()
    unread = await AccountRepository(session).unread(now)
    kinds = await active_kinds(session, now)
    query = RuleQuery(
        workspace_id=session.workspace_id,
        now=now,
        policy=Policy.of(stored, overrides),
        stale_libraries=unread.stale_libraries,
        exempting=frozenset(
            insight for insight in Insight if any(k.exempts(insight) for k in kinds)
        ),
        language_overrides=await language_overrides(session, now),
        languages_unread=await has_unread(session),
    )
    hidden = {insight for insight in Insight if any(k.hides(insight) for k in kinds)}
    return Context(query=query, unread=unread.accounts, hidden=frozenset(hidden))
