"""Processes that are killed, and what becomes of their work."""

import os
import signal
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.core.durable.program import Options, live
from tests.forks import FORKS

pytestmark = pytest.mark.own_database

PATIENCE = 30.0
KILLED = -9


class Child:
    """The program of `program.py`, in a process of its own."""

    def __init__(
        self, url: str, journal: Path, kill_at: str = "-", **options: Any
    ) -> None:
        number = len(list(journal.parent.glob("*.log")))
        self._log = journal.parent / f"{number}.log"
        self._ready, theirs = FORKS.Pipe(duplex=False)
        self.process = FORKS.Process(
            target=live,
            args=(url, journal, kill_at, theirs, self._log, Options(**options)),
        )
        self.process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    @property
    def errors(self) -> str:
        return self._log.read_text()

    def ready(self) -> None:
        assert self._ready.poll(PATIENCE), self.errors
        self._ready.recv()

    def end(self) -> int | None:
        self.process.join(PATIENCE)
        return self.process.exitcode

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self._ready.close()


@contextmanager
def running(*children: Child) -> Generator[Sequence[Child]]:
    try:
        yield children
    finally:
        for child in children:
            child.kill()


def run(url: str, journal: Path, kill_at: str = "-", **options: Any) -> Child:
    with running(Child(url, journal, kill_at, **options)) as (child,):
        child.end()
    return child


def test_killed_at_each_point_it_goes_on_from_the_last_finished_step(
    database_url: str, tmp_path: Path
) -> None:
    # Twice each, since a third crash would set it aside.
    reported = {
        ("before", "begin:1"): ["1", "2", "3", "end"],
        ("in:1", "after:1"): ["1", "1", "2", "3", "end"],
        ("in:2", "after:3"): ["1", "2", "2", "3", "end"],
    }
    for number, (points, steps) in enumerate(reported.items()):
        journal, id = tmp_path / f"journal{number}", str(number)  # noqa: A001
        for start, point in zip((True, False), points, strict=True):
            child = run(database_url, journal, point, start=start, id=id)
            assert child.process.exitcode == KILLED, child.errors
        child = run(database_url, journal, id=id)
        assert child.process.exitcode == 0, child.errors
        # Killed before its record a step runs again; recorded, never.
        assert journal.read_text().split() == steps


def test_what_another_version_left_begins_anew(
    database_url: str, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    old = run(database_url, journal, "in:2", start=True)
    assert old.process.exitcode == KILLED, old.errors
    new = run(database_url, journal, sweep=True, version="2")
    assert new.process.exitcode == 0, new.errors
    assert journal.read_text().split() == ["1", "2", "1", "2", "3", "end"]


def test_what_kills_the_process_three_times_is_set_aside_until_it_is_tried_again(
    database_url: str, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    ticks = journal.with_suffix(".ticks")
    for number in range(3):
        child = run(database_url, journal, "in:2", start=number == 0)
        assert child.process.exitcode == KILLED, child.errors
    ticks.unlink(missing_ok=True)
    # It would kill this one too, if it were resumed or begun anew.
    with running(Child(database_url, journal, "in:2", sweep=True)) as (child,):
        child.ready()
        while not ticks.exists():  # everything else runs
            assert child.process.is_alive(), child.errors
            time.sleep(0.05)
        time.sleep(3)  # longer than a silent replica is waited for
        assert child.process.is_alive(), child.errors
    child = run(database_url, journal, try_again=True)
    assert child.process.exitcode == 0, child.errors
    steps = ["1", "2", "2", "2", "aside:one", "2", "3", "end"]
    assert journal.read_text().split() == steps


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_work_of_a_dead_replica_goes_to_a_living_one(
    database_url: str, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    with running(Child(database_url, journal)) as (living,):
        living.ready()
        dead = run(database_url, journal, "in:2", start=True)
        assert dead.process.exitcode == KILLED, dead.errors
        assert living.end() == 0, living.errors
    assert journal.read_text().split() == ["1", "2", "2", "3", "end"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_second_process_on_sqlite_is_refused(
    database_url: str, tmp_path: Path
) -> None:
    with running(Child(database_url, tmp_path / "journal")) as (first,):
        first.ready()
        second = run(database_url, tmp_path / "journal")
        assert second.process.exitcode == 1
        assert f"Another Zondarr (process {first.pid}) works on" in second.errors
    third = Child(database_url, tmp_path / "journal")
    with running(third):
        third.ready()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_replica_that_was_only_slow_leaves_its_work_to_the_one_that_took_it(
    database_url: str, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    slow = Child(database_url, journal, "stall:in:2", start=True)
    with running(slow, Child(database_url, journal)) as (slow, quick):
        slow.ready()
        assert quick.end() == 0, quick.errors
        assert journal.read_text().split() == ["1", "2", "2", "3", "end"]
        os.kill(slow.pid, signal.SIGCONT)
        time.sleep(2)
        assert slow.process.is_alive()
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
