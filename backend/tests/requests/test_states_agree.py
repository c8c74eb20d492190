"""The SQL of states agrees with the function on random requests of any kind."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.requests.drawn import Draw

from zondarr.accounts.models import Workspace
from zondarr.core.database import Database
from zondarr.requests.loading import facts_of
from zondarr.requests.repository import EVERYWHERE, RequestRepository
from zondarr.requests.states import RequestState, state_of

REQUESTS = 150


async def check(
    database: Database, workspace: Workspace, seed: int
) -> set[RequestState]:
    draw = Draw(seed)
    for number in range(REQUESTS):
        draw.request(number)
    async with database.scoped(workspace.id) as session:
        await draw.store(session)
        requests = RequestRepository(session)
        by_sql = {
            each.id: each.state
            for each in await requests.ordered(
                EVERYWHERE, "requested", draw.policy, draw.now
            )
        }
        rows = await requests.rows(list(by_sql))
        seasons = await requests.seasons(rows)
        for row in rows:
            own = row.id
            facts = facts_of(row, seasons.get(own, ()), None)
            state = state_of(facts, draw.policy, draw.now)
            assert by_sql[own] is state, facts
        assert len(rows) == REQUESTS
        await session.rollback()
    return set(by_sql.values())


def of_examples(count: int) -> settings:
    return settings(
        max_examples=count,
        phases=[Phase.generate],  # a smaller seed makes no smaller requests
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@of_examples(20)
@given(seed=st.integers(0, 2**32))
async def test_the_function_and_its_sql_agree_on_three_thousand_requests(
    database: Database, workspace: Workspace, seed: int
) -> None:
    await check(database, workspace, seed)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@of_examples(7)
@given(seed=st.integers(0, 2**32))
async def test_and_on_a_thousand_on_postgresql(
    database: Database, workspace: Workspace, seed: int
) -> None:
    await check(database, workspace, seed)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_state_is_among_such_requests(
    database: Database, workspace: Workspace
) -> None:
    found: set[RequestState] = set()
    for seed in range(3):
        found |= await check(database, workspace, seed)
    assert found == set(RequestState)
