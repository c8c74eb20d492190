"""What is read once for each response, before any title."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from zondarr.catalogue.insight import Insight
from zondarr.core.database import Session
from zondarr.core.database.cache import AtRevision
from zondarr.insights.facts import AccountFacts
from zondarr.insights.policy import Policy
from zondarr.insights.repository import (
    AccountRepository,
    FactRepository,
    Revision,
    ServerState,
    active_kinds,
    read_revision,
)
from zondarr.insights.repository.languages import has_unread
from zondarr.insights.rules import RuleQuery
from zondarr.protections.repository import language_overrides
from zondarr.protections.rules import LanguageOverride
from zondarr.settings.repository import SettingRepository


class Surroundings(Struct, frozen=True, kw_only=True):
    """What depends on no title and no parameter: the same while the revision is.

    From insights that are `hidden` some titles are protected.
    """

    settings: Mapping[str, Any]
    accounts: Sequence[AccountFacts]
    hidden: frozenset[Insight]
    exempting: frozenset[Insight]
    language_overrides: Sequence[LanguageOverride]
    languages_unread: bool
    servers: Mapping[UUID, ServerState]


class Context(Struct, frozen=True, kw_only=True):
    """`unread` are the accounts that were not read for a while; `revision` changes with
    anything on which verdicts depend.
    """

    query: RuleQuery
    revision: Revision
    surroundings: Surroundings
    unread: Sequence[AccountFacts]

    @property
    def hidden(self) -> frozenset[Insight]:
        return self.surroundings.hidden


async def read_context(
    session: Session,
    overrides: Mapping[str, Any],
    now: datetime,
    *,
    kept: AtRevision | None = None,
) -> Context:
    """`kept` remembers the surroundings of a revision."""
    revision = await read_revision(session, now)
    if kept is None:
        found = await _read(session, now)
    else:
        key = session.workspace_id, Surroundings
        found = await kept.get(key, revision, now, lambda: _read(session, now))
    stale = [each.library_ids for each in found.accounts if each.is_stale(now)]
    query = RuleQuery(
        workspace_id=session.workspace_id,
        now=now,
        policy=Policy.of(found.settings, overrides),
        stale_libraries=frozenset[UUID]().union(*stale),
        exempting=found.exempting,
        language_overrides=found.language_overrides,
        languages_unread=found.languages_unread,
    )
    return Context(
        query=query,
        revision=revision,
        surroundings=found,
        unread=[each for each in found.accounts if each.is_unread(now)],
    )


async def _read(session: Session, now: datetime) -> Surroundings:
    kinds = await active_kinds(session, now)
    return Surroundings(
        settings=await SettingRepository(session).values(),
        accounts=await AccountRepository(session).present(),
        hidden=frozenset(
            insight for insight in Insight if any(k.hides(insight) for k in kinds)
        ),
        exempting=frozenset(
            insight for insight in Insight if any(k.exempts(insight) for k in kinds)
        ),
        language_overrides=await language_overrides(session, now),
        languages_unread=await has_unread(session),
        servers=await FactRepository(session).servers(),
    )
