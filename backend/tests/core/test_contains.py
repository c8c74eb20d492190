"""Looking for a text in a column, on each kind of database."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import String, literal, select

from zondarr.core.contains import matches
from zondarr.core.database import Database

PLAIN = st.text(alphabet="abAB%_/\\ .", max_size=6)
"""Letters of both cases, and all that has a meaning in a pattern."""


async def found(database: Database, column: str | None, text: str) -> bool:
    async with database.unscoped("command line", reading=True) as session:
        return bool(
            await session.scalar(select(matches(literal(column, String), text)))
        )


@given(column=PLAIN, text=PLAIN)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_it_is_found_where_it_stands_in_any_case(
    database: Database, column: str, text: str
) -> None:
    assert await found(database, column, text) == (text.lower() in column.lower())


@pytest.mark.parametrize("text", ["a", ""])
async def test_nothing_is_found_in_nothing(database: Database, text: str) -> None:
    assert not await found(database, None, text)
