"""`zondarr …` in a process forked from one that has imported the program already.

A start is four fifths importing. The tests of starting itself use the real command;
for all others a fork has the same effect: a process of its own, with its own
environment, folder, output, signals and exit code.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from tests.forks import FORKS


class Process(Protocol):
    """What a test does with a process: `subprocess.Popen` and `Forked` alike."""

    @property
    def pid(self) -> int: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, signal: int, /) -> None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


class Forked:
    """The command, running; its output goes to `out` and `err` (or with it)."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        folder: Path,
        out: Path,
        err: Path | None = None,
    ) -> None:
        arguments = (list(command), dict(env), folder, out, err)
        self._process = FORKS.Process(target=_become, args=arguments)
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("zondarr", timeout or 0)
        return self._process.exitcode

    def send_signal(self, signal: int, /) -> None:
        os.kill(self.pid, signal)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self._process.kill()


def _become(
    command: list[str], env: dict[str, str], folder: Path, out: Path, err: Path | None
) -> None:
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    sys.stdout = out.open("w")
    sys.stderr = sys.stdout if err is None else err.open("w", buffering=1)
    os.dup2(sys.stdout.fileno(), 1)
    os.dup2(sys.stderr.fileno(), 2)
    sys.argv = command
    # Imported here: the process that forks has it, the one that tests need not.
    from zondarr.cli import main  # noqa: PLC0415

    try:
        main()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
