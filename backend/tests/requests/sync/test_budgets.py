"""How many requests to Seerr a sync may make, besides look-ups of titles."""

from collections.abc import AsyncGenerator

import pytest
from tests.requests.sync.conftest import Desk, open_desk

from zondarr.config import Settings
from zondarr.core.database import Database
from zondarr.requests.sync import lookups

REQUESTS, USERS = 6_000, 40
FIRST, UNCHANGED = 70, 3


@pytest.fixture
async def busy_desk(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Desk]:
    monkeypatch.setattr(lookups, "PER_RUN", lookups.BATCH)
    async with open_desk(settings, database, requests=REQUESTS, users=USERS) as desk:
        yield desk


def besides_look_ups(paths: list[str]) -> list[str]:
    return [path for path in paths if not path.startswith(("/movie/", "/tv/"))]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_all_requests_and_users_are_read_within_the_budget(
    busy_desk: Desk,
) -> None:
    desk = busy_desk
    await desk.connect()
    found = await desk.synced()
    assert len(besides_look_ups(desk.asked())) <= FIRST
    assert (found["request_count"], found["requester_count"]) == (REQUESTS, USERS)
    await desk.synced()
    assert len(besides_look_ups(desk.asked())) <= UNCHANGED
