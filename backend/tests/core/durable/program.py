"""A small program with durable work, for tests that kill it.

Its one workflow has three steps, each of which notes in the journal that it did its
work. `kill_at` is a point at which the process kills itself, `-` for none: `in:2` is
after the second step's work and before its record, `after:2` is after that; at
`stall:in:2` it only stops until somebody wakes it. With `start` it starts the
workflow; else it does what was left to it. It ends when the workflow has.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

from zondarr.core.database import Database
from zondarr.core.durable import Durable, Every, Job, Progress, Timing
from zondarr.core.durable.models import Crash

TIMING = Timing(
    heartbeat=timedelta(seconds=0.2),
    dead_after=timedelta(seconds=1.5),
    look=timedelta(seconds=0.1),
    stop=timedelta(seconds=0.2),
)
STEPS = 3
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Options:
    start: bool = False
    sweep: bool = False
    """Start the workflow anew if it cannot go on, as a sweep does."""
    try_again: bool = False
    """Have what was set aside tried again."""
    id: str = "one"
    version: str = "1"


class DurableProgram:
    def __init__(
        self, database: Database, journal: Path, kill_at: str, options: Options
    ) -> None:
        self.durable = Durable(database, timing=TIMING, version=options.version)
        self.workflow = self.durable.workflow("three-steps", self.three_steps)
        self.durable.schedule(
            Job(
                name="tick",
                description="Notes.",
                every=Every(timedelta(seconds=1)),
                function=self.tick,
            )
        )
        self.database = database
        self.journal = journal
        self.kill_at = kill_at
        self.ended = asyncio.Event()
        self.options = options
        self.sweeping: asyncio.Task[None] | None = None

    async def three_steps(self) -> None:
        self.pass_by("before")
        for number in range(1, STEPS + 1):
            await self.durable.step(f"step/{number}", self.do, number)
            self.pass_by(f"after:{number}")
        self.note("end")
        self.ended.set()

    async def do(self, number: int) -> None:
        self.pass_by(f"begin:{number}")
        self.note(str(number))
        self.pass_by(f"in:{number}")
        await asyncio.sleep(0.05)

    async def tick(self, _progress: Progress, _workspace_id: UUID | None) -> None:
        with self.journal.with_suffix(".ticks").open("a") as ticks:
            ticks.write(f"{self.durable.id}\n")

    async def sweep(self) -> None:
        while not self.ended.is_set():
            await self.workflow.restart(id=self.options.id)
            await asyncio.sleep(0.1)

    async def try_again(self) -> None:
        crashes: Sequence[Crash] = []
        while not crashes:
            crashes = await self.durable.set_aside(NOBODY)
        (crash,) = crashes
        self.note(f"aside:{crash.workflow_id}")
        await self.durable.try_again(crash.id, NOBODY)

    def note(self, what: str) -> None:
        with self.journal.open("a") as journal:
            journal.write(f"{what}\n")

    def pass_by(self, point: str) -> None:
        if point == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.kill_at == f"stall:{point}":
            os.kill(os.getpid(), signal.SIGSTOP)


def live(
    url: str,
    journal: Path,
    kill_at: str,
    ready: Connection[bool, object],
    log: Path,
    options: Options,
) -> None:
    """The process."""
    sys.stdout = sys.stderr = log.open("a", buffering=1)
    program = DurableProgram(Database(url), journal, kill_at, options)
    asyncio.run(_live(program, ready))


async def _live(program: DurableProgram, ready: Connection[bool, object]) -> None:
    options = program.options
    async with program.durable:
        ready.send(True)
        if options.start:
            await program.workflow.start(id=options.id)
        if options.sweep:
            program.sweeping = asyncio.create_task(program.sweep())
        if options.try_again:
            await program.try_again()
        await program.ended.wait()
        await program.workflow.wait(options.id)
    await program.database.close()
