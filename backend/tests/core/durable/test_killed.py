"""Processes that are killed, and what becomes of their work."""

import signal
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.own_database

BACKEND = Path(__file__).parents[3]
PATIENCE = 30.0
KILLED = -9


class Child(subprocess.Popen[str]):
    """The program of `program.py`, in a process of its own."""

    def __init__(
        self, url: str, journal: Path, kill_at: str = "-", *start: str
    ) -> None:
        program = [sys.executable, "-m", "tests.core.durable.program"]
        super().__init__(
            [*program, url, str(journal), kill_at, *start],
            cwd=BACKEND,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> None:
        assert self.stdout is not None
        assert self.stdout.readline() == "ready\n", self.communicate()

    def end(self) -> int:
        _, self.errors = self.communicate(timeout=PATIENCE)
        return self.returncode


@contextmanager
def running(*children: Child) -> Generator[Sequence[Child]]:
    try:
        yield children
    finally:
        for child in children:
            child.kill()
            child.communicate()


def run(url: str, journal: Path, kill_at: str = "-", *start: str) -> Child:
    with running(Child(url, journal, kill_at, *start)) as (child,):
        child.end()
    return child


def test_killed_at_each_point_it_goes_on_from_the_last_finished_step(
    database_url: str, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    points = ("before", "begin:1", "in:1", "after:1", "in:2", "after:3")
    for number, point in enumerate(points):
        start = () if number else ("start",)
        child = run(database_url, journal, point, *start)
        assert child.returncode == KILLED, child.errors
    child = run(database_url, journal)
    assert child.returncode == 0, child.errors
    # Killed before its record a step runs again; recorded, never.
    assert journal.read_text().split() == ["1", "1", "2", "2", "3", "end"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_work_of_a_dead_replica_goes_to_a_living_one(
    database_url: str, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    with running(Child(database_url, journal)) as (living,):
        living.ready()
        dead = run(database_url, journal, "in:2", "start")
        assert dead.returncode == KILLED, dead.errors
        assert living.end() == 0, living.errors
    assert journal.read_text().split() == ["1", "2", "2", "3", "end"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_second_process_on_sqlite_is_refused(
    database_url: str, tmp_path: Path
) -> None:
    with running(Child(database_url, tmp_path / "journal")) as (first,):
        first.ready()
        second = run(database_url, tmp_path / "journal")
        assert second.returncode == 1
        assert f"Another Zondarr (process {first.pid}) works on" in second.errors
    third = Child(database_url, tmp_path / "journal")
    with running(third):
        third.ready()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_replica_that_was_only_slow_leaves_its_work_to_the_one_that_took_it(
    database_url: str, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    slow = Child(database_url, journal, "stall:in:2", "start")
    with running(slow, Child(database_url, journal)) as (slow, quick):
        slow.ready()
        assert quick.end() == 0, quick.errors
        assert journal.read_text().split() == ["1", "2", "2", "3", "end"]
        slow.send_signal(signal.SIGCONT)
        time.sleep(2)
        assert slow.poll() is None
    assert journal.read_text().split() == ["1", "2", "2", "3", "end"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_several_replicas_one_runs_each_tick(
    database_url: str, tmp_path: Path
) -> None:
    journal, seconds = tmp_path / "journal", 5.0
    with running(*(Child(database_url, journal) for _ in range(2))) as replicas:
        for replica in replicas:
            replica.ready()
        ticks = journal.with_suffix(".ticks")
        before = len(ticks.read_text().split()) if ticks.exists() else 0
        time.sleep(seconds)
        ran = len(ticks.read_text().split()) - before
    assert seconds - 2 <= ran <= seconds + 1
