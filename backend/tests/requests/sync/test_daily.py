"""The job that reads requests once a day; `catalogue.daily` says when."""

from collections.abc import AsyncGenerator

import pytest
from tests.requests.sync.conftest import Desk, open_desk

from zondarr.config import Settings
from zondarr.core.database import Database

JOB = "sync_requests"


@pytest.fixture
async def desk(settings: Settings, database: Database) -> AsyncGenerator[Desk]:
    async with open_desk(settings, database, requests=3, users=2) as desk:
        yield desk


async def run_of_job(desk: Desk) -> str:
    """The job, asked for in the workspace; gives what it says."""
    answer = await desk.browser.post(f"/api/v1/jobs/{JOB}/run")
    assert answer.status_code == 202, answer.text
    run = await desk.ended(answer.json()["run_id"])
    return run["progress"]["message"]


async def test_the_job_reads_the_seerr_of_a_workspace_that_has_one(
    desk: Desk,
) -> None:
    assert await run_of_job(desk) == "0 syncs started"
    await desk.connect()
    assert await run_of_job(desk) == "1 syncs started"
    runs = await desk.browser.get("/api/v1/runs", params={"name": "requests.sync"})
    (run,) = runs.json()["items"]
    assert (await desk.ended(run["id"]))["status"] == "succeeded"
    assert (await desk.get())["request_count"] == 3
