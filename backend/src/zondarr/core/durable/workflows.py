"""The handle of a registered workflow function."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid7

from zondarr.core.durable.crashes import Crashes
from zondarr.core.durable.engine import Engine
from zondarr.core.durable.locks import Locks
from zondarr.core.durable.models import Run
from zondarr.core.durable.runs import Runs
from zondarr.core.durable.steps import ONCE, step


class Workflow[*A]:
    """A function that runs to its end once it was started; see `Durable.workflow`."""

    def __init__(
        self, name: str, engine: Engine, locks: Locks, crashes: Crashes
    ) -> None:
        self.name = name
        self._crashes = crashes
        self._engine = engine
        self._locks = locks

    async def start(self, *args: *A, id: UUID | str) -> None:
        """Start it in the background, here; a second start with the same id has no
        effect.

        Returns when the start is stored. Not inside a transaction: what the workflow
        reads must have been committed.
        """
        await self._engine.start(self.name, str(id), args)

    async def restart(self, *args: *A, id: UUID | str) -> None:
        """Start it; if it failed, start it again from its first step.

        One that is running, has succeeded or was set aside is left alone. For sweeps,
        where an outage may have lasted longer than the steps' retries.
        """
        async with self._locks.hold(f"workflow:{id}"):
            if await self._crashes.is_set_aside(str(id)):
                return
            await self._engine.forget_failed(str(id))
            await self._engine.start(self.name, str(id), args)

    async def wait(self, id: UUID | str) -> None:
        """Wait until the workflow with that id has ended, with whatever result."""
        await self._engine.wait(str(id))


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What a run is about, and the ids of the runs that it consists of."""

    id: UUID | None = None
    name: str | None = None
    parts: Sequence[UUID] = ()


NOTHING = About()


class Tracked[*A]:
    """A workflow with a run that its workspace can follow; see `Durable.tracked`."""

    def __init__(self, name: str, run_name: str, engine: Engine, runs: Runs) -> None:
        self.name = name
        self._run_name = run_name
        self._engine = engine
        self._runs = runs

    async def start(
        self,
        *args: *A,
        workspace_id: UUID,
        created_by: UUID | None = None,
        about: About = NOTHING,
    ) -> UUID:
        """Create its run, start it, and return the run's id. Not inside a
        transaction.
        """
        # A step, so that a workflow that starts others starts the same ones on replay.
        given = workspace_id, created_by, about
        run_id = await step(self._engine, "run", self._make, given, ONCE)
        await self._engine.start(self.name, str(run_id), (workspace_id, run_id, *args))
        return run_id

    async def _make(
        self, workspace_id: UUID, created_by: UUID | None, about: About
    ) -> UUID:
        run_id = uuid7()
        run = Run(
            id=run_id,
            name=self._run_name,
            workflow_id=str(run_id),
            created_by=created_by,
            subject_id=about.id,
            subject=about.name,
            parts=[str(part) for part in about.parts],
        )
        await self._runs.create(run, workspace_id)
        return run_id

    async def ongoing(
        self, workspace_id: UUID, subject_id: UUID | None = None
    ) -> Run | None:
        """The run that goes on, about this subject if one is given."""
        run = await self._runs.ongoing(workspace_id, self._run_name, subject_id)
        if run is None or not await self._engine.is_alive(run.workflow_id):
            return None
        return run

    async def wait(self, run_id: UUID) -> None:
        """Wait until that run has ended, with whatever result."""
        await self._engine.wait(str(run_id))
