"""Each rule's SQL and its pure function agree on every title of any library.

The libraries are rows of the catalogue's own tables, with gaps: sizes, languages and
times that no server told, accounts that were not read. An example is a handful of them,
so that a thousand libraries cost little.
"""

from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from tests.insights.libraries import NOW, draw_libraries, settings_of

from zondarr.accounts.models import Workspace
from zondarr.catalogue.copies import CopyReader
from zondarr.catalogue.models import Title
from zondarr.catalogue.publishing import refresh_titles
from zondarr.core.database import Database, Session
from zondarr.core.repository import PageRequest
from zondarr.insights.context import Context, read_context
from zondarr.insights.facts import TitleFacts, Verdict
from zondarr.insights.loading import FactLoader, Loaded
from zondarr.insights.repository import FindingFilter, FindingRepository
from zondarr.insights.repository.findings import FEW
from zondarr.insights.rules import RULES, Rule
from zondarr.insights.service import Listed, condition
from zondarr.media.registry import ClientRegistry
from zondarr.protections.rules import quieting

LIBRARIES, TITLES = 10, 2

ALL, NO_FILTER = PageRequest(limit=100_000), FindingFilter()

type Ids = set[UUID]

seeds = st.lists(st.integers(0, 2**32), min_size=LIBRARIES, max_size=LIBRARIES)


def of_examples(count: int) -> Callable[..., object]:
    return settings(
        max_examples=count,
        phases=[Phase.generate],  # smaller seeds make no smaller libraries
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )


async def found_by_sql(
    session: Session, rule: Rule, context: Context, sort: str
) -> dict[Listed, Ids]:
    """In two ways: few findings are sorted, for many the order is walked."""
    repository = FindingRepository(session)
    found: dict[Listed, Ids] = {}
    for listed in Listed:
        wanted = condition(rule, context, listed)
        bounds = None if listed is Listed.UNDECIDED else rule.bounds(context.query)
        few = await repository.find(ALL, wanted, NO_FILTER, expected=1)
        found[listed] = {title.id for title in few.items}
        request = PageRequest(limit=100_000, sort=sort)
        walked = await repository.find(
            request, wanted, NO_FILTER, expected=FEW + 1, bounds=bounds
        )
        assert {title.id for title in walked.items} == found[listed], sort
    return found


def found_by_function(
    rule: Rule, loaded: Loaded, context: Context
) -> dict[Listed, Ids]:
    found: dict[Listed, Ids] = {listed: set() for listed in Listed}
    for facts in loaded.facts.values():
        verdict = rule.judge(facts, context.query.policy, NOW).verdict
        hidden = is_hidden(rule, facts, loaded)
        if verdict is Verdict.FINDING:
            found[Listed.PROTECTED if hidden else Listed.FINDING].add(facts.id)
        elif verdict is Verdict.UNDECIDED and not hidden:
            found[Listed.UNDECIDED].add(facts.id)
    return found


def is_hidden(rule: Rule, facts: TitleFacts, loaded: Loaded) -> bool:
    libraries = {each.id for each in facts.libraries}
    by = loaded.protections
    own = facts.id
    return (
        quieting(by, rule.insight, title_id=own, library_ids=libraries, now=NOW)
        is not None
    )


async def check(database: Database, workspace: Workspace, seeds: list[int]) -> None:
    rows, policy = draw_libraries(seeds, TITLES)
    async with database.scoped(workspace.id) as session:
        await rows.store(session)
        titles = list(await session.scalars(select(Title)))
        await refresh_titles(session, [each.id for each in titles], publishing=None)
        session.expire_all()
        titles = list(await session.scalars(select(Title)))
        copies = await CopyReader(session).of_titles([each.id for each in titles])
        context = await read_context(session, settings_of(policy), NOW)
        loader = FactLoader(session, ClientRegistry())
        whole = await loader.load_whole(titles, copies, context)
        sorts = list(FindingRepository.sorts)
        for rule in RULES.values():
            sort = sorts[seeds[0] % len(sorts)]
            by_sql = await found_by_sql(session, rule, context, sort)
            assert by_sql == found_by_function(rule, whole, context), rule.insight
            # So do the facts that a list loads for its reasons.
            page = await loader.load(titles, copies, [rule], context)
            assert by_sql == found_by_function(rule, page, context), rule.insight
        await session.rollback()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@of_examples(100)
@given(seeds=seeds)
async def test_a_rule_and_its_sql_agree_on_a_thousand_libraries(
    database: Database, workspace: Workspace, seeds: list[int]
) -> None:
    await check(database, workspace, seeds)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@of_examples(15)
@given(seeds=seeds)
async def test_and_on_a_hundred_and_fifty_on_postgresql(
    database: Database, workspace: Workspace, seeds: list[int]
) -> None:
    await check(database, workspace, seeds)
