"""A small program with durable work, for tests that kill it.

Its one workflow has three steps, each of which notes in the journal that it did its
work. `kill_at` is a point at which the process kills itself, `-` for none: `in:2` is
after the second step's work and before its record, `after:2` is after that; at
`stall:in:2` it only stops until somebody wakes it. With `start`, it starts the
workflow; else it does what was left to it. It ends when the workflow has.
"""

import asyncio
import os
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

from zondarr.core.database import Database
from zondarr.core.durable import Durable, Every, Job, Progress, Timing

TIMING = Timing(heartbeat=0.2, dead_after=1.5, look=0.1, stop=0.2)
STEPS = 3


class Program:
    def __init__(self, database: Database, journal: Path, kill_at: str) -> None:
        self.durable = Durable(database, timing=TIMING)
        self.workflow = self.durable.workflow("three-steps", self.three_steps)
        self.durable.schedule(
            Job(name="tick", description="Notes.", every=Every(1), function=self.tick)
        )
        self.database = database
        self.journal = journal
        self.kill_at = kill_at
        self.ended = asyncio.Event()

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
    *,
    start: bool,
) -> None:
    """The process."""
    sys.stdout = sys.stderr = log.open("a", buffering=1)
    asyncio.run(_live(Program(Database(url), journal, kill_at), ready, start=start))


async def _live(
    program: Program, ready: Connection[bool, object], *, start: bool
) -> None:
    async with program.durable:
        ready.send(True)
        if start:
            await program.workflow.start(id="one")
        await program.ended.wait()
        await program.workflow.wait("one")
    await program.database.close()
