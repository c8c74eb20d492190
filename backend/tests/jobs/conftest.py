"""The running program with a job of the tests' own, and people who are signed in."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import httpx2
import pytest
from tests.accounts.conftest import House, around, cheap_hasher

from zondarr.accounts.passwords import Passwords
from zondarr.api.application import build_litestar
from zondarr.api.edge import Edge
from zondarr.api.metrics import Metrics
from zondarr.config import Settings
from zondarr.container import Container
from zondarr.core.database import Database
from zondarr.core.durable import Every, Job, Progress
from zondarr.jobs.schedule import schedule

PASSWORD = "correct horse battery"


class Work:
    """The job `test_job`: it waits to be released, and fails if the test
    asks for it.
    """

    def __init__(self) -> None:
        self.release = asyncio.Event()
        self.error: Exception | None = None

    def job(self) -> Job:
        return Job(
            name="test_job",
            description="Does what the test says.",
            every=Every(timedelta(days=1), timedelta(hours=3)),
            function=self._run,
        )

    async def _run(self, progress: Progress, workspace_id: UUID | None) -> None:
        if workspace_id is None:
            return
        await progress.report(1, 2, "half of it is done")
        await self.release.wait()
        if self.error is not None:
            raise self.error
        await progress.report(2, 2, "all done")


class Office(House):
    """A house that does durable work."""

    def __init__(self, container: Container, app: Edge, work: Work) -> None:
        super().__init__(container, app)
        self.app = app
        self.work = work

    @asynccontextmanager
    async def visit(self, email: str) -> AsyncGenerator[httpx2.AsyncClient]:
        """A browser of the account with that address, made if it is new."""
        async with self.browser() as browser:
            answer = await self.sign_in(browser, email, PASSWORD)
            if not answer.is_success:
                await self.container.accounts.create_workspace(
                    email, email=email, password=PASSWORD
                )
                answer = await self.sign_in(browser, email, PASSWORD)
            assert answer.is_success, answer.text
            yield browser


@pytest.fixture
async def office(settings: Settings, database: Database) -> AsyncGenerator[Office]:
    passwords, work, metrics = Passwords(cheap_hasher()), Work(), Metrics()
    container = Container.build(settings, database=database, passwords=passwords)
    schedule(container)
    container.durable.schedule(work.job())
    app = around(build_litestar(container, metrics), metrics)
    app.end_streams = container.durable.events.close
    async with container.running(shown_at="http://zondarr.test"):
        yield Office(container, app, work)
        work.release.set()
