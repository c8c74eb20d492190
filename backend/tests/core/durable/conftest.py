"""A workspace for runs, and timings that tests can wait for."""

from datetime import timedelta
from uuid import UUID

import pytest

from zondarr.accounts.models import Workspace
from zondarr.core.database import Database
from zondarr.core.durable import Timing

QUICK = Timing(
    heartbeat=timedelta(seconds=0.2),
    dead_after=timedelta(seconds=1.0),
    look=timedelta(seconds=0.1),
    stop=timedelta(seconds=0.2),
)


@pytest.fixture
async def workspace_id(database: Database) -> UUID:
    async with database.unscoped("set-up") as session:
        workspace = Workspace(name="Home")
        session.add(workspace)
    return workspace.id


@pytest.fixture
async def other_workspace_id(database: Database) -> UUID:
    async with database.unscoped("set-up") as session:
        workspace = Workspace(name="Elsewhere")
        session.add(workspace)
    return workspace.id
