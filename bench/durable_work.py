"""What durable work costs by itself, in this process: the figures of decision 0001.

    python bench/durable_work.py [DATABASE_URL]

Without an address, on SQLite in a folder of its own. The database must be empty.
"""

import asyncio
import resource
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from uuid import UUID, uuid7

import zondarr.tables
from zondarr.core.database import Database
from zondarr.core.durable import Durable, Workflow

ROUNDS = 30
STEPS = 20
CALLS, LATENCY = 7, 0.1
"""A redemption's calls of one server, one after the other, and how long each takes."""
QUIET = 20.0


class Work:
    def __init__(self, durable: Durable) -> None:
        self._durable = durable
        self._ended: dict[UUID, asyncio.Event] = {}
        self.nothing = durable.workflow("nothing", self._nothing)
        self.steps = durable.workflow("steps", self._steps)
        self.redeem = durable.workflow("redeem", self._redeem)

    async def took(self, workflow: Workflow[UUID]) -> tuple[float, float]:
        """Milliseconds until it was stored, and until it had ended."""
        key = uuid7()
        ended = self._ended[key] = asyncio.Event()
        begun = time.perf_counter()
        await workflow.start(key, id=key)
        stored = time.perf_counter() - begun
        await ended.wait()
        return stored * 1000, (time.perf_counter() - begun) * 1000

    async def _nothing(self, key: UUID) -> None:
        self._ended[key].set()

    async def _steps(self, key: UUID) -> None:
        for _ in range(STEPS):
            await self._durable.step("same", self._same, key)
        self._ended[key].set()

    async def _redeem(self, key: UUID) -> None:
        parts = await self._durable.step("parts", self._twice, key)
        each = (self._durable.step("provision", self.call, part) for part in parts)
        await self._durable.together(*each)
        await self._durable.step("record", self._same, key)
        self._ended[key].set()

    async def _same(self, key: UUID) -> UUID:
        return key

    async def _twice(self, key: UUID) -> list[UUID]:
        return [key, key]

    async def call(self, _part: UUID) -> bool:
        for _ in range(CALLS):
            await asyncio.sleep(LATENCY)
        return True


async def measure(url: str) -> None:
    assert zondarr.tables.Base
    database = Database(url)
    await database.run(zondarr.tables.Base.metadata.create_all)
    durable = Durable(database)
    work = Work(durable)
    begun = time.perf_counter()
    async with durable:
        report("start of durable work", (time.perf_counter() - begun) * 1000, "ms")
        report("threads", threading.active_count(), "")
        await work.took(work.nothing)
        stored = [(await work.took(work.nothing))[0] for _ in range(ROUNDS)]
        report("start of a workflow, stored", statistics.median(stored), "ms")
        whole = [(await work.took(work.steps))[1] for _ in range(ROUNDS)]
        report("a step", statistics.median(whole) / STEPS, "ms")
        await tell_redemptions(work)
        before = cpu_seconds()
        await asyncio.sleep(QUIET)
        report("of one core when idle", (cpu_seconds() - before) / QUIET * 100, "%")
    await database.close()


async def tell_redemptions(work: Work) -> None:
    """Against the same calls without anything around them, in the same minute."""
    for at_once in (1, 20):
        bare, took = list[float](), list[float]()
        for _ in range(ROUNDS // 3):
            bare += await asyncio.gather(*(calls_alone(work) for _ in range(at_once)))
            ends = (work.took(work.redeem) for _ in range(at_once))
            took += [end for _, end in await asyncio.gather(*ends)]
        over = statistics.median(took) / statistics.median(bare) * 100 - 100
        what = f"over {CALLS} calls of {LATENCY * 1000:.0f} ms, {at_once} at once"
        report(what, over, "%")


async def calls_alone(work: Work) -> float:
    begun = time.perf_counter()
    await asyncio.gather(*(work.call(uuid7()) for _ in range(2)))
    return (time.perf_counter() - begun) * 1000


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def report(what: str, number: float, unit: str) -> None:
    sys.stdout.write(f"{what:40} {number:8.1f} {unit}\n")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        own = f"sqlite+aiosqlite:///{Path(folder) / 'zondarr.db'}"
        asyncio.run(measure(sys.argv[1] if len(sys.argv) > 1 else own))
